"""What planning shows."""

from services.planning.projections.documents import Documents
from services.planning.projections.house import House
from services.planning.projections.occurrences import Occurrences
from services.planning.projections.schedules import Firings, Schedules
from services.planning.projections.series import Series

PROJECTIONS = (Occurrences(), Documents(), House(), Series(), Schedules(), Firings())

__all__ = [
    "PROJECTIONS",
    "Documents",
    "Firings",
    "House",
    "Occurrences",
    "Schedules",
    "Series",
]
