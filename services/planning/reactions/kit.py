"""What kit does when planning is heard: what is owned follows documents, bookings follow events."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from roadcase.decider import Command, Heard
from roadcase.reaction import Reaction
from services.planning.commands import DeclareKit, PlanKit
from services.planning.events import DocumentKind, KitNeeded, KitOwned


class KitPublished(Heard, frozen=True, kw_only=True):
    topics = ("planning.document_published.v1",)

    document: str
    kind: DocumentKind
    version: int
    about: dict[str, Any] = msgspec.field(default_factory=dict)


class Work(msgspec.Struct, frozen=True, kw_only=True):
    begins: datetime
    ends: datetime
    kit: tuple[KitNeeded, ...] = ()


class KitPlanned(Heard, frozen=True, kw_only=True):
    topics = ("planning.work_planned.v1",)

    occurrence: str
    work: Work
    on: bool = True


def declare_kit(event: KitPublished) -> list[Command]:
    if event.kind != "kit":
        return []
    items = tuple(_owned(each) for each in event.about.get("items", ()))
    return [DeclareKit(document=event.document, version=event.version, items=items)]


def _owned(item: dict[str, Any]) -> KitOwned:
    return KitOwned(
        item=item["key"],
        title=item["title"],
        owned=item["owned"],
        serials=tuple(item.get("serials", ())),
        container=item.get("container"),
        device_profile=item.get("deviceProfile"),
        buffer_minutes=item.get("bufferMinutes", 60),
    )


def plan_kit(event: KitPlanned) -> list[Command]:
    work = event.work
    needs = work.kit if event.on else ()
    return [PlanKit(booking=event.occurrence, begins=work.begins, ends=work.ends, needs=needs)]


REACTIONS: Final = (
    Reaction("declare-kit", KitPublished, declare_kit, from_start=True),
    Reaction("plan-kit", KitPlanned, plan_kit, from_start=True),
)
