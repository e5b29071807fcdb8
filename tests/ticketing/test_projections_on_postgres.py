"""Read models in their real tables: PostgreSQL gives back the rows that the folds made."""

from __future__ import annotations

import asyncpg
import msgspec
import pytest

from roadcase.codec import Codec
from roadcase.event_store.records import Meta, Record
from roadcase.money import Money
from roadcase.tables import Table, typed
from services.ticketing.commands import (
    CancelOrder,
    CatchUp,
    ChangeBoxOffice,
    ImportOrder,
    JoinWaitingList,
    MakeSlots,
    PlaceOrder,
    RecordInvoice,
    RefundTickets,
    RequestInvoice,
    SetAllotment,
    SetQuestions,
    SetRefundPolicy,
    SetReminder,
    SetSeatingPlan,
    SetVoucher,
    TellGuests,
)
from services.ticketing.domain import DECIDERS
from services.ticketing.events import (
    AdmissionSet,
    Admitted,
    EntryRule,
    ExchangeConfirmed,
    ExchangeDone,
    ExchangeStarted,
    Exited,
    GateTakes,
    GuestsCounted,
    HandOut,
    MassCancelFinished,
    MassCancelStarted,
    NightPostponed,
    OrderMassCancelled,
    PostponementAnswered,
    PostponementClosed,
    ReservationEnded,
    ReservationUsed,
    ScanAnnulled,
    ScanRefused,
    SeriesVoucherSet,
    UseReturned,
    VoucherReserved,
)
from services.ticketing.projections import PROJECTIONS
from tests.ticketing.night import (
    NIGHT,
    NOON,
    SEED,
    changing,
    confirming,
    history,
    holding,
    opening,
    selling,
    table,
    ticket_type,
)

