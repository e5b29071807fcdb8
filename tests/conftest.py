"""What every test may ask for: a database, a NATS account, a server of its own to kill."""

from __future__ import annotations

import pytest

from roadcase.testing.servers import RealServers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-fsync",
        action="store_true",
        help="let the run's PostgreSQL skip fsync: faster on slow disks, wrong for crash tests",
    )


def pytest_configure(config: pytest.Config) -> None:
    fsync = not config.getoption("--no-fsync")
    config.pluginmanager.register(
        RealServers(config, migrate=migrate, fsync=fsync), "roadcase-real-servers"
    )


async def migrate(url: str) -> None:
    """Brings the template that every test database is a copy of up to date."""
