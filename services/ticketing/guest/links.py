"""Links that are keys: whoever has one may see what it leads to, and nobody can make one.

A token is the name of what it leads to, under AES-SIV (RFC 5297) with a key of the installation's
secret: the same each time, 128 bits that cannot be guessed, and no id to be read in it. So there
is no table of links, and none to lose; a link in a mail is the one on the page.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Final, Literal, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from roadcase.errors import Invalid, NotFound
from roadcase.ids import ID
from roadcase.secret import Secret

Kind = Literal["order", "cart", "shop", "offer"]
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,400}")


class Named(NamedTuple):
    """What a token leads to. A shop has no order; an offer has its entry as `order`."""

    tenant: str
    occurrence: str
    order: str = ""


class Links:
    """Makes tokens and reads them. A token of one kind is none of another."""

    def __init__(self, secret: Secret) -> None:
        self._siv = AESSIV(secret.key("ticketing/links"))

    def token(self, kind: Kind, named: Named) -> str:
        """Raises Invalid for ids of the wrong shape."""
        if not all(ID.fullmatch(part) for part in named if part):
            raise Invalid("an id is 1 to 64 of A-Z, a-z, 0-9, _ and -", field="occurrence")
        sealed = self._siv.encrypt("/".join(named).encode(), [kind.encode()])
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def shop(self, tenant: str, occurrence: str) -> str:
        """The path of a night's shop."""
        return f"/shop/{self.token('shop', Named(tenant, occurrence))}"

    def order(self, named: Named) -> str:
        """The path of an order's page."""
        return f"/order/{self.token('order', named)}"

    def offer(self, tenant: str, occurrence: str, entry: str) -> str:
        """The path of the page of somebody who waits."""
        return f"/offer/{self.token('offer', Named(tenant, occurrence, entry))}"

    def read(self, kind: Kind, token: str) -> Named:
        """Raises NotFound for any text that `token` did not return for this kind."""
        if not _TOKEN.fullmatch(token):
            raise NotFound
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            opened = self._siv.decrypt(sealed, [kind.encode()])
        except (Error, ValueError, InvalidTag):
            raise NotFound from None
        named = Named(*opened.decode().split("/"))
        if self.token(kind, named) != token:
            raise NotFound  # base64 has other ways to write the same bytes
        return named
