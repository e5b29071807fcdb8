"""Twenty everyday tasks of a box office, by gRPC alone: what each does is its first line.

    .venv/bin/python examples/box_office.py 127.0.0.1:50051 TOKEN

The token has the scopes ticketing:plan, sell, confirm, refund, read, scan, give and members, and
people:read. Every run makes nights of its own. docs/box-office.md has the same list.
"""

import asyncio
import sys
import uuid
from datetime import UTC, datetime, timedelta

import grpc

from roadcase.api.v1 import people_pb2, ticketing_pb2 as t, ticketing_admission_pb2 as gates
from roadcase.api.v1 import ticketing_orders_pb2 as orders, ticketing_questions_pb2 as asked
from roadcase.api.v1 import ticketing_reserves_pb2 as kept, ticketing_seats_pb2 as seats
from roadcase.api.v1 import ticketing_waiting_pb2 as waits
from roadcase.api.v1.common_pb2 import Money
from roadcase.api.v1.ticketing_admission_pb2_grpc import AdmissionStub
from roadcase.api.v1.ticketing_orders_pb2_grpc import OrdersStub
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.api.v1.ticketing_questions_pb2_grpc import QuestionsStub
from roadcase.api.v1.ticketing_reserves_pb2_grpc import AllotmentsStub, VouchersStub
from roadcase.api.v1.ticketing_seats_pb2_grpc import SeatsStub
from roadcase.api.v1.ticketing_waiting_pb2_grpc import WaitingListStub

RUN = uuid.uuid4().hex[:8]
NIGHT, HALL = f"supper-{RUN}", f"cinema-{RUN}"
STUBS = (
    TicketingStub, OrdersStub, QuestionsStub, VouchersStub, AllotmentsStub, SeatsStub,
    WaitingListStub, AdmissionStub,
)


def eur(minor):
    return Money(minor=minor, currency="EUR")


def line(ticket_type, quantity=1, **more):
    return t.Line(ticket_type=ticket_type, quantity=quantity, **more)


def kind(id, minor, pools=("room",), **terms):
    draws = dict.fromkeys(pools, 1)
    return t.TicketType(id=id, name=id.title(), price=eur(minor), seller="house", draws=draws, **terms)


def mail(who):
    return people_pb2.Contact(email=f"{who}-{RUN}@example.org", name=who.title())


class Desk:
    """Calls by the name of their method; each under an idempotency key of its own."""

    def __init__(self, channel, token):
        stubs = [stub(channel) for stub in STUBS]
        self._calls = {name: call for stub in stubs for name, call in vars(stub).items()}
        self._token = token

    async def ask(self, method, request):
        keys = (("authorization", f"Bearer {self._token}"), ("idempotency-key", uuid.uuid4().hex))
        return await self._calls[method](request, metadata=keys)

    async def refused(self, method, request):
        try:
            await self.ask(method, request)
        except grpc.aio.AioRpcError as error:
            return error.details()
        raise AssertionError(f"{method} was not refused")

    async def until(self, there, method, request):
        """Read models follow: ask again until it is shown."""
        for _ in range(200):
            try:
                if there(found := await self.ask(method, request)):
                    return found
            except grpc.aio.AioRpcError as error:
                if error.code() not in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE):
                    raise
            await asyncio.sleep(0.05)
        raise AssertionError(f"{method} never showed it")

    async def sell(self, order, minor, *lines, **more):
        return await self.ask("SellTickets", t.SellTicketsRequest(
            occurrence=NIGHT, order=order, lines=lines, payment_reference="cash",
            amount=eur(minor), **more))


async def open_a_night(desk):
    """Open a night: an early price for the first two, a fee, a supper that goes with a ticket."""
    early = t.PriceLevel(id="early", price=eur(800), quantity=2)
    types = [
        kind("standard", 1200, levels=[early], fee=t.Fee(fixed=eur(50)), policy="fair"),
        kind("supper", 2000, ["table"], addon_to={"standard": t.Span(most=1)}),
        kind("child", 500),
        kind("gift", 1500, lowest_price=eur(100)),
        kind("crew", 0, unlocked_by=["backstage"]),
        kind("club", 900, presales=[t.Presale(members=True)]),
        kind("workshop", 3000, approval=True),
        t.TicketType(id="family", name="Family", price=eur(2500), seller="house",
                     bundle={"child": 4}),
    ]
    types[5].sale_from.FromDatetime(datetime.now(UTC) + timedelta(days=3))
    starts = datetime.now() + timedelta(days=20)
    await desk.ask("OpenBoxOffice", t.OpenBoxOfficeRequest(
        occurrence=NIGHT, name="Supper club", zone="Europe/Berlin", pools={"room": 40, "table": 8},
        starts_at=f"{starts:%Y-%m-%dT20:00}", ends_at=f"{starts:%Y-%m-%dT23:00}",
        ticket_types=types))