BAND = HandOut(item="band", name="Wristband")
SCAN = {"occurrence": NIGHT, "ticket": "o1-1", "gate": "north"}
SEATED = ticket_type("stalls", draws=["stalls"])
POSTPONED = (
    NightPostponed(occurrence=NIGHT, postponement="p1", answer_until=NOON, default="keep"),
    PostponementAnswered(occurrence=NIGHT, postponement="p1", order="o1", answer="refund"),
    PostponementAnswered(
        occurrence=NIGHT, postponement="p1", order="o9", answer="keep", by_default=True
    ),
    PostponementClosed(occurrence=NIGHT, postponement="p1"),
)
EVENTS = (
    *history(
        opening(ticket_type(sale_until=NOON.replace(year=2030)), name="Kino 🎬 سينما"),
        holding("h1", ("standard", 2)),
        holding("h2"),
        confirming("o1", "h1", "24.00 EUR", contact=b"\x00sealed\xff"),
        changing(pools={"hall": 2}),
        JoinWaitingList(
            occurrence=NIGHT, entry="w1", ticket_types=["standard"], subject="ann", contact=b"x"
        ),
        changing(pools={"hall": 9}),
        ImportOrder(
            occurrence=NIGHT,
            order="px_A",
            source="pretix",
            reference="A",
            sold_at=NOON,
            payment_reference="manual",
            code_seed=SEED,
            tickets=[
                {
                    "position": "1",
                    "ticket_type": "standard",
                    "price": "9.00 EUR",
                    "tax": "1.44 EUR",
                    "rate": "19",
                    "secret": "5" * 64,
                }
            ],
        ),
        PlaceOrder(
            occurrence=NIGHT,
            order="p1",
            lines=[{"ticket_type": "standard", "quantity": 1}],
            contact=b"x",
        ),
        SetRefundPolicy(occurrence=NIGHT, policy="fair", steps=[{"hours": 2, "permille": 5}]),
        SetVoucher(occurrence=NIGHT, voucher="v", uses=3),
        RequestInvoice(occurrence=NIGHT, order="o1", request="w1", details=b"x"),
        RecordInvoice(occurrence=NIGHT, order="o1", number="2026-1"),
        MakeSlots(
            occurrence=NIGHT,
            rule={
                "first_day": "2026-10-25",
                "last_day": "2026-10-25",
                "first": "01:40",
                "until": "02:20",
                "every": 20,
                "capacity": 1,
                "breaks": [{"starts": "05:00", "ends": "06:00"}],
            },
            offer=ticket_type("slot", draws=["slot"]),
        ),
        selling("s1", ("slot-20261025T0200", 1)),
        SetAllotment(occurrence=NIGHT, allotment="a", name="Press", pool="hall", units=0),
        ChangeBoxOffice(occurrence=NIGHT, pools={"stalls": 0}, ticket_types=[SEATED]),
        SetSeatingPlan(
            occurrence=NIGHT,
            pool="stalls",
            areas=[{"rows": [{"name": "A", "seats": [{"name": "1"}, {"name": "2", "gap": True}]}]}],
            kept_until=NOON,
        ),
        selling("o9", ("stalls", 1)),
        SetQuestions(occurrence=NIGHT, questions=[{"id": "q1", "text": "Why?"}]),
        selling("o2", subject=None, answered={"given": {"": ["q1"]}, "answers": b"\x00sealed\xff"}),
        SetReminder(occurrence=NIGHT, hours=2, text="Soon!"),
        changing(name="Kino 🎬 سينما, outside"),
        TellGuests(occurrence=NIGHT, notice="n1", kind="change"),
        CatchUp(occurrence=NIGHT),
        CancelOrder(occurrence=NIGHT, order="o2", reason="rain"),
        RefundTickets(
            occurrence=NIGHT, order="o1", tickets=["o1-2"], reason="rain", refund_reference="r"
        ),
    ),
    Admitted(**SCAN, nonce="n1", admitted_at=NOON, claimed_at=NOON),
    ScanRefused(**SCAN, nonce="n2", direction="entry", reason="already_in", since=NOON),
    Exited(**SCAN, nonce="n3"),
    *POSTPONED,
    MassCancelStarted(process="p1", occurrence=NIGHT, reason="storm", money_back=True),
    OrderMassCancelled(
        process="p1", occurrence=NIGHT, order="o1", outcome="refunded", amount=Money(5, "EUR")
    ),
    MassCancelFinished(process="p1", occurrence=NIGHT, orders=1, refused=0),
    ExchangeStarted(
        process="x1",
        occurrence=NIGHT,
        order="o1",
        tickets=("o1-1",),
        worth=Money(1200, "EUR"),
        to="night-2",
        new_order="n1",
        wanted={"standard": 1},
        code_seed="00",
        contact=b"\x00sealed",
    ),
    ExchangeConfirmed(process="x1", total=Money(1200, "EUR")),
    ExchangeDone(process="x1"),
    AdmissionSet(
        occurrence=NIGHT,
        zone="UTC",
        occupancy_max=9,
        gates=(GateTakes(gate="north", ticket_types=("standard",)),),
        rules=(EntryRule(valid_from=NOON, hand_out=(BAND,)),),
    ),
    Admitted(**SCAN, nonce="n4", admitted_at=NOON, device="phone", text="Box 4", hand_out=(BAND,)),
    ScanAnnulled(
        **SCAN, nonce="n4", direction="entry", change=-1, inside=0, guests=1, device="phone"
    ),
    GuestsCounted(occurrence=NIGHT, gate="south", nonce="n5", change=2, inside=2),
    SeriesVoucherSet(voucher="TOUR", uses=3, valid_until=NOON),
    VoucherReserved(
        voucher="TOUR",
        reservation=f"{NIGHT}/hold/h1",
        attempt="a",
        tickets=2,
        accept_until=NOON,
        until=NOON,
        budget=Money(900, "EUR"),
    ),
    UseReturned(voucher="TOUR", reservation=f"{NIGHT}/hold/h1", ticket="o1-1", spent=300),
    ReservationUsed(voucher="TOUR", reservation=f"{NIGHT}/hold/h1", tickets=2, spent=600),
    ReservationEnded(voucher="TOUR", reservation=f"{NIGHT}/hold/h2", why="hold_ended"),
)
CODEC = Codec([event for decider in DECIDERS for event in decider.events])


def records():
    for position, event in enumerate(EVENTS, 1):
        meta = Meta(id=f"e{position}", at=NOON, actor="tester", command="c1")
        yield Record(
            position,
            f"t1/box-office/{NIGHT}",
            position,
            event.topic,
            CODEC.encode(event),
            msgspec.json.encode(meta),
            bytes(32),
        )


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.name)
async def test_a_table_gives_back_what_was_folded(database, projection):
    connection = await asyncpg.connect(database)
    try:
        await typed(connection)
        await connection.execute("CREATE SCHEMA views; SET search_path = views")
        await connection.execute(projection.schema)
        for record in records():  # one by one: each row is loaded again before it changes
            async with connection.transaction():
                rows = Table(projection, CODEC, "views")
                await rows.fold(connection, [record])
                await rows.store(connection)
        found = await connection.fetch(f"SELECT * FROM {projection.name}")
    finally:
        await connection.close()
    expected = [row | {"tenant": "t1"} for row in table(projection, EVENTS).values()]
    assert expected
    assert sorted(map(dict, found), key=repr_of) == sorted(expected, key=repr_of)


def repr_of(row):
    return repr(sorted(row.items()))
