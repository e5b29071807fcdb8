"""A plan as it is shown, kept as a file, and sealed so that no change of it goes unseen."""

from __future__ import annotations

import hmac
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec

from roadcase.errors import Invalid
from services.planning.events import Follows, TakesPlace, Used
from services.planning.events.schedules import PlannedSchedule
from services.planning.plans.classes import WORST, Class
from services.planning.plans.declared import digest_of

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


class TriggerShown(msgspec.Struct, frozen=True, kw_only=True):
    """A trigger: when it fires, and who does what then."""

    key: str
    when: str
    does: tuple[EffectShown, ...]


class NightShown(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one night of a series. `sold`: how many tickets were.

    `nearest`: of one that vanished, the added night to whose date its tickets may be exchanged.
    `stays`: it is blocked, stays as it was declared before, and keeps no other night.
    """

    occurrence: str
    what: Literal["added", "changed", "vanished"]
    kind: Class = msgspec.field(name="class")
    changes: tuple[ChangeShown, ...] = ()
    sold: int = 0
    nearest: str = ""
    stays: bool = False

    @property
    def why(self) -> str:
        """The code of what keeps it from becoming so; empty: nothing does."""
        return next((each.code for each in self.changes if each.kind == "blocked"), "")


class LostShown(msgspec.Struct, frozen=True, kw_only=True):
    """What was declared of a date that is there no more: its change, or that it is excluded."""

    on: date
    change: dict[str, Any] | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is applied, for which revision; and what people looked at before they said yes.

    `of`: an event, or a series; then `occurrence` is its name, `nights` are those that are not as
    they were, `follows` is the series that goes on where it was split, and `lost` what is gone.
    `schedules`: of a series, what it does again and again.
    `not_acted_on`: sections that are declared and that no service acts on yet. `takes_place`: it is
    postponed, and has this time with it.
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
    of: Literal["Event", "Series"] = "Event"
    nights: tuple[NightShown, ...] = ()
    follows: Follows | None = None
    schedules: tuple[PlannedSchedule, ...] = ()
    lost: tuple[LostShown, ...] = ()
    triggers: tuple[TriggerShown, ...] = ()
    series: str | None = None
    source: str = ""
    declares: str = ""
    answer_until: datetime | None = None
    default: Literal["keep", "refund"] = "keep"
    takes_place: TakesPlace | None = None
    seal: str = ""

    @property
    def worst(self) -> Class:
        found = {each.kind for each in self.changes}
        found |= {each.kind for each in self.nights if not each.stays}
        return next((kind for kind in WORST if kind in found), "safe")

    @property
    def kept(self) -> dict[str, str]:
        """The nights that stay as they are, each with the code of why."""
        return {each.occurrence: each.why for each in self.nights if each.stays}

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
