"""What planning shows."""

from services.planning.projections.documents import Documents
from services.planning.projections.house import House
from services.planning.projections.occurrences import Occurrences

PROJECTIONS = (Occurrences(), Documents(), House())

__all__ = ["PROJECTIONS", "Documents", "House", "Occurrences"]