async def say_what_comes_back(desk):
    """Say what guests get back: all until a week before, less an eighth until a day before."""
    steps = [orders.RefundStep(hours=168), orders.RefundStep(hours=24, permille=125)]
    await desk.ask("SetRefundPolicy", orders.SetRefundPolicyRequest(
        occurrence=NIGHT, policy="fair", steps=steps, fees=True))


async def sell_at_the_till(desk):
    """Sell three at the till: two at the early price, one at the next, each with its fee."""
    order = await desk.sell("till", 2 * 850 + 1250, line("standard", 3), channel=t.CHANNEL_TILL)
    assert [ticket.price.minor for ticket in order.tickets] == [800, 800, 1200]


async def sell_on_the_web(desk):
    """Hold a cart, let it go, hold it again with a supper, and confirm it when it is paid."""
    lines = [line("standard"), line("supper")]
    held = await desk.ask("HoldTickets", t.HoldTicketsRequest(
        occurrence=NIGHT, hold="cart-1", lines=lines))
    await desk.ask("ReleaseHold", t.ReleaseHoldRequest(occurrence=NIGHT, hold="cart-1"))
    held = await desk.ask("HoldTickets", t.HoldTicketsRequest(
        occurrence=NIGHT, hold="cart-2", lines=lines, promo="poster"))
    order = await desk.ask("ConfirmOrder", t.ConfirmOrderRequest(
        occurrence=NIGHT, order="web", hold="cart-2", payment_reference="card", amount=held.total,
        contact=mail("ada")))
    assert order.tickets[1].addon_to == order.tickets[0].ticket


async def sell_a_family_ticket(desk):
    """Sell a family ticket: four places for one price, split to the cent."""
    order = await desk.sell("family", 2500, line("family"))
    assert [ticket.price.minor for ticket in order.tickets] == [625] * 4


async def take_what_they_can_pay(desk):
    """Let a guest pay what they can, and no less than the lowest price."""
    await desk.sell("gift", 700, line("gift", price=eur(700)))
    low = t.HoldTicketsRequest(occurrence=NIGHT, hold="low", lines=[line("gift", price=eur(99))])
    assert "costs more" in await desk.refused("HoldTickets", low)


async def sell_early_to_members(desk):
    """Sell to members before everybody, and to the crew what nobody else sees."""
    await desk.sell("club", 900, line("club"), member=True)
    hidden = t.HoldTicketsRequest(occurrence=NIGHT, hold="crew", lines=[line("crew")])
    assert "no such ticket type" in await desk.refused("HoldTickets", hidden)
    await desk.sell("crew", 0, line("crew"), codes=["Backstage"])


async def print_a_voucher(desk):
    """Make a voucher of 5.00 off for one use, sell with it, and refuse it the second time."""
    voucher = kept.Voucher(code="SUMMER", effect=kept.VOUCHER_EFFECT_SUBTRACT, amount=eur(500),
                           uses=1)
    await desk.ask("SetVoucher", kept.SetVoucherRequest(occurrence=NIGHT, voucher=voucher))
    await desk.sell("cheap", 750, line("standard"), codes=["summer"])
    again = t.HoldTicketsRequest(occurrence=NIGHT, hold="again", lines=[line("standard")],
                                 codes=["summer"])
    assert "as often as it may be" in await desk.refused("HoldTickets", again)


