"""Asks the log `platform` for tokens, revocations, keys and tenants, and signs what was issued."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from roadcase import clock
from roadcase.asked import Context, Outcome
from roadcase.auth import Signer, longest
from roadcase.codec import codec_of
from roadcase.decider import Command
from roadcase.dispatch import Dispatcher
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Head, meta_of
from roadcase.ids import new_id, stream_id
from roadcase.platform.commands import (
    MAIN,
    Begin,
    CloseTenant,
    CreateTenant,
    IssueToken,
    RetireKey,
    RevokeToken,
    RotateKey,
)
from roadcase.platform.domain import INSTALLATION, TENANT, Installation
from roadcase.platform.events import NAME, KeyAdded, TenantCreated, TokenIssued
from roadcase.platform.keys import SCOPES, signing_key
from roadcase.secret import Secret

DECIDERS: Final = (INSTALLATION, TENANT)
HEARD_WITHIN: Final = 1.0  # seconds, in which every process knows what was recorded
Known = Callable[[], Collection[str]]


class Issued(NamedTuple):
    """`token` is what its holder sends; everything else may be told to anybody."""

    token: str
    id: str
    tenant: str
    actor: str
    scopes: tuple[str, ...]
    key: str
    expires_at: datetime
    new_tenant: bool


class Now(NamedTuple):
    """The installation as it is, and when its newest key was added."""

    state: Installation
    since: datetime


class Platform:
    """From `asking`. Raises what the rules refuse with, and Unavailable.

    `actor` is who asks, for the log.
    """

    def __init__(self, log: EventLog, secret: Secret, dispatch: Dispatcher, actor: str) -> None:
        self._log = log
        self._secret = secret
        self._dispatch = dispatch
        self._actor = actor

    async def begin(self, scopes: Mapping[str, frozenset[str]] | None = None) -> Outcome:
        """See to it that there is a key, and that these scopes of each service are known.

        Safe for many processes at once: the first one's key is the one.
        """
        return await self._ask(NAME, Begin(key=new_id("key"), scopes=scopes or {}))

    async def issue(
        self,
        tenant: str,
        actor: str,
        scopes: Collection[str],
        lifetime: timedelta | None = None,
        *,
        known: Known = frozenset,
    ) -> Issued:
        """A new token, once every process knows the key that signs it.

        `known` is asked for more scopes than the log knows of, if one is not among those.
        """
        there = await self.now()
        wanted = {*there.state.scopes, *SCOPES}
        if not wanted.issuperset(scopes):
            wanted |= {*known()}
        lifetime = longest(scopes) if lifetime is None else lifetime
        asked = IssueToken(
            tenant=tenant,
            token=new_id("tok"),
            actor=actor,
            scopes=tuple(scopes),
            lifetime=timedelta(seconds=int(lifetime.total_seconds())),
            key=there.state.signing or "",
            known=frozenset(wanted),
        )
        outcome = await self._ask(tenant, asked)
        issued = next(event for event in outcome.events if isinstance(event, TokenIssued))
        await asyncio.sleep(_until_heard(there.since))
        return self._signed(
            tenant, issued, new=any(isinstance(event, TenantCreated) for event in outcome.events)
        )

    async def revoke(self, tenant: str, token: str) -> bool:
        """Refuse a token from now on; False: it was revoked before. Raises TokenUnknown."""
        return bool((await self._ask(tenant, RevokeToken(tenant=tenant, token=token))).events)

    async def rotate(self, *, alone: bool = False) -> str:
        """Sign with a new key from now on; `alone`: refuse all tokens of older ones. Its id."""
        key = new_id("key")
        await self._ask(NAME, RotateKey(key=key, alone=alone))
        return key

    async def retire(self, key: str) -> bool:
        """Refuse all tokens of a key; False: they were before. Raises KeyUnknown, KeyInUse."""
        return bool((await self._ask(NAME, RetireKey(key=key))).events)

    async def create(self, tenant: str) -> bool:
        """Let tokens be issued to a tenant; False: they could be before."""
        return bool((await self._ask(tenant, CreateTenant(tenant=tenant))).events)

    async def close(self, tenant: str) -> bool:
        """Refuse all tokens of a tenant; False: it was closed before. Raises TenantUnknown."""
        return bool((await self._ask(tenant, CloseTenant(tenant=tenant))).events)

    async def now(self) -> Now:
        """The installation, which has a key by then."""
        stream = stream_id(NAME, INSTALLATION.category, MAIN)
        records = await self._log.read_stream(stream)
        if not records:
            await self.begin()
            records = await self._log.read_stream(stream)
        codec = codec_of([INSTALLATION])
        state = INSTALLATION.fold(codec.decode(each.topic, each.payload) for each in records)
        keys = [each for each in records if each.topic == KeyAdded.topic]
        return Now(state, meta_of(keys[-1]).at)

    async def _ask(self, tenant: str, command: Command) -> Outcome:
        return await self._dispatch(command, Context(tenant=tenant, actor=self._actor))

    def _signed(self, tenant: str, issued: TokenIssued, *, new: bool) -> Issued:
        signer = Signer(issued.key, signing_key(self._secret, issued.key))
        signed = signer.sign(
            tenant,
            issued.actor,
            issued.scopes,
            issued.expires_at - issued.issued_at,
            token=issued.token,
            issued=issued.issued_at,
        )
        return Issued(
            signed,
            issued.token,
            tenant,
            issued.actor,
            issued.scopes,
            issued.key,
            issued.expires_at,
            new,
        )


def _until_heard(since: datetime) -> float:
    """Seconds until every process knows what was recorded then; some, where the clock went back."""
    return min(HEARD_WITHIN, max(0.0, HEARD_WITHIN - (clock.now() - since).total_seconds()))


@asynccontextmanager
async def asking(
    log: EventLog,
    secret: Secret,
    *,
    actor: str = "operator",
    guard: Callable[[Head], Awaitable[None]] | None = None,
    on_commit: Callable[..., None] | None = None,
) -> AsyncIterator[Platform]:
    """Meanwhile, the log takes commands here; `guard` and `on_commit` as a Dispatcher's."""
    dispatch = Dispatcher(log, DECIDERS, secret=secret.key(f"requests/{NAME}"), guard=guard)
    if on_commit:
        dispatch.on_commit.append(on_commit)
    running = asyncio.create_task(dispatch.run())
    try:
        yield Platform(log, secret, dispatch, actor)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
