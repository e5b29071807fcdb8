"""The triggers that a manifest declares: as they are watched for, and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from roadcase.triggers import Action, Condition, Trigger, Value
from services.planning.manifest import triggers as written
from services.planning.manifest.facts import FACTS
from services.planning.manifest.rules.triggers import amount_of
from services.planning.manifest.triggers import DONE_BY, PRINTER
from services.planning.plans.box_office import zone_pool
from services.planning.plans.declared import Declared
from services.planning.plans.shapes import EffectShown, TriggerShown

NOBODY: Final = "nobody"  # does it yet


def triggers_of(declared: Declared) -> tuple[Trigger, ...]:
    return tuple(_trigger(declared, each) for each in declared.manifest.spec.triggers)


def _trigger(declared: Declared, each: written.Trigger) -> Trigger:
    fields = FACTS[each.on].fields if each.on else {}
    amounts = {name for name, field in fields.items() if field.kind == "amount"}
    return Trigger(
        key=each.key,
        on=each.on,
        at=declared.moment(each.at),
        condition=_condition(each.condition, amounts) if each.condition else None,
        actions=tuple(action_of(action) for action in each.do),
        repeat=each.repeat,
        catch_up=each.catch_up,
    )


def _condition(of: written.Condition, amounts: set[str]) -> Condition:
    single = () if of.value is None else (of.value,)

    def value(said: Any) -> Any:
        if of.field in amounts:
            return amount_of(said)
        return zone_of(said) if of.field == "zone" else said

    return Condition(
        all=tuple(_condition(each, amounts) for each in of.all),
        any=tuple(_condition(each, amounts) for each in of.any),
        negated=_condition(of.negated, amounts) if of.negated else None,
        field=of.field,
        one_of=tuple(value(each) for each in (*single, *of.one_of)),
        at_least=None if of.at_least is None else value(of.at_least),
        at_most=None if of.at_most is None else value(of.at_most),
    )


def zone_of(key: Value) -> str:
    """A zone as ticketing knows it: by its pool, of which a long key is cut."""
    return zone_pool(str(key)).removeprefix("zone-")


def action_of(action: written.Action) -> Action:
    written_as = action.model_dump(mode="json", by_alias=True, exclude_unset=True)
    ((does, about),) = written_as.items()
    return Action(does=does, service=DONE_BY[does] or NOBODY, about=about)


def shown(
    spec: Mapping[str, Any], local: Mapping[str, datetime] | None = None
) -> Iterator[TriggerShown]:
    """Of each when it fires, and who does what. `local`: when that is, if it has a day."""
    for each in spec.get("triggers", ()):
        actions = (action for one in each["do"] for action in one.items())
        yield TriggerShown(
            key=each["key"],
            when=_when(each, (local or {}).get(each["key"])),
            does=tuple(
                EffectShown(service=DONE_BY[does] or NOBODY, does=_DOES[does](about))
                for does, about in actions
            ),
        )


def shown_of(declared: Declared) -> Iterator[TriggerShown]:
    """Those of an event, with their times at the venue."""
    moments = {each.key: each.at for each in triggers_of(declared) if each.at}
    local = {key: at.astimezone(declared.zone) for key, at in moments.items()}
    yield from shown(declared.data["spec"], local)


def _when(each: Mapping[str, Any], local: datetime | None) -> str:
    if on := each.get("on"):
        when = f"on {on}, found out by {FACTS[on].service}"
    else:
        at = f", {local:%Y-%m-%d %H:%M}" if local else ""
        when = f"at {each['at']}{at}, kept by planning"
    often = "each time" if each.get("repeat") else "once"
    return f"{when}, {often}{', on a condition' if each.get('if') else ''}"


_DOES: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "confirmSignup": lambda _: "confirms the order that was placed",
    "openChannel": lambda about: f"opens the sales channel {about['channel']}",
    "pauseChannel": lambda about: f"pauses the sales channel {about['channel']}",
    "openDrop": lambda about: f"opens the drop {about['drop']}",
    "print": lambda about: f'prints "{about["text"]}" on {about.get("role", PRINTER)}',
    "cue": lambda about: f"calls the cue {about['cue']}",
    "tellCrew": lambda about: f'tells {_listed(about, "roles", "the crew")}: "{about["text"]}"',
    "releaseNoShows": lambda about: (
        f"gives back the places of who did not come: {_listed(about, 'tickets', 'all tickets')}"
    ),
    "messageGuests": lambda about: f'tells guests: "{about["subject"]}"',
    "messageWaiting": lambda about: f'tells who waits: "{about["subject"]}"',
    "tellSuppliers": lambda about: f'tells suppliers: "{about["subject"]}"',
}


def _listed(about: Mapping[str, Any], name: str, otherwise: str) -> str:
    return ", ".join(about.get(name, ())) or otherwise


def in_words(action: Action) -> str:
    """What its service does."""
    return _DOES[action.does](action.about)


def not_done(spec: Any) -> Iterator[str]:
    """The actions that no service does yet, by their paths."""
    for each in spec.get("triggers", ()):
        for action in each.get("do", ()):
            for does in action:
                if DONE_BY.get(does) is None:
                    yield f"triggers[{each['key']}].{does}"
