"""Writes docs/events.json, events.md, errors.md and what is made of manifests. --check: compares.

An event, once in the catalogue, is never removed and never loses a field: what is in old logs must
be read for ever, and others hear it.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import msgspec

sys.path.insert(0, ".")

import roadcase
import services
from roadcase.decider import Event
from roadcase.errors import RoadcaseError
from roadcase.parked import PARKED
from roadcase.people import PEOPLE
from roadcase.platform.logs import find_logs
from services.planning.manifest import schema as manifests
from services.planning.manifest.tables import in_page

JSON, MARKDOWN, ERRORS = Path("docs/events.json"), Path("docs/events.md"), Path("docs/errors.md")
MANIFEST = Path("docs/manifest.md")


def events() -> dict[str, Any]:
    """Every event of every service, by topic: its owner, what it means, its JSON schema."""
    found: dict[str, Any] = {}
    kept = [(service.name, decider) for service in find_logs() for decider in service.deciders]
    for owner, decider in [*kept, ("every service", PARKED), ("every service", PEOPLE)]:
        for event in decider.events:
            found[event.topic] = {
                "service": owner,
                "category": decider.category,
                "means": " ".join((event.__doc__ or "").split()),
                "schema": schema(event),
            }
    return dict(sorted(found.items()))


def schema(event: type[Event]) -> dict[str, Any]:
    (reference,), parts = msgspec.json.schema_components([event], ref_template="#/$defs/{name}")
    del reference
    whole = dict(parts.pop(event.__name__))
    whole.pop("title", None)
    whole.pop("description", None)
    return whole | ({"$defs": parts} if parts else {})


def as_markdown(catalogue: dict[str, Any]) -> str:
    lines = ["# Events", "", "Every fact a service may record. Made by `tools/catalogue.py`.", ""]
    for topic, event in catalogue.items():
        lines += [f"## `{topic}`", ""]
        if event["means"]:
            lines += [event["means"], ""]
        lines += [f"Stream: `{{tenant}}/{event['category']}/{{id}}`.", ""]
        lines += ["| field | type | |", "|---|---|---|"]
        required = event["schema"].get("required", [])
        for name, kind in event["schema"]["properties"].items():
            lines.append(
                f"| `{name}` | {described(kind)} | {'' if name in required else 'optional'} |"
            )
        lines.append("")
    return "\n".join(lines)


def described(kind: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in kind:
        return f"`{kind['$ref'].rsplit('/', 1)[-1]}`"
    if "enum" in kind:
        return "one of " + ", ".join(f"`{each}`" for each in kind["enum"])
    if "anyOf" in kind:
        return " or ".join(described(each) for each in kind["anyOf"])
    name = kind.get("type", "anything")
    if name == "array":
        items = kind.get("items") or {}
        return f"list of {described(items)}" if items else "list"
    if name == "object" and isinstance(kind.get("additionalProperties"), dict):
        return f"{described(kind['additionalProperties'])} by name"
    return {"date-time": "time", "byte": "bytes"}.get(kind.get("format", ""), str(name))


def errors() -> str:
    """Every slug that a caller may see."""
    load_all()
    rows = sorted({(kind.code, " ".join((kind.__doc__ or "").split())) for kind in kinds()})
    lines = [
        "# Errors",
        "",
        "Stable slugs, the same over gRPC (`ErrorInfo.reason`) and HTTP (`code`).",
    ]
    lines += ["Made by `tools/catalogue.py`.", "", "| slug | means |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{code}` | {means} |" for code, means in rows), ""])


def kinds() -> set[type[RoadcaseError]]:
    found, todo = set(), [RoadcaseError]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__module__.startswith(("roadcase.", "services.")):
            found.add(kind)
    return found


def load_all() -> None:
    for package in (roadcase, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "__main__" not in module.name and ".testing" not in module.name:
                importlib.import_module(module.name)


def lost(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What the catalogue has and the code has no more, a line each."""
    found = [f"{topic} is gone" for topic in before if topic not in after]
    for topic in before.keys() & after.keys():
        old, new = before[topic]["schema"], after[topic]["schema"]
        gone = old["properties"].keys() - new["properties"].keys()
        found += [f"{topic} lost its field {name}" for name in sorted(gone)]
        stricter = set(new.get("required", [])) - set(old.get("required", []))
        found += [
            f"{topic} now needs {name}, which old events may lack" for name in sorted(stricter)
        ]
    return sorted(found)


def main() -> int:
    now = events()
    before = json.loads(JSON.read_text("utf-8")) if JSON.exists() else {}
    if problems := lost(before, now):
        print("\n".join(problems))
        return 1
    texts = {
        JSON: json.dumps(now, indent=1, sort_keys=True) + "\n",
        MARKDOWN: as_markdown(now),
        ERRORS: errors(),
        manifests.FILE: manifests.text(),
        MANIFEST: in_page(MANIFEST.read_text("utf-8")),
    }
    bad = 0
    for path, text in texts.items():
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            print(f"{path} is not what the code says: run `python tools/catalogue.py`")
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
