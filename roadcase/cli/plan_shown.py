"""A plan as people read it in a terminal, and as programs do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

from rich.text import Text

from roadcase.api.v1 import planning_pb2, planning_plans_pb2
from roadcase.cli.common import out
from roadcase.clock import now

_MARKS = {
    "SAFE": (" ", "green"),
    "NOTIFY": ("!", "yellow"),
    "APPROVAL": ("?", "magenta"),
    "DESTRUCTIVE": ("-", "red"),
    "BLOCKED": ("x", "bold red"),
}


def class_of(message: Any) -> str:
    number = getattr(message, "class")
    return planning_plans_pb2.ChangeClass.Name(number).removeprefix("CHANGE_CLASS_")


def plan_told(made: Any, file: str) -> dict[str, Any]:
    """As programs read it."""
    if made.problems:
        return {"problems": [problem_told(each, file) for each in made.problems], "plan": None}
    return {"problems": [], "class": class_of(made).lower(), "plan": json.loads(made.plan)}


def problem_told(each: Any, file: str) -> dict[str, Any]:
    """As programs read it, and in `shown` as people do."""
    where = f"{each.file or file}:{each.line}:{each.column}"
    path = f"{each.path}: " if each.path else ""
    return {
        "file": each.file or file,
        "line": each.line,
        "column": each.column,
        "path": each.path,
        "code": each.code,
        "message": each.message,
        "shown": f"{where}: {path}{each.message}",
    }


def show_plan(made: Any, file: str, kept: Path | None, tenant: str = "") -> None:
    """As people read it."""
    if made.problems:
        for each in made.problems:
            print(problem_told(each, file)["shown"])
        return
    number = made.base_revision
    becomes = bool(made.changes) or any(not each.stays for each in made.nights)
    _say(f"{made.occurrence}: revision {number} → {number + becomes}", "bold")
    for each in made.changes:
        mark, style = _MARKS[class_of(each)]
        why = f"  # {class_of(each).lower()}: {each.why}" if each.why else ""
        _say(f"  {mark} {each.path}: {_between(each)}{why}", style)
    if not becomes:
        _say("  nothing changes")
    _nights(made.nights)
    if made.follows:
        _say(f"  What follows goes on as the series {made.follows}")
    _list("Lost: of dates that are there no more", (_lost(each) for each in made.lost))
    _list("Steps by themselves", (_step(each) for each in made.steps))
    _list("Triggers", (_trigger(each) for each in made.triggers))
    _list("What services do", (f"{each.service} {each.does}" for each in made.effects))
    _list(
        "Comes in at most, each by itself", (f"{each.what}: {each.amount}" for each in made.money)
    )
    _list("Missing clearances", (_gate(each) for each in made.gates))
    drift = (drift_told(each) for each in made.drift)
    _list("Otherwise than declared", (_drift_words(each) for each in drift))
    _list("Declared, not yet acted on", made.not_acted_on)
    if kept is not None:
        _say(f"Kept in {kept}. To apply it: roadcase apply {kept}{whose(tenant)}")


def whose(tenant: str) -> str:
    """What says the same tenant in the next command."""
    return f" --tenant {tenant}" if tenant else ""


def _nights(nights: Any) -> None:
    """Of each night what becomes of it; those that are added in one line, and what is wrong."""
    added = [each.occurrence for each in nights if each.what == "added"]
    if added:
        last = f" to {added[-1]}" if len(added) > 1 else ""
        _say(f"  + {len(added)} nights: {added[0]}{last}", "green")
    for each in nights:
        if each.what == "added" and not each.changes:
            continue
        mark, style = _MARKS[class_of(each)]
        sold = f", {each.sold} tickets sold" if each.sold else ""
        near = f"; tickets may be exchanged for {each.nearest}" if each.nearest else ""
        what = "stays as it is" if each.stays else f"is {each.what}"
        _say(f"  {mark} {each.occurrence} {what}{sold}{near}", style)
        for change in each.changes:
            why = f"  # {class_of(change).lower()}: {change.why}" if change.why else ""
            _say(f"        {change.path}: {_between(change)}{why}")


def _lost(each: Any) -> str:
    return f"{each.date}: {_short(each.change) if each.change else 'it was excluded'}"


def _step(each: Any) -> str:
    past = ", at once: this is past" if each.at.ToDatetime(tzinfo=UTC) <= now() else ""
    return f"{each.step}: {each.local}{past}"


def _trigger(each: Any) -> str:
    does = "; ".join(f"{one.service} {one.does}" for one in each.does)
    return f"{each.key}, {each.when}: {does}"


def change_told(change: Any) -> dict[str, Any]:
    """As programs read it, and in `shown` what it was and is."""
    return {
        "path": change.path,
        "class": class_of(change).lower(),
        "code": change.code,
        "why": change.why,
        "shown": _between(change),
    }


def night_told(night: Any) -> dict[str, Any]:
    """What becomes of a night of a series, as programs read it."""
    return {
        "name": night.occurrence,
        "what": night.what,
        "class": class_of(night).lower(),
        "sold": night.sold,
        "stays": night.stays,
        "changes": [change_told(each) for each in night.changes],
    }


def _between(change: Any) -> str:
    if not change.old and not change.new:
        return ""
    old, new = _short(change.old), _short(change.new)
    if not change.old:
        return f"+ {new}"
    return f"removed, was {old}" if not change.new else f"{old} → {new}"


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _gate(each: Any) -> str:
    stop = " (the law asks for it)" if each.legal else ""
    return f"{each.clearance} keeps it from {', '.join(each.blocks)}: {each.reason}{stop}"


def drift_told(each: Any) -> dict[str, Any]:
    declared, found = (json.loads(text) if text else None for text in (each.declared, each.found))
    return {"what": each.what, "declared": declared, "found": found}


def _drift_words(row: dict[str, Any]) -> str:
    declared, found = (
        each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
        for each in (row["declared"], row["found"])
    )
    return f"{row['what']}: declared {declared}, found {found}"


def show_drift(rows: list[dict[str, Any]], name: str) -> None:
    if not rows:
        _say(f"{name} is as it was declared")
    _list("Otherwise than declared", (_drift_words(row) for row in rows))


def destroy_told(found: Any, *, keep_money: bool) -> dict[str, Any]:
    state = planning_pb2.OccurrenceState.Name(found.state).removeprefix("OCCURRENCE_STATE_")
    money = "no order is refunded" if keep_money else "every order is refunded"
    does = ["sales end", "holders are told", money]
    return {"occurrence": found.occurrence, "state": state.lower(), "does": does}


def show_destroy(told: dict[str, Any]) -> None:
    _say(f"{told['occurrence']}, now {told['state']}, is cancelled for good", "red")
    _list("What happens", told["does"])


def _list(title: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        _say(f"{title}:", "bold")
        for line in found:
            _say(f"    {line}")


def _say(words: str, style: str = "") -> None:
    out.print(Text(words, style=style), soft_wrap=True)
