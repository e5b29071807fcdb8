"""What doors ask of read models: they wait for what was said a moment ago."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from roadcase import doors
from roadcase.doors import Behind
from services.planning import queries


class Late:
    """Read models that show the last fact of the log when they are asked the third time."""

    def __init__(self, shown_after: int = 3) -> None:
        self.asked = 0
        self.shown_after = shown_after

    async def head(self) -> int:
        return 7

    async def as_of(self, projection: str) -> tuple[int, datetime]:
        assert projection == "house"
        self.asked += 1
        return 7 if self.asked >= self.shown_after else 6, datetime.now(UTC)

    async def fetch(self, _sql: str, *_args: object) -> list[dict[str, Any]]:
        return [{"override_people": 2}] if self.asked >= self.shown_after else []


async def test_an_override_waits_until_it_is_known_that_it_takes_a_second_person():
    assert await queries.people_needed(Late()) == 2


async def test_it_is_not_guessed_while_nobody_knows(monkeypatch):
    monkeypatch.setattr(doors, "MAX_WAIT", 0.05)
    with pytest.raises(Behind):
        await queries.people_needed(Late(shown_after=10**6))
