"""Triggers wait for what there is, compare what it has, and do what can be done then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from roadcase.fields import price_of
from roadcase.money import Money
from services.planning.manifest.facts import AT_A_TIME, FACTS, FactField
from services.planning.manifest.problems import Path, quoted
from services.planning.manifest.triggers import DONE_BY
from services.planning.manifest.view import Fault, View

_HERE: Final = ("spec", "triggers")
_SORTS: Final = ("all", "any", "not", "field")
_BOUNDS: Final = ("atLeast", "atMost")
_PLACEHOLDERS: Final[tuple[str, ...]] = ("night", "when", "order", "tickets")


def triggers(view: View) -> Iterator[Fault]:
    for path in view.entries(*_HERE):
        yield from _one_start(view, path)
        yield from _catches_up(view, path)
        fields = _fields(view, path)
        if isinstance(view.raw(*path, "if"), dict) and fields is not None:
            yield from _condition(view, (*path, "if"), fields)
        for action in each_of(view, (*path, "do")):
            yield from doable(view, path, action)


def each_of(view: View, path: Path) -> Iterator[Path]:
    """The paths of the entries of a list that is itself in one."""
    listed = view.raw(*path)
    for number in range(len(listed) if isinstance(listed, tuple) else 0):
        yield (*path, number)


def _one_start(view: View, path: Path) -> Iterator[Fault]:
    there = [name for name in ("on", "at") if view.raw(*path, name) is not None]
    if len(there) != 1:
        yield Fault(path, "unclear", "fires on a fact or at a time: write one of on and at")


def _catches_up(view: View, path: Path) -> Iterator[Fault]:
    fact = FACTS.get(view.text(*path, "on") or "")
    if view.get(*path, "catchUp") is True and fact is not None and not fact.lasting:
        lasting = ", ".join(name for name, each in FACTS.items() if each.lasting)
        what = f"is only for what is still so later: {lasting}"
        yield Fault((*path, "catchUp"), "trigger_catch_up", what)


def _fields(view: View, path: Path) -> Mapping[str, FactField] | None:
    """What its condition may look at; None if that cannot be known."""
    if view.raw(*path, "on") is None:
        return AT_A_TIME
    fact = FACTS.get(view.text(*path, "on") or "")
    return fact.fields if fact else None


def _condition(view: View, path: Path, fields: Mapping[str, FactField]) -> Iterator[Fault]:
    there = [name for name in _SORTS if view.raw(*path, name) is not None]
    if len(there) != 1:
        yield Fault(path, "unclear", "is one of all, any, not, or the comparison of a field")
        return
    for name in ("all", "any"):
        for each in each_of(view, (*path, name)):
            yield from _condition(view, each, fields)
    if there == ["not"]:
        yield from _condition(view, (*path, "not"), fields)
    elif there == ["field"]:
        yield from _comparison(view, path, fields)


def _comparison(view: View, path: Path, fields: Mapping[str, FactField]) -> Iterator[Fault]:
    name = view.text(*path, "field")
    if name is None:
        return
    if name not in fields:
        known = ", ".join(fields) or "none"
        similar = view.meant(name, fields) or f"; there are {known}"
        what = f"this fact has no field {quoted(name)}{similar}"
        yield Fault((*path, "field"), "trigger_field", what)
        return
    if not any(view.raw(*path, each) is not None for each in ("is", "oneOf", *_BOUNDS)):
        what = "is compared with nothing: write is, oneOf, atLeast or atMost"
        yield Fault(path, "unclear", what)
    for where, value in _values(view, path):
        wrong = _not_so(view, fields[name], value, bound=where[-1] in _BOUNDS)
        if wrong:
            yield Fault(where, "trigger_value", f"{name} {wrong}")


def _values(view: View, path: Path) -> Iterator[tuple[Path, Any]]:
    for name in ("is", *_BOUNDS):
        if (value := view.get(*path, name)) is not None:
            yield (*path, name), value
    for each in each_of(view, (*path, "oneOf")):
        if (value := view.get(*each)) is not None:
            yield each, value


def _not_so(view: View, field: FactField, value: Any, *, bound: bool) -> str | None:
    """Why a value is none that such a field can be compared with."""
    if bound and field.kind in ("text", "yes or no"):
        return "has no order: write is or oneOf"
    match field.kind:
        case "number":
            found = None if type(value) is int else "is a whole number"
        case "yes or no":
            found = None if isinstance(value, bool) else "is true or false"
        case "amount":
            found = _no_amount(view, value)
        case _:
            found = None if isinstance(value, str) else "is text"
    if found is not None:
        return f"{found}, not {quoted(value)}"
    known = field.choices or _keys(view, field.entries)
    if not known or value in known:
        return None
    similar = view.meant(value, known) or f": it is one of {', '.join(known)}"
    return f"is never {quoted(value)}{similar}"


def _keys(view: View, entries: str | None) -> tuple[str, ...]:
    if entries is None:
        return ()
    found = (view.text(*each, "key") for each in view.entries("spec", *entries.split(".")))
    return tuple(key for key in found if key is not None)


def _no_amount(view: View, value: Any) -> str | None:
    amount, currency = amount_of(value), view.text("spec", "currency")
    if amount is None:
        return 'is an amount with its currency, such as "100.00 EUR"'
    if currency is not None and amount.currency != currency:
        return f"is in {currency}, as all of this file"
    return None


def amount_of(value: Any) -> Money | None:
    """An amount as it is written, if it is one."""
    try:
        return price_of(value) if isinstance(value, str) else None
    except ValueError:
        return None


def doable(view: View, trigger: Path, path: Path) -> Iterator[Fault]:
    done = view.raw(*path)
    if not isinstance(done, dict):
        return
    there = [name for name in done if name in DONE_BY]
    if len(there) != 1 and len(done) == len(there):
        yield Fault(path, "unclear", f"does one thing: one of {', '.join(DONE_BY)}")
    on = view.text(*trigger, "on")
    if "confirmSignup" in there and on != "order_placed" and view.whole(*trigger):
        what = "confirms the order of its fact: write on: order_placed"
        yield Fault((*path, "confirmSignup"), "trigger_action", what)
    yield from _cue(view, (*path, "cue", "cue"))
    for name in ("subject", "text"):
        text = view.text(*path, "messageGuests", name)
        if text is not None and not is_filled(text):
            known = ", ".join(f"{{{each}}}" for each in _PLACEHOLDERS)
            what = f"braces are for {known} only"
            yield Fault((*path, "messageGuests", name), "malformed", what)


def _cue(view: View, path: Path) -> Iterator[Fault]:
    """A cue that is called is in the run of show, if that is written; a programme makes its own."""
    cue, known = view.text(*path), _keys(view, "runOfShow.cues")
    if cue is None or cue in known:
        return
    made = view.raw("spec", "programme") is not None or view.raw("kind") == "EventTemplate"
    if known:
        what = f"there is no {quoted(cue)} in spec.runOfShow.cues{view.meant(cue, known)}"
        yield Fault(path, "unknown_reference", what)
    elif view.raw("spec", "runOfShow") is None and not made:
        what = "there are no cues: write runOfShow, or a programme which makes it"
        yield Fault(path, "unknown_reference", what)


def is_filled(text: str, known: tuple[str, ...] = _PLACEHOLDERS) -> bool:
    for name in known:
        text = text.replace(f"{{{name}}}", "")
    return not set("{}") & set(text)
