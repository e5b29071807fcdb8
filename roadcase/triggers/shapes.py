"""What is declared of a trigger, what it looks at, and what is on record when it fires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from roadcase.triggers.conditions import Condition, Value


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is done, and which service does it. `about`: with what, as that action has it."""

    does: str
    service: str
    about: dict[str, Any] = msgspec.field(default_factory=dict)


class Trigger(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """It fires when the fact `on` happens, or `at` a moment: the first time only, or `repeat`.

    `catch_up`: also if it was declared after its fact, or after its moment.
    """

    key: str
    on: str | None = None
    at: datetime | None = None
    condition: Condition | None = None
    actions: tuple[Action, ...] = ()
    repeat: bool = False
    catch_up: bool = False


class Fact(NamedTuple):
    """Something that happened. `id` tells it from all others of its name, for ever."""

    name: str
    id: str
    fields: Mapping[str, Value]


class Firing(NamedTuple):
    """A trigger fired. `id` is the same however often that is found out; `reason` is in words."""

    id: str
    trigger: str
    fact: str
    reason: str
    fields: dict[str, Value]
    actions: tuple[Action, ...]
