"""An order as a file. Its library takes a third of a second to load: only who wants one waits."""

from __future__ import annotations

from typing import Literal

from services.ticketing.guest.bought import Bought


def tickets_pdf(bought: Bought, size: Literal["a4", "a6"] = "a4") -> bytes:
    """The valid tickets, as a PDF to be printed. Call it in a thread."""
    from services.ticketing.guest import paper  # noqa: PLC0415

    return paper.tickets_pdf(bought, size)
