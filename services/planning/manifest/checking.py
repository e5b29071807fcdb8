"""From bytes to a manifest, or to everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pydantic import ValidationError

from services.planning.manifest.fields import FROM_FILE
from services.planning.manifest.inheritance import (
    NOWHERE,
    Document,
    Reference,
    Source,
    may_say_more,
    open_leaves,
    whole,
)
from services.planning.manifest.kinds import API_VERSION, KINDS, Manifest
from services.planning.manifest.problems import Guesses, Path, Problem, dotted, meant, quoted
from services.planning.manifest.reading import read
from services.planning.manifest.rules import RULES
from services.planning.manifest.rules.changes import at_changes
from services.planning.manifest.rules.circuit import at_stops
from services.planning.manifest.tree import Node
from services.planning.manifest.view import View
from services.planning.manifest.wording import worded

MOST: Final = 1000  # problems that are told
_PLACE_OF_NAME: Final = {"extra_forbidden", "missing"}
_OF_THE_WHOLE: Final = {"missing", "too_short"}


class Written(NamedTuple):
    """A file as it was read, by itself."""

    content: bytes
    tree: Node | None
    problems: list[Problem]


class Checked(NamedTuple):
    """`problems` by place; without any, the manifest with all that it extends.

    A template whose inputs are not all known has no `manifest`. `tree`: the same with the place
    of each value. `documents`: what it is made with.
    """

    problems: list[Problem]
    manifest: Manifest | None = None
    view: View | None = None
    tree: Node | None = None
    documents: Mapping[Reference, Document] = {}


class _Report:
    """Collects problems. What is not written well is not looked at further."""

    def __init__(self, tree: Node, problems: list[Problem]) -> None:
        self._tree = tree
        self.problems = problems
        self._unread = {each.path for each in problems if each.path and not each.file}
        self._said: set[tuple[str, str]] = set()

    def go_on(self, tree: Node, problems: Iterable[Problem]) -> None:
        """With the whole tree, and what is wrong with how it was made."""
        self._tree = tree
        self.problems += problems

    def add(self, path: Path, code: str, message: str, *, at_name: bool = False) -> None:
        name = dotted(path)
        if name not in self._unread and (name, message) not in self._said:
            place = self._tree.name_place(path) if at_name else self._tree.place(path)
            self.problems.append(Problem(*place, name, code, message))
            self._said.add((name, message))


def check(content: bytes) -> Checked:
    """Read a file and check it by itself, as `resolve` does: what it extends is not known."""
    return resolve(written(content))


def written(content: bytes) -> Written:
    """A file, read. Raises nothing, whatever the bytes are."""
    return Written(content, *read(content))


def resolve(
    file: Written, source: Source = NOWHERE, lock: Mapping[str, str] | None = None
) -> Checked:
    """Check a file with all that it extends.

    How it is written, each field, and fields against each other. What is wrong is told at the
    place where it is written, in whichever file.

    `lock`: digests by reference; a document that is otherwise, or not in it, is refused. Raises
    nothing.
    """
    tree, problems = file.tree, [*file.problems]
    if tree is None:
        return Checked(_first(problems))
    report = _Report(tree, problems)
    model = _kind(tree, report)
    if model is None:
        return Checked(_first(report.problems))
    documents: Mapping[Reference, Document] = {}
    sound = True
    if may_say_more(file.content):
        found = whole(tree, model.__name__, source, lock)
        tree, documents, sound = found.tree, found.documents, not found.problems
        report.go_on(tree, found.problems)
    manifest, view = _checked(tree, model, report, sound=sound)
    if report.problems:
        return Checked(_first(report.problems), documents=documents)
    return Checked([], manifest, view, tree, documents)


def _first(problems: list[Problem]) -> list[Problem]:
    """By place; of very many the first ones, and how many there are more."""
    ordered = sorted(problems)
    if len(ordered) <= MOST:
        return ordered
    last = ordered[MOST]
    what = f"there are {len(ordered) - MOST} more problems from here on"
    return [
        *ordered[:MOST],
        Problem(last.file, last.line, last.column, "", "too_many_problems", what),
    ]


def _checked(
    tree: Node, model: type[Manifest], report: _Report, *, sound: bool
) -> tuple[Manifest | None, View]:
    """`sound`: all is there. If not, nothing is said to be missing, or not to fit."""
    bad: list[Path] = [*open_leaves(tree)]
    unknown = {*bad}
    guesses = Guesses()
    manifest: Manifest | None = None
    try:
        manifest = model.model_validate(tree.data, context=FROM_FILE)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            if error["type"] == "too_short" and error["input"]:
                continue  # its entries are there, and each of them has a problem of its own
            path = tuple(step for step in error["loc"] if step != "[key]")
            if path in unknown or (not sound and error["type"] in _OF_THE_WHOLE):
                continue
            code, message = worded({**error, "loc": path}, model, guesses)
            at_name = error["type"] in _PLACE_OF_NAME or "[key]" in error["loc"]
            report.add(path, code, message, at_name=at_name)
            bad.append(path)
    view = View(tree, model, bad, guesses)
    if sound:
        faults = [fault for rule in RULES for fault in rule(view)]
        faults += at_stops(RULES, view, faults)
        faults += at_changes(RULES, view, faults)
        for fault in faults:
            report.add(fault.path, fault.code, fault.message, at_name=fault.at_name)
    return manifest, view


def _kind(tree: Node, report: _Report) -> type[Manifest] | None:
    """The model of a manifest by its envelope; None if it cannot be told."""
    data = tree.data
    if not isinstance(data, dict):
        what = "a manifest is a section with apiVersion, kind, metadata and spec"
        report.add((), "wrong_type", what)
        return None
    version, kind = data.get("apiVersion"), data.get("kind")
    if isinstance(version, str) and version != API_VERSION:
        what = f"{quoted(version)} is not known here; write {API_VERSION}"
        report.add(("apiVersion",), "api_version", what)
        return None
    if not isinstance(kind, str) or kind not in KINDS:
        if "kind" not in data:
            report.add(("kind",), "missing", "is missing")
        else:
            similar = meant(kind, KINDS) if isinstance(kind, str) else ""
            report.add(("kind",), "kind", f"is one of {', '.join(KINDS)}{similar}")
        return None
    return KINDS[kind]
