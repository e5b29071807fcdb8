"""What devices shows: pure folds of its own facts, one class for each table."""

from services.devices.projections.boards import Printers, Roles
from services.devices.projections.jobs import Jobs
from services.devices.projections.names import Names

PROJECTIONS = (Jobs(), Roles(), Printers(), Names())

__all__ = ["PROJECTIONS", "Jobs", "Names", "Printers", "Roles"]
