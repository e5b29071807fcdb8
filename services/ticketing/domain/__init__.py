"""The rules of ticketing: a decider for each consistency boundary."""

from services.ticketing.domain.admission import ADMISSION
from services.ticketing.domain.box_office import BOX_OFFICE
from services.ticketing.domain.exchange import EXCHANGE
from services.ticketing.domain.mass_cancel import MASS_CANCEL
from services.ticketing.domain.series import VOUCHER

DECIDERS = (BOX_OFFICE, ADMISSION, MASS_CANCEL, EXCHANGE, VOUCHER)

__all__ = ["ADMISSION", "BOX_OFFICE", "DECIDERS", "EXCHANGE", "MASS_CANCEL", "VOUCHER"]
