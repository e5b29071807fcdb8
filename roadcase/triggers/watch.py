"""What one stream watches for: its triggers, which of them fired, and which fire now.

A stream evaluates triggers in `Decider.notice`, over the events of each command: the firing is in
the commit of its fact. So nothing is between the two where a process could die, and what happened
before a trigger was declared is not looked at.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from roadcase.triggers.conditions import Value, fields_of, holds
from roadcase.triggers.shapes import Fact, Firing, Trigger

TIME: Final = "time"  # the fact of which a moment is


class Due(NamedTuple):
    """A trigger whose time has come. `firing`: None if its condition did not hold."""

    trigger: str
    moment: datetime
    firing: Firing | None


@dataclass(slots=True)
class Watch:
    """`since`: when each was first declared. `passed`: which moment of it was looked at last.

    `fired`: triggers, and their firings.
    """

    declared: dict[str, Trigger] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)
    passed: dict[str, datetime] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)

    def declare(self, triggers: Iterable[Trigger], since: Mapping[str, datetime]) -> None:
        """A fact: these are watched from now on, and no others."""
        self.declared = {each.key: each for each in triggers}
        self.since = dict(since)

    def has_fired(self, trigger: str, firing: str) -> None:
        """A fact."""
        self.fired.update((trigger, firing))

    def has_passed(self, trigger: str, moment: datetime) -> None:
        """A fact: its time came, whether it fired or not."""
        self.passed[trigger] = moment

    def wants(self, *facts: str) -> bool:
        """Whether any of these facts could fire anything now. To ask costs little."""
        return any(each.on in facts and not self._is_over(each) for each in self.declared.values())

    def firings(
        self, facts: Iterable[Fact], so_now: Iterable[Fact] = (), new: Container[str] = ()
    ) -> Iterator[Firing]:
        """What fires because of facts, in their order; each once unless it repeats.

        `new`: triggers that were declared just now. Those that catch up fire for what is `so_now`.
        """
        found: dict[str, Firing] = {}
        for fact in facts:
            for trigger in self.declared.values():
                self._fire(trigger, fact, found)
        for fact in so_now:
            for trigger in self.declared.values():
                if trigger.catch_up and trigger.key in new:
                    self._fire(trigger, fact, found)
        yield from found.values()

    def _fire(self, trigger: Trigger, fact: Fact, found: dict[str, Firing]) -> None:
        if trigger.on != fact.name or self._is_over(trigger):
            return
        if holds(trigger.condition, fact.fields):
            firing = _firing(trigger, fact)
            if firing.id not in self.fired:
                found.setdefault(firing.id, firing)

    def _is_over(self, trigger: Trigger) -> bool:
        return not trigger.repeat and trigger.key in self.fired

    def next_due(self) -> datetime | None:
        """When the time of a trigger comes next."""
        return min((each.at for each in self._waiting() if each.at), default=None)

    def due(self, at: datetime, fields: Mapping[str, Value]) -> Iterator[Due]:
        """The triggers whose time has come, in order, each with its firing."""
        come = [(each.at, each) for each in self._waiting() if each.at and each.at <= at]
        for moment, trigger in sorted(come, key=lambda each: each[0]):
            fact = Fact(TIME, f"{moment:%Y-%m-%dT%H:%M:%SZ}", fields)
            firing = _firing(trigger, fact) if holds(trigger.condition, fields) else None
            yield Due(trigger.key, moment, firing)

    def _waiting(self) -> Iterator[Trigger]:
        for each in self.declared.values():
            if each.at is None or self._is_over(each):
                continue
            if each.key in self.passed:
                if self.passed[each.key] < each.at:  # it was moved to a later time
                    yield each
            elif each.catch_up or self.since[each.key] < each.at:
                yield each


def _firing(trigger: Trigger, fact: Fact) -> Firing:
    """Under its own key; of one that repeats, with which fact it is."""
    looked = [name for name in fields_of(trigger.condition) if name in fact.fields]
    seen = ", ".join(f"{name} is {_shown(fact.fields[name])}" for name in looked)
    what = f"at {fact.id}" if fact.name == TIME else fact.name
    return Firing(
        id=f"{trigger.key}:{fact.id}" if trigger.repeat else trigger.key,
        trigger=trigger.key,
        fact=fact.name,
        reason=f"{what}: {seen}" if seen else what,
        fields=dict(fact.fields),
        actions=trigger.actions,
    )


def _shown(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
