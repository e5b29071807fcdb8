"""The rules of ticketing: three deciders, each one consistency boundary.

Two of an occurrence, and one of each voucher that holds for several.
"""

from services.ticketing.domain.admission import ADMISSION
from services.ticketing.domain.box_office import BOX_OFFICE
from services.ticketing.domain.series import VOUCHER

DECIDERS = (BOX_OFFICE, ADMISSION, VOUCHER)

__all__ = ["ADMISSION", "BOX_OFFICE", "DECIDERS", "VOUCHER"]
