"""Refuses values of enums that this version does not know, before they reach any rule."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from roadcase.errors import Invalid


class _Look(NamedTuple):
    """A field that is an enum (then `known` are its values), or that may hold one."""

    name: str
    kind: str
    known: frozenset[int] | None
    repeated: bool
    keyed: bool


def has_enums(descriptor: Descriptor, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a message, or a message somewhere in it, has a field that is an enum."""
    if descriptor.full_name in seen:
        return False
    seen |= {descriptor.full_name}
    return any(
        field.enum_type is not None
        or (field.message_type is not None and has_enums(field.message_type, seen))
        for field in descriptor.fields
    )


def check_enums(message: Message) -> None:
    """Raise Invalid, naming the field, for an enum's value that is not in its definition."""
    flat = _flat(message.DESCRIPTOR)
    if flat is None:
        return _check(message)
    for value_of, known in flat:
        if value_of(message) not in known:
            return _check(message)
    return None


@cache
def _flat(descriptor: Descriptor) -> tuple[tuple[attrgetter[int], frozenset[int]], ...] | None:
    """Where all enums of a message are, if each is there once: nearly always all are known.

    One that is not set has its first value, as have those of a message that is not set.
    """
    found: list[tuple[attrgetter[int], frozenset[int]]] = []
    within = [("", descriptor, frozenset({descriptor.full_name}))]
    for path, inner, seen in within:
        for look in _looks(inner):
            if look.repeated:
                return None
            if look.known is not None:
                found.append((attrgetter(f"{path}{look.name}"), look.known))
                continue
            part = inner.fields_by_name[look.name].message_type
            if part is None or part.full_name in seen:
                return None
            within.append((f"{path}{look.name}.", part, seen | {part.full_name}))
    return tuple(found)


def _check(message: Message, path: str = "") -> None:
    for look in _looks(message.DESCRIPTOR):
        value = getattr(message, look.name)
        if look.known is not None and not look.repeated:
            if value not in look.known:
                raise _unknown(look, f"{path}{look.name}", value)
        elif look.repeated:
            for where, part in _each(look, value, f"{path}{look.name}"):
                if look.known is None:
                    _check(part, f"{where}.")
                elif part not in look.known:
                    raise _unknown(look, where, part)
        elif message.HasField(look.name):
            _check(value, f"{path}{look.name}.")


def _unknown(look: _Look, where: str, value: int) -> Invalid:
    return Invalid(f"{where}: {value} is not a {look.kind}", field=where, value=value)


@cache
def _looks(descriptor: Descriptor) -> tuple[_Look, ...]:
    """The fields of a message worth looking at."""
    looks = []
    for field in descriptor.fields:
        within = field.message_type
        keyed = within is not None and within.GetOptions().map_entry
        value = within.fields_by_name["value"] if within is not None and keyed else field
        if value.enum_type is not None:
            known = frozenset(value.enum_type.values_by_number)
            kind = value.enum_type.name
            looks.append(_Look(field.name, kind, known, field.is_repeated, keyed))
        elif value.message_type is not None and has_enums(value.message_type):
            looks.append(_Look(field.name, "", None, field.is_repeated, keyed))
    return tuple(looks)


def _each(look: _Look, value: Any, path: str) -> Iterable[tuple[str, Any]]:
    """The values in a repeated field, each with its path."""
    if look.keyed:
        return [(f"{path}[{key}]", value[key]) for key in value]
    return [(f"{path}[{number}]", each) for number, each in enumerate(value)]
