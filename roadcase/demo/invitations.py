"""What to try while the demonstration stays up: lines that work as they are printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import roadcase

_SCOPES = "ticketing:sell ticketing:confirm ticketing:read log:watch"
_EXAMPLE = Path(roadcase.__file__).parents[1] / "examples" / "partner.py"


class Where(NamedTuple):
    """What runs where. `late` is a second night, which still has places; its shop and gate."""

    data: Path
    http: str
    grpc: str
    tenant: str
    late: str
    page: str
    shop: str
    gate: str


def invitations(where: Where) -> Iterator[tuple[str, list[str]]]:
    """Who is invited, and the lines to type or to open."""
    ours = f"ROADCASE_DATA={_short(where.data)} {_program('roadcase')}"
    yield (
        "guest: buy a ticket by hand and see it; scan it or type its code",
        [where.shop, where.gate],
    )
    yield "partner", list(_partner(where, ours))
    yield (
        "operator",
        [
            f"{ours} log tail -f",
            f"{ours} log verify",
            f"curl -s http://{where.http}/metrics",
        ],
    )
    yield "organiser: takings, and a slider over the night", [where.page]


def _partner(where: Where, ours: str) -> Iterator[str]:
    yield f"export TOKEN=$({ours} token issue {where.tenant} {_SCOPES} --actor partner)"
    yield (
        f"{_program('buf')} curl --protocol grpc --http2-prior-knowledge "
        "--reflect-header '*' -H \"authorization: Bearer $TOKEN\" "
        f'-d \'{{"occurrence": "{where.late}"}}\' '
        f"http://{where.grpc}/roadcase.api.v1.Ticketing/GetAvailability"
    )
    if _EXAMPLE.exists():  # not where only the wheel is installed
        example = f"{_program('python')} {_short(_EXAMPLE)}"
        yield f'{example} {where.grpc} "$TOKEN" {where.late} my-order-1'


def _program(name: str) -> str:
    """A program beside the running Python, as short as it can be typed from here."""
    return _short(Path(sys.executable).parent / name)


def _short(path: Path) -> str:
    here = os.path.relpath(path)
    return str(path) if here.startswith("..") else here
