"""The tables of docs/manifest.md: sections with who acts on them, and codes of problems."""

from __future__ import annotations

import re
from typing import Final

from services.planning.manifest.kinds import EventTemplate, Series
from services.planning.manifest.problems import CODES
from services.planning.manifest.shape import names_in, section_at

NOT_YET: Final = "declared, not yet acted on"
# Which service each section of an event is for. What one acts on says since which version.
OWNERS: Final = {
    "schedule": "planning",
    "lifecycle": "planning",
    "recurrence": "planning",
    "circuit": "planning",
    "venue": "planning",
    "capacity": "ticketing",
    "staffing": "planning",
    "kit": "planning",
    "catalogue": "ticketing, inventory",
    "programme": "planning",
    "runOfShow": "planning",
    "drops": "inventory",
    "permits": "compliance",
    "discovery": "media",
    "capture": "media",
    "split": "settlement",
    "tax": "compliance",
    "fulfilment": "inventory",
    "memberships": "members",
    "suppliers": "planning",
    "stalls": "planning",
    "notifications": "planning",
    "triggers": "planning, ticketing, devices",
    "schedules": "planning, ticketing, devices",
}
ACTED_ON_SINCE: Final[dict[str, str]] = {
    "schedule": "0.1.0",
    "lifecycle": "0.1.0",
    "recurrence": "0.1.0",
    "circuit": "0.1.0",
    "venue": "0.1.0",
    "capacity": "0.1.0",
    "catalogue": "0.1.0: tickets and allotments",
    "triggers": "0.1.0: not yet `openDrop`",
    "schedules": "0.1.0: not yet `openDrop`",
    "notifications": "0.1.0: not to members",
    "kit": "0.1.0: not yet `deviceProfile`",
    "programme": "0.1.0: end, run of show, public page",
    "runOfShow": "0.1.0: not yet `acts`",
    "suppliers": "0.1.0",
    "stalls": "0.1.0",
    "staffing": "0.1.0",
}
NOT_ALL: Final = {"catalogue": ("skus",)}  # parts of those that nobody acts on yet
# Fields of their entries that nobody acts on yet: the section, its list, the field.
NOT_OF_EACH: Final = (("kit", "", "deviceProfile"), ("runOfShow", "cues", "acts"))
_PLAIN: Final = {"title", "description", "currency", "unlisted"}  # single values, no sections
_BLOCK: Final = r"(<!-- {name}: [^\n]*-->\n).*?(<!-- end -->)"


def sections() -> list[str]:
    """The sections that an event, a series or a template may have."""
    found: set[str] = set()
    for kind in (EventTemplate, Series):
        spec = section_at(kind, ("spec",))
        assert spec is not None
        found |= {*names_in(spec)} - _PLAIN
    return sorted(found, key=[*OWNERS].index)


def in_page(page: str) -> str:
    """The page with its tables as the code says."""
    rows = [f"| `{name}` | {OWNERS[name]} | {_since(name)} |" for name in sections()]
    table = ["| section | service | acted on since |", "|---|---|---|", *rows]
    codes = [f"| `{code}` | {means} |" for code, means in CODES.items()]
    page = _put(page, "sections", table)
    return _put(page, "codes", ["| code | means |", "|---|---|", *codes])


def _since(name: str) -> str:
    return ACTED_ON_SINCE.get(name, NOT_YET)


def _put(page: str, name: str, lines: list[str]) -> str:
    block = re.compile(_BLOCK.format(name=name), re.DOTALL)
    table = "\n".join(lines)
    return block.sub(lambda found: f"{found[1]}{table}\n{found[2]}", page, count=1)
