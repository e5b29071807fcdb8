"""What the log `platform` may hold. No token is in it, and no key: only their ids."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from roadcase.decider import Event

NAME: Final = "platform"  # of the log, and the tenant whose streams are about all of them


class KeyAdded(Event, frozen=True, kw_only=True):
    """Tokens are signed with this key from now on; it is derived from the secret by this id.

    The key before it signs no more; its tokens are accepted until the last of them has expired.
    """

    topic = "platform.key_added.v1"

    key: str


class KeyRetired(Event, frozen=True, kw_only=True):
    """No token of this key is accepted any more."""

    topic = "platform.key_retired.v1"

    key: str


class ScopesDeclared(Event, frozen=True, kw_only=True):
    """Doors of this service ask for these scopes too: tokens with them may be issued."""

    topic = "platform.scopes_declared.v1"

    service: str
    scopes: tuple[str, ...]


class TenantCreated(Event, frozen=True, kw_only=True):
    """Tokens may be issued to this tenant, for the first time or again."""

    topic = "platform.tenant_created.v1"

    tenant: str


class TenantClosed(Event, frozen=True, kw_only=True):
    """No token of this tenant is accepted or issued any more. What it recorded stays."""

    topic = "platform.tenant_closed.v1"

    tenant: str


class TokenIssued(Event, frozen=True, kw_only=True):
    """Whoever has this token may act for the tenant, as this actor, until it expires.

    `token` is its id (`jti`), `key` the id of the key that signed it. The token itself is only
    ever told to whoever asked for it.
    """

    topic = "platform.token_issued.v1"

    token: str
    actor: str
    scopes: tuple[str, ...]
    key: str
    issued_at: datetime
    expires_at: datetime


class TokenRevoked(Event, frozen=True, kw_only=True):
    """This token is accepted no more, though it would have been until then."""

    topic = "platform.token_revoked.v1"

    token: str
    expires_at: datetime
