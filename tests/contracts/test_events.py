"""Every event that a service hears is owned by some service and has the fields it reads."""

from __future__ import annotations

import json
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest

from roadcase.service import find_services
from tools import catalogue

SERVICES = find_services()
OWNED = {
    event.topic: event
    for service in SERVICES
    for decider in service.deciders
    for event in decider.events
}
HEARD = [
    (reaction, topic)
    for service in SERVICES
    for reaction in service.reactions
    for topic in reaction.hears.topics
]


def _reads(heard: Any, owned: Any) -> bool:
    """The same type, or the same parts of a struct, or of a list of structs."""
    if heard == owned:
        return True
    ours, theirs = _parts(heard), _parts(owned)
    if len(ours) != len(theirs) or not ours:
        return False
    return all(_reads_part(one, other) for one, other in zip(ours, theirs, strict=True))


def _parts(kind: Any) -> tuple[Any, ...]:
    """What a list, or a type that may be missing, is of; of a struct, itself."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return (kind,)
    return get_args(kind) if get_origin(kind) in (tuple, Union, UnionType) else ()


def _reads_part(ours: Any, theirs: Any) -> bool:
    if ours == theirs:
        return True
    if not all(
        isinstance(each, type) and issubclass(each, msgspec.Struct) for each in (ours, theirs)
    ):
        return _reads(ours, theirs)
    there = {field.name: field.type for field in msgspec.structs.fields(theirs)}
    used = msgspec.structs.fields(ours)
    return all(_reads(field.type, there.get(field.name)) for field in used)


@pytest.mark.parametrize(
    ("reaction", "topic"), HEARD, ids=[f"{reaction.name}-{topic}" for reaction, topic in HEARD]
)
def test_a_heard_event_is_as_its_owner_has_it(reaction, topic):
    owned = _fields(topic)
    others = {name for each in reaction.hears.topics for name in _fields(each)}
    for field in msgspec.structs.fields(reaction.hears):
        what = f"{topic}: {field.name}"
        if field.name in owned:
            kind = owned[field.name]
            assert _reads(field.type, kind) or _reads(_there(field.type), kind), what
        else:  # it tells the topics of this reaction apart
            assert not field.required, what
            assert field.name in others, what


def _fields(topic: str) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(OWNED[topic])}


def _there(kind: Any) -> Any:
    """What a field is where it is not None."""
    rest = [each for each in get_args(kind) if each is not type(None)]
    return rest[0] if get_origin(kind) in (Union, UnionType) and len(rest) == 1 else kind


def test_the_catalogue_is_what_the_code_says_and_nothing_was_lost():
    before = json.loads(Path("docs/events.json").read_text())
    now = catalogue.events()
    assert catalogue.lost(before, now) == []
    assert before == json.loads(json.dumps(now))


def test_a_lost_event_a_lost_field_and_a_new_demand_are_each_noticed():
    before = catalogue.events()
    after = json.loads(json.dumps(before))
    (first, second, third, *_) = after
    del after[first]
    name = next(iter(after[second]["schema"]["properties"]))
    del after[second]["schema"]["properties"][name]
    after[third]["schema"]["required"] = [*after[third]["schema"].get("required", []), "new"]
    found = catalogue.lost(before, after)
    assert f"{first} is gone" in found
    assert f"{second} lost its field {name}" in found
    assert f"{third} now needs new, which old events may lack" in found
