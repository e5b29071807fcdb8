"""The slots of a night as they are shown: by time, with what is left of each."""

from __future__ import annotations

from typing import Any

from roadcase.clock import now
from roadcase.doors import Reader
from services.ticketing import queries
from services.ticketing.guest.timed import time_of
from services.ticketing.projections.availability import Availability, open_to_all


async def slots_of(read: Reader, occurrence: str) -> dict[str, Any]:
    """`slots` that everybody may see, in their order, and their `rules`. Raises NoBoxOffice."""
    night = await queries.availability(read, occurrence)
    shown = [_slot(night, id_) for id_ in open_to_all(night) if night["types"][id_].get("slot")]
    rules = await queries.slot_rules(read, occurrence)
    return {"slots": sorted(shown, key=lambda each: (each["starts"], each["id"])), "rules": rules}


def _slot(night: dict[str, Any], id_: str) -> dict[str, Any]:
    """`starts_at` and `ends_at` are local to the venue; `starts` and `ends` are instants."""
    kind, time = night["types"][id_], time_of(night, id_)
    assert time is not None
    cost = Availability.cost(night, id_, now())
    return {
        "id": id_,
        "slots": kind["slot"]["of"],
        "name": kind["name"],
        "starts_at": f"{time.starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{time.ends:%Y-%m-%dT%H:%M}",
        "starts": kind["slot"]["starts"],
        "ends": kind["slot"]["ends"],
        "valid_from": kind["valid_from"],
        "valid_until": kind["valid_until"],
        "left": Availability.left(night, id_),
        "price": str(cost.price),
        "fee": str(cost.fee) if cost.fee else None,
    }
