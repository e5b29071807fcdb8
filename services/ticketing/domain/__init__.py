"""The rules of ticketing: two deciders, each one consistency boundary of an occurrence."""

from services.ticketing.domain.admission import ADMISSION
from services.ticketing.domain.box_office import BOX_OFFICE

DECIDERS = (BOX_OFFICE, ADMISSION)

__all__ = ["ADMISSION", "BOX_OFFICE", "DECIDERS"]
