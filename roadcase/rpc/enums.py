"""Refuses values of enums that this version does not know, before they reach any rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from roadcase.errors import Invalid


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


def check_enums(message: Message, path: str = "") -> None:
    """Raise Invalid, naming the field, for an enum's value that is not in its definition."""
    for field, value in message.ListFields():
        if field.enum_type is not None:
            for where, number in _each(field, value, path):
                if number not in field.enum_type.values_by_number:
                    what = f"{number} is not a {field.enum_type.name}"
                    raise Invalid(f"{where}: {what}", field=where, value=number)
        elif field.message_type is not None:
            for where, part in _each(field, value, path):
                if field.message_type.GetOptions().map_entry:
                    _check_map_value(field.message_type, part, where)
                else:
                    check_enums(part, f"{where}.")


def _check_map_value(entry: Descriptor, value: Any, where: str) -> None:
    kind = entry.fields_by_name["value"]
    if kind.message_type is not None:
        check_enums(value, f"{where}.")
    elif kind.enum_type is not None and value not in kind.enum_type.values_by_number:
        raise Invalid(f"{where}: {value} is not a {kind.enum_type.name}", field=where, value=value)


def _each(field: FieldDescriptor, value: Any, path: str) -> Iterable[tuple[str, Any]]:
    """The values in a field, each with its path."""
    name = f"{path}{field.name}"
    if not field.is_repeated:
        return [(name, value)]
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return [(f"{name}[{key}]", value[key]) for key in value]
    return [(f"{name}[{number}]", each) for number, each in enumerate(value)]
