"""A mail as services write it, and as mail servers want it."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final, NamedTuple

from roadcase.errors import Invalid

_LONGEST: Final = 254  # characters of an address, RFC 5321
_POLICY: Final = SMTP.clone(cte_type="7bit", max_line_length=78)
_NO_ADDRESS: Final = "this is not an e-mail address that we can write to"
_BREAKS: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})


class Attached(NamedTuple):
    """A file of a mail. `kind` is its media type, such as `application/pdf`."""

    name: str
    kind: str
    body: bytes


class Mail(NamedTuple):
    """What a person reads. Nothing in it is a header but the subject, which is one line."""

    subject: str
    text: str
    html: str
    attached: tuple[Attached, ...] = ()


def address_of(text: str) -> str:
    """One address as mail servers take it: its domain in ASCII. Raises Invalid.

    Exactly one, and nothing beside it: no name, no second address, no line break.
    """
    plain = text.strip()
    try:
        address = Address(addr_spec=plain)
        domain = address.domain.encode("idna").decode("ascii")
        found = str(Address(username=address.username, domain=domain))
    except (MessageError, ValueError, IndexError):  # what the parser says to odd input
        raise Invalid(_NO_ADDRESS, field="email") from None
    spaced = any(char.isspace() for char in found) or not plain.isprintable()
    if spaced or not address.username or not found.isascii() or len(found) > _LONGEST:
        raise Invalid(_NO_ADDRESS, field="email")
    return found


def encoded(mail: Mail, *, sender: str, recipient: str, name: str, at: datetime) -> bytes:
    """The message's bytes. `name` is what it is known by: the same name, the same Message-ID."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(display_name="", addr_spec=sender)
    message["To"] = Address(display_name="", addr_spec=recipient)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(name, sender)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for file in mail.attached:
        main, _, sub = file.kind.partition("/")
        message.add_attachment(file.body, maintype=main, subtype=sub, filename=file.name)
    return message.as_bytes()


def message_id(name: str, sender: str) -> str:
    return f"<{sha256(name.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """Text in which nothing ends a line, and so nothing begins a header."""
    shown = "".join(" " if unicodedata.category(char) in _BREAKS else char for char in text)
    return " ".join(shown.split())
