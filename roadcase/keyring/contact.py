"""How to reach a person, and by what they are known again: the normalised address."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

from roadcase.errors import Invalid

_NAME: Final = 200  # characters
_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3, without the brackets
_PHONE: Final = re.compile(r"\+[1-9][0-9]{5,14}")  # E.164
_BETWEEN_DIGITS: Final = re.compile(r"[\s().\-/\u2010-\u2015]")
_HIDDEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person as they told us who they are. Needs an e-mail address or a telephone number.

    `repr` tells nothing: a contact must not get into a server's own log.
    """

    email: str = ""
    phone: str = ""
    name: str = ""

    def __repr__(self) -> str:
        return "Contact(…)"

    def encoded(self) -> bytes:
        return _encode(self)

    def checked(self) -> Contact:
        """Itself, if it makes sense. Raises Invalid, which does not repeat what was sent."""
        self.address()
        if len(self.name) > _NAME:
            raise Invalid(f"a name has at most {_NAME} characters", field="contact.name")
        for field in ("email", "phone", "name"):
            text = getattr(self, field)
            if _OVERRIDES.search(text) or any(unicodedata.category(c) in _HIDDEN for c in text):
                raise Invalid("it has characters that cannot be printed", field=f"contact.{field}")
        return self

    def address(self) -> str:
        """What is the same for the same person: the e-mail address, else the telephone number."""
        if self.email.strip():
            return f"email:{normal_email(self.email)}"
        if self.phone.strip():
            return f"phone:{normal_phone(self.phone)}"
        raise Invalid("give an e-mail address or a telephone number", field="contact")


_encode = msgspec.json.Encoder().encode
decode_contact: Final = msgspec.json.Decoder(Contact).decode


def contact_of(text: str) -> Contact:
    """The contact that someone wrote in one line: an e-mail address if there is an @ in it."""
    return Contact(email=text) if "@" in text else Contact(phone=text)


def normal_email(text: str) -> str:
    """The address in one spelling: lower case, composed, its domain as the network knows it.

    Strictly the part before the @ may depend on case; nobody's does, and a limit per person that a
    capital letter gets round is none. Raises Invalid.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    local, at, domain = plain.rpartition("@")
    if not (local and at and domain) or len(plain) > _EMAIL or re.search(r"\s", plain):
        raise Invalid("this is not an e-mail address", field="contact.email")
    try:
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        raise Invalid("this is not an e-mail address", field="contact.email") from None
    return f"{local}@{domain}"


def normal_phone(text: str) -> str:
    """The number in E.164, `+491701234567`. Raises Invalid for one without its country."""
    digits = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    plain = "".join(str(unicodedata.decimal(c, c)) for c in digits)
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    if not _PHONE.fullmatch(plain):
        raise Invalid("write the number with its country: +49 170 1234567", field="contact.phone")
    return plain
