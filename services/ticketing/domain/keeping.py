"""Keeping units aside, and drawing on what is kept for whoever may have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from roadcase.allocation import times, total
from services.ticketing.commands import Buying
from services.ticketing.domain.office import BoxOffice, Freed
from services.ticketing.domain.refusals import AllotmentEmpty, SoldOut, UnknownAllotment
from services.ticketing.domain.reserves import ALLOTMENT, VOUCHER, Allotment, overlap
from services.ticketing.events import Line


def change(
    office: BoxOffice, reserve: str, kept: Mapping[str, int], gone: Freed
) -> tuple[dict[str, int], dict[str, int]]:
    """What a reserve keeps more and less than now if it keeps this.

    Now is when dead holds have ended. What somebody waits for is not free. Raises SoldOut.
    """
    now = keeps(office, reserve, gone)
    more = {pool: n - now.get(pool, 0) for pool, n in kept.items() if n > now.get(pool, 0)}
    less = {pool: n - kept.get(pool, 0) for pool, n in now.items() if n > kept.get(pool, 0)}
    for pool, units in more.items():
        free = office.allocation.pools[pool].room + gone.units.get(pool, 0)
        room = max(0, free - office.queue.demand.get(pool, 0))
        if units > room:
            raise SoldOut(pool=pool, left=room)
    return more, less


def keeps(office: BoxOffice, reserve: str, gone: Freed) -> dict[str, int]:
    """The units of a reserve, with what it gets back of dead holds."""
    back = [end.kept[reserve] for end in gone.ends if reserve in end.kept]
    return total((office.allocation.reserves.get(reserve, {}), *back))


def allotment_of(office: BoxOffice, cmd: Buying) -> Allotment | None:
    """The allotment that is named, or else whose code was typed. Raises UnknownAllotment."""
    allotments = office.reserves.allotments
    if cmd.allotment is not None:
        if cmd.allotment not in allotments:
            raise UnknownAllotment(allotment=cmd.allotment)
        return allotments[cmd.allotment]
    for each in allotments.values():
        if any(code in each.terms.codes for code in cmd.codes):
            return each
    return None


def drawn(
    office: BoxOffice, lines: Sequence[Line], allotment: Allotment | None, gone: Freed
) -> tuple[Line, ...]:
    """The lines, with the units that come from what is kept aside once dead holds have ended.

    A voucher keeps what it can. From an allotment all comes that draws on its pool, or nothing
    is sold: raises AllotmentEmpty.
    """
    names = {*office.allocation.reserves, *(name for end in gone.ends for name in end.kept)}
    there = {name: keeps(office, name, gone) for name in names}
    found = []
    for line in lines:
        need, reserve = times(line.draws, line.quantity), None
        if line.voucher and not line.reservation and VOUCHER + line.voucher in there:
            reserve = VOUCHER + line.voucher
        elif allotment is not None and allotment.terms.pool in line.draws:
            reserve = _must_have(allotment, need, there)
        kept = overlap(need, there.get(reserve or "", {}))
        if reserve is None or not kept:
            found.append(line)
            continue
        there[reserve] = {pool: units - kept.get(pool, 0) for pool, units in there[reserve].items()}
        found.append(msgspec.structs.replace(line, reserve=reserve, kept=kept))
    return tuple(found)


def _must_have(
    allotment: Allotment, need: Mapping[str, int], there: Mapping[str, Mapping[str, int]]
) -> str:
    terms = allotment.terms
    reserve = ALLOTMENT + terms.allotment
    left = there.get(reserve, {}).get(terms.pool, 0)
    if need[terms.pool] > left:
        raise AllotmentEmpty(allotment=terms.allotment, left=left)
    return reserve


def unkept(line: Line) -> Line:
    """The line without what had been kept for it: its units are taken from what is free."""
    return msgspec.structs.replace(line, reserve=None, kept={}) if line.reserve else line
