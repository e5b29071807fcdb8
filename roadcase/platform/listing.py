"""Tenants, keys and tokens as an operator sees them: one fold of the whole log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple

from roadcase.codec import codec_of
from roadcase.decider import Event
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import meta_of, tenant_of
from roadcase.platform.asking import DECIDERS
from roadcase.platform.events import (
    KeyAdded,
    KeyRetired,
    TenantClosed,
    TenantCreated,
    TokenIssued,
    TokenRevoked,
)

_PAGE: Final = 1000
KeyState = Literal["signs", "accepted", "done", "retired"]
State = Literal["valid", "revoked", "expired", "key retired"]


class TokenRow(NamedTuple):
    """One token that was issued. `state`: whether it is accepted, or why not."""

    id: str
    tenant: str
    actor: str
    scopes: str
    issued_at: datetime
    expires_at: datetime
    state: State


class TenantRow(NamedTuple):
    """One tenant; `tokens` are those accepted now."""

    tenant: str
    state: Literal["open", "closed"]
    since: datetime
    tokens: int


class KeyRow(NamedTuple):
    """One signing key; `tokens` are those signed with it that are accepted now."""

    key: str
    state: KeyState
    since: datetime
    tokens: int


@dataclass
class Register:
    """All that the log says, folded. `read` makes it."""

    tokens: dict[str, tuple[str, TokenIssued]] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    tenants: dict[str, tuple[datetime, bool]] = field(default_factory=dict)  # since, closed
    keys: dict[str, tuple[datetime, bool]] = field(default_factory=dict)  # since, retired

    def take(self, tenant: str, event: Event, at: datetime) -> None:
        match event:
            case TokenIssued():
                self.tokens[event.token] = tenant, event
            case TokenRevoked():
                self.revoked.add(event.token)
            case TenantCreated() | TenantClosed():
                self.tenants[tenant] = at, isinstance(event, TenantClosed)
            case KeyAdded() | KeyRetired():
                self.keys[event.key] = at, isinstance(event, KeyRetired)

    def whose(self, token: str) -> str | None:
        """The tenant to whom a token was issued."""
        found = self.tokens.get(token)
        return found and found[0]

    def token_rows(self, at: datetime, tenant: str | None = None) -> list[TokenRow]:
        """All tokens, or one tenant's, the newest last."""
        return [
            TokenRow(
                event.token,
                whose,
                event.actor,
                " ".join(event.scopes),
                event.issued_at,
                event.expires_at,
                self._state(event, at),
            )
            for whose, event in self.tokens.values()
            if tenant in (None, whose)
        ]

    def tenant_rows(self, at: datetime) -> list[TenantRow]:
        valid = [whose for whose, event in self.tokens.values() if self._valid(event, at)]
        return [
            TenantRow(name, "closed" if closed else "open", since, valid.count(name))
            for name, (since, closed) in sorted(self.tenants.items())
        ]

    def key_rows(self, at: datetime) -> list[KeyRow]:
        valid = [event.key for _, event in self.tokens.values() if self._valid(event, at)]
        rows = []
        for key, (since, retired) in self.keys.items():
            tokens = valid.count(key)
            last = key == next(reversed(self.keys))
            accepted: KeyState = "signs" if last else "accepted" if tokens else "done"
            rows.append(KeyRow(key, "retired" if retired else accepted, since, tokens))
        return rows

    def _valid(self, event: TokenIssued, at: datetime) -> bool:
        return self._state(event, at) == "valid"

    def _state(self, event: TokenIssued, at: datetime) -> State:
        if event.token in self.revoked:
            return "revoked"
        if event.expires_at <= at:
            return "expired"
        return "key retired" if self.keys[event.key][1] else "valid"


async def read(log: EventLog) -> Register:
    """Fold the log from its beginning to its end."""
    register, codec, position = Register(), codec_of(DECIDERS), 0
    while records := await log.read(position, _PAGE):
        for record in records:
            event = codec.decode(record.topic, record.payload)
            register.take(tenant_of(record.stream), event, meta_of(record).at)
        position = records[-1].position
    return register
