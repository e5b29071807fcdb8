"""The rules of the log `platform`: of the installation's keys, and of each tenant's tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from roadcase.auth import check_asked
from roadcase.decider import Decider, Event
from roadcase.errors import Invalid, NotFound, Refused
from roadcase.ids import ID
from roadcase.platform.commands import (
    Begin,
    CloseTenant,
    CreateTenant,
    IssueToken,
    RetireKey,
    RevokeToken,
    RotateKey,
)
from roadcase.platform.events import (
    NAME,
    KeyAdded,
    KeyRetired,
    ScopesDeclared,
    TenantClosed,
    TenantCreated,
    TokenIssued,
    TokenRevoked,
)


class KeyUnknown(NotFound):
    """There is no such signing key."""

    code = "roadcase.key_unknown"


class KeyInUse(Refused):
    """Tokens are signed with this key: rotate first, then retire it."""

    code = "roadcase.key_in_use"


class TenantUnknown(NotFound):
    """There is no such tenant."""

    code = "roadcase.tenant_unknown"


class TenantIsClosed(Refused):
    """This tenant is closed: create it again before a token is issued to it."""

    code = "roadcase.tenant_closed"


class TokenUnknown(NotFound):
    """There is no such token, or it has expired."""

    code = "roadcase.token_unknown"


class ScopeUnknown(Invalid):
    """No door asks for this scope."""

    code = "roadcase.scope_unknown"


@dataclass
class Installation:
    """`keys` in the order in which they were added: whether they are accepted still."""

    keys: dict[str, bool] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=set)

    @property
    def signing(self) -> str | None:
        """The key to sign with."""
        return next(reversed(self.keys), None)


def begin(state: Installation, cmd: Begin, _at: datetime) -> Iterator[Event]:
    if state.signing is None:
        yield KeyAdded(key=_checked(cmd.key))
    for service, scopes in sorted(cmd.scopes.items()):
        if new := scopes - state.scopes:
            yield ScopesDeclared(service=service, scopes=tuple(sorted(new)))


def rotate(state: Installation, cmd: RotateKey, _at: datetime) -> Iterator[Event]:
    if cmd.key in state.keys:
        return
    yield KeyAdded(key=_checked(cmd.key))
    if cmd.alone:
        yield from (KeyRetired(key=key) for key, accepted in state.keys.items() if accepted)


def retire(state: Installation, cmd: RetireKey, _at: datetime) -> Iterator[Event]:
    if cmd.key not in state.keys:
        raise KeyUnknown(key=cmd.key)
    if cmd.key == state.signing:
        raise KeyInUse(key=cmd.key)
    if state.keys[cmd.key]:
        yield KeyRetired(key=cmd.key)


def _checked(name: str) -> str:
    if not ID.fullmatch(name):
        raise Invalid("an id is 1 to 64 of A-Z, a-z, 0-9, _ and -", field="id")
    return name


def evolve_installation(state: Installation, event: Event) -> None:
    match event:
        case KeyAdded():
            state.keys[event.key] = True
        case KeyRetired():
            state.keys[event.key] = False
        case ScopesDeclared():
            state.scopes.update(event.scopes)


_FEW = 16  # tokens, below which nothing is forgotten


@dataclass
class Tenant:
    """`tokens`: when those that may be alive expire; forgotten when as many again were issued."""

    created: bool = False
    closed: bool = False
    tokens: dict[str, datetime] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    enough: int = _FEW


def create(state: Tenant, cmd: CreateTenant, _at: datetime) -> Iterator[Event]:
    _check_tenant(cmd.tenant)
    if not state.created or state.closed:
        yield TenantCreated(tenant=cmd.tenant)


def close(state: Tenant, cmd: CloseTenant, at: datetime) -> Iterator[Event]:
    """Each of its tokens is revoked by itself too: creating it again brings none of them back."""
    if not state.created:
        raise TenantUnknown(tenant=cmd.tenant)
    if state.closed:
        return
    yield TenantClosed(tenant=cmd.tenant)
    for token, expires in state.tokens.items():
        if expires > at and token not in state.revoked:
            yield TokenRevoked(token=token, expires_at=expires)


def issue(state: Tenant, cmd: IssueToken, at: datetime) -> Iterator[Event]:
    """To a tenant that nobody knows, too: it comes into being with its first token."""
    _check_tenant(cmd.tenant)
    check_asked(cmd.tenant, cmd.actor, cmd.scopes, cmd.lifetime)
    if unknown := sorted({*cmd.scopes} - cmd.known):
        there = ", ".join(sorted(cmd.known))
        raise ScopeUnknown(f"no door asks for {', '.join(unknown)}; there are {there}")
    if state.closed:
        raise TenantIsClosed(tenant=cmd.tenant)
    if cmd.token in state.tokens:
        return
    if not state.created:
        yield TenantCreated(tenant=cmd.tenant)
    issued = at.replace(microsecond=0)
    yield TokenIssued(
        token=_checked(cmd.token),
        actor=cmd.actor,
        scopes=tuple(sorted({*cmd.scopes})),
        key=cmd.key,
        issued_at=issued,
        expires_at=issued + cmd.lifetime,
    )


def revoke(state: Tenant, cmd: RevokeToken, at: datetime) -> Iterator[Event]:
    expires = state.tokens.get(cmd.token)
    if expires is None or expires <= at:
        raise TokenUnknown(token=cmd.token)
    if cmd.token not in state.revoked:
        yield TokenRevoked(token=cmd.token, expires_at=expires)


def _check_tenant(tenant: str) -> None:
    if tenant == NAME:
        raise Invalid(f"the tenant {NAME} is ourselves", field="tenant")


def evolve_tenant(state: Tenant, event: Event) -> None:
    match event:
        case TenantCreated():
            state.created, state.closed = True, False
        case TenantClosed():
            state.closed = True
        case TokenIssued():
            if len(state.tokens) >= state.enough:
                _forget(state, event.issued_at)
            state.tokens[event.token] = event.expires_at
        case TokenRevoked():
            state.revoked.add(event.token)


def _forget(state: Tenant, at: datetime) -> None:
    state.tokens = {token: until for token, until in state.tokens.items() if until > at}
    state.revoked &= state.tokens.keys()
    state.enough = 2 * len(state.tokens) + _FEW


INSTALLATION: Final[Decider[Installation]] = Decider(
    category="installation",
    key="installation",
    initial=Installation,
    evolve=evolve_installation,
    events=[KeyAdded, KeyRetired, ScopesDeclared],
    commands={Begin: begin, RotateKey: rotate, RetireKey: retire},
)

TENANT: Final[Decider[Tenant]] = Decider(
    category="tenant",
    key="tenant",
    initial=Tenant,
    evolve=evolve_tenant,
    events=[TenantCreated, TenantClosed, TokenIssued, TokenRevoked],
    commands={
        CreateTenant: create,
        CloseTenant: close,
        IssueToken: issue,
        RevokeToken: revoke,
    },
)
