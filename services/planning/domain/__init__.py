"""The rules of planning: a decider for each consistency boundary."""

from services.planning.domain.documents import DOCUMENT
from services.planning.domain.house import HOUSE
from services.planning.domain.kit import KIT
from services.planning.domain.occurrence import OCCURRENCE
from services.planning.domain.schedules import SCHEDULE
from services.planning.domain.series import SERIES

DECIDERS = (OCCURRENCE, DOCUMENT, HOUSE, SCHEDULE, SERIES, KIT)

__all__ = ["DECIDERS", "DOCUMENT", "HOUSE", "KIT", "OCCURRENCE", "SCHEDULE", "SERIES"]
