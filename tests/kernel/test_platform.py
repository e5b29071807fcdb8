"""The rules of the log `platform`: tenants, tokens, revocations and signing keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadcase.decider import Command, Event
from roadcase.errors import Invalid, RoadcaseError
from roadcase.platform.commands import (
    Begin,
    CloseTenant,
    CreateTenant,
    IssueToken,
    RetireKey,
    RevokeToken,
    RotateKey,
)
from roadcase.platform.domain import (
    INSTALLATION,
    TENANT,
    KeyInUse,
    KeyUnknown,
    ScopeUnknown,
    TenantIsClosed,
    TenantUnknown,
    TokenUnknown,
)
from roadcase.platform.events import (
    KeyAdded,
    KeyRetired,
    ScopesDeclared,
    TenantClosed,
    TenantCreated,
    TokenIssued,
    TokenRevoked,
)
from roadcase.testing.spec import Spec

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEYS, TENANTS = Spec(INSTALLATION), Spec(TENANT)
KNOWN = frozenset({"ticketing:sell", "ticketing:read", "ops:log"})
CREATED = TenantCreated(tenant="acme")


def wanted(token: str = "tok_1", **changed: Any) -> IssueToken:
    asked = {
        "tenant": "acme",
        "token": token,
        "actor": "till-1",
        "scopes": ("ticketing:sell", "ticketing:read"),
        "lifetime": DAY,
        "key": "key_1",
        "known": KNOWN,
    }
    return IssueToken(**asked | changed)


def issued(token: str = "tok_1", until: datetime = NOON + DAY, at: datetime = NOON) -> TokenIssued:
    return TokenIssued(
        token=token,
        actor="till-1",
        scopes=("ticketing:read", "ticketing:sell"),
        key="key_1",
        issued_at=at,
        expires_at=until,
    )


def test_a_tenant_comes_into_being_with_its_first_token():
    TENANTS.when(wanted(), at=NOON).then(CREATED, issued())
    TENANTS.given(CREATED).when(wanted(), at=NOON).then(issued())


def test_a_token_is_issued_at_a_whole_second_because_tokens_carry_no_others():
    TENANTS.given(CREATED).when(wanted(), at=NOON + timedelta(microseconds=999_999)).then(issued())


def test_the_same_token_is_issued_once():
    TENANTS.given(CREATED, issued()).when(wanted(), at=NOON).then_nothing()


@pytest.mark.parametrize(
    "changed",
    [
        {"tenant": "platform"},
        {"tenant": "Acme"},
        {"tenant": ""},
        {"actor": "till 1"},
        {"actor": ""},
        {"scopes": ("sell",)},
        {"token": "a/b"},
        {"lifetime": timedelta(0)},
        {"lifetime": DAY + timedelta(seconds=1)},
        {"scopes": ("ops:log",), "lifetime": HOUR + timedelta(seconds=1)},
    ],
    ids=str,
)
def test_what_cannot_be_a_token_is_refused(changed):
    with pytest.raises(Invalid):
        TENANT.decide(TENANT.initial(), wanted(**changed), NOON)


def test_an_operators_token_may_live_for_an_hour():
    asked = wanted(scopes=("ops:log", "ticketing:read"), lifetime=HOUR)
    (_, found) = TENANT.decide(TENANT.initial(), asked, NOON)
    assert found.expires_at == NOON + HOUR


def test_a_scope_that_no_door_asks_for_is_named():
    asked = wanted(scopes=("ticketing:sel", "x:y", "ticketing:read"))
    with pytest.raises(ScopeUnknown, match=r"ticketing:sel, .*there are ops:log"):
        TENANT.decide(TENANT.initial(), asked, NOON)


def test_a_token_is_revoked_once():
    revoke = RevokeToken(tenant="acme", token="tok_1")
    revoked = TokenRevoked(token="tok_1", expires_at=NOON + DAY)
    TENANTS.given(CREATED, issued()).when(revoke, at=NOON).then(revoked)
    TENANTS.given(CREATED, issued(), revoked).when(revoke, at=NOON).then_nothing()


def test_a_token_that_is_not_there_cannot_be_revoked():
    """Another tenant's is in another stream: it is not there either."""
    revoke = RevokeToken(tenant="acme", token="tok_2")
    TENANTS.when(revoke, at=NOON).then_refused(TokenUnknown)
    TENANTS.given(CREATED, issued()).when(revoke, at=NOON).then_refused(TokenUnknown)
    TENANTS.given(CREATED, issued("tok_2")).when(revoke, at=NOON + DAY).then_refused(TokenUnknown)


