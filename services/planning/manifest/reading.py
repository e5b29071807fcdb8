"""Bytes to a tree that knows where everything is written. Strict YAML 1.2; nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamStartEvent,
)

from services.planning.manifest.problems import Path, Problem, dotted, quoted
from services.planning.manifest.scalars import HIDDEN, resolved, shown_character
from services.planning.manifest.scanning import events
from services.planning.manifest.tree import Node, Place, listed, mapped

LARGEST: Final = 1_000_000  # bytes
DEEPEST: Final = 40  # levels
MOST_ALIASES: Final = 1000  # an alias within what another one stands for counts each time
MOST_NODES: Final = 200_000  # with every alias written out

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_BLANK_TAB = re.compile(r"[ ]*\t")
# What its scanner raises beyond its own errors, for an escape that is no character and the like.
_OTHERS = (ValueError, OverflowError, IndexError, KeyError, TypeError, AttributeError)


class _Broken(Exception):
    """Reading cannot go on after this problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read(content: bytes, file: str = "") -> tuple[Node | None, list[Problem]]:
    """The tree of a file's only document, and what is wrong with its writing.

    Without a tree there is at least one problem. With one there may be some, too: names that are
    twice, tags, hidden characters. `file` is where that is. Raises nothing.
    """
    problems: list[Problem] = []
    try:
        return _Reading(_text(content), file, problems).document(), problems
    except _Broken as broken:
        return None, [*problems, broken.problem._replace(file=file)]


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise _broken(0, 0, "too_large", f"a manifest has at most {LARGEST} bytes")
    if content.startswith(_BOMS):
        raise _broken(0, 0, "encoding", "save it as UTF-8 without a byte order mark")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode("utf-8"))
        raise _broken(line, column, "encoding", "save it as UTF-8: this byte is not") from None
    if hidden := HIDDEN.search(text):
        line, column = _place(text[: hidden.start()])
        what = f"{shown_character(hidden[0])} cannot be in a manifest"
        raise _broken(line, column, "control_character", what)
    return text.replace("\r\n", "\n")


def _place(before: str) -> tuple[int, int]:
    lines = re.split("\r\n|\r|\n", before)
    return len(lines) - 1, len(lines[-1])


def _broken(line: int, column: int, code: str, message: str, path: Path = ()) -> _Broken:
    return _Broken(Problem("", line + 1, column + 1, dotted(path), code, message))


