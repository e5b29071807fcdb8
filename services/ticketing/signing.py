"""Whose signature is on a ticket: a key pair for each tenant, derived from the secret."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from roadcase.secret import Secret
from services.ticketing.signed_ticket import SignedTicket, sign, verify

LATE: Final = timedelta(hours=6)  # nights run over: a ticket is valid that long after the end


class Signature(NamedTuple):
    """A tenant's key pair. The ticket of one tenant is forged to another, whatever its ids."""

    key_id: str
    private: Ed25519PrivateKey
    public: Ed25519PublicKey

    def sign(
        self, occurrence: str, ticket: str, until: datetime, since: datetime | None = None
    ) -> str:
        """`since`: it has a time of its own, and a night that is moved does not move it."""
        said = SignedTicket(
            key_id=self.key_id,
            ticket=ticket,
            occurrence=occurrence,
            valid_from=since,
            valid_until=until,
        )
        return sign(said, self.private)

    def verify(self, text: str) -> SignedTicket:
        """What the ticket says. Raises InvalidTicket, whatever the text is."""
        return verify(text, {self.key_id: self.public})


class Signatures:
    """The signature of each tenant. Which tenants there are, only tokens and links of ours say."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self.of = lru_cache(1024)(self._derive)

    def _derive(self, tenant: str) -> Signature:
        private = self._secret.signing_key(f"tickets/{tenant}")
        public = private.public_key()
        digest = sha256(public.public_bytes_raw()).digest()
        return Signature(urlsafe_b64encode(digest[:6]).decode(), private, public)


def at_venue(wall: datetime, zone: str) -> datetime:
    """A wall time at the venue as the instant it is."""
    return wall.replace(tzinfo=ZoneInfo(zone))


def valid_until(night: dict[str, Any]) -> datetime:
    """Until when tickets of a night let their guests in, as the night is planned now."""
    return at_venue(night["ends_at"], night["zone"]).astimezone(UTC) + LATE
