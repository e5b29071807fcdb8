"""What pretix says, as it is taken over: quotas, prices, times, states, vouchers, and its API."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from roadcase.errors import Invalid, Unavailable
from roadcase.money import Money
from services.ticketing.importing import orders, source, tally, words
from services.ticketing.importing.moving import asked_of, rehearse
from services.ticketing.importing.offers import Night, nights
from tests.ticketing import leaving
from tests.ticketing.leaving import HASHED, export, item, order, position, quota, voucher

NOW = datetime(2026, 10, 1, tzinfo=UTC)


def night(**more) -> Night:
    (found,) = nights(export(**more))
    return found


def taken(found: Night, *given: dict) -> list[orders.Taken]:
    return [each for one in given if (each := orders.take(found, one, HASHED))]


def states(*given: dict) -> list[list[str]]:
    return [[each.state for each in one.tickets] for one in taken(night(), *given)]


def test_an_event_is_an_occurrence_in_local_time_with_an_end():
    found = night()
    about = found.opening(Counter())
    assert (about.occurrence, about.name, about.zone) == ("walk", "Fotorundgang", "Europe/Berlin")
    assert about.starts_at == datetime(2026, 10, 25, 0, 30)  # the night in which clocks go back
    assert about.ends_at - about.starts_at == timedelta(hours=4)
    assert found.differences == ["it has no end there: it ends 4 hours after it starts"]


def test_a_type_draws_on_every_quota_that_it_is_in():
    variations = [leaving.variation(1, "11.50"), leaving.variation(2, None)]
    two = item(2, has_variations=True, variations=variations, default_price="7.99")
    quotas = [quota(7, 10, [1, 2], variations=[1, 2]), quota(8, None, [2], variations=[2])]
    found = night(items=[item(), two], quotas=quotas)
    adult, first, second = found.types()
    assert adult.draws == {"quota_7": 1}
    assert (first.id, first.draws, first.price) == ("item_2_1", {"quota_7": 1}, Money(1150, "EUR"))
    assert second.draws == {"quota_7": 1, "quota_8": 1}
    assert (second.price, adult.per_order_max) == (Money(799, "EUR"), 4)
    assert adult.sale_until == datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert adult.seller == "kino-de"
    assert found.pools(Counter())["quota_8"] == 10_000_000


def test_what_is_in_no_quota_is_not_on_sale_and_was_sold():
    found = night(items=[item(), item(3)])
    assert [each.active for each in found.types()] == [True, False]
    sold = taken(found, order("A", "p", position(1, item=3)))
    assert found.pools(orders.units(found, sold, NOW)) == {"no-quota": 1, "quota_7": 10}


def test_what_was_sold_above_a_quota_is_named_and_fits():
    found = night(quotas=[quota(7, 1, [1])])
    sold = taken(found, order("A", "p", position(1), position(2)))
    assert found.pools(orders.units(found, sold, NOW))["quota_7"] == 2
    assert "the quota “Q7” is 1 above its size" in found.differences


def test_dates_of_a_series_are_occurrences_and_share_their_orders():
    event = leaving.event(has_subevents=True)
    dates = [leaving.subevent(31, "2026-10-03"), leaving.subevent(32, "2026-10-04")]
    quotas = [quota(1, 5, [1], subevent=31), quota(2, 6, [1], subevent=32)]
    one, two = nights(export(event=event, subevents=dates, quotas=quotas))
    assert (one.occurrence, two.occurrence) == ("walk_31", "walk_32")
    assert one.types()[0].price == Money(2000, "EUR")
    assert two.pools(Counter()) == {"no-quota": 0, "quota_2": 6}
    both = order("A", "p", position(1, subevent=31), position(2, subevent=32), fees=[FEE])
    (first,), (second,) = taken(one, both), taken(two, both)
    assert [each.position for each in (*first.tickets, *second.tickets)] == ["1", "2"]
    assert (len(first.fees), len(second.fees)) == (1, 0)


FEE = {"fee_type": "service", "value": "1.50", "tax_value": "0.24", "tax_rate": "19.00",
       "tax_code": None, "canceled": False}  # fmt: skip


def test_an_order_keeps_its_price_its_tax_and_a_hash_of_its_code():
    (found,) = taken(night(), order("A", fees=[FEE]))
    (ticket,) = found.tickets
    assert (found.order, ticket.price, ticket.tax) == (
        "px_A",
        Money(2300, "EUR"),
        Money(367, "EUR"),
    )
    assert (ticket.rate, ticket.tax_code) == ("19", "S-standard")
    assert ticket.secret == HASHED("secret-1-1") != HASHED("secret-1-2")
    assert "secret-1" not in ticket.model_dump_json()
    assert orders.total_of(found) == Money(2450, "EUR")
    assert found.contact.email == "A@example.org"
    assert found.contact.name == "Ana"


def test_every_state_is_what_its_tickets_are():
    given_back = [{"state": "done", "amount": "23.00"}]
    half = [{"state": "done", "amount": "11.00"}]
    unpaid = [{"state": "created", "amount": "23.00"}]
    assert states(
        order("A"),
        order("B", "n"),
        order("C", "c", refunds=given_back),
        order("D", "c", refunds=half),
        order("E", "c", payments=unpaid),
        order("F", "e"),
        order("G", "p", position(1), position(2, canceled=True)),
        order("H", "n", valid_if_pending=True),
        order("I", testmode=True),
    ) == [
        ["valid"], ["held"], ["refunded"], ["cancelled"], ["valid", "cancelled"], ["valid"],
    ]  # fmt: skip


def test_a_price_above_a_quota_is_taken_only_by_what_is_alive():
    found = night()
    sold = taken(
        found, order("A"), order("B", "n"), order("C", "n", expires="2026-09-01T00:00:00Z")
    )
    assert orders.units(found, sold, NOW) == {"quota_7": 2}


def test_addons_come_with_their_ticket():
    (found,) = taken(night(), order("A", "p", position(1), position(2, addon_to=101)))
    assert [each.addon_to for each in found.tickets] == [None, "1"]


def test_scans_of_several_lists_are_one_way_in():
    when = "2026-10-24T2{}:00:00Z"
    scans = [{"id": n, "type": kind, "datetime": when.format(n)}
             for n, kind in ((2, "entry"), (1, "entry"), (3, "exit"))]  # fmt: skip
    (found,) = taken(night(), order("A", "p", position(1, checkins=scans)))
    assert [(each.id, each.leaves) for each in found.scans] == [(1, False), (3, True)]


def test_vouchers_are_what_is_left_of_them():
    given = [
        voucher("friends", price_mode="percent", value="12.50"),
        voucher("SOME", price_mode="subtract", value="5.00", item=1, budget="50.00",
                budget_used="15.00"),
        voucher("PRESS", price_mode="set", value="0.00", item=1, block_quota=True),
        voucher("GONE", redeemed=10, quota=7),
        voucher("ODD", price_mode="percent", value="12.55"),
        voucher("with space"),
    ]  # fmt: skip
    found = night(vouchers=given)
    friends, some, press, gone = found.vouchers()
    assert (friends.voucher, friends.permille, friends.uses) == ("FRIENDS", 125, 7)
    assert (some.amount, some.budget) == (Money(500, "EUR"), Money(3500, "EUR"))
    assert (press.keeps, press.ticket_types) == (True, ("item_1",))
    assert (gone.active, gone.ticket_types) == (False, ("item_1",))
    assert [each.split(" is not")[0] for each in found.differences] == [
        "the voucher ODD", "the voucher with space",
    ]  # fmt: skip


def test_what_is_asked_is_the_same_each_time_and_another_when_the_order_changed():
    found = night()
    (one,), (two,) = taken(found, order("A")), taken(found, order("A"))
    (changed,) = taken(found, order("A", last_modified="2026-09-03T00:00:00Z"))
    assert asked_of(found, one) == asked_of(found, two) != asked_of(found, changed)


def test_its_own_numbers_are_its_totals_and_not_our_sums():
    wrong = order("A") | {"total": "99.00"}
    numbers = tally.of_pretix(export(wrong, order("B", "n")), HASHED)
    assert numbers[:5] == (1, 1, 9900, 367, 2300)
    assert rehearse(export2 := {"events": [export(wrong)]}, HASHED)[0]["pretix"]["codes"] == 1
    assert export2["events"]


def test_differences_are_named_one_by_one():
    here = tally.of_pretix(export(order("A")), HASHED)
    other = tally.of_pretix(export(order("A", "p", position(9))), HASHED)
    assert tally.differences(here, here) == []
    assert tally.differences(here, other) == ["codes: as many, and not the same"]
    assert tally.differences(here, here._replace(tax=1)) == ["tax: 367 in pretix, 1 here"]


@pytest.mark.parametrize(
    ("amount", "currency", "minor"), [("23.00", "EUR", 2300), ("2300.00", "JPY", 2300)]
)
def test_money_is_exact(amount, currency, minor):
    assert words.money(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "EUR"), ("1.50", "JPY"), ("x", "EUR")])
def test_money_that_is_not_is_refused(amount, currency):
    with pytest.raises(Invalid):
        words.money(amount, currency)


class Api:
    """An HTTP server that answers as it is told: by path, one answer after the other."""

    def __init__(self, answers: dict[str, list]) -> None:
        api, self.seen = self, []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                api.seen.append((self.path, self.headers["Authorization"]))
                status, headers, body = answers[self.path].pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def page(*results, next_: str | None = None) -> tuple:
    return 200, {}, {"count": 0, "next": next_, "results": list(results)}


def reading(answers: dict[str, list]) -> tuple[list, list, list[float], Exception | None]:
    api, pauses = Api(answers), []
    try:
        found = list(source.Pretix(api.url, "t0ken", pauses.append)._all("organizers/"))
    except (Invalid, Unavailable) as error:
        return [], api.seen, pauses, error
    finally:
        api.server.shutdown()
        api.server.server_close()
    return found, api.seen, pauses, None


FIRST = "/api/v1/organizers/"


def test_pages_are_followed_on_the_same_server_only():
    elsewhere = f"https://pretix.example{FIRST}?page=2"
    found, seen, _, _ = reading(
        {FIRST: [page(1, 2, next_=elsewhere)], FIRST + "?page=2": [page(3)]}
    )
    assert found == [1, 2, 3]
    assert seen == [(FIRST, "Token t0ken"), (FIRST + "?page=2", "Token t0ken")]


def test_it_waits_as_long_as_it_is_asked_and_tries_again():
    busy, broken = (429, {"Retry-After": "7"}, b""), (503, {}, b"")
    found, _, pauses, _ = reading({FIRST: [busy, broken, (200, {}, b"{cut"), page(1)]})
    assert (found, pauses) == ([1], [7.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([(401, {}, b"")], "does not know this token"),
        ([(302, {"Location": "http://127.0.0.1:1/"}, b"")], "says 302"),
        ([(200, {}, b"[]")], "like the REST API of pretix"),
        ([(500, {}, b"")] * source.TRIES, "does not answer"),
        ([page(next_="http://elsewhere/other")], "not a page of the REST API"),
    ],
)
def test_what_cannot_be_read_is_said(answers, why):
    _, seen, _, error = reading({FIRST: answers})
    assert why in str(error)
    assert {path for path, _ in seen} == {FIRST}


@pytest.mark.parametrize("url", ["ftp://x", "http://pretix.example", "pretix", ""])
def test_a_token_is_only_sent_where_nobody_reads_along(url):
    with pytest.raises(Invalid):
        source.at(url, "t")


def test_a_file_that_was_not_saved_by_us_is_refused(tmp_path):
    for body in ("{}", "[1]", "no"):
        (tmp_path / "x").write_text(body)
        with pytest.raises(Invalid):
            source.load(tmp_path / "x")