async def keep_seats_for_the_press(desk):
    """Keep five places for the press, give one to a critic, and free the rest."""
    press = kept.Allotment(id="press", name="Press", pool="room", kind=kept.ALLOTMENT_KIND_PRESS)
    await desk.ask("SetAllotment", kept.SetAllotmentRequest(
        occurrence=NIGHT, allotment=press, units=5))
    await desk.ask("GiveTickets", kept.GiveTicketsRequest(
        occurrence=NIGHT, order="critic", lines=[line("standard")], giver="house",
        reason="review", allotment="press", contact=mail("critic")))
    freed = await desk.ask("ReleaseAllotment", kept.ReleaseAllotmentRequest(
        occurrence=NIGHT, allotment="press"))
    assert freed.units == 4


async def ask_what_they_eat(desk):
    """Ask what guests eat, refuse who does not say, and read what they said."""
    question = asked.Question(id="diet", text="What do you eat?", required=True,
                              kind=asked.QUESTION_KIND_CHOICE, choices=["meat", "plants"])
    await desk.ask("SetQuestions", asked.SetQuestionsRequest(
        occurrence=NIGHT, questions=[question]))
    shown = asked.ListQuestionsRequest(occurrence=NIGHT)
    await desk.until(lambda found: found.questions, "ListQuestions", shown)
    silent = t.SellTicketsRequest(occurrence=NIGHT, order="silent", lines=[line("standard")],
                                  payment_reference="cash", amount=eur(1250))
    assert "must be answered" in await desk.refused("SellTickets", silent)
    said = [asked.Answer(question="diet", text="plants")]
    await desk.sell("eater", 1250, line("standard"), contact=mail("eve"), answers=said)
    reading = asked.GetAnswersRequest(occurrence=NIGHT, order="eater")
    found = await desk.until(lambda each: each.answers, "GetAnswers", reading)
    assert found.answers[0].text == "plants"
    question.retired = True
    await desk.ask("SetQuestions", asked.SetQuestionsRequest(
        occurrence=NIGHT, questions=[question]))


async def take_an_order_by_telephone(desk):
    """Take an order by telephone that is paid later, and take its money."""
    placed = await desk.ask("PlaceOrder", orders.PlaceOrderRequest(
        occurrence=NIGHT, order="phone", lines=[line("standard", 2)], contact=mail("phil")))
    await desk.ask("ConfirmOrder", t.ConfirmOrderRequest(
        occurrence=NIGHT, order="phone", hold="phone", payment_reference="transfer",
        amount=placed.total))


async def choose_who_may_come(desk):
    """Let two apply for a workshop: approve one, decline the other."""
    for who in ("yes", "no"):
        await desk.ask("PlaceOrder", orders.PlaceOrderRequest(
            occurrence=NIGHT, order=who, lines=[line("workshop")], contact=mail(who)))
    await desk.ask("ApproveOrder", orders.ApproveOrderRequest(occurrence=NIGHT, order="yes"))
    await desk.ask("DeclineOrder", orders.DeclineOrderRequest(
        occurrence=NIGHT, order="no", reason="full"))


async def refund_a_guest(desk):
    """Show a guest what comes back, and give exactly that."""
    asking = orders.QuoteRefundRequest(occurrence=NIGHT, order="phone")
    quoted = await desk.until(lambda found: found.tickets, "QuoteRefund", asking)
    await desk.ask("RefundTickets", t.RefundTicketsRequest(
        occurrence=NIGHT, order="phone", reason="ill", refund_reference="back-1",
        by_policy=True, amount=quoted.amount))


async def cancel_one_of_three(desk):
    """Cancel one ticket of an order, and give a part of its price back as a kindness."""
    await desk.ask("CancelOrder", t.CancelOrderRequest(
        occurrence=NIGHT, order="till", tickets=["till-3"], reason="no-show"))
    await desk.ask("RefundTickets", t.RefundTicketsRequest(
        occurrence=NIGHT, order="till", tickets=["till-3"], reason="kindness",
        refund_reference="back-2", amount=eur(600)))


