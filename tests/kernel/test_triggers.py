"""Triggers as data: conditions that are compared, and firings that happen once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadcase.decider import Command, Decider, Event
from roadcase.money import Money
from roadcase.triggers import Condition, Fact, Trigger, Watch, fields_of, holds

AT = datetime(2027, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def is_(name: str, *values: Any) -> Condition:
    return Condition(field=name, one_of=values)


@pytest.mark.parametrize(
    ("condition", "fields", "so"),
    [
        (None, {}, True),
        (is_("step", "live", "doors"), {"step": "doors"}, True),
        (is_("step", "live"), {"step": "doors"}, False),
        (is_("step", "live"), {}, False),
        (is_("sold", 1), {"sold": True}, False),
        (is_("late", True), {"late": True}, True),
        (Condition(field="sold", at_least=3, at_most=5), {"sold": 3}, True),
        (Condition(field="sold", at_least=3, at_most=5), {"sold": 6}, False),
        (Condition(field="sold", at_least=3), {"sold": "4"}, False),
        (Condition(field="paid", at_least=Money(5, "EUR")), {"paid": Money(5, "EUR")}, True),
        (Condition(field="paid", at_least=Money(5, "EUR")), {"paid": Money(4, "EUR")}, False),
        (Condition(field="paid", at_least=Money(5, "EUR")), {"paid": Money(9, "USD")}, False),
        (Condition(all=(is_("a", 1), is_("b", 1))), {"a": 1, "b": 2}, False),
        (Condition(any=(is_("a", 1), is_("b", 1))), {"a": 1, "b": 2}, True),
        (Condition(negated=is_("a", 1)), {"a": 1}, False),
        (Condition(negated=is_("a", 1)), {}, True),
    ],
)
def test_a_condition_is_compared_with_the_fields_of_a_fact(condition, fields, so):
    assert holds(condition, fields) is so


def test_its_fields_are_told_once_in_their_order():
    deep = Condition(all=(is_("b", 1), Condition(negated=is_("a", 1)), is_("b", 2)))
    assert [*fields_of(deep)] == ["b", "a"]


def watching(*triggers: Trigger, since: datetime = AT) -> Watch:
    watch = Watch()
    watch.declare(triggers, {each.key: since for each in triggers})
    return watch


def test_a_firing_says_which_fact_and_what_was_so_and_is_known_by_its_key():
    trigger = Trigger(key="half", on="sold", condition=Condition(field="percent", at_least=50))
    (firing,) = watching(trigger).firings([Fact("sold", "o1", {"percent": 51, "sold": 5})])
    assert (firing.id, firing.reason) == ("half", "sold: percent is 51")
    again = Trigger(key="each", on="sold", repeat=True)
    (firing,) = watching(again).firings([Fact("sold", "o1", {})])
    assert (firing.id, firing.reason) == ("each:o1", "sold")


def test_two_facts_of_one_command_fire_what_does_not_repeat_once():
    facts = [Fact("sold", "o1", {}), Fact("sold", "o2", {})]
    assert len([*watching(Trigger(key="first", on="sold")).firings(facts)]) == 1
    assert len([*watching(Trigger(key="all", on="sold", repeat=True)).firings(facts)]) == 2


def test_what_was_before_fires_only_what_catches_up_and_is_new():
    late, other = Trigger(key="late", on="full", catch_up=True), Trigger(key="not", on="full")
    so_now = [Fact("full", "o1", {})]
    watch = watching(late, other)
    assert [each.trigger for each in watch.firings((), so_now, {"late", "not"})] == ["late"]
    assert [*watch.firings((), so_now, {"not"})] == []
    both = watch.firings(so_now, so_now, {"late", "not"})
    assert [each.trigger for each in both] == ["late", "not"]


def test_a_moment_fires_once_and_again_only_if_it_repeats_and_is_moved_to_later():
    for repeat in (False, True):
        watch = watching(Trigger(key="t", at=AT + HOUR, repeat=repeat))
        assert watch.next_due() == AT + HOUR
        (due,) = watch.due(AT + HOUR, {})
        assert due.firing is not None
        watch.has_passed("t", due.moment)
        watch.has_fired("t", "t")
        assert watch.next_due() is None
        watch.declare([Trigger(key="t", at=AT + 2 * HOUR, repeat=repeat)], {"t": AT})
        assert watch.next_due() == (AT + 2 * HOUR if repeat else None)


def test_a_moment_that_was_over_when_it_was_declared_is_not_due_unless_it_catches_up():
    past = Trigger(key="t", at=AT - HOUR)
    assert watching(past).next_due() is None
    assert watching(Trigger(key="t", at=AT - HOUR, catch_up=True)).next_due() == AT - HOUR


def test_a_moment_whose_condition_does_not_hold_has_passed_all_the_same():
    watch = watching(Trigger(key="t", at=AT + HOUR, condition=is_("step", "live")))
    (due,) = watch.due(AT + HOUR, {"step": "doors"})
    assert due.firing is None
    watch.has_passed("t", due.moment)
    assert watch.next_due() is None


# A stream of facts, against a naive model


class Happen(Command):
    thing: str
    id: str
    number: int


class Declare(Command):
    thing: str
    triggers: tuple[Any, ...]


class Happened(Event, frozen=True, kw_only=True):
    topic = "thing.happened.v1"

    id: str
    number: int


class Declared(Event, frozen=True, kw_only=True):
    topic = "thing.declared.v1"

    triggers: tuple[Trigger, ...]
    new: tuple[str, ...]


class Fired(Event, frozen=True, kw_only=True):
    topic = "thing.fired.v1"

    id: str
    trigger: str


@dataclass
class Thing:
    seen: dict[str, int] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)


def happen(thing: Thing, cmd: Happen, _at: datetime) -> Iterator[Happened]:
    if cmd.id not in thing.seen:
        yield Happened(id=cmd.id, number=cmd.number)


def declare(thing: Thing, cmd: Declare, _at: datetime) -> Iterator[Declared]:
    new = tuple(each.key for each in cmd.triggers if each.key not in thing.watch.declared)
    yield Declared(triggers=cmd.triggers, new=new)


def evolve(thing: Thing, event: Event) -> None:
    match event:
        case Happened():
            thing.seen[event.id] = event.number
        case Declared():
            thing.watch.declare(event.triggers, {})
        case Fired():
            thing.watch.has_fired(event.trigger, event.id)


def _fact(id_: str, number: int) -> Fact:
    return Fact("happened", id_, {"number": number})


def notice(thing: Thing, events: Sequence[Event], _at: datetime) -> Iterator[Fired]:
    facts = [_fact(each.id, each.number) for each in events if isinstance(each, Happened)]
    new = next((each.new for each in events if isinstance(each, Declared)), ())
    so_now = [_fact(*each) for each in thing.seen.items()]
    for firing in thing.watch.firings(facts, so_now, new):
        yield Fired(id=firing.id, trigger=firing.trigger)


THING = Decider(
    category="thing",
    key="thing",
    initial=Thing,
    evolve=evolve,
    events=[Happened, Declared, Fired],
    commands={Happen: happen, Declare: declare},
    notice=notice,
)
triggers = st.builds(
    Trigger,
    key=st.sampled_from("abc"),
    on=st.just("happened"),
    condition=st.builds(lambda least: Condition(field="number", at_least=least), st.integers(0, 4)),
    repeat=st.booleans(),
    catch_up=st.booleans(),
)
declarings = st.lists(triggers, max_size=3, unique_by=lambda each: each.key)
happenings = st.tuples(st.sampled_from("pqrst"), st.integers(0, 4))


class Model:
    """As somebody would say it who has all the time there is."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        self.watched: dict[str, Trigger] = {}
        self.fired: list[str] = []

    def _fire(self, trigger: Trigger, id_: str, number: int) -> None:
        assert trigger.condition is not None
        assert isinstance(trigger.condition.at_least, int)
        before = {each.partition(":")[0] for each in self.fired}
        if number >= trigger.condition.at_least and (trigger.repeat or trigger.key not in before):
            firing = f"{trigger.key}:{id_}" if trigger.repeat else trigger.key
            self.fired += [firing] if firing not in self.fired else []

    def happen(self, id_: str, number: int) -> None:
        if id_ not in self.seen:
            self.seen[id_] = number
            for each in self.watched.values():
                self._fire(each, id_, number)

    def declare(self, triggers: list[Trigger]) -> None:
        known, self.watched = {*self.watched}, {each.key: each for each in triggers}
        for id_, number in self.seen.items():
            for each in triggers:
                if each.catch_up and each.key not in known:
                    self._fire(each, id_, number)


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(happenings | declarings, max_size=25), folds=st.sets(st.integers(0, 24)))
def test_whatever_happens_and_is_declared_each_trigger_fires_as_the_model_says(steps, folds):
    """Facts come twice, and the process dies between any two commands and folds anew."""
    model, state, log = Model(), THING.initial(), list[Event]()
    for number, step in enumerate(steps):
        if number in folds:
            state = THING.fold(log)
        command: Command
        if isinstance(step, list):
            model.declare(step)
            command = Declare(thing="x", triggers=tuple(step))
        else:
            model.happen(*step)
            command = Happen(thing="x", id=step[0], number=step[1])
        log += THING.decided(state, command, AT)
        assert [each.id for each in log if isinstance(each, Fired)] == model.fired
