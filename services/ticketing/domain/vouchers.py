"""Vouchers: what they take off, for how many tickets, and what they keep for their holders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from roadcase.allocation import times
from roadcase.decider import Event
from roadcase.money import Money
from services.ticketing.commands import Buying, SetVoucher
from services.ticketing.domain.keeping import change, keeps
from services.ticketing.domain.office import BoxOffice, Freed, freed, must_be_open
from services.ticketing.domain.pricing import discount
from services.ticketing.domain.refusals import (
    HoldGone,
    NotInOrder,
    OneVoucher,
    PersonUnknown,
    UnknownCode,
    UnknownTicketType,
    VoucherExpired,
    VoucherIsPersonal,
    VoucherNeedsMore,
    VoucherUsedUp,
    WrongCurrency,
)
from services.ticketing.domain.rerating import of_voucher
from services.ticketing.domain.reserved import proven, voucher_of
from services.ticketing.domain.reserves import VOUCHER, Voucher
from services.ticketing.events import Line, TicketTypeSet, VoucherLapsed, VoucherSet

ENDLESS = 10**18
Types = Mapping[str, TicketTypeSet]


def set_voucher(office: BoxOffice, cmd: SetVoucher, at: datetime) -> Iterator[Event]:
    must_be_open(office, cmd.occurrence)
    for id_ in cmd.ticket_types:
        if id_ not in office.types:
            raise UnknownTicketType(ticket_type=id_, voucher=cmd.voucher)
    gone = freed(office, at)
    more, less = change(office, VOUCHER + cmd.voucher, _to_keep(office, cmd, at, gone), gone)
    event = VoucherSet(**dict(cmd), more=more, less=less)
    known = office.reserves.vouchers.get(cmd.voucher)
    if known is None or more or less or event != known.terms:
        yield from gone.ends
        yield event


def _to_keep(office: BoxOffice, cmd: SetVoucher, at: datetime, gone: Freed) -> dict[str, int]:
    """The units of the uses that are left."""
    if not cmd.keeps or not cmd.active or (cmd.valid_until and cmd.valid_until <= at):
        return {}
    known = office.reserves.vouchers.get(cmd.voucher)
    lines = [line for end in gone.ends for line in end.lines]
    back = sum(
        line.quantity for line in lines if line.voucher == cmd.voucher and not line.reservation
    )
    uses = (cmd.uses or 0) - (known.used - back if known else 0)
    return times(office.types[cmd.ticket_types[0]].draws, uses) if uses > 0 else {}


class Left(NamedTuple):
    """What may still be used of a voucher by one buyer."""

    uses: int
    budget: int


def applied(
    office: BoxOffice, cmd: Buying, lines: tuple[Line, ...], at: datetime, gone: Freed
) -> tuple[Line, ...]:
    """The lines with the voucher whose code was typed, if one was. Raises what speaks against it.

    It is used for as many tickets as it can be, in the order of the lines. Where its budget ends
    the last ticket gets what is left of it.
    """
    series = cmd.series
    found = [voucher_of(cmd.occurrence, series, at)] if series else []
    for code in dict.fromkeys(cmd.codes):  # who types a code twice has typed it
        each = office.reserves.vouchers.get(code)
        if each is not None and each.terms.active:
            found.append(each)
        elif series is None or code != series.voucher:
            _check_known(office, code)
    if not found:
        return lines
    if len(found) > 1:
        raise OneVoucher(vouchers=[each.terms.voucher for each in found])
    voucher = found[0]
    _check(office, voucher, lines, at)
    if series is not None:
        budget = ENDLESS if series.budget is None else series.budget.minor
        left = Left(series.tickets, budget)
    else:
        left = _left(office, voucher, cmd.subject, gone)
    some = apply(office.types, voucher.terms, lines, left)
    lines = tuple([_depending(office, voucher.terms, line) for line in some])
    return lines if series is None else proven(series, lines)


def _check_known(office: BoxOffice, code: str) -> None:
    """Somebody who typed a code expects something of it."""
    types = office.types.values()
    opens = any(code in each.unlocked_by for each in types) or any(
        code in presale.codes for each in types for presale in each.presales
    )
    allotments = office.reserves.allotments.values()
    if not opens and not any(code in each.terms.codes for each in allotments):
        raise UnknownCode(code=code)


def _check(office: BoxOffice, voucher: Voucher, lines: Sequence[Line], at: datetime) -> None:
    terms = voucher.terms
    if terms.valid_until is not None and at >= terms.valid_until:
        raise VoucherExpired(voucher=terms.voucher, valid_until=terms.valid_until)
    eligible = [line for line in lines if is_for(office.types, terms, line)]
    if not eligible:
        raise NotInOrder(voucher=terms.voucher, ticket_types=sorted(terms.ticket_types))
    tickets = sum([line.quantity for line in eligible])
    if tickets < terms.least:
        raise VoucherNeedsMore(voucher=terms.voucher, tickets=tickets, lowest=terms.least)
    of = terms.amount or terms.budget
    for line in eligible:
        if of is not None and line.price.currency != of.currency:
            raise WrongCurrency(ticket_type=line.ticket_type, currency=of.currency)


def is_for(types: Types, terms: VoucherSet, line: Line) -> bool:
    """Not for what its buyer says the price of."""
    of = terms.ticket_types
    named = not of or line.ticket_type in of or line.bundle in of
    return named and types[line.ticket_type].lowest is None


def _left(office: BoxOffice, voucher: Voucher, subject: str | None, gone: Freed) -> Left:
    """What dead holds used is free again. Raises VoucherUsedUp, PersonUnknown."""
    terms = voucher.terms
    if terms.per_person is not None and subject is None:
        raise PersonUnknown(voucher=terms.voucher)
    used, spent = voucher.used, voucher.spent
    has = voucher.persons.get(subject, 0) if subject else 0
    for end in gone.ends:
        for line in end.lines:
            if line.voucher == terms.voucher and line.reservation is None:
                used -= line.quantity
                spent -= _off(line)
                has -= line.quantity if subject and office.held[end.hold].subject == subject else 0
    uses = ENDLESS if terms.uses is None else terms.uses - used
    own = ENDLESS if terms.per_person is None else terms.per_person - has
    budget = ENDLESS if terms.budget is None else terms.budget.minor - spent
    if min(uses, own, budget) <= 0:
        raise VoucherUsedUp(voucher=terms.voucher)
    return Left(min(uses, own), budget)


def apply(types: Types, terms: VoucherSet, lines: Sequence[Line], left: Left) -> Iterator[Line]:
    """The lines, each at its price with the voucher while there is something left of it."""
    uses, budget = left
    for line in lines:
        rest = line.quantity
        off = discount(terms, line.price) if is_for(types, terms, line) else None
        if off and rest <= uses and rest * off <= budget:
            yield _cheaper(line, terms.voucher, rest, off)
            uses -= rest
            budget -= rest * off
            continue
        if off is not None and (off or terms.effect == "none"):
            for quantity, minor in _shares(min(rest, uses), off, budget):
                yield _cheaper(line, terms.voucher, quantity, minor)
                uses -= quantity
                budget -= quantity * minor
                rest -= quantity
        if rest:
            yield line if rest == line.quantity else msgspec.structs.replace(line, quantity=rest)


def _shares(tickets: int, off: int, budget: int) -> Iterator[tuple[int, int]]:
    """How many tickets get how much off: all the same, but for the last of a budget."""
    full = tickets if not off else min(tickets, budget // off)
    if full:
        yield full, off
    if full < tickets and (rest := budget - full * off) > 0:
        yield 1, rest


def _cheaper(line: Line, voucher: str, quantity: int, minor: int) -> Line:
    price = line.price
    return msgspec.structs.replace(
        line,
        quantity=quantity,
        price=Money(price.minor - minor, price.currency),
        listed=line.listed or price,
        voucher=voucher,
        discount=Money(minor, price.currency) if minor else None,
    )


def _depending(office: BoxOffice, terms: VoucherSet, line: Line) -> Line:
    """With what its price depends on. A budget gives no ticket more than it gave at first."""
    if not is_for(office.types, terms, line) or (terms.least == 1 and line.bundle is None):
        return line
    off = 0
    named = not terms.ticket_types or line.ticket_type in terms.ticket_types
    if named and line.discount is not None and line.listed is not None:
        off = discount(terms, line.listed)
        off = off if terms.budget is None else min(off, line.discount.minor)
    return of_voucher(line, terms.least, off)


def _off(line: Line) -> int:
    return line.discount.minor * line.quantity if line.discount else 0


def use(office: BoxOffice, subject: str | None, line: Line, sign: int) -> None:
    """A fact: a line takes its uses of a voucher, or gives them back."""
    if line.voucher is not None and line.reservation is None:
        voucher = office.reserves.vouchers[line.voucher]
        voucher.count(subject, sign * line.quantity, sign * _off(line))


def check_buyer(office: BoxOffice, subject: str | None, lines: Sequence[Line]) -> None:
    """Whether somebody else than who held these lines may buy them with their voucher."""
    if any(line.personal for line in lines):
        raise VoucherIsPersonal
    for code in _codes(lines):
        voucher = office.reserves.vouchers[code]
        highest = voucher.terms.per_person
        if highest is None:
            continue
        if subject is None:
            raise PersonUnknown(voucher=code)
        tickets = sum(line.quantity for line in lines if line.voucher == code)
        if voucher.persons.get(subject, 0) + tickets > highest:
            raise VoucherUsedUp(voucher=code, per_person=highest)


def check_late(office: BoxOffice, subject: str | None, lines: Sequence[Line], gone: Freed) -> None:
    """Whether what a hold used, before it ended, may be used again.

    Raises VoucherUsedUp, and HoldGone for uses that went back to other occurrences.
    """
    for line in lines:
        if line.reservation is not None:
            raise HoldGone(voucher=line.voucher)
    for code in _codes(lines):
        left = _left(office, office.reserves.vouchers[code], subject, gone)
        used = [line for line in lines if line.voucher == code]
        tickets, off = sum(line.quantity for line in used), sum(_off(line) for line in used)
        if tickets > left.uses or off > left.budget:
            raise VoucherUsedUp(voucher=code)


def _codes(lines: Sequence[Line]) -> set[str]:
    """The office's own vouchers of these lines."""
    return {line.voucher for line in lines if line.voucher and line.reservation is None}


def was_set(office: BoxOffice, event: VoucherSet) -> None:
    reserves = office.reserves
    terms = msgspec.structs.replace(event, more={}, less={})
    voucher = reserves.vouchers.setdefault(event.voucher, Voucher(terms))
    voucher.terms, voucher.lapsed = terms, False
    reserve = VOUCHER + event.voucher
    office.keep(reserve, event.more, event.less)
    reserves.lapses.drop(reserve)
    if event.keeps and event.active and event.valid_until is not None:
        reserves.lapses.set(reserve, event.valid_until)


def lapse(office: BoxOffice, voucher: str, gone: Freed) -> VoucherLapsed:
    """Its time is over."""
    kept = keeps(office, VOUCHER + voucher, gone)
    occurrence = office.reserves.vouchers[voucher].terms.occurrence
    return VoucherLapsed(occurrence=occurrence, voucher=voucher, less=kept)


def has_lapsed(office: BoxOffice, event: VoucherLapsed) -> None:
    office.reserves.vouchers[event.voucher].lapsed = True
    office.keep(VOUCHER + event.voucher, {}, event.less)
    office.reserves.lapses.drop(VOUCHER + event.voucher)
