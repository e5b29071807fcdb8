"""The mails to guests."""

from __future__ import annotations

from roadcase.errors import Invalid
from roadcase.keyring import Contact, Erased, Keyring
from roadcase.outbox import Nowhere, Sender, Smtp
from roadcase.running import Running
from roadcase.service import Worker
from roadcase.settings import Settings
from roadcase.views import Views
from services.ticketing.guest.confirmation import KIND, Confirmation
from services.ticketing.guest.notice_mail import NOTICE, NoticeMail
from services.ticketing.guest.offer_mail import OFFERED, OfferMail
from services.ticketing.guest.reminder_mail import REMINDED, ReminderMail


def mailer(running: Running, settings: Settings) -> Worker:
    """Without a mail server messages wait in the outbox."""
    if settings.smtp_url is None or running.keyring is None:
        return Nowhere()
    keyring = running.keyring
    views = Views(running.url, running.service.name)
    confirmation = Confirmation(views, running.secret, settings.public_url)
    offers = OfferMail(views, running.secret, settings.public_url)
    return Sender(
        running.dispatch,
        views,
        Smtp(settings.smtp_url),
        sender=settings.mail_from,
        write={
            KIND: confirmation.write,
            OFFERED: offers.write,
            NOTICE: NoticeMail(views, running.secret, settings.public_url).write,
            REMINDED: ReminderMail(views).write,
        },
        open_=lambda tenant, sealed: _address(keyring, tenant, sealed),
    )


async def _address(keyring: Keyring, tenant: str, sealed: bytes) -> str | None:
    """None: they were erased, or gave a telephone number. Raises Invalid for a key that is lost."""
    (found,) = await keyring.open_contacts(tenant, [sealed])
    if isinstance(found, Contact):
        return found.email or None
    if isinstance(found, Erased):
        return None
    raise Invalid(f"the address cannot be opened: {found.why}")
