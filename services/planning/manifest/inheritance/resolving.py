"""A manifest with all that it extends: from left to right, and then what it says itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from services.planning.manifest.inheritance import asked
from services.planning.manifest.inheritance.filling import Values, filled
from services.planning.manifest.inheritance.finding import At, Finding
from services.planning.manifest.inheritance.giving import gives
from services.planning.manifest.inheritance.merging import DIRECTIVES, over
from services.planning.manifest.inheritance.references import KINDS, Reference, entries
from services.planning.manifest.inheritance.sources import Document, Source
from services.planning.manifest.inheritance.telling import Telling
from services.planning.manifest.problems import Problem, meant
from services.planning.manifest.reading import MOST_NODES
from services.planning.manifest.tree import Node, mapped

DEEPEST: Final = 5  # levels, the manifest being the first
MOST: Final = 100  # times that documents are extended in all
MOST_DIRECTLY: Final = 20
_OWN: Final = ("extends", "with")
# Not told where something is missing that it may be about.
_OF_THE_WHOLE: Final = frozenset({"nothing_to_delete", "unknown_place"})
_WORDS: Final = ("extends", "with", "inputs", "${", *DIRECTIVES)


class Whole(NamedTuple):
    """`tree`: the manifest with all that it extends. `documents`: those, each once."""

    tree: Node
    problems: list[Problem]
    documents: dict[Reference, Document]


class _Level(NamedTuple):
    """A manifest on the way, its kind, and what it is called after those that extend it."""

    tree: Node
    kind: str
    chain: tuple[Reference | None, ...]


class _Extended(NamedTuple):
    """A document that is extended, and by which entry."""

    reference: Reference
    tree: Node
    at: At


def may_say_more(content: bytes) -> bool:
    """Whether a file may have anything in it that is resolved: most do not."""
    return any(word.encode() in content for word in _WORDS)


def whole(tree: Node, kind: str, source: Source, lock: Mapping[str, str] | None = None) -> Whole:
    """Everything that is wrong is told at once, each in the document where it stands.

    `lock`: the digest of each document that may be extended, by its reference.
    """
    telling = Telling()
    resolving = _Resolving(Finding(source, lock, telling), telling)
    inputs = asked.declared(tree)
    asked.look_at(inputs, telling)
    level = _Level(tree, kind, (_own_name(tree, kind),))
    merged = resolving.whole(level, asked.standing_alone(inputs))
    problems = [*telling.problems]
    if resolving.incomplete:
        problems = [each for each in problems if each.code not in _OF_THE_WHOLE]
    return Whole(merged, problems, resolving.documents)


def _own_name(tree: Node, kind: str) -> Reference | None:
    """What a document is called by itself, if it says its version."""
    about = tree.data.get("metadata")
    kinds = {whole: short for short, whole in KINDS.items()}
    if not isinstance(about, dict) or kind not in kinds:
        return None
    name, version = about.get("name"), about.get("version")
    if not isinstance(name, str) or not isinstance(version, int):
        return None
    return Reference(kinds[kind], name, version)


class _Resolving:
    """One manifest, with what was found of others so far."""

    def __init__(self, finding: Finding, telling: Telling) -> None:
        self._finding = finding
        self._telling = telling
        self._used = 0
        self._nodes = 0
        self._full = False
        self.incomplete = False  # something that is extended is not there, or not used

    @property
    def documents(self) -> dict[Reference, Document]:
        return self._finding.documents

    def whole(self, level: _Level, values: Values) -> Node:
        """`spec` over those of what it extends; everything else is its own."""
        tree = level.tree
        parts = {name: each for name, each in tree.parts.items() if name not in (*_OWN, "spec")}
        spec = self._extended(level, self._with(tree, values))
        own = tree.parts.get("spec")
        if own is not None:
            own = filled(own, values, self._telling, ("spec",))
        if own is not None:
            spec = over(spec, own, ("spec",), self._telling)
        if spec is not None:
            parts["spec"] = spec
        return mapped(tree.at, parts, tree.keys)

    def _with(self, tree: Node, values: Values) -> dict[str, Node]:
        """The inputs of what is extended, by their names."""
        there = tree.parts.get("with")
        if there is None:
            return {}
        if not isinstance(there.data, dict):
            what = "is a section with the inputs of what is extended"
            self._telling.add(there, ("with",), "wrong_type", what)
            return {}
        given: dict[str, Node] = {}
        for name, each in there.parts.items():
            path = ("with", name)
            if isinstance(each.data, dict | tuple):
                what = "is a single value, not a list or a section"
                self._telling.add(each, path, "wrong_type", what)
            elif (value := filled(each, values, self._telling, path)) is not None:
                given[str(name)] = value
        return given

    def _extended(self, level: _Level, given: Mapping[str, Node]) -> Node | None:
        """All that it extends, one over the other."""
        there = level.tree.parts.get("extends")
        if there is None or not isinstance(there.data, tuple):
            if there is not None:
                what = "is a list: extends: [film-night@3]"
                self._telling.add(there, ("extends",), "wrong_type", what)
            found = []
        else:
            found = [*entries(level.tree)]
        if len(found) > MOST_DIRECTLY:
            what = f"at most {MOST_DIRECTLY} documents are extended at once, not {len(found)}"
            self._telling.add(level.tree.parts["extends"], ("extends",), "too_long", what)
            self.incomplete = True
            return None
        takes: dict[Reference, asked.Declared | None] = {}
        spec: Node | None = None
        for path, entry in found:
            at = entry, path
            reference = self._finding.reference(level.kind, at)
            if reference is None or not self._may(level, reference, at):
                takes[Reference("", "", len(takes))] = None
                continue
            if reference in takes:
                self._telling.add(*at, "duplicate_key", f"{reference} is extended already")
                continue
            tree = self._finding.document(reference, at)
            takes[reference] = None if tree is None else asked.declared(tree)
            if tree is not None:
                one = _Extended(reference, tree, at)
                spec = self._over(spec, one, level, given)
        self.incomplete = self.incomplete or None in takes.values()
        self._look_at_rest(level.tree, given, [*takes.values()])
        return spec

    def _over(
        self, spec: Node | None, one: _Extended, level: _Level, given: Mapping[str, Node]
    ) -> Node | None:
        """What was there, with one document over it."""
        self._used += 1
        self._nodes += one.tree.size
        if self._used > MOST or self._nodes > MOST_NODES:
            if not self._full:
                what = f"more than {MOST} documents in all, or {MOST_NODES} values, are extended"
                self._telling.add(*one.at, "too_many_documents", what)
            self._full = self.incomplete = True
            return spec
        values = asked.given(asked.declared(one.tree), given, self._telling, one.at)
        chain = (*level.chain, one.reference)
        below = _Level(one.tree, KINDS[one.reference.kind], chain)
        gift = gives(one.reference, self.whole(below, values), level.kind)
        return over(spec, gift, ("spec",), self._telling) if gift is not None else spec

    def _may(self, level: _Level, reference: Reference, at: At) -> bool:
        """Neither a circle nor too deep."""
        if reference in level.chain:
            circle = level.chain[level.chain.index(reference) :]
            shown = " → ".join(map(str, (*circle, reference)))
            self._telling.add(*at, "extends_cycle", f"it extends itself: {shown}")
            return False
        if len(level.chain) >= DEEPEST:
            shown = " → ".join(str(each) for each in (*level.chain[1:], reference))
            what = f"a manifest has at most {DEEPEST} levels, itself the first: {shown}"
            self._telling.add(*at, "extends_too_deep", what)
            return False
        return True

    def _look_at_rest(
        self, tree: Node, given: Mapping[str, Node], takes: list[asked.Declared | None]
    ) -> None:
        """What is given and nobody takes. Not told where somebody is not there who may take it."""
        there = "with" in tree.parts and isinstance(tree.parts["with"].data, dict)
        if not there or None in takes:
            return
        names = [*dict.fromkeys(name for each in takes for name in each or ())]
        if not names:
            what = "nothing that is extended here takes inputs: leave it out"
            self._telling.add(tree.parts["with"], ("with",), "unused_with", what)
            return
        for name in given:
            if name not in names:
                what = f"there is no such input{meant(name, names) or _there_are(names)}"
                self._telling.add(given[name], ("with", name), "unknown_input", what)


def _there_are(names: list[str]) -> str:
    return f"; there are {', '.join(names)}"
