"""What a plan says: changes with their class, what is blocked and why, what ticketing does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ruamel.yaml import YAML

from roadcase.money import Money
from services.planning.events import KitConflict, KitTaken
from services.planning.manifest import check
from services.planning.plans.box_office import box_office_of
from services.planning.plans.changes import Change, changes
from services.planning.plans.classes import classed
from services.planning.plans.declared import declared
from services.planning.plans.plan import Origin, Wish, make
from services.planning.plans.shapes import PlanAltered, PlanForeign, encoded, opened, seal
from services.planning.plans.standing import (
    BoxOfficeStands,
    PoolStands,
    Standing,
    TypeStands,
)

AT = datetime(2027, 1, 1, tzinfo=UTC)
KEY = b"k" * 32
TEXT = """
apiVersion: roadcase/v1
kind: Event
metadata: {name: film}
spec:
  title: Film
  currency: EUR
  schedule: {zone: Europe/Berlin, date: 2027-06-18, doors: "19:30", start: "20:00", end: "22:00"}
  capacity:
    total: 100
    zones: [{key: hall, places: 80}, {key: balcony, places: 20}]
  catalogue:
    seller: kino
    perOrder: 6
    allotments:
      - {key: press, title: Press, units: 4, zone: hall, kind: press, releases: 2d before doors}
    skus: [{key: cup, title: Cup, price: 2.00 EUR, taxCategory: deposit, stock: 50}]
    tickets:
      - {key: hall, title: Hall, price: 12.00 EUR, zone: hall, taxCategory: reduced}
      - key: pair
        title: Pair
        price: 20.00 EUR
        admits: 2
        quantity: 10
        zone: balcony
        perPerson: 2
        taxCategory: reduced
        windows:
          - {opens: 4w before start, closes: 2w before start, price: 16.00 EUR}
          - {opens: 2w before start, closes: 1h before doors}
