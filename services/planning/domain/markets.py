"""The stalls of an occurrence: who has them, and what they owe once the night is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

import msgspec

from roadcase.decider import Decider, Event
from services.planning.commands import (
    CallOffMarket,
    CloseMarket,
    FreeStall,
    LoseStall,
    NoteStallUnfit,
    OpenMarket,
    PlanMarket,
    ReportTakings,
    TakeStall,
    TellStallholders,
    WaiveStallFee,
)
from services.planning.domain.fees import Worked, currency_of, fee_of
from services.planning.domain.market_fit import checked, note
from services.planning.domain.market_state import EVOLVE, FREED, Market, evolve
from services.planning.domain.offers import none_any_more, offer_of, offers, withdrawn
from services.planning.domain.supplier_refusals import (
    NoStall,
    StallCharged,
    StallFree,
    TakingsCurrency,
)
from services.planning.events import (
    MarketCalledOff,
    MarketClosed,
    MarketOpened,
    MarketPlanned,
    PlannedStall,
    StallBooked,
    StallChanged,
    StallFeeCharged,
    StallFeeReversed,
    StallFeeWaived,
    StallFreed,
    StallholdersTold,
    StallNotBooked,
    StallTakingsReported,
)

CALLED_OFF: Final = "called_off"
Terms = tuple[date, date, tuple[str, ...]]  # the first day, the last, documents to show


def plan(market: Market, cmd: PlanMarket, _at: datetime) -> Iterator[Event]:
    """What is booked stays so, unless its stall is gone or is to be somebody else's."""
    before = market.planned
    if before is None and not cmd.stalls:
        return
    if before is not None and cmd.revision <= before.revision:
        return  # heard again, or out of order
    new = MarketPlanned(**dict(cmd))
    if before is not None and new == msgspec.structs.replace(before, revision=new.revision):
        return
    yield new
    yield from offers(market, new)
    if before is not None and not market.over:
        stalls = {each.stall: each for each in new.stalls}
        for key, booking in market.booked.items():
            was = _terms(before, market.stalls[key])
            yield from _again(new, booking, stalls.get(key), was)


def _again(
    new: MarketPlanned, booking: StallBooked, stall: PlannedStall | None, was: Terms
) -> Iterator[Event]:
    """What becomes of a stall that is booked."""
    if stall is None:
        yield _freed(booking, "stall_removed")
    elif stall.supplier not in (None, booking.supplier):
        yield _freed(booking, "supplier_changed")
    elif (terms := _terms(new, stall)) != was:
        yield _changed(booking, terms)


def _changed(booking: StallBooked, terms: Terms) -> StallChanged:
    first, last, documents = terms
    return StallChanged(
        occurrence=booking.occurrence,
        stall=booking.stall,
        supplier=booking.supplier,
        first=first,
        last=last,
        documents=documents,
        engagement=booking.engagement,
    )


def open_(market: Market, cmd: OpenMarket, _at: datetime) -> Iterator[Event]:
    planned = market.planned
    if planned is not None and planned.draft:
        yield MarketOpened(**dict(cmd))
        yield from offers(market, msgspec.structs.replace(planned, draft=False))


def _terms(market: MarketPlanned, stall: PlannedStall) -> Terms:
    return market.first, market.last, stall.documents


def take(market: Market, cmd: TakeStall, _at: datetime) -> Iterator[Event]:
    stall, booking = market.stalls.get(cmd.stall), market.booked.get(cmd.stall)
    if booking is not None and booking.supplier == cmd.supplier:
        return
    about = cmd.model_dump(include={"occurrence", "stall", "supplier", "engagement"})
    if why := _not(market, stall, booking, cmd):
        yield StallNotBooked(**about, why=why)
    elif stall is not None and market.planned is not None:
        booking = StallBooked(**about, fee=stall.fee)
        yield booking
        if cmd.stall in market.freed:
            yield offer_of(market.planned, stall, cmd.supplier)
        if (terms := _terms(market.planned, stall)) != (cmd.first, cmd.last, cmd.documents):
            yield _changed(booking, terms)


def _not(
    market: Market, stall: PlannedStall | None, booking: StallBooked | None, cmd: TakeStall
) -> str:
    """Why somebody does not get a stall that they were engaged for; empty if they do."""
    if stall is None:
        return "stall_removed"
    if booking is not None:
        return "stall_taken"
    if stall.supplier not in (None, cmd.supplier):
        return "supplier_changed"
    if market.over:
        return "market_closed" if market.closed else CALLED_OFF
    return "not_offered" if cmd.named and cmd.stall not in market.offered else ""


