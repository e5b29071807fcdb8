"""Who is asked, told and filmed: permits, discovery, capture, suppliers, notifications."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from services.planning.manifest.fields import (
    MANY,
    Amount,
    BasisPoints,
    Clock,
    Count,
    Days,
    Key,
    Keys,
    Name,
    Names,
    Section,
    Text,
    When,
)


class Facts(Section):
    """What authorities ask about an event."""

    alcohol: bool = False
    amplified: bool = False
    food: bool = False
    open_fire: bool = False
    outdoor: bool = False
    structures: bool = Field(default=False, description="A stage, a tent, a scaffold.")
    public_road: bool = False
    minors: bool = False


class Permit(Section):
    """One that is needed whatever the facts say."""

    key: Key
    title: Name
    authority: Name | None = None
    due: When | None = None
    responsible: Key | None = Field(None, description="The key of a role of staffing.")


class Permits(Section):
    """Facts from which permits follow, and further ones."""

    facts: Facts = Facts()
    extra: Annotated[tuple[Permit, ...], Field(max_length=100)] = ()


class Quiet(Section):
    """Nobody is written to between these, in the recipient's own zone."""

    begins: Clock
    ends: Clock


class Caps(Section):
    """The most messages to one person."""

    per_day: Count | None = None
    per_week: Count | None = None
    per_event: Count | None = None


class Rule(Section):
    """Who hears of the event, and when."""

    key: Key
    radius_km: Annotated[float, Field(gt=0, le=500, allow_inf_nan=False)]
    interests: Names = ()
    match: Literal["any", "all"] = "any"
    send: When
    quiet: Quiet | None = None
    caps: Caps | None = None


class Discovery(Section):
    """How people near by learn of it."""

    rules: Annotated[tuple[Rule, ...], Field(max_length=50)] = ()


class Capture(Section):
    """What is recorded, with whose consent, and how long it is kept."""

    profile: Literal["none", "stills", "video", "stream"]
    consent: Literal["ask", "notice", "none"]
    minors: Literal["exclude", "guardian"] = "exclude"
    keep_days: Days | None = None
    operator: Key | None = Field(None, description="The key of a role of staffing.")


class Supplier(Section):
    """Somebody who sells or works at the event on their own account."""

    key: Key
    title: Name
    offers: Name | None = None
    documents: Names = Field((), description="What they must have shown.")


class Fee(Section):
    """What a stall costs: fixed, a share of its takings with a floor and a cap, or both."""

    fixed: Amount | None = None
    share: BasisPoints | None = None
    floor: Amount | None = None
    cap: Amount | None = None


class Stall(Section):
    """A place for a supplier."""

    key: Key
    supplier: Key | None = Field(None, description="The key of a supplier; left out: free.")
    zone: Key | None = Field(None, description="The key of a zone of capacity.")
    metres: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] | None = None
    watts: Annotated[int, Field(ge=0, le=100_000)] | None = None
    fee: Fee | None = None


SENT_TO: Final = ("holders", "waiting", "crew", "suppliers")  # of members nobody has addresses


class Notice(Section):
    """Words that are sent by themselves."""

    key: Key
    to: Literal["holders", "waiting", "members", "crew", "suppliers"]
    roles: Keys = Field((), description="Of the crew only these roles of staffing.")
    send: When
    subject: Annotated[Name, Field(max_length=150)]
    text: Text


Suppliers = Annotated[tuple[Supplier, ...], Field(max_length=MANY)]
Stalls = Annotated[tuple[Stall, ...], Field(max_length=MANY)]
Notices = Annotated[tuple[Notice, ...], Field(max_length=100)]
