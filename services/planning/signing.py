"""Links that are keys: whoever has one answers for somebody of the crew, and nobody can make one.

A token is what it leads to, under AES-SIV (RFC 5297) with a key of the installation's secret: the
same each time, 128 bits that cannot be guessed, and no table of them to be lost.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from roadcase.errors import NotFound
from roadcase.secret import Secret

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,600}")


class Asked(NamedTuple):
    """Who is asked to take which position."""

    tenant: str
    occurrence: str
    position: str
    person: str


class CrewLinks:
    """Makes tokens and reads them."""

    def __init__(self, secret: Secret) -> None:
        self._siv = AESSIV(secret.key("planning/crew-links"))

    def path(self, asked: Asked) -> str:
        """Of the page. No part of it has a / in it: commands refuse such ids."""
        sealed = self._siv.encrypt("/".join(asked).encode(), None)
        return f"/crew/{urlsafe_b64encode(sealed).decode().rstrip('=')}"

    def read(self, token: str) -> Asked:
        """Raises NotFound for any text that is in no path of ours."""
        if not _TOKEN.fullmatch(token):
            raise NotFound
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            asked = Asked(*self._siv.decrypt(sealed, None).decode().split("/"))
        except (Error, ValueError, InvalidTag):
            raise NotFound from None
        if self.path(asked) != f"/crew/{token}":
            raise NotFound  # base64 has other ways to write the same bytes
        return asked
