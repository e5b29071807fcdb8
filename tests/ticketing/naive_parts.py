"""What a naive box office writes down beside its tickets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from roadcase.decider import Command
from services.ticketing import commands as ask
from tests.ticketing.naive_cart import One


@dataclass
class Hold:
    id: str
    ones: list[One]
    until: datetime
    channel: str
    subject: str | None
    asked: Command | None = None
    entry: str | None = None
    extended: bool = False
    state: str = "living"  # or "sold", "released", "expired"
    order: str | None = None
    approval: bool = False


@dataclass
class Wait:
    id: str
    types: tuple[str, ...]
    quantity: int
    priority: int
    subject: str
    kept: dict[str, int] = field(default_factory=dict)
    until: datetime | None = None  # what is kept for it
    passed: bool = False
    state: str = "waiting"  # or "offered", "left"


@dataclass
class Allotment:
    asked: ask.SetAllotment
    left: int
    closed: bool = False
