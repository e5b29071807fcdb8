"""Both adapters of the log keep every promise of the port."""

from __future__ import annotations

import pytest

from roadcase.event_store.postgres import PostgresLog
from roadcase.testing.log_contract import LogContract, MakeLog


class TestPostgresLog(LogContract):
    @pytest.fixture
    def make_log(self, database: str) -> MakeLog:
        return lambda: PostgresLog(database, "ticketing")
