"""What ticketing runs beside its doors."""

from services.ticketing.workers.approver import approver
from services.ticketing.workers.canceller import canceller
from services.ticketing.workers.exchanger import exchanger
from services.ticketing.workers.mails import mailer
from services.ticketing.workers.releaser import releaser

__all__ = ["approver", "canceller", "exchanger", "mailer", "releaser"]
