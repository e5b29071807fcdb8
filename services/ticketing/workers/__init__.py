"""What ticketing runs beside its doors."""

from services.ticketing.workers.canceller import canceller
from services.ticketing.workers.exchanger import exchanger
from services.ticketing.workers.mails import mailer

__all__ = ["canceller", "exchanger", "mailer"]
