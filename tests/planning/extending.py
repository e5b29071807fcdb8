"""Manifests that extend others, in tests: documents by their references, without any file."""

from __future__ import annotations

from textwrap import dedent

from services.planning.manifest import Checked, resolve, written
from services.planning.manifest.inheritance import Known, Reference, document
from services.planning.manifest.inheritance.references import KINDS, parsed

FRIDAY = """\
apiVersion: roadcase/v1
kind: Event
metadata: {name: friday}
"""
DAY = "schedule: {zone: Europe/Berlin, date: 2027-06-18, start: '20:30', end: '23:00'}"


def head(reference: str) -> str:
    """The first three lines of a document."""
    named = parsed(reference)
    assert named is not None
    about = f"{{name: {named.name}, version: {named.version}}}"
    return f"apiVersion: roadcase/v1\nkind: {KINDS[named.kind]}\nmetadata: {about}\n"


def known(documents: dict[str, str]) -> Known:
    """Each begins with its head, unless it says its own."""
    found = {}
    for reference, text in documents.items():
        named = parsed(reference)
        assert isinstance(named, Reference)
        body = dedent(text)
        whole = body if body.startswith("apiVersion") else head(reference) + body
        found[named] = document(reference, whole.encode())
    return Known(found)


def event(more: str) -> bytes:
    """What is given begins in line 4."""
    return (FRIDAY + dedent(more)).encode()


def resolved(
    content: bytes, documents: dict[str, str], lock: dict[str, str] | None = None
) -> Checked:
    return resolve(written(content), known(documents), lock)


def sound(content: bytes, documents: dict[str, str]) -> Checked:
    found = resolved(content, documents)
    assert found.problems == [], [each.shown("friday.yaml") for each in found.problems]
    return found


def told(found: Checked) -> list[str]:
    """`file:line:column path code`; the manifest itself has no file."""
    return [
        f"{each.file}:{each.line}:{each.column} {each.path} {each.code}" for each in found.problems
    ]
