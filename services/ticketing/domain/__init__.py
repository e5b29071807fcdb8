"""The rules of ticketing: two deciders, each one consistency boundary of an occurrence."""

from services.ticketing.domain.box_office import BOX_OFFICE

DECIDERS = (BOX_OFFICE,)

__all__ = ["BOX_OFFICE", "DECIDERS"]