def test_closing_a_tenant_revokes_its_tokens_and_creating_it_again_brings_none_back():
    history = (CREATED, issued("a"), issued("b"), issued("c", NOON + HOUR))
    history += (TokenRevoked(token="a", expires_at=NOON + DAY),)
    closed = (TenantClosed(tenant="acme"), TokenRevoked(token="b", expires_at=NOON + DAY))
    close, create = CloseTenant(tenant="acme"), CreateTenant(tenant="acme")
    TENANTS.given(*history).when(close, at=NOON + HOUR).then(*closed)
    TENANTS.given(*history, *closed).when(close, at=NOON).then_nothing()
    TENANTS.given(*history, *closed).when(wanted("d"), at=NOON).then_refused(TenantIsClosed)
    TENANTS.given(*history, *closed).when(create, at=NOON).then(CREATED)
    TENANTS.given(*history, *closed, CREATED).when(wanted("d"), at=NOON).then(issued("d"))


def test_a_tenant_is_created_once_and_one_that_is_not_there_cannot_be_closed():
    TENANTS.when(CreateTenant(tenant="acme")).then(CREATED)
    TENANTS.given(CREATED).when(CreateTenant(tenant="acme")).then_nothing()
    TENANTS.when(CloseTenant(tenant="acme")).then_refused(TenantUnknown)
    with pytest.raises(Invalid, match="ourselves"):
        TENANT.decide(TENANT.initial(), CreateTenant(tenant="platform"), NOON)


def test_the_first_key_is_the_one_of_whoever_was_first():
    KEYS.when(Begin(key="key_1")).then(KeyAdded(key="key_1"))
    KEYS.given(KeyAdded(key="key_1")).when(Begin(key="key_2")).then_nothing()


def test_scopes_are_declared_when_they_are_new_and_stay_known():
    begin = Begin(key="k", scopes={"b": frozenset({"b:y", "b:x"}), "a": frozenset({"a:x"})})
    key, a = KeyAdded(key="k"), ScopesDeclared(service="a", scopes=("a:x",))
    KEYS.given(key).when(begin).then(a, ScopesDeclared(service="b", scopes=("b:x", "b:y")))
    known = ScopesDeclared(service="b", scopes=("b:x", "b:z"))
    KEYS.given(key, a, known).when(begin).then(ScopesDeclared(service="b", scopes=("b:y",)))


def test_a_new_key_leaves_the_old_one_or_retires_all_before_it():
    keys = (KeyAdded(key="a"), KeyAdded(key="b"), KeyRetired(key="a"), KeyAdded(key="c"))
    KEYS.given(*keys).when(RotateKey(key="d")).then(KeyAdded(key="d"))
    alone = (KeyAdded(key="d"), KeyRetired(key="b"), KeyRetired(key="c"))
    KEYS.given(*keys).when(RotateKey(key="d", alone=True)).then(*alone)
    KEYS.given(*keys, *alone).when(RotateKey(key="d", alone=True)).then_nothing()


def test_any_key_but_the_one_that_signs_can_be_retired_once():
    keys = (KeyAdded(key="a"), KeyAdded(key="b"))
    KEYS.given(*keys).when(RetireKey(key="a")).then(KeyRetired(key="a"))
    KEYS.given(*keys, KeyRetired(key="a")).when(RetireKey(key="a")).then_nothing()
    KEYS.given(*keys).when(RetireKey(key="b")).then_refused(KeyInUse)
    KEYS.given(*keys).when(RetireKey(key="c")).then_refused(KeyUnknown)


@st.composite
def hours_of_asking(draw: st.DrawFn) -> list[tuple[Command, datetime]]:
    """Commands on one tenant, hours apart."""
    token = st.sampled_from([f"tok_{n}" for n in range(60)])
    hours = st.integers(1, 24)
    one: st.SearchStrategy[Command] = st.one_of(
        st.builds(lambda t, h: wanted(t, lifetime=h * HOUR), token, hours),
        st.builds(lambda t: RevokeToken(tenant="acme", token=t), token),
        st.sampled_from([CreateTenant(tenant="acme"), CloseTenant(tenant="acme")]),
    )
    at, found = NOON, []
    for command in draw(st.lists(one, max_size=120)):
        at += draw(st.integers(0, 120)) * timedelta(minutes=1)
        found.append((command, at))
    return found


@given(hours_of_asking())
def test_whatever_is_asked_no_token_lives_that_was_revoked_or_whose_tenant_was_closed(commands):
    """Against a model that forgets nothing."""
    state, alive, closed = TENANT.initial(), {}, False
    for command, at in commands:
        valid = {token for token, until in alive.items() if until > at}
        events = decided(state, command, at)
        revoked = {event.token for event in events if isinstance(event, TokenRevoked)}
        match command:
            case RevokeToken(token=token):
                assert revoked == {token} & valid
            case CloseTenant():
                assert revoked == valid
                closed = closed or bool(events)
            case CreateTenant():
                closed = False
            case IssueToken():
                assert not (closed and events)
        for event in events:
            TENANT.evolve(state, event)
            if isinstance(event, TokenIssued):
                alive[event.token] = event.expires_at
        for token in revoked:
            del alive[token]
    assert len(state.tokens) <= state.enough


def decided(state: Any, command: Command, at: datetime) -> tuple[Event, ...]:
    try:
        return TENANT.decide(state, command, at)
    except RoadcaseError:
        return ()