def free(market: Market, cmd: FreeStall, _at: datetime) -> Iterator[Event]:
    booking = _booking(market, cmd.occurrence, cmd.stall)
    if cmd.stall in market.charged:
        raise StallCharged(occurrence=cmd.occurrence, stall=cmd.stall)
    if cmd.stall in market.offered:
        yield withdrawn(market, market.offered[cmd.stall], FREED)
    yield _freed(booking, FREED)


def lose(market: Market, cmd: LoseStall, _at: datetime) -> Iterator[StallFreed]:
    booking = market.booked.get(cmd.stall)
    if booking is not None and booking.supplier == cmd.supplier and not market.closed:
        yield _freed(booking, cmd.why)


def report(market: Market, cmd: ReportTakings, _at: datetime) -> Iterator[StallTakingsReported]:
    booking = _booking(market, cmd.occurrence, cmd.stall)
    if cmd.report in market.reports:
        return
    assert market.planned is not None
    currency = currency_of(booking.fee) or market.planned.currency
    if currency is not None and cmd.takings.currency != currency:
        raise TakingsCurrency(takings=cmd.takings.currency, market=currency)
    yield StallTakingsReported(**dict(cmd), supplier=booking.supplier)


def waive(market: Market, cmd: WaiveStallFee, _at: datetime) -> Iterator[StallFeeWaived]:
    booking = _booking(market, cmd.occurrence, cmd.stall)
    if cmd.stall not in market.waived:
        yield StallFeeWaived(**dict(cmd), supplier=booking.supplier)


def close(market: Market, cmd: CloseMarket, _at: datetime) -> Iterator[Event]:
    if market.planned is not None and not market.over:
        yield MarketClosed(**dict(cmd))
        yield from none_any_more(market, "market_closed")


def call_off(market: Market, cmd: CallOffMarket, _at: datetime) -> Iterator[Event]:
    if market.planned is not None and not market.over:
        yield MarketCalledOff(**dict(cmd))
        yield from none_any_more(market, CALLED_OFF)
        yield from (_freed(each, CALLED_OFF) for each in market.booked.values())


def tell(market: Market, cmd: TellStallholders, _at: datetime) -> Iterator[StallholdersTold]:
    """Each supplier once, whatever stalls they have. Asked twice, they are told once."""
    if cmd.telling not in market.told:
        suppliers = dict.fromkeys(each.supplier for each in market.booked.values())
        yield StallholdersTold(**dict(cmd), suppliers=tuple(suppliers))


def follow(market: Market, _at: datetime) -> Iterator[Event]:
    """Once it is closed, what stands as charged is what is owed: else it is taken back first."""
    yield from checked(market)
    if not market.closed:
        return
    for stall, booking in market.booked.items():
        owed, stands = _owed(market, booking), market.charged.get(stall)
        if stands is not None and (owed is None or (stands.fixed, stands.share) != owed):
            yield _reversed(stands, market.waived.get(stall, "the takings were corrected"))
            stands = None
        if stands is None and owed is not None:
            taken = market.takings.get(stall)
            yield StallFeeCharged(
                occurrence=booking.occurrence,
                stall=stall,
                supplier=booking.supplier,
                charge=f"{stall}-{market.charges + 1}",
                amount=owed.total,
                fixed=owed.fixed,
                share=owed.share,
                takings=taken.takings if taken and booking.fee and booking.fee.share else None,
            )


def _owed(market: Market, booking: StallBooked) -> Worked | None:
    if booking.fee is None or booking.stall in market.waived:
        return None
    taken = market.takings.get(booking.stall)
    return fee_of(booking.fee, taken.takings if taken else None)


def _reversed(charge: StallFeeCharged, reason: str) -> StallFeeReversed:
    return StallFeeReversed(
        occurrence=charge.occurrence,
        stall=charge.stall,
        supplier=charge.supplier,
        charge=charge.charge,
        amount=-charge.amount,
        reason=reason,
    )


def _freed(booking: StallBooked, why: str) -> StallFreed:
    return StallFreed(
        occurrence=booking.occurrence,
        stall=booking.stall,
        supplier=booking.supplier,
        why=why,
        engagement=booking.engagement,
    )


def _booking(market: Market, occurrence: str, stall: str) -> StallBooked:
    if stall not in market.stalls and stall not in market.booked:
        raise NoStall(occurrence=occurrence, stall=stall)
    booking = market.booked.get(stall)
    if booking is None:
        raise StallFree(occurrence=occurrence, stall=stall)
    return booking


MARKET: Final = Decider(
    category="market",
    key="occurrence",
    initial=Market,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands={
        PlanMarket: plan,
        OpenMarket: open_,
        TakeStall: take,
        FreeStall: free,
        LoseStall: lose,
        NoteStallUnfit: note,
        ReportTakings: report,
        WaiveStallFee: waive,
        CloseMarket: close,
        CallOffMarket: call_off,
        TellStallholders: tell,
    },
    follow=follow,
)
