"""A manifest written out as YAML, so that it reads back as what it is."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from services.planning.manifest.scalars import resolved


def text(data: Any) -> str:
    """In block style, names in their order."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_plain(data), out)
    return out.getvalue()


def write(data: Any, out: Callable[[str], object]) -> None:
    out(text(data).removesuffix("\n"))


def _plain(value: Any) -> Any:
    """Lists for tuples; text in quotes where another reader could take it for something else."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case str() if ":" in value or value != resolved(value):
            return DoubleQuotedScalarString(value)
        case _:
            return value
