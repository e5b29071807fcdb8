"""No more tickets than places, places in zones than in all, pieces of a drop than stock."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.manifest.shape import with_fields
from services.planning.manifest.view import Fault, View


def zones(view: View) -> Iterator[Fault]:
    """The zones have as many places together as there are in all, or fewer."""
    for capacity in with_fields(view.model, "total", "zones"):
        total = view.number(*capacity, "total")
        parts = [view.number(*each, "places") for each in view.entries(*capacity, "zones")]
        together = sum(part or 0 for part in parts)
        if total is not None and together > total:
            what = f"the zones have {together} places together, but total is {total}"
            yield Fault((*capacity, "zones"), "zones_above_capacity", what, at_name=True)
        for each in view.entries(*capacity, "zones"):
            places, accessible = view.number(*each, "places"), view.number(*each, "accessible")
            if places is not None and accessible is not None and accessible > places:
                what = f"there are {accessible} accessible places of {places}"
                yield Fault((*each, "accessible"), "zones_above_capacity", what)


def tickets(view: View) -> Iterator[Fault]:
    """Who comes in with all tickets of a kind has a place, in its zone if it has one."""
    total = view.number("spec", "capacity", "total")
    places = {
        view.text(*each, "key"): view.number(*each, "places")
        for each in view.entries("spec", "capacity", "zones")
    }
    for each in view.entries("spec", "catalogue", "tickets"):
        quantity, admits = view.number(*each, "quantity"), view.raw(*each, "admits")
        admits = 1 if admits is None else view.number(*each, "admits")
        if quantity is None or admits is None:
            continue
        zone = view.text(*each, "zone")
        most, where = total, "spec.capacity.total"
        if zone is not None and places.get(zone) is not None:
            most, where = places[zone], f"zone {zone}"
        if most is not None and quantity * admits > most:
            people = f" for {quantity * admits} people" if admits > 1 else ""
            what = f"{quantity} tickets{people} are more than the {most} places of {where}"
            yield Fault((*each, "quantity"), "tickets_above_capacity", what)


def drops(view: View) -> Iterator[Fault]:
    """A drop has not more pieces than the stock of its good."""
    stock = {
        view.text(*each, "key"): view.number(*each, "stock")
        for each in view.entries("spec", "catalogue", "skus")
    }
    for each in view.entries("spec", "drops"):
        quantity, there = view.number(*each, "quantity"), stock.get(view.text(*each, "sku"))
        if quantity is not None and there is not None and quantity > there:
            what = f"{quantity} pieces are more than the stock, {there}"
            yield Fault((*each, "quantity"), "above_stock", what)