"""


def data(**at: Any) -> dict[str, Any]:
    checked = check(TEXT.encode())
    assert checked.problems == [], checked.problems
    found = declared(checked.view.data).data
    for path, value in at.items():
        *steps, last = path.split("__")
        here = found
        for step in steps:
            here = here[int(step) if step.isdigit() else step]
        here[last] = value
    return found


def standing(sold: int = 0, **more: Any) -> Standing:
    types = {
        "hall": TypeStands(id="hall", name="Hall", price=Money(1200, "EUR"), sold=sold),
        "pair": TypeStands(id="pair", name="Pair", price=Money(2000, "EUR")),
    }
    pools = {
        "places": PoolStands(capacity=100, taken=sold),
        "zone-hall": PoolStands(capacity=80, taken=sold),
    }
    office = BoxOfficeStands(
        name="Film",
        starts_at=datetime(2027, 6, 18, 20),
        ends_at=datetime(2027, 6, 18, 22),
        zone="Europe/Berlin",
        pools=pools,
        types=types,
    )
    return Standing(
        **{"revision": 1, "state": "on_sale", "manifest": data(), "box_office": office} | more
    )


def plan(new: dict[str, Any], stands: Standing):
    return make(declared(new), stands, Origin("acme"), AT, Wish())


def test_a_manifest_becomes_pools_types_windows_and_allotments():
    office = box_office_of(declared(data()), "acme")
    assert office.pools == {"places": 100, "zone-hall": 80, "zone-balcony": 20}
    hall, pair = office.ticket_types
    assert (hall.draws, hall.seller, hall.sale_from) == (
        {"places": 1, "zone-hall": 1},
        "kino",
        None,
    )
    assert pair.draws == {"places": 2, "zone-balcony": 2}  # ten pairs fill the balcony
    assert [(each.price, each.until) for each in pair.levels] == [
        (Money(1600, "EUR"), datetime(2027, 6, 4, 18, tzinfo=UTC))
    ]
    assert (pair.price, pair.sale_from) == (
        Money(2000, "EUR"),
        datetime(2027, 5, 21, 18, tzinfo=UTC),
    )
    assert pair.sale_until == datetime(2027, 6, 18, 16, 30, tzinfo=UTC)
    (press,) = office.allotments
    assert (press.pool, press.units, press.release_at) == (
        *("zone-hall", 4),
        datetime(2027, 6, 16, 17, 30, tzinfo=UTC),
    )
    assert office.per_order_max == 6


def test_a_day_before_is_at_the_same_time_of_day_whatever_clocks_do():
    """28 March 2027: doors at 19:30 are at 17:30 UTC, and at 18:30 UTC two days before."""
    office = box_office_of(declared(data(spec__schedule__date="2027-03-29")), "acme")
    assert office.allotments[0].release_at == datetime(2027, 3, 27, 18, 30, tzinfo=UTC)


def test_fewer_tickets_than_places_have_a_pool_of_their_own():
    new = data()
    new["spec"]["catalogue"]["tickets"][0]["quantity"] = 30
    office = box_office_of(declared(new), "acme")
    assert office.pools["ticket-hall"] == 30
    assert office.ticket_types[0].draws == {"places": 1, "zone-hall": 1, "ticket-hall": 1}


def test_long_keys_that_begin_alike_have_pools_of_their_own():
    new = data()
    tickets = new["spec"]["catalogue"]["tickets"]
    for number, each in enumerate(tickets):
        each |= {"key": f"{'k' * 62}{number}", "quantity": 5}
    office = box_office_of(declared(new), "acme")
    own = [pool for pool in office.pools if pool.startswith("ticket-")]
    assert len({*own}) == 2
    assert {len(pool) for pool in own} == {64}


def test_an_event_that_sells_no_tickets_has_no_box_office():
    new = data()
    del new["spec"]["catalogue"]
    assert box_office_of(declared(new), "acme") is None


def test_changes_are_told_by_path_and_key_wherever_an_entry_stands():
    old = {"a": 1, "list": [{"key": "x", "n": 1}, {"key": "y", "n": 2}], "plain": [1, 2]}
    new = {"b": 2, "list": [{"key": "y", "n": 3}, {"key": "z", "n": 4}], "plain": [2, 1]}
    assert changes(old, new) == [
        Change("b", None, 2),
        Change("list[y].n", 2, 3),
        Change("list[z]", None, {"key": "z", "n": 4}),
        Change("list[x]", {"key": "x", "n": 1}, None),
        Change("plain", [1, 2], [2, 1]),
        Change("a", 1, None),
    ]
    assert changes(new, new) == []
    turned = {**new, "list": list(reversed(new["list"]))}
    assert [each.path for each in changes(new, turned)] == ["list (order)"]


@pytest.mark.parametrize(
    ("change", "state", "sold", "found"),
    [
        (("spec.schedule.zone", "a", "b"), "planned", 0, ("safe", "safe")),
        (("spec.schedule.zone", "a", "b"), "announced", 0, ("blocked", "zone_published")),
        (("spec.currency", "EUR", "USD"), "on_sale", 0, ("safe", "safe")),
        (("spec.currency", "EUR", "USD"), "on_sale", 1, ("blocked", "currency_sold")),
        (("spec.schedule.date", "a", "b"), "planned", 0, ("safe", "safe")),
        (("spec.schedule.date", "a", "b"), "announced", 0, ("notify", "time_announced")),
        (("spec.schedule.start", "a", "b"), "on_sale", 0, ("notify", "time_announced")),
        (("spec.schedule.doors", "a", "b"), "on_sale", 0, ("notify", "hours_announced")),
        (("spec.venue.title", "a", "b"), "on_sale", 0, ("notify", "venue_announced")),
        (("spec.venue", {}, None), "on_sale", 0, ("notify", "venue_announced")),
        (("spec.title", "a", "b"), "announced", 0, ("notify", "title_announced")),
        (("spec.catalogue.tickets[hall]", {}, None), "on_sale", 0, ("safe", "safe")),
        (
            ("spec.catalogue.tickets[hall]", {}, None),
            "on_sale",
            3,
            ("destructive", "ticket_removed"),
        ),
        (
            ("spec.catalogue.tickets[hall].price", "a", "b"),
            "on_sale",
            3,
            ("approval", "price_sold"),
        ),
        (("spec.catalogue.tickets[pair].price", "a", "b"), "on_sale", 3, ("safe", "safe")),
        (("spec.catalogue", {}, None), "on_sale", 3, ("destructive", "catalogue_removed")),
        (("spec.catalogue.skus[cup]", {}, None), "on_sale", 0, ("blocked", "sku_unfulfilled")),
        (("spec.catalogue.skus[mug]", {}, None), "on_sale", 0, ("safe", "safe")),
        (("spec.split.shares[a].share", 1, 2), "on_sale", 1, ("approval", "terms_sold")),
        (("spec.tax.profile", 1, 2), "on_sale", 0, ("safe", "safe")),
        (("spec.staffing[gate].count", 1, 2), "on_sale", 3, ("safe", "safe")),
    ],
)
def test_each_change_has_its_class(change, state, sold, found):
    stands = standing(sold, state=state, unfulfilled={"cup": 2})
    told = classed(Change(*change), stands)
    assert (told.kind, told.code) == found


def test_fewer_places_than_are_taken_is_blocked_where_the_manifest_says_them():
    found = plan(
        data(spec__capacity__total=80, spec__capacity__zones=[{"key": "hall", "places": 49}]),
        standing(50),
    )
    assert found.worst == "blocked"
    blocked = [(each.path, each.new) for each in found.changes if each.kind == "blocked"]
    assert blocked == [("spec.capacity.zones[hall].places", 49)]


def test_a_sale_that_closes_and_opens_again_is_blocked():
    new = data()
    new["spec"]["catalogue"]["tickets"][1]["windows"][0]["closes"] = "3w before start"
    found = plan(new, standing())
    assert [each.code for each in found.changes if each.kind == "blocked"] == ["sale_break"]


def test_what_no_service_acts_on_is_named():
    found = plan(
        data(spec__drops=[{"key": "d", "sku": "cup", "quantity": 5, "opens": "1h before doors"}]),
        standing(),
    )
    assert "drops" in found.not_acted_on
    assert "schedule" not in found.not_acted_on


def test_a_plan_opens_as_it_was_sealed_and_not_otherwise():
    sealed = seal(plan(data(), Standing()), KEY)
    assert opened(encoded(sealed), KEY, "acme") == sealed
    with pytest.raises(PlanForeign):
        opened(encoded(sealed), KEY, "other")
    for altered in (
        msgspec.structs.replace(sealed, base_revision=7),
        msgspec.structs.replace(sealed, changes=()),
        msgspec.structs.replace(sealed, tenant="other"),
        msgspec.structs.replace(sealed, seal=""),
    ):
        with pytest.raises(PlanAltered):
            opened(encoded(altered), KEY, altered.tenant)
    for other in (b"", b"{}", b"[]", encoded(sealed)[:-2]):
        with pytest.raises(PlanAltered):
            opened(other, KEY, "acme")
    with pytest.raises(PlanAltered):
        opened(encoded(sealed), b"x" * 32, "acme")


@pytest.mark.parametrize(
    "file", sorted(Path("examples").glob("*.yaml")), ids=lambda file: file.stem
)
def test_the_same_file_comes_to_the_same_digest_however_it_is_written(file):
    checked = check(file.read_bytes())
    if checked.view.raw("kind") != "Event":
        return
    first = declared(checked.view.data)
    again = declared(first.data)
    assert (again.digest, again.data) == (first.digest, first.data)
    plain = YAML(typ="safe", pure=True).load(file.read_text())
    assert plain["metadata"] == first.data["metadata"]


def test_kit_that_is_not_free_needs_a_word_and_says_who_has_it():
    line = {"key": "pa", "role": "Loudspeakers", "quantity": 2, "item": "speaker"}
    new = data(spec__kit=[line])
    other = KitTaken(quantity=1, begins=AT, booking="market")
    lacks = KitConflict(item="speaker", wanted=2, free=1, taken=(other,))
    found = plan(new, Standing(kit=(lacks,)))
    (change,) = (each for each in found.changes if each.code == "kit_not_free")
    assert (change.path, change.kind) == ("spec.kit[speaker]", "approval")
    assert change.why == "2 speaker are needed and 1 are free: 1 booked by market"
    does = [each.does for each in found.effects if each.service == "planning"]
    assert does == ["books 2 speaker from 2027-06-18 17:30 to 2027-06-18 20:00 UTC"]
    again = Standing(manifest=new, kit=(lacks,))
    assert plan(new, again).changes == ()
