"""The same manifest over another version of a document that it extends."""

from __future__ import annotations

import re
from typing import Final

from services.planning.manifest.inheritance.references import (
    Reference,
    entries,
    parsed,
    references,
)
from services.planning.manifest.reading import read

_LINES: Final = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


def extended(source: str, document: Reference) -> Reference | None:
    """Which version of a document it extends itself; None: it does not, or by another one."""
    tree, _ = read(source.encode())
    found = (each for each in references(tree) if each[:2] == document[:2])
    return next(found, None)


def upgraded(source: str, to: Reference) -> str | None:
    """The file with nothing changed but the version of this document; None: it cannot be told."""
    tree, _ = read(source.encode())
    if tree is None:
        return None
    lines = _LINES.split(source)
    for _, entry in entries(tree):
        named = parsed(entry.data) if isinstance(entry.data, str) else None
        if named is None or named[:2] != to[:2]:
            continue
        number, column = entry.at.line - 1, entry.at.column - 1
        before, there, after = lines[number][column:].partition(entry.data)
        if not there:
            return None
        name = there.rpartition("@")[0]
        lines[number] = f"{lines[number][:column]}{before}{name}@{to.version}{after}"
    new = "".join(lines)
    wanted = [to if each[:2] == to[:2] else each for each in references(tree)]
    return new if references(read(new.encode())[0]) == wanted else None
