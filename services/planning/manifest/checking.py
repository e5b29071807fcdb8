"""From bytes to a manifest, or to everything that is wrong with it at once."""

from __future__ import annotations

from typing import Final, NamedTuple

from pydantic import ValidationError

from services.planning.manifest.kinds import API_VERSION, KINDS, Manifest
from services.planning.manifest.problems import Path, Problem, dotted, meant, quoted
from services.planning.manifest.reading import read
from services.planning.manifest.rules import RULES
from services.planning.manifest.tree import Node
from services.planning.manifest.view import View
from services.planning.manifest.wording import worded

_PLACE_OF_NAME: Final = {"extra_forbidden", "missing"}


class Checked(NamedTuple):
    """`problems` by place; without any, the manifest, and what was written of it."""

    problems: list[Problem]
    manifest: Manifest | None = None
    view: View | None = None


class _Report:
    """Collects problems; at one path the first one that was found is enough."""

    def __init__(self, tree: Node, problems: list[Problem]) -> None:
        self._tree = tree
        self.problems = problems
        self._said = {problem.path for problem in problems if problem.path}

    def add(self, path: Path, code: str, message: str, *, at_name: bool = False) -> None:
        if (name := dotted(path)) not in self._said:
            place = self._tree.name_place(path) if at_name else self._tree.place(path)
            self.problems.append(Problem(*place, name, code, message))
            self._said.add(name)


def check(content: bytes) -> Checked:
    """Read a file and check it: how it is written, each field, and fields against each other.

    Raises nothing, whatever the bytes are.
    """
    tree, problems = read(content)
    if tree is None:
        return Checked(sorted(problems))
    report = _Report(tree, problems)
    if model := _kind(tree, report):
        manifest, view = _checked(tree, model, report)
        if not report.problems:
            return Checked([], manifest, view)
    return Checked(sorted(report.problems))


def _checked(tree: Node, model: type[Manifest], report: _Report) -> tuple[Manifest | None, View]:
    bad: list[Path] = []
    manifest: Manifest | None = None
    try:
        manifest = model.model_validate(tree.data)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            path = tuple(step for step in error["loc"] if step != "[key]")
            code, message = worded({**error, "loc": path}, model)
            at_name = error["type"] in _PLACE_OF_NAME or "[key]" in error["loc"]
            report.add(path, code, message, at_name=at_name)
            bad.append(path)
    view = View(tree, model, bad)
    for rule in RULES:
        for fault in rule(view):
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