class _Reading:
    """One pass over the events of the parser, with every limit looked at on the way."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self._text = text
        self._file = file
        self._problems = problems
        self._events = self._guarded()
        self._anchors: dict[str, Node | None] = {}  # None: it is still being read
        self._aliases = 0
        self._nodes = 0

    def document(self) -> Node:
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._look_at_version(event)
                break
            if not isinstance(event, StreamStartEvent):
                raise _broken(0, 0, "empty", "there is no manifest in this file")
        tree = self._node(next(self._events), (), 1)
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                mark = event.start_mark
                what = "a file holds one manifest: put the second one into a file of its own"
                raise _broken(mark.line, mark.column, "several_documents", what)
        return tree

    def _look_at_version(self, event: Any) -> None:
        if event.version not in (None, (1, 2)):
            said = ".".join(str(part) for part in event.version)
            what = f"this is read as YAML 1.2, not {said}: leave the line %YAML out"
            raise _broken(0, 0, "yaml_version", what)

    def _guarded(self) -> Iterator[Any]:
        """The parser's events; whatever it raises becomes one problem."""
        line = column = 0
        try:
            for event in events(self._text):
                line, column = event.end_mark.line, event.end_mark.column
                yield event
        except MarkedYAMLError as error:
            raise self._syntax(error) from None
        except (YAMLError, *_OTHERS, RecursionError) as error:
            raise _broken(line, column, "syntax", f"this is not YAML: {error}") from None

    def _syntax(self, error: MarkedYAMLError) -> _Broken:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        lines = re.split("\r\n|\r|\n", self._text)
        if line < len(lines) and (tab := _BLANK_TAB.match(lines[line])):
            what = "a line begins with a tab: indent with spaces"
            return _broken(line, tab.end() - 1, "tab_indent", what)
        said = ", ".join(part for part in (error.context, error.problem) if part)
        return _broken(line, column, "syntax", f"this is not YAML: {said}")

    def _node(self, event: Any, path: Path, depth: int) -> Node:
        mark = event.start_mark
        self._nodes += 1
        if self._nodes > MOST_NODES:
            what = f"a manifest has at most {MOST_NODES} values"
            raise _broken(mark.line, mark.column, "too_large", what, path)
        if isinstance(event, ScalarEvent):
            node = self._scalar(event, path)
        elif isinstance(event, AliasEvent):
            return self._alias(event, path, depth)
        else:
            if depth > DEEPEST:
                what = f"a manifest has at most {DEEPEST} levels"
                raise _broken(mark.line, mark.column, "too_deep", what, path)
            if event.anchor:
                self._anchors[event.anchor] = None
            read = self._map if isinstance(event, MappingStartEvent) else self._list
            node = read(event, path, depth)
        if event.ctag is not None:
            tag = quoted(str(event.tag).replace("tag:yaml.org,2002:", "!!"))
            self._wrong(mark, path, "tag_refused", f"a manifest has no tags: leave {tag} out")
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, event: Any, path: Path) -> Node:
        mark, text = event.start_mark, event.value
        if event.style == '"' and (hidden := HIDDEN.search(text)):
            what = f"{shown_character(hidden[0])} cannot be in a manifest"
            self._wrong(mark, path, "control_character", what)
            text = HIDDEN.sub("?", text)
        return Node(self._at(mark), text if event.style else resolved(text))

    def _alias(self, event: Any, path: Path, depth: int) -> Node:
        mark = event.start_mark
        node = self._anchors.get(event.anchor)
        if node is None:
            inside = event.anchor in self._anchors
            what = "is within what it stands for" if inside else "stands for nothing above it"
            what = f"*{quoted(event.anchor)[1:-1]} {what}"
            raise _broken(mark.line, mark.column, "unknown_alias", what, path)
        self._aliases += 1 + node.aliases
        if self._aliases > MOST_ALIASES:
            what = f"a manifest has at most {MOST_ALIASES} aliases, written out"
            raise _broken(mark.line, mark.column, "too_many_aliases", what, path)
        self._nodes += node.size
        if self._nodes > MOST_NODES:
            what = f"a manifest has at most {MOST_NODES} values, with its aliases written out"
            raise _broken(mark.line, mark.column, "too_large", what, path)
        if depth + node.height - 1 > DEEPEST:
            what = f"a manifest has at most {DEEPEST} levels, with its aliases written out"
            raise _broken(mark.line, mark.column, "too_deep", what, path)
        return node.as_alias()

    def _list(self, event: Any, path: Path, depth: int) -> Node:
        mark = event.start_mark
        found: list[Node] = []
        for each in self._events:
            if isinstance(each, SequenceEndEvent):
                break
            below = (*path, len(found))
            found.append(self._node(each, below, depth + 1))
            if found[-1].data is None:
                what = "is an entry with nothing in it: give it a value, or leave it out"
                self._wrong(each.start_mark, below, "empty_value", what)
        return listed(self._at(mark), found)

    def _map(self, event: Any, path: Path, depth: int) -> Node:
        mark = event.start_mark
        parts: dict[str | int, Node] = {}
        keys: dict[str | int, Place] = {}
        for each in self._events:
            if isinstance(each, MappingEndEvent):
                break
            name = self._name(each, path, depth)
            below = (*path, "?" if name is None else name)
            value = self._node(next(self._events), below, depth + 1)
            if name is None:
                continue
            if name in keys:
                what = f"is in line {keys[name].line} already: it can be there once"
                self._wrong(each.start_mark, below, "duplicate_field", what)
                continue
            if value.data is None:
                what = "is empty: give it a value, or leave it out"
                self._wrong(each.start_mark, below, "empty_value", what)
            parts[name] = value
            keys[name] = self._at(each.start_mark)
        return mapped(self._at(mark), parts, keys)

    def _name(self, event: Any, path: Path, depth: int) -> str | None:
        mark = event.start_mark
        node = self._node(event, (*path, "?"), depth + 1)
        plain = isinstance(event, ScalarEvent) and not event.style
        if plain and event.value == "<<":
            what = "YAML 1.2 has no merge key <<: write the fields out"
            self._wrong(mark, (*path, "<<"), "merge_key", what)
            return None
        if not isinstance(node.data, str):
            what = "the name of a field is text: put it in quotes if it is meant"
            self._wrong(mark, path, "field_name", what)
            return None
        return node.data

    def _wrong(self, mark: Any, path: Path, code: str, message: str) -> None:
        self._problems.append(Problem(*self._at(mark), dotted(path), code, message))

    def _at(self, mark: Any) -> Place:
        return Place(self._file, mark.line + 1, mark.column + 1)
