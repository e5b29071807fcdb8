"""The box office of an occurrence: how it remembers, and what it decides."""

from __future__ import annotations

from functools import partial
from typing import Final

from roadcase.decider import Decider, Event
from roadcase.money import Money
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    ChangeBoxOffice,
    ConfirmOrder,
    ExtendHold,
    HoldTickets,
    OpenBoxOffice,
    RefundTickets,
    ReleaseHold,
    SellTickets,
)
from services.ticketing.domain import (
    allotments,
    exchange,
    importing,
    invoices,
    mass_cancel,
    pending,
    planned,
    policies,
    postponing,
    questions,
    reserved,
    seating,
    slots,
    telling,
    transfers,
    triggers,
    waiting,
)
from services.ticketing.domain.due import catch_up, deadline
from services.ticketing.domain.offering import change, open_
from services.ticketing.domain.office import (
    BoxOffice,
    Commands,
    Evolve,
    Kind,
    Order,
    Sale,
    Void,
    claim,
    is_special,
    kind_of,
    number_of,
    starts_at,
)
from services.ticketing.domain.pricing import count_level
from services.ticketing.domain.selling import confirm, extend, hold, release, sell
from services.ticketing.domain.swift import LASTING
from services.ticketing.domain.voiding import cancel, refund
from services.ticketing.domain.vouchers import use
from services.ticketing.events import (
    BoxOfficeChanged,
    BoxOfficeOpened,
    CapacitySet,
    HoldEnded,
    HoldExtended,
    TicketCancelled,
    TicketRefunded,
    TicketRerated,
    TicketsHeld,
    TicketSold,
    TicketTypeSet,
)


def _described(office: BoxOffice, event: BoxOfficeOpened | BoxOfficeChanged) -> None:
    telling.was_described(office, event)
    office.opened = event
    office.limited = bool(event.per_order_max or event.per_person_max)
    for entry in office.queue.living:
        office.queue.ends.set(entry, starts_at(office))


def _sized(office: BoxOffice, event: CapacitySet) -> None:
    office.allocation.resize(event.pool, event.capacity)


def _offered(office: BoxOffice, event: TicketTypeSet) -> None:
    before = office.types.get(event.ticket_type)
    office.types[event.ticket_type] = event
    if office.queue.living and before is not None and before.draws != event.draws:
        office.queue.move(event.ticket_type, partial(waiting.pools_of, office))
    office.kinds[event.ticket_type] = kind_of(event)
    if event.bundle or event.addon_to:
        office.composed.add(event.ticket_type)
    else:
        office.composed.discard(event.ticket_type)


def _held(office: BoxOffice, event: TicketsHeld) -> None:
    for line in event.lines:
        use(office, event.subject, line, 1)
        if line.reserve is not None:
            office.allocation.unkeep(line.reserve, line.kept)
        office.count(event.subject, line.ticket_type, line.quantity)
        if line.tier is not None:
            count_level(office, line.ticket_type, line.tier, line.quantity)
    waiting.was_offered(office, event)
    office.allocation.hold(event.hold, claim(event.lines), event.until)
    office.held[event.hold] = event
    if office.seatings:
        seating.take(office, event.lines)


def _extended(office: BoxOffice, event: HoldExtended) -> None:
    office.allocation.extend(event.hold, event.until)


def _ended(office: BoxOffice, event: HoldEnded) -> None:
    office.allocation.end(event.hold, event.why)
    for reserve, units in event.kept.items():
        office.allocation.keep(reserve, units)
    pending.has_ended(office, event.hold)
    held = office.held.pop(event.hold)
    if event.why != "sold":
        office.lapsed[event.hold] = held
    if office.seatings:
        seating.free(office, held.lines)
    for line in held.lines:
        office.count(held.subject, line.ticket_type, -line.quantity)
        if line.tier is not None:
            count_level(office, line.ticket_type, line.tier, -line.quantity)
        use(office, held.subject, line, -1)


def _sold(office: BoxOffice, event: TicketSold) -> None:
    """The hot path of every fold: what few tickets have is asked of few."""
    special = is_special(event)
    if special:
        _at_terms_of_its_own(office, event)
    if event.hold is None or event.late:
        office.allocation.sell(event.draws)
    order = office.orders.get(event.order) or _ordered(office, event)
    kind = office.kinds[event.ticket_type]
    same = kind.draws == event.draws and kind.price == event.price and kind.seller == event.seller
    if special or not same:
        kind = kind_of(event)  # at other terms than everybody's today
    order.tickets.append(kind)
    if event.seat is not None:
        seating.sit(office, order, event)
    if event.addon_to is not None:
        order.addons = order.addons or {}
        order.addons.setdefault(number_of(event.addon_to), []).append(event.number)
    office.codes.add(event.code)
    office.count(event.subject, event.ticket_type, 1)


