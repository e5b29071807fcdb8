"""The rules of planning: a decider for each consistency boundary."""

from services.planning.domain.crew import CREW
from services.planning.domain.crew_members import MEMBER
from services.planning.domain.documents import DOCUMENT
from services.planning.domain.house import HOUSE
from services.planning.domain.kit import KIT
from services.planning.domain.markets import MARKET
from services.planning.domain.occurrence import OCCURRENCE
from services.planning.domain.schedules import SCHEDULE
from services.planning.domain.series import SERIES
from services.planning.domain.show import SHOW
from services.planning.domain.supplier_register import REGISTER
from services.planning.domain.suppliers import SUPPLIER

DECIDERS = (
    CREW,
    MEMBER,
    DOCUMENT,
    HOUSE,
    KIT,
    MARKET,
    OCCURRENCE,
    REGISTER,
    SCHEDULE,
    SERIES,
    SHOW,
    SUPPLIER,
)

__all__ = [
    "CREW",
    "DECIDERS",
    "DOCUMENT",
    "HOUSE",
    "KIT",
    "MARKET",
    "MEMBER",
    "OCCURRENCE",
    "REGISTER",
    "SCHEDULE",
    "SERIES",
    "SHOW",
    "SUPPLIER",
]
