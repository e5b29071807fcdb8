"""A plan: what applying a manifest changes, as it was shown; kept as a file, and sealed."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple

import msgspec

from roadcase.errors import Invalid
from services.planning.events import PlannedBoxOffice, Used
from services.planning.manifest.tables import ACTED_ON_SINCE, NOT_ALL, OWNERS
from services.planning.plans import effects
from services.planning.plans.box_office import box_office_of, breaks
from services.planning.plans.changes import Change, changes
from services.planning.plans.classes import WORST, Class, Classed, classed
from services.planning.plans.declared import Declared, declared, digest_of
from services.planning.plans.standing import Standing
from services.planning.plans.stands import below_sold, drift

FORMAT: Final = "roadcase/plan/v1"


class ChangeShown(msgspec.Struct, frozen=True, kw_only=True):
    """`class`: safe, notify, approval, blocked or destructive; `code`: the same for programs."""

    path: str
    old: Any
    new: Any
    kind: Class = msgspec.field(name="class")
    code: str
    why: str


class EffectShown(msgspec.Struct, frozen=True, kw_only=True):
    service: str
    does: str


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """A clearance that is missing, and the steps that are not taken without it."""

    clearance: str
    blocks: tuple[str, ...]
    code: str
    reason: str
    legal: bool


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What is otherwise than it was declared: somebody changed it by hand, or nobody acted yet."""

    what: str
    declared: Any
    found: Any


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    what: str
    amount: str


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is applied, for which revision; and what people looked at before they said yes.

    `not_acted_on`: sections that are declared and that no service acts on yet.
    """

    format: str = FORMAT
    tenant: str
    occurrence: str
    title: str
    base_revision: int
    digest: str
    made_at: datetime
    state: str
    changes: tuple[ChangeShown, ...]
    effects: tuple[EffectShown, ...]
    gates: tuple[Gate, ...]
    drift: tuple[Drift, ...]
    money: tuple[Amount, ...]
    not_acted_on: tuple[str, ...]
    steps: dict[str, datetime]
    manifest: dict[str, Any]
    documents: tuple[Used, ...] = ()
    series: str | None = None
    answer_until: datetime | None = None
    default: Literal["keep", "refund"] = "keep"
    seal: str = ""

    @property
    def worst(self) -> Class:
        found = {each.kind for each in self.changes}
        return next((kind for kind in WORST if kind in found), "safe")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to apply."""
        return not self.changes

    @property
    def plan_digest(self) -> str:
        return sha256(unsealed(self)).hexdigest()


class PlanAltered(Invalid):
    """This plan is not as it was made here: somebody changed it, or it is of another installation.

    Make a new one.
    """

    code = "planning.plan_altered"


class PlanForeign(Invalid):
    """This plan is of another organiser."""

    code = "planning.plan_foreign"


class Wish(NamedTuple):
    """What is asked with a manifest: until when guests answer about a new time, and if not."""

    answer_until: datetime | None = None
    default: Literal["keep", "refund"] = "keep"


class Origin(NamedTuple):
    """Where a manifest comes from: whose it is, what it extends, the series that it is of."""

    tenant: str
    documents: tuple[Used, ...] = ()
    series: str | None = None


def make(new: Declared, standing: Standing, origin: Origin, at: datetime, wish: Wish) -> Plan:
    """What applying a manifest would change, as things stand."""
    before = declared(dict(standing.manifest)) if standing.manifest else None
    old_office = box_office_of(before, origin.tenant) if before else None
    office = box_office_of(new, origin.tenant)
    found = list(_classed(new, standing, office))
    return Plan(
        **origin._asdict(),
        **wish._asdict(),
        occurrence=new.name,
        title=new.manifest.spec.title,
        base_revision=standing.revision,
        digest=new.digest,
        made_at=at,
        state=standing.state,
        changes=tuple(_shown(each) for each in found),
        effects=tuple(
            EffectShown(service=each.service, does=each.does)
            for each in effects.of_box_office(old_office, office)
        ),
        gates=tuple(_gates(standing)),
        drift=tuple(
            Drift(what=what, declared=said, found=there)
            for what, said, there in drift(old_office, standing)
        ),
        money=tuple(_money(new)),
        not_acted_on=tuple(_not_acted_on(new)),
        steps=dict(steps_of(new)),
        manifest=new.data,
    )


