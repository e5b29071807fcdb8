"""What planning shows."""

from services.planning.projections.documents import Documents
from services.planning.projections.house import House
from services.planning.projections.occurrences import Occurrences
from services.planning.projections.rundowns import Rundowns
from services.planning.projections.series import Series

PROJECTIONS = (Occurrences(), Documents(), House(), Series(), Rundowns())

__all__ = ["PROJECTIONS", "Documents", "House", "Occurrences", "Rundowns", "Series"]
