"""A condition over the fields of a fact: a small tree that is compared, and never run as code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import msgspec

from roadcase.money import Money

Value: TypeAlias = bool | int | str | Money


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of: `all` of these, `any` of them, `negated`, or a comparison of one `field`.

    A field is one of the values in `one_of`, if there are any, and within `at_least` and `at_most`.
    One that the fact does not have, or of another currency, is nothing of that.
    """

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    negated: Condition | None = None
    field: str | None = None
    one_of: tuple[Value, ...] = ()
    at_least: int | Money | None = None
    at_most: int | Money | None = None


def holds(condition: Condition | None, fields: Mapping[str, Value]) -> bool:
    """Whether it is so of a fact. No condition always holds."""
    if condition is None:
        return True
    if condition.all:
        return all(holds(each, fields) for each in condition.all)
    if condition.any:
        return any(holds(each, fields) for each in condition.any)
    if condition.negated is not None:
        return not holds(condition.negated, fields)
    value = fields.get(condition.field or "")
    return value is not None and _compares(condition, value)


def _compares(condition: Condition, value: Value) -> bool:
    if condition.one_of and not any(_same(value, each) for each in condition.one_of):
        return False
    low, high = condition.at_least, condition.at_most
    return (low is None or _at_least(value, low)) and (high is None or _at_least(high, value))


def _same(one: Value, other: Value) -> bool:
    """True is not 1."""
    return type(one) is type(other) and one == other


def _at_least(one: Value, other: Value) -> bool:
    if isinstance(one, Money) and isinstance(other, Money):
        return one.currency == other.currency and one.minor >= other.minor
    return type(one) is int and type(other) is int and one >= other


def fields_of(condition: Condition | None) -> Iterator[str]:
    """The fields that it looks at, in its order, each once."""
    yield from dict.fromkeys(_fields(condition))


def _fields(condition: Condition | None) -> Iterator[str]:
    if condition is None:
        return
    if condition.field is not None:
        yield condition.field
    for each in (*condition.all, *condition.any):
        yield from _fields(each)
    yield from _fields(condition.negated)
