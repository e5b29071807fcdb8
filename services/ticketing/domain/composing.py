"""Bundles, which become the tickets they are made of, and add-ons, which come with others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from services.ticketing.domain.office import BoxOffice
from services.ticketing.domain.pricing import shares
from services.ticketing.domain.refusals import AddonLimit
from services.ticketing.domain.rerating import of_bundle
from services.ticketing.events import Line, TicketTypeSet


def composed(office: BoxOffice, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with bundles taken apart and add-ons marked. Raises AddonLimit."""
    if not any(line.ticket_type in office.composed for line in lines) and not _asking(office):
        return lines
    found = tuple(part for line in lines for part in parts(office.types, line))
    counts = Counter[str]()
    for line in found:
        counts[line.ticket_type] += line.quantity
    for id_ in office.composed:
        _check(office, office.types[id_], counts)
    return tuple(
        msgspec.structs.replace(line, addon=True)
        if office.types[line.ticket_type].addon_to
        else line
        for line in found
    )


def _asking(office: BoxOffice) -> bool:
    """Whether some ticket must not be sold without an add-on."""
    types = (office.types[id_] for id_ in office.composed)
    return any(least for each in types for least, _ in each.addon_to.values())


def expanded(office: BoxOffice, wanted: Mapping[str, int]) -> Counter[str]:
    """Quantities by ticket type, of bundles those of their parts."""
    found = Counter[str]()
    for id_, quantity in wanted.items():
        offer = office.types.get(id_)
        for part, units in (offer.bundle if offer and offer.bundle else {id_: 1}).items():
            found[part] += units * quantity
    return found


def parts(types: Mapping[str, TicketTypeSet], line: Line) -> Iterator[Line]:
    """A bundle's price is split by what its tickets cost alone, to the cent, for each bundle."""
    bundle = types[line.ticket_type]
    if not bundle.bundle:
        yield line
        return
    for (id_, price), units in shares(bundle, line.price, types).items():
        offer = types[id_]
        yield Line(
            ticket_type=id_,
            quantity=units * line.quantity,
            price=price,
            seller=offer.seller,
            draws=offer.draws,
            listed=offer.price,
            bundle=line.ticket_type,
            admits=offer.admits,
            earned=of_bundle(price, offer.price, bundle.bundle[id_]),
        )


def _check(office: BoxOffice, offer: TicketTypeSet, counts: Mapping[str, int]) -> None:
    """A refusal names no ticket type that is hidden."""
    if not offer.addon_to:
        return
    lowest = sum(least * counts[id_] for id_, (least, _) in offer.addon_to.items())
    highest = sum(most * counts[id_] for id_, (_, most) in offer.addon_to.items())
    quantity = counts[offer.ticket_type]
    if not lowest <= quantity <= highest and (quantity or offer.active):
        raise AddonLimit(
            ticket_type=offer.ticket_type,
            quantity=quantity,
            lowest=lowest,
            highest=highest,
            goes_with=sorted(id_ for id_ in offer.addon_to if not office.types[id_].unlocked_by),
        )


def companions(office: BoxOffice, lines: Sequence[Line]) -> dict[int, int]:
    """For each add-on among the tickets of these lines, by number: the number it comes with.

    Each ticket gets its least first, then one more in turns up to its most.
    """
    types = [line.ticket_type for line in lines for _ in range(line.quantity)]
    found: dict[int, int] = {}
    for id_ in dict.fromkeys(line.ticket_type for line in lines if line.addon):
        spans = office.types[id_].addon_to
        hosts = [(number, spans[of]) for number, of in enumerate(types, 1) if of in spans]
        addons = [number for number, of in enumerate(types, 1) if of == id_]
        found.update(zip(addons, _places(hosts), strict=False))
    return found


def _places(hosts: Iterable[tuple[int, tuple[int, int]]]) -> Iterator[int]:
    hosts = list(hosts)
    for number, (least, _) in hosts:
        yield from [number] * least
    for turn in range(max((most for _, (_, most) in hosts), default=0)):
        for number, (least, most) in hosts:
            if least <= turn < most:
                yield number
