"""What tells one request from another: its values, whatever the order of what has keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from roadcase.asked import Context
from roadcase.decider import Command
from roadcase.ids import Uuid7s, uuid7
from roadcase.inbox import Identify, has_maps


class Part(Command):
    name: str
    more: dict[str, int] | None = None


class Ask(Command):
    shop: str
    units: int = 1
    parts: tuple[Part, ...] = ()
    prices: Mapping[str, int] | None = None


class Other(Command):
    shop: str
    units: int = 1
    parts: tuple[Part, ...] = ()
    prices: Mapping[str, int] | None = None


def hashed(command: Command, key: str = "k", tenant: str = "t", secret: bytes = b"s") -> Any:
    pending: Any = SimpleNamespace(
        command=command, context=Context(tenant=tenant, actor="ann", key=key)
    )
    Identify(secret)(pending)
    return pending.key, pending.request


def request_of(command: Command) -> bytes:
    return hashed(command)[1]


def test_keys_may_come_in_any_order() -> None:
    one = Ask(shop="s", prices={"a": 1, "b": 2}, parts=(Part(name="p", more={"x": 1, "y": 2}),))
    two = Ask(parts=[{"more": {"y": 2, "x": 1}, "name": "p"}], prices={"b": 2, "a": 1}, shop="s")
    assert request_of(one) == request_of(two)
    nested = [Ask(shop="s", parts=(Part(name="p", more=more),)) for more in ({"x": 1}, {"y": 1})]
    assert len({*map(request_of, nested)}) == 2


@pytest.mark.parametrize(
    "other",
    [
        Ask(shop="t"),
        Ask(shop="s", units=2),
        Ask(shop="s", parts=(Part(name="p"),)),
        Ask(shop="s", prices={}),
        Ask(shop="s", prices={"a": 1}),
        Other(shop="s"),
    ],
)
def test_whatever_differs_is_another_request(other: Command) -> None:
    assert request_of(other) != request_of(Ask(shop="s"))


def test_a_key_is_one_of_its_tenant_and_a_request_is_secret() -> None:
    ask = Ask(shop="s")
    keys = {hashed(ask)[0], hashed(ask, key="l")[0], hashed(ask, tenant="u")[0]}
    assert len(keys) == 3
    assert hashed(ask, secret=b"t")[1] != hashed(ask)[1]
    assert hashed(ask)[0] == hashed(Ask(shop="t"))[0]


@pytest.mark.parametrize(
    ("part", "maps"),
    [
        (int, False),
        (str | None, False),
        (tuple[Part, ...], True),
        (dict[str, int], True),
        (Mapping[str, int] | None, True),
        (Any, True),
        ("Later", True),
        (tuple[str, ...], False),
    ],
)
def test_it_is_known_what_may_have_keys(part: Any, maps: bool) -> None:
    assert has_maps(part) is maps


def test_ids_of_a_stock_count_up_and_are_never_the_same() -> None:
    ids = Uuid7s()
    made = []
    for number in range(9_000):
        if number % 700 == 0:
            ids.fresh()
        made.append(ids.take())
    shape = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(shape.fullmatch(each) for each in (*made, uuid7()))
    assert len({*made}) == len(made)
    assert made[:700] == sorted(made[:700])
    assert len({each[:-8] for each in made}) >= 13
