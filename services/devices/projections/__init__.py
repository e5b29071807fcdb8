"""What devices shows: pure folds of its own facts, one class for each table."""

from services.devices.projections.boards import Printers, Roles
from services.devices.projections.jobs import Jobs

PROJECTIONS = (Jobs(), Roles(), Printers())

__all__ = ["PROJECTIONS", "Jobs", "Printers", "Roles"]
