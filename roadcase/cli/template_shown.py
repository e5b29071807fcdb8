"""Templates, and what an upgrade does to each event, as people read it and as programs do."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from roadcase.cli.common import out, table
from roadcase.cli.plan_shown import change_told, class_of, night_told, problem_told

_STYLES = {"safe": "green", "notify": "yellow", "approval": "magenta", "destructive": "red"}


def template_told(each: Any) -> dict[str, Any]:
    """As programs read it."""
    newest = each.versions[-1]
    return {
        "name": each.name,
        "title": each.title,
        "versions": [
            {
                "version": one.version,
                "digest": one.digest,
                "published_at": one.published_at.ToJsonString(),
                "instances": one.instances,
            }
            for one in each.versions
        ],
        "inputs": [
            {
                "key": one.key,
                "type": one.type,
                "required": one.required,
                "default": one.default,
                "description": one.description,
            }
            for one in newest.inputs
        ],
        "instances": [
            {"kind": one.kind, "name": one.name, "title": one.title, "version": one.version}
            for one in each.instances
        ],
    }


def show_templates(kind: str, told: list[dict[str, Any]]) -> None:
    rows = [
        {
            "name": each["name"],
            "title": each["title"],
            "versions": ", ".join(
                f"@{one['version']} ({one['instances']})" for one in each["versions"]
            ),
            "inputs": ", ".join(
                one["key"] + ("*" if one["required"] else "") for one in each["inputs"]
            ),
        }
        for each in told
    ]
    table(f"Published: {kind}; in brackets how many are made with it, * is required", rows)
    made = [
        {"made with": f"{each['name']}@{one['version']}", "what": one["kind"], "name": one["name"]}
        for each in told
        for one in each["instances"]
    ]
    if made:
        table("What is made of them", made)


def effect_told(each: Any, document: str) -> dict[str, Any]:
    """`stays`: why it stays as it is, whoever asks; empty: it can be upgraded."""
    instance = each.instance
    told: dict[str, Any] = {
        "kind": instance.kind,
        "name": instance.name,
        "title": instance.title,
        "was": instance.version,
        "to": document,
        "stays": each.refused,
        "why": each.why,
        "class": "",
        "changes": [],
        "nights": [],
        "problems": [],
    }
    if each.refused:
        return told
    if each.made.problems:
        problems = [problem_told(one, instance.name) for one in each.made.problems]
        return {**told, "stays": "problems", "problems": problems}
    worst = class_of(each.made).lower()
    changes = [change_told(one) for one in each.made.changes]
    nights = [night_told(one) for one in each.made.nights]
    found = {**told, "class": worst, "changes": changes, "nights": nights}
    waits = bool(nights) and not changes and len(nights_that_stay(found)) == len(nights)
    return {**found, "stays": "blocked" if waits or worst == "blocked" else ""}


def nights_that_stay(told: dict[str, Any]) -> list[str]:
    """Those of a series that are blocked, while it is upgraded."""
    return [each["name"] for each in told["nights"] if each["stays"]]


def show_effects(told: list[dict[str, Any]], document: str) -> None:
    if not told:
        out.print(f"Nothing is made with an older version than {document}")
    for each in told:
        _say(f"{each['name']}: {_verdict(each)}", _STYLES.get(each["class"], "bold red"))
        for problem in each["problems"]:
            _say(f"    {problem['shown']}")
        for change in each["changes"]:
            _say(f"    {_in_words(change)}")
        for night in each["nights"]:
            sold = f", {night['sold']} tickets sold" if night["sold"] else ""
            what = "stays as it is" if night["stays"] else f"is {night['what']}"
            _say(f"    {night['name']} {what}, {night['class']}{sold}")
            for change in night["changes"]:
                _say(f"        {_in_words(change)}")
    if told:
        stay = sum(1 for each in told if each["stays"])
        done = sum(1 for each in told if "applied" in each)
        rest = f"{done} upgraded" if done else f"{len(told) - stay} can be upgraded with --apply"
        nights = sum(len(nights_that_stay(each)) for each in told)
        more = f"; of their nights, {nights} stay as they are" if nights else ""
        _say(f"{len(told)} in all: {rest}, {stay} stay as they are{more}", "bold")


def _verdict(each: dict[str, Any]) -> str:
    if "applied" in each:
        return f"@{each['was']} → {each['to']}, now revision {each['applied']}"
    if each["stays"]:
        why = f": {each['why']}" if each["why"] else ""
        return f"stays at @{each['was']}, {each['stays'].replace('_', ' ')}{why}"
    return f"@{each['was']} → {each['to']}, {each['class']}"


def _in_words(change: dict[str, Any]) -> str:
    why = f"  # {change['class']}: {change['why']}" if change["why"] else ""
    return f"{change['path']}: {change['shown']}{why}"


def _say(words: str, style: str = "") -> None:
    out.print(Text(words, style=style), soft_wrap=True)
