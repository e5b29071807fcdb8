"""Both adapters of the log keep every promise of the port."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from roadcase.event_store.port import CommitUnknown, EventLog
from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.sqlite import SqliteLog
from roadcase.testing.log_contract import LogContract
from roadcase.testing.logs import MakeLog, check, entry, put


class TestPostgresLog(LogContract):
    @pytest.fixture
    def make_log(self, database: str) -> MakeLog:
        return lambda: PostgresLog(database, "ticketing")

    @pytest.mark.parametrize("state", ["58030", "57P02", "53100"])
    async def test_a_server_that_fails_during_the_commit_leaves_its_fate_unknown(
        self, log: EventLog, database: str, state: str
    ) -> None:
        superuser = await asyncpg.connect(database)
        await superuser.execute(
            f"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION 'out of luck' USING errcode = '{state}'; END $$; "
            "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON ticketing.events "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        with pytest.raises(CommitUnknown, match="out of luck"):
            await put(log, entry("t/seats/a"))
        await superuser.execute("DROP TRIGGER fail ON ticketing.events")
        await superuser.close()
        await put(log, entry("t/seats/a"))
        await check(log, 1)


class TestSqliteLog(LogContract):
    shared = False

    @pytest.fixture
    def make_log(self, tmp_path: Path) -> MakeLog:
        return lambda: SqliteLog(tmp_path / "log.db", "ticketing")