def _at_terms_of_its_own(office: BoxOffice, event: TicketSold) -> None:
    if event.reserve is not None and event.kept:
        office.allocation.unkeep(event.reserve, event.kept)
    if event.voucher is not None and event.reservation is None:
        _used(office, event.subject, event.voucher, event.discount, 1)
    if event.tier is not None:
        count_level(office, event.ticket_type, event.tier, 1)


def _ordered(office: BoxOffice, event: TicketSold) -> Order:
    if event.contact is not None:
        telling.has_bought(office, event.order, event.contact)
    if event.hold is not None:
        office.became[event.hold] = event.order
        office.lapsed.pop(event.hold, None)
    sale = Sale(event.payment_reference, event.sold_at, event.channel, event.promo)
    order = office.orders[event.order] = Order(event.subject, event.hold, sale=sale)
    return order


def _used(
    office: BoxOffice, subject: str | None, voucher: str, off: Money | None, sign: int
) -> None:
    minor = off.minor if off else 0
    office.reserves.vouchers[voucher].count(subject, sign, sign * minor)


def _void(office: BoxOffice, event: TicketCancelled | TicketRefunded) -> None:
    how: Void = "cancelled" if isinstance(event, TicketCancelled) else "refunded"
    order = office.orders[event.order]
    if event.draws:
        office.allocation.give_back(event.draws)
        if event.seat is not None:
            seating.leave(office, event.draws, event.seat)
        office.count(order.subject, event.ticket_type, -1)
        for reserve, units in event.kept.items():
            office.allocation.keep(reserve, units)
        _give_use_back(office, order, order.tickets[number_of(event.ticket) - 1])
    number = number_of(event.ticket)
    order.void = order.void or {}
    order.void[number] = how
    if isinstance(event, TicketRefunded):
        order.refunded = order.refunded or {}
        order.refunded[number] = order.refunded.get(number, 0) + event.amount.minor
        order.references = order.references or set()
        order.references.add(event.refund_reference)
        if event.by_policy:
            order.given_back = order.given_back or set()
            order.given_back.add(number)


def _rerated(office: BoxOffice, event: TicketRerated) -> None:
    tickets, number = office.orders[event.order].tickets, number_of(event.ticket)
    tickets[number - 1] = tickets[number - 1]._replace(price=event.price)


def _give_use_back(office: BoxOffice, order: Order, kind: Kind) -> None:
    voucher = kind.own_voucher
    if voucher and office.reserves.vouchers[voucher].terms.returns:
        _used(office, order.subject, voucher, kind.discount, -1)


EVOLVE: Final[Evolve] = {
    BoxOfficeOpened: _described,
    BoxOfficeChanged: _described,
    CapacitySet: _sized,
    TicketTypeSet: _offered,
    TicketsHeld: _held,
    HoldExtended: _extended,
    HoldEnded: _ended,
    TicketSold: _sold,
    TicketCancelled: _void,
    TicketRefunded: _void,
    TicketRerated: _rerated,
    **questions.EVOLVE,
    **seating.EVOLVE,
    **slots.EVOLVE,
    **planned.EVOLVE,
    **policies.EVOLVE,
    **pending.EVOLVE,
    **mass_cancel.EVOLVE,
    **allotments.EVOLVE,
    **importing.EVOLVE,
    **invoices.EVOLVE,
    **postponing.EVOLVE,
    **telling.EVOLVE,
    **reserved.EVOLVE,
    **waiting.EVOLVE,
    **transfers.EVOLVE,
    **triggers.EVOLVE,
}


def evolve(office: BoxOffice, event: Event) -> None:
    if (kind := type(event)) not in LASTING:
        office.swift.clear()
    EVOLVE[kind](office, event)


COMMANDS: Final[Commands] = {
    OpenBoxOffice: open_,
    ChangeBoxOffice: change,
    HoldTickets: hold,
    ExtendHold: extend,
    ReleaseHold: release,
    CatchUp: catch_up,
    SellTickets: sell,
    ConfirmOrder: confirm,
    CancelOrder: cancel,
    RefundTickets: refund,
    **questions.COMMANDS,
    **seating.COMMANDS,
    **slots.COMMANDS,
    **planned.COMMANDS,
    **policies.COMMANDS,
    **pending.COMMANDS,
    **mass_cancel.COMMANDS,
    **exchange.COMMANDS,
    **allotments.COMMANDS,
    **importing.COMMANDS,
    **invoices.COMMANDS,
    **postponing.COMMANDS,
    **telling.COMMANDS,
    **waiting.COMMANDS,
    **transfers.COMMANDS,
    **triggers.COMMANDS,
}

BOX_OFFICE: Final = Decider(
    category="box-office",
    key="occurrence",
    initial=BoxOffice,
    evolve=evolve,
    events=tuple(EVOLVE),
    commands=COMMANDS,
    deadline=deadline,
    follow=waiting.follow,
    notice=triggers.notice,
    on_due=lambda occurrence: CatchUp(occurrence=occurrence),
)
