"""What every test may ask for: a database, a NATS account, a server of its own to kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadcase.event_store.migrate import migrate as migrate_service
from roadcase.testing.servers import RealServers, quick_folder

SERVICE = "ticketing"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-fsync",
        action="store_true",
        help="let the run's PostgreSQL skip fsync: faster on slow disks, wrong for crash tests",
    )
    parser.addoption(
        "--servers-in",
        type=Path,
        metavar="FOLDER",
        help="where the tests' servers keep their data: by default in memory, if there is plenty",
    )
    parser.addoption(
        "--chaos-seconds",
        type=float,
        default=12.0,
        help="for how long tests/system/test_chaos.py kills processes",
    )


def pytest_configure(config: pytest.Config) -> None:
    base = config.getoption("--servers-in") or quick_folder()
    fsync = not config.getoption("--no-fsync")
    servers = RealServers(config, migrate=migrate, base=base, fsync=fsync)
    config.pluginmanager.register(servers, "roadcase-real-servers")


async def migrate(url: str) -> None:
    """Brings the template that every test database is a copy of up to date."""
    await migrate_service(url, SERVICE)