def _classed(
    new: Declared, standing: Standing, office: PlannedBoxOffice | None
) -> Iterator[Classed]:
    for each in changes(standing.manifest, new.data):
        yield classed(each, standing)
    for path, old, now, why in below_sold(office, standing):
        yield Classed(Change(path, old, now), "blocked", "below_sold", why)
    for ticket, closes, opens in breaks(new):
        path = f"spec.catalogue.tickets[{ticket}].windows"
        why = (
            f"its sale closes at {closes:%Y-%m-%d %H:%M} and opens again at "
            f"{opens:%Y-%m-%d %H:%M} UTC: let one window open when the other closes"
        )
        yield Classed(Change(path, None, None), "blocked", "sale_break", why)


def _shown(each: Classed) -> ChangeShown:
    change = each.change
    return ChangeShown(
        path=change.path,
        old=change.old,
        new=change.new,
        kind=each.kind,
        code=each.code,
        why=each.why,
    )


def _gates(standing: Standing) -> Iterator[Gate]:
    for name, about in sorted(standing.clearances.items()):
        if not about["granted"]:
            yield Gate(
                clearance=name,
                blocks=tuple(about["blocks"]),
                code=about["code"],
                reason=about["reason"],
                legal=about["legal"],
            )


def _money(new: Declared) -> Iterator[Amount]:
    """What comes in if every ticket is sold at its last price."""
    catalogue = new.manifest.spec.catalogue
    for each in catalogue.tickets if catalogue else ():
        if each.quantity is not None:
            yield Amount(
                what=f"{each.quantity} {each.title}", amount=str(each.price * each.quantity)
            )


def _not_acted_on(new: Declared) -> Iterator[str]:
    sections = new.data["spec"]
    for name in OWNERS:
        if sections.get(name) and name not in ACTED_ON_SINCE:
            yield name
        for part in NOT_ALL.get(name, ()):
            if sections.get(name, {}).get(part):
                yield f"{name}.{part}"


def steps_of(new: Declared) -> Iterator[tuple[str, datetime]]:
    """When it goes on by itself: doors, start and end, as they are declared."""
    doors = new.hours.walls.get("doors", new.starts)
    yield "doors", new.instant(doors)
    yield "live", new.instant(new.starts)
    yield "closed", new.instant(new.ends)


def seal(plan: Plan, key: bytes) -> Plan:
    """The same plan, so that a change of it is found."""
    mark = hmac.new(key, unsealed(plan), sha256).hexdigest()
    return msgspec.structs.replace(plan, seal=mark)


def opened(content: bytes, key: bytes, tenant: str) -> Plan:
    """A plan that was made here for this organiser. Raises PlanAltered and PlanForeign."""
    try:
        plan = msgspec.json.decode(content, type=Plan)
    except msgspec.DecodeError as error:
        raise PlanAltered(f"this is not a plan of ours: {error}") from error
    mark = hmac.new(key, unsealed(plan), sha256).hexdigest()
    if not hmac.compare_digest(mark, plan.seal) or plan.digest != digest_of(plan.manifest):
        raise PlanAltered
    if plan.tenant != tenant:
        raise PlanForeign
    return plan


def encoded(plan: Plan) -> bytes:
    return msgspec.json.encode(plan)


def unsealed(plan: Plan) -> bytes:
    """What the seal is of."""
    return msgspec.json.encode(msgspec.structs.replace(plan, seal=""), order="sorted")
