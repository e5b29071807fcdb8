"""Who calls: EdDSA tokens signed and verified, scopes, key rotation and revocation.

A token is a JWT (RFC 7519) signed with Ed25519 (RFC 8037), whose header names the key in `kid` and
whose claims are `tenant, sub, scopes, iat, exp, jti`. Whatever is wrong with one, the caller hears
Unauthenticated with one plain reason.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from roadcase.clock import Clock, now
from roadcase.errors import Forbidden, Invalid, Refused, Unauthenticated
from roadcase.ids import TENANT, uuid7

MAX_TOKEN = 4096  # characters
LONGEST = timedelta(hours=24)
LONGEST_FOR_OPERATORS = timedelta(hours=1)
OPERATORS = "ops:"
SKEW = 5  # seconds by which the clock of whoever signed may be ahead of ours

_ACTOR = r"[A-Za-z0-9_.:-]{1,128}"
_SCOPE = r"[a-z_]+:[a-z_]+"
_JWS = jwt.PyJWS(algorithms=["EdDSA"])


def _whole(pattern: str) -> msgspec.Meta:
    return msgspec.Meta(pattern=rf"^(?:{pattern})\Z")  # `$` would allow a newline after it


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose call this is, what it may do, and when its token was issued and expires."""

    tenant: str
    actor: str
    scopes: frozenset[str]
    token: str
    issued: datetime
    expires: datetime
    key_id: str

    def require(self, scope: str) -> None:
        """Raise Forbidden, naming the scope, unless the token has it."""
        if scope not in self.scopes:
            raise Forbidden(f"this needs a token with the scope {scope}", scope=scope)


class _Claims(msgspec.Struct):
    tenant: Annotated[str, _whole(TENANT.pattern)]
    sub: Annotated[str, _whole(_ACTOR)]
    scopes: frozenset[Annotated[str, _whole(_SCOPE)]]
    iat: int
    exp: int
    jti: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    nbf: int | None = None


_claims = msgspec.json.Decoder(_Claims)


def longest(scopes: Collection[str]) -> timedelta:
    """How long a token with these scopes may live."""
    operators = any(scope.startswith(OPERATORS) for scope in scopes)
    return LONGEST_FOR_OPERATORS if operators else LONGEST


def check_asked(tenant: str, actor: str, scopes: Collection[str], lifetime: timedelta) -> None:
    """Raise Invalid for names of the wrong shape and for a lifetime that is too long."""
    if not TENANT.fullmatch(tenant):
        raise Invalid("a tenant is 1 to 32 of a-z, 0-9 and -", field="tenant")
    if not re.fullmatch(_ACTOR, actor):
        raise Invalid("an actor is 1 to 128 of A-Z, a-z, 0-9, _ . : and -", field="actor")
    for scope in scopes:
        if not re.fullmatch(_SCOPE, scope):
            raise Invalid(f"{scope!r} is not a scope such as ticketing:sell", field="scopes")
    limit = longest(scopes)
    if not timedelta(seconds=1) <= lifetime <= limit:
        raise Invalid(f"such a token may live 1 s to {limit}", field="lifetime")


