"""What applying a manifest changes, worked out as things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from services.planning.events import PlannedBoxOffice, Used
from services.planning.manifest.steps import IN_ORDER
from services.planning.manifest.tables import ACTED_ON_SINCE, NOT_ALL, NOT_OF_EACH, OWNERS
from services.planning.plans import effects, triggers
from services.planning.plans.box_office import box_office_of, breaks
from services.planning.plans.changes import Change, changes
from services.planning.plans.classes import Classed, classed
from services.planning.plans.declared import Declared, declared
from services.planning.plans.kit import kit_not_free, of_kit
from services.planning.plans.people import of_schedules, of_staffing
from services.planning.plans.run_of_show import effects_of
from services.planning.plans.schedules import not_told
from services.planning.plans.shapes import (
    Amount,
    ChangeShown,
    Drift,
    EffectShown,
    Gate,
    Plan,
)
from services.planning.plans.stalls import effects_of_stalls, gates_of_stalls, supplier_not_fit
from services.planning.plans.standing import Standing
from services.planning.plans.stands import below_sold, drift
from services.planning.plans.times import of_postponed, of_times, takes_place


class Wish(NamedTuple):
    """What is asked with a manifest: until when guests answer about a new time, and if not."""

    answer_until: datetime | None = None
    default: Literal["keep", "refund"] = "keep"


class Origin(NamedTuple):
    """Where a manifest comes from: whose it is, what it extends, the series that it is of.

    `source`: as it was written, if it extends anything. `declares`: the digest of what that says.
    """

    tenant: str
    documents: tuple[Used, ...] = ()
    source: str = ""
    declares: str = ""
    series: str | None = None


def make(new: Declared, standing: Standing, origin: Origin, at: datetime, wish: Wish) -> Plan:
    """What applying a manifest would change, as things stand."""
    before = declared(dict(standing.manifest)) if standing.manifest else None
    old_office = box_office_of(before, origin.tenant) if before else None
    office = box_office_of(new, origin.tenant)
    made = [*made_otherwise(origin, standing.made_with)]
    otherwise = bool(made) or standing.manifest != new.data
    then = takes_place(before, new, standing, otherwise=otherwise)
    found = [
        *made,
        *_classed(new, standing, office),
        *of_times(before, new, standing, at, wish.answer_until),
        *of_postponed(before, new, standing, at, then),
    ]
    return Plan(
        **origin._asdict(),
        **wish._asdict(),
        occurrence=new.name,
        title=new.manifest.spec.title,
        base_revision=standing.revision,
        digest=new.digest,
        made_at=at,
        state=standing.state,
        changes=tuple(shown(each) for each in found),
        effects=tuple(_effects(before, new, standing, at, (old_office, office))),
        gates=tuple(_gates(new, standing)),
        drift=tuple(
            Drift(what=what, declared=said, found=there)
            for what, said, there in drift(old_office, standing)
        ),
        money=tuple(_money(office)),
        not_acted_on=tuple(not_acted_on(new.data["spec"])),
        steps=dict(steps_of(new)),
        triggers=tuple(triggers.shown_of(new)),
        manifest=new.data,
        takes_place=then,
    )


def _effects(
    before: Declared | None,
    new: Declared,
    standing: Standing,
    at: datetime,
    offices: tuple[PlannedBoxOffice | None, PlannedBoxOffice | None],
) -> Iterator[EffectShown]:
    """What each service does. `offices`: as it was planned, and as it is now."""
    for each in (*effects.of_box_office(*offices), *_of(before, new, standing, at)):
        yield EffectShown(service=each.service, does=each.does)


def _of(
    before: Declared | None, new: Declared, standing: Standing, at: datetime
) -> Iterator[effects.Effect]:
    """What planning itself does, and what is sent at its time."""
    yield from of_kit(before, new)
    yield from of_staffing(before, new)
    yield from effects_of(before, new)
    yield from effects_of_stalls(new, standing.suppliers)
    yield from of_schedules(before, new, at)


def made_otherwise(origin: Origin, before: Mapping[str, Any]) -> Iterator[Classed]:
    """Other documents, or other words, than it was made with."""
    old = [each["reference"] for each in before.get("documents", ())]
    new = [each.reference for each in origin.documents]
    digests = [each["digest"] for each in before.get("documents", ())]
    if old != new or digests != [each.digest for each in origin.documents]:
        yield Classed(Change("extends", old or None, new or None), "safe", "extends", "")
    elif origin.declares != before.get("declares", ""):
        why = "it is written otherwise, and made with the same"
        yield Classed(Change("source", None, None), "safe", "source", why)


def _classed(
    new: Declared, standing: Standing, office: PlannedBoxOffice | None
) -> Iterator[Classed]:
    for each in changes(standing.manifest, new.data):
        yield classed(each, standing)
    yield from kit_not_free(new, standing)
    yield from supplier_not_fit(new, standing)
    for path, old, now, why in below_sold(office, standing):
        yield Classed(Change(path, old, now), "blocked", "below_sold", why)
    for ticket, closes, opens in breaks(new):
        path = f"spec.catalogue.tickets[{ticket}].windows"
        why = (
            f"its sale closes at {closes:%Y-%m-%d %H:%M} and opens again at "
            f"{opens:%Y-%m-%d %H:%M} UTC: let one window open when the other closes"
        )
        yield Classed(Change(path, None, None), "blocked", "sale_break", why)


def shown(each: Classed) -> ChangeShown:
    """As a plan has it."""
    change = each.change
    return ChangeShown(
        path=change.path,
        old=change.old,
        new=change.new,
        kind=each.kind,
        code=each.code,
        why=each.why,
    )


def _gates(new: Declared, standing: Standing) -> Iterator[Gate]:
    """What there is; of the stalls, as it will be."""
    will_be = {each.clearance: each for each in gates_of_stalls(new, standing.suppliers)}
    yield from will_be.values()
    for name, about in sorted(standing.clearances.items()):
        if not about["granted"] and name not in will_be:
            yield Gate(
                clearance=name,
                blocks=tuple(about["blocks"]),
                code=about["code"],
                reason=about["reason"],
                legal=about["legal"],
            )


def _money(office: PlannedBoxOffice | None) -> Iterator[Amount]:
    """What comes in at most from each type of ticket by itself, at its last price."""
    if office is None:
        return
    for each in office.ticket_types:
        most = min(office.pools[pool] // units for pool, units in each.draws.items())
        yield Amount(what=f"{most} {each.name}", amount=str(each.price * most))


def not_acted_on(sections: Mapping[str, Any]) -> Iterator[str]:
    """The sections that no service acts on yet."""
    for name in OWNERS:
        if sections.get(name) and name not in ACTED_ON_SINCE:
            yield name
        for part in NOT_ALL.get(name, ()):
            if sections.get(name, {}).get(part):
                yield f"{name}.{part}"
    for section, entries, field in NOT_OF_EACH:
        found = sections.get(section) or {}
        for each in found.get(entries, ()) if entries else found:
            if each.get(field):
                yield f"{section}[{each['key']}].{field}"
    yield from triggers.not_done(sections)
    yield from not_told(sections)


def steps_of(new: Declared) -> Iterator[tuple[str, datetime]]:
    """When it goes on by itself, in order: as its lifecycle says, or at doors, start and end."""
    said = new.manifest.spec.lifecycle
    for step in IN_ORDER:
        when = getattr(said, step.name) if said else None
        moment = new.moment(when or step.usual)
        if moment is not None:
            yield step.name, moment
