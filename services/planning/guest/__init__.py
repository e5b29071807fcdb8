"""What people outside are written: the mails to the crew and to suppliers."""

from services.planning.guest.invitation_mail import mailer

__all__ = ["mailer"]
