"""Which changes are safe, which people are told of, which need a word, and which cannot be.

A list of rules: the first whose pattern fits a path says its class, and why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from services.planning.plans.changes import Change
from services.planning.plans.standing import Standing

Class = Literal["safe", "notify", "approval", "blocked", "destructive"]
WORST: Final[tuple[Class, ...]] = ("blocked", "destructive", "approval", "notify", "safe")


class Classed(NamedTuple):
    """A change with its class, a code for programs, and why in words."""

    change: Change
    kind: Class
    code: str
    why: str


Rule = Callable[[Change, Standing], tuple[Class, str, str] | None]
_SAFE: Final = ("safe", "safe", "")


def classed(change: Change, standing: Standing) -> Classed:
    for pattern, rule in _RULES:
        if pattern.fullmatch(change.path) and (found := rule(change, standing)):
            return Classed(change, *found)
    return Classed(change, "safe", "safe", "")


def _zone(_change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    if standing.told:
        why = "people know its times: a time zone is not changed once it is announced"
        return "blocked", "zone_published", why
    return None


def _currency(_change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    if standing.sold:
        why = f"{standing.sold} tickets were sold in the old currency"
        return "blocked", "currency_sold", why
    return None


def _time(change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    if standing.told and change.path.rpartition(".")[2] in {"date", "start"}:
        why = "it was announced: holders are asked whether they keep their tickets"
        return "notify", "time_announced", why
    if standing.told:
        return "notify", "hours_announced", "it was announced: calendars show the new hours"
    return None


def _venue(_change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    return ("notify", "venue_announced", "holders are told where it is") if standing.told else None


def _title(_change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    return (
        ("notify", "title_announced", "people know it by its old title") if standing.told else None
    )


def _ticket(change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    """A whole ticket type is added or removed."""
    key = _key(change.path)
    sold = standing.sold_of(key)
    if change.kind == "remove" and sold:
        why = f"{sold} of them were sold and stay valid; no more are sold"
        return "destructive", "ticket_removed", why
    return None


def _price(change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    sold = standing.sold_of(_key(change.path))
    if sold:
        return "approval", "price_sold", f"{sold} were sold at the old price and keep it"
    return None


def _sku(change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    waiting = standing.unfulfilled.get(_key(change.path), 0)
    if change.kind == "remove" and waiting:
        why = f"{waiting} were sold and are not handed out yet"
        return "blocked", "sku_unfulfilled", why
    return None


def _money(_change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    if standing.sold:
        why = f"{standing.sold} tickets were sold under the old terms, which they keep"
        return "approval", "terms_sold", why
    return None


def _catalogue(change: Change, standing: Standing) -> tuple[Class, str, str] | None:
    if change.kind == "remove" and standing.sold:
        why = f"{standing.sold} tickets were sold and stay valid; nothing more is sold"
        return "destructive", "catalogue_removed", why
    return None


def _key(path: str) -> str:
    """The last key in brackets."""
    found = re.findall(r"\[([^\]]*)\]", path)
    return found[-1] if found else ""


def _tickets(rest: str) -> str:
    return rf"spec\.catalogue\.tickets\[[^\]]*\]{rest}"


_RULES: Final[tuple[tuple[re.Pattern[str], Rule], ...]] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"spec\.schedule\.zone", _zone),
        (r"spec\.currency", _currency),
        (r"spec\.schedule\.\w+", _time),
        (r"spec\.venue(\..*)?", _venue),
        (r"spec\.title", _title),
        (_tickets(""), _ticket),
        (_tickets(r"\.price"), _price),
        (_tickets(r"\.windows"), _price),
        (r"spec\.catalogue\.skus\[[^\]]*\]", _sku),
        (r"spec\.catalogue", _catalogue),
        (r"spec\.(split|tax|fulfilment)(\..*|\[.*)?", _money),
    )
)
