"""What a box office does with reserved uses of a voucher that holds for several occurrences.

It is to the office a voucher of this one purchase: as many uses as were reserved, and their budget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from services.ticketing.commands import Buying, Reserved
from services.ticketing.domain.office import BoxOffice, Evolve
from services.ticketing.domain.refusals import ReservationGone
from services.ticketing.domain.reserves import Voucher
from services.ticketing.events import Line, VoucherSet, VoucherTaken

TERMS: Final = ("voucher", "effect", "amount", "permille", "ticket_types", "least", "budget")


def voucher_of(occurrence: str, series: Reserved, at: datetime) -> Voucher:
    """Raises ReservationGone: what is over may have gone to somebody else."""
    if at >= series.accept_until:
        raise ReservationGone(voucher=series.voucher)
    terms = {name: getattr(series, name) for name in TERMS}
    return Voucher(VoucherSet(occurrence=occurrence, uses=series.tickets, **terms))


def proven(series: Reserved, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, with where their uses were reserved."""
    proof = {"reservation": series.reservation, "personal": series.personal}
    return tuple(
        msgspec.structs.replace(line, **proof) if line.voucher == series.voucher else line
        for line in lines
    )


def taken(cmd: Buying, lines: Sequence[Line]) -> Iterator[VoucherTaken]:
    """What the stream of the voucher has to hear."""
    used = [line for line in lines if line.reservation is not None]
    if cmd.series is not None and used:
        off = [line.discount.minor * line.quantity for line in used if line.discount]
        yield VoucherTaken(
            occurrence=cmd.occurrence,
            voucher=cmd.series.voucher,
            reservation=cmd.series.reservation,
            tickets=sum(line.quantity for line in used),
            spent=sum(off),
            subject=cmd.subject,
        )


def _taken(_office: BoxOffice, _event: VoucherTaken) -> None:
    """It is counted in the stream of the voucher."""


EVOLVE: Final[Evolve] = {VoucherTaken: _taken}
