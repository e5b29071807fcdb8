"""Which series are looked at: what is not as declared, not far enough ahead, or was refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from services.planning.projections import Occurrences, Series
from services.planning.workers import SLACK, WAITS

AHEAD = date(2027, 12, 1)
SEEN = datetime(2026, 12, 1, 12, tzinfo=UTC)
REFUSED = '{"films-2027-01-05": "planning.occurrence_ended"}'


@pytest.fixture
async def tables(database):
    connection = await asyncpg.connect(database)
    await connection.execute(f"CREATE SCHEMA looked; SET search_path TO looked; {Series.schema}")
    await connection.execute(Occurrences.schema)
    yield connection
    await connection.close()


async def looked_at(tables, made: int = 1, refused: str = "{}", seen=SEEN, until=AHEAD) -> bool:
    await tables.execute(
        "INSERT INTO series VALUES ('t', 'films', 'Films', 1, '', '{}', $1, $2, $3, $4, null, "
        "null, 'keep', now(), '{}')",
        made,
        until,
        refused,
        seen,
    )
    return bool(await tables.fetch(WAITS, AHEAD - SLACK, AHEAD))


async def night(tables, changed: datetime) -> None:
    await tables.execute(
        "INSERT INTO occurrences (tenant, occurrence, title, state, revision, digest, manifest, "
        "documents, steps, clearances, blocked, selling, sequence, changed_at) VALUES ('t', "
        "'films-2027-01-05', '', 'planned', 1, '', '{}', '[]', '{}', '{}', '{}', false, 0, $1)",
        changed,
    )


async def test_what_is_as_declared_and_far_enough_ahead_is_left_alone(tables):
    assert not await looked_at(tables)


async def test_a_revision_whose_nights_are_not_made_is_looked_at(tables):
    assert await looked_at(tables, made=0)


async def test_a_year_ahead_is_looked_at_weekly(tables):
    assert not await looked_at(tables, until=AHEAD - SLACK)
    await tables.execute("UPDATE series SET made_until = made_until - 1")
    assert await tables.fetch(WAITS, AHEAD - SLACK, AHEAD)


async def test_a_night_that_was_refused_is_looked_at_daily(tables):
    assert not await looked_at(tables, refused=REFUSED)
    assert await tables.fetch(WAITS, AHEAD + timedelta(days=1) - SLACK, AHEAD + timedelta(days=1))


async def test_a_night_that_was_refused_is_looked_at_when_it_has_changed(tables):
    await night(tables, SEEN)
    assert not await looked_at(tables, refused=REFUSED)
    await tables.execute("UPDATE occurrences SET changed_at = changed_at + interval '1 second'")
    assert await tables.fetch(WAITS, AHEAD - SLACK, AHEAD)


async def test_another_night_that_changes_is_no_reason(tables):
    await night(tables, SEEN + timedelta(days=1))
    other = REFUSED.replace("01-05", "01-12")
    assert not await looked_at(tables, refused=other)