async def sell_seats(desk):
    """Open a hall with seats, and sell the best two beside each other."""
    await desk.ask("OpenBoxOffice", t.OpenBoxOfficeRequest(
        occurrence=HALL, name="Cinema", zone="Europe/Berlin", pools={"room": 6},
        starts_at="2030-01-01T20:00", ends_at="2030-01-01T22:00", ticket_types=[kind("seat", 1000)]))
    rows = [seats.SeatRow(name=name, seats=[seats.Seat(name=str(n)) for n in range(1, 4)])
            for name in "AB"]
    plan = seats.SetSeatingPlanRequest(occurrence=HALL, pool="room",
                                       areas=[seats.SeatArea(rows=rows)])
    await desk.ask("SetSeatingPlan", plan)
    order = await desk.ask("SellTickets", t.SellTicketsRequest(
        occurrence=HALL, order="pair", lines=[line("seat", 2)], payment_reference="cash",
        amount=eur(2000)))
    assert len({ticket.seat for ticket in order.tickets}) == 2


async def fill_the_hall_and_let_them_wait(desk):
    """Sell the hall out, put a guest on the waiting list, and offer them a seat that is free."""
    await desk.ask("SellTickets", t.SellTicketsRequest(
        occurrence=HALL, order="rest", lines=[line("seat", 4)], payment_reference="cash",
        amount=eur(4000), seats_apart=True))
    await desk.ask("JoinWaitingList", waits.JoinWaitingListRequest(
        occurrence=HALL, entry="wanda", ticket_types=["seat"], contact=mail("wanda")))
    await desk.ask("CancelOrder", t.CancelOrderRequest(
        occurrence=HALL, order="rest", tickets=["rest-1"], reason="ill"))
    asking = waits.GetWaitingRequest(occurrence=HALL, entry="wanda")
    offered = await desk.until(lambda found: found.offer, "GetWaiting", asking)
    await desk.ask("ConfirmOrder", t.ConfirmOrderRequest(
        occurrence=HALL, order="wanda", hold=offered.offer, payment_reference="card",
        amount=eur(1000)))


async def let_guests_in(desk):
    """Let a guest in, refuse the same ticket a second time, and undo a scan that was a mistake."""
    sold = await desk.sell("early-bird", 1250, line("standard"))
    scan = t.CheckInRequest(occurrence=NIGHT, gate="door", nonce=f"{RUN}-1", device="phone-1",
                            shown=sold.tickets[0].code)
    asking = orders.QuoteRefundRequest(occurrence=NIGHT, order="early-bird")
    await desk.until(lambda found: found.tickets, "QuoteRefund", asking)  # its code is known now
    assert (await desk.ask("CheckIn", scan)).result == t.SCAN_RESULT_ADMITTED
    scan.nonce = f"{RUN}-2"
    assert (await desk.ask("CheckIn", scan)).reason == "already_in"
    await desk.ask("AnnulScan", gates.AnnulScanRequest(
        occurrence=NIGHT, nonce=f"{RUN}-1", device="phone-1"))


async def make_the_room_bigger(desk):
    """Make the room bigger, and put a limit on one order."""
    await desk.ask("ChangeBoxOffice", t.ChangeBoxOfficeRequest(
        occurrence=NIGHT, pools={"room": 44}, per_order_max=6))


async def see_how_it_stands(desk):
    """See how the night stands: what is left, and what it costs now."""
    asking = t.GetAvailabilityRequest(occurrence=NIGHT)
    found = await desk.until(lambda each: each.pools[0].capacity == 44, "GetAvailability", asking)
    assert found.pools[0].free > 0


async def give_a_guest_their_link(desk):
    """Give a guest the link to their order, with tickets as PDF and for the calendar."""
    asking = t.GetLinksRequest(occurrence=NIGHT, order="web")
    assert "/order/" in (await desk.ask("GetLinks", asking)).order


TASKS = (
    open_a_night, say_what_comes_back, sell_at_the_till, sell_on_the_web, sell_a_family_ticket,
    take_what_they_can_pay, sell_early_to_members, print_a_voucher, keep_seats_for_the_press,
    ask_what_they_eat, take_an_order_by_telephone, choose_who_may_come, refund_a_guest,
    cancel_one_of_three, sell_seats, fill_the_hall_and_let_them_wait, let_guests_in,
    make_the_room_bigger, see_how_it_stands, give_a_guest_their_link,
)  # fmt: skip


async def main(target, token):
    async with grpc.aio.insecure_channel(target) as channel:
        desk = Desk(channel, token)
        for number, task in enumerate(TASKS, 1):
            await task(desk)
            print(f"{number:>2} {task.__doc__}")


asyncio.run(main(*sys.argv[1:]))
