"""Both adapters of the log keep every promise of the port."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadcase.event_store.postgres import PostgresLog
from roadcase.event_store.sqlite import SqliteLog
from roadcase.testing.log_contract import LogContract, MakeLog


class TestPostgresLog(LogContract):
    @pytest.fixture
    def make_log(self, database: str) -> MakeLog:
        return lambda: PostgresLog(database, "ticketing")


class TestSqliteLog(LogContract):
    shared = False

    @pytest.fixture
    def make_log(self, tmp_path: Path) -> MakeLog:
        return lambda: SqliteLog(tmp_path / "log.db", "ticketing")
