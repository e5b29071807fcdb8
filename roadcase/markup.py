"""HTML for pages that need no script: every value is escaped unless it is HTML already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from typing import Final


class Html(str):
    """Text that is HTML already, and stays as it is."""

    __slots__ = ()


NOTHING: Final = Html("")


def fill(template: str, **values: object) -> Html:
    """`template` with each `{name}` filled in."""
    shown = {
        name: value if isinstance(value, Html) else escape(str(value))
        for name, value in values.items()
    }
    return Html(template.format(**shown))


def join(parts: Iterable[Html]) -> Html:
    return Html("".join(parts))


def base_style() -> bytes:
    """CSS that the pages of every service begin with: colours, type, cards, buttons."""
    return files("roadcase").joinpath("markup.css").read_bytes()