def bearer(header: str | None) -> str:
    """The token of an `authorization` header. Raises Unauthenticated when there is none."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send a token: authorization: Bearer <token>")
    return token.strip()


class Signer:
    """Signs tokens with one key, which verifiers know by its id."""

    def __init__(self, key_id: str, key: Ed25519PrivateKey, clock: Clock = now) -> None:
        self.key_id = key_id
        self._key = key
        self._clock = clock

    def sign(
        self,
        tenant: str,
        actor: str,
        scopes: Collection[str],
        lifetime: timedelta | None = None,
        *,
        token: str | None = None,
        issued: datetime | None = None,
    ) -> str:
        """A token that lives as long as asked, or as long as its scopes allow.

        `token` is its id, and `issued` when it was, if that is on record already; a moment that
        has not come yet counts as now. Raises Invalid, as `check_asked`.
        """
        lifetime = longest(scopes) if lifetime is None else lifetime
        check_asked(tenant, actor, scopes, lifetime)
        at = self._clock()
        began = int(min(at, issued or at).timestamp())
        claims = {
            "tenant": tenant,
            "sub": actor,
            "scopes": sorted(set(scopes)),
            "iat": began,
            "exp": began + int(lifetime.total_seconds()),
            "jti": token or uuid7(),
        }
        payload = msgspec.json.encode(claims)
        return _JWS.encode(payload, self._key, "EdDSA", {"typ": "JWT", "kid": self.key_id})


class AccountClosed(Refused):
    """The account of this organiser is closed: nothing can be bought or changed here any more."""

    code = "roadcase.account_closed"


class Verifier:
    """Tells whose a token is. Each token's signature is verified once, then remembered.

    `check` is cheap and is asked again by whatever lives longer than a call. What is revoked,
    trusted, distrusted, closed or opened takes effect with the next `verify` or `check`.
    """

    def __init__(
        self,
        keys: Mapping[str, Ed25519PublicKey],
        clock: Clock = now,
        *,
        remembered: int = 10_000,
    ) -> None:
        self._keys = dict(keys)
        self._clock = clock
        self._remembered = remembered
        self._known: OrderedDict[str, Identity] = OrderedDict()  # by their tokens
        self._revoked: dict[str, float] = {}  # token id: when it can be forgotten
        self._closed: set[str] = set()  # tenants
        self._held: dict[object, tuple[Identity, Callable[[], None]]] = {}

    def verify(self, token: str) -> Identity:
        """The identity behind a token. Raises Unauthenticated, and nothing else."""
        identity = self._known.get(token)
        if identity is not None:
            self.check(identity)
            return identity
        if len(token) > MAX_TOKEN:
            raise Unauthenticated(f"this token is longer than {MAX_TOKEN} characters")
        identity = self._read(token)
        self.check(identity)
        self._known[token] = identity
        if len(self._known) > self._remembered:
            self._known.popitem(last=False)
        return identity

    def check(self, identity: Identity) -> None:
        """Raise Unauthenticated when this token has expired or was revoked, or its key was."""
        if identity.expires <= self._clock():
            raise Unauthenticated("this token has expired")
        if identity.key_id not in self._keys:
            raise Unauthenticated("this token is signed with a key that is not trusted")
        if identity.token in self._revoked or identity.tenant in self._closed:
            raise Unauthenticated("this token was revoked")

    @contextmanager
    def held(self, identity: Identity, tell: Callable[[], None]) -> Iterator[None]:
        """Meanwhile, call `tell` as soon as this token is refused before it expires; once.

        For what is answered for longer than a moment. `tell` must not raise.
        """
        mark = object()
        self._held[mark] = identity, tell
        self._tell(mark)  # if it is refused by now
        try:
            yield
        finally:
            self._held.pop(mark, None)

    def trust(self, key_id: str, key: Ed25519PublicKey) -> None:
        """Accept tokens of this key too: the first half of a rotation."""
        self._keys[key_id] = key

    def distrust(self, key_id: str) -> None:
        """Accept no token of this key any more: the second half, or an emergency."""
        self._keys.pop(key_id, None)
        for token in [each for each, known in self._known.items() if known.key_id == key_id]:
            del self._known[token]
        self._tell()

    def revoke(self, *tokens: str) -> None:
        """Accept the tokens with these ids (`jti`) no more."""
        self._forget()
        until = self._clock().timestamp() + LONGEST.total_seconds() + SKEW
        self._revoked |= dict.fromkeys(tokens, until)
        self._tell()

    def close(self, tenant: str) -> None:
        """Accept no token of this tenant, until it is opened again."""
        self._closed.add(tenant)
        self._tell()

    def open(self, tenant: str) -> None:
        """Accept tokens of this tenant again."""
        self._closed.discard(tenant)

    def check_open(self, tenant: str) -> None:
        """For guests, who have no token. Raises AccountClosed."""
        if tenant in self._closed:
            raise AccountClosed

    def _tell(self, *marks: object) -> None:
        """Tell those, or all, who are being answered under a token that is accepted no more."""
        for mark in marks or tuple(self._held):
            identity, tell = self._held[mark]
            try:
                self.check(identity)
            except Unauthenticated:
                del self._held[mark]
                tell()

    def _forget(self) -> None:
        """Drop revocations of tokens that have expired by now, so that their number is bounded."""
        at = self._clock().timestamp()
        self._revoked = {token: until for token, until in self._revoked.items() if until > at}

    def _read(self, token: str) -> Identity:
        key_id, key = self._key_of(token)
        try:
            payload = _JWS.decode(token, key, algorithms=["EdDSA"])
        except Exception as error:
            raise Unauthenticated("this token's signature does not match") from error
        try:
            claims = _claims.decode(payload)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            raise Unauthenticated(f"this token's claims are not ours: {error}") from error
        self._check_times(claims)
        return Identity(
            tenant=claims.tenant,
            actor=claims.sub,
            scopes=claims.scopes,
            token=claims.jti,
            issued=datetime.fromtimestamp(claims.iat, UTC),
            expires=datetime.fromtimestamp(claims.exp, UTC),
            key_id=key_id,
        )

    def _key_of(self, token: str) -> tuple[str, Ed25519PublicKey]:
        """The key that the header names. The header alone proves nothing yet."""
        try:
            header = _JWS.get_unverified_header(token)
        except Exception as error:  # also RecursionError and others of a crafted header
            raise Unauthenticated("this is not a token of ours") from error
        if header.get("alg") != "EdDSA":
            raise Unauthenticated("this token is not signed with EdDSA")
        key_id = header.get("kid")
        key = self._keys.get(key_id) if isinstance(key_id, str) else None
        if key_id is None or key is None:
            raise Unauthenticated("this token is signed with a key that is not trusted")
        return key_id, key

    def _check_times(self, claims: _Claims) -> None:
        latest = self._clock().timestamp() + SKEW
        if claims.iat > latest or (claims.nbf is not None and claims.nbf > latest):
            raise Unauthenticated("this token is not valid yet")
        limit = longest(claims.scopes)
        if claims.exp - claims.iat > limit.total_seconds():
            raise Unauthenticated(f"this token lives longer than {limit}")
