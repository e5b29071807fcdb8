"""A command that a server refused ends as if the error had been raised in the command itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from roadcase.cli.common import in_words
from roadcase.cli.planning import connected
from roadcase.cli.refusals import error_of
from roadcase.client.connection import Connection
from roadcase.doors import TooLarge
from roadcase.errors import (
    Forbidden,
    Invalid,
    NotFound,
    Overloaded,
    Refused,
    RoadcaseError,
    Unavailable,
)
from roadcase.process import exit_code
from tests.kernel.shop import SoldOut
from tests.kernel.shop_rpc import SellRequest, SellResponse
from tests.kernel.test_rpc import SELLER, Stall, raising, serving

NAME = "[red]Ada[/x] :smile:"


class Looking(Connection):
    """Asks once."""

    def __init__(self, target: str, token: str, **_patience: float) -> None:
        super().__init__(target, token, patience=0)

    async def ask(self, method: str = "Look") -> None:
        stub: Any = self._channel.unary_unary(
            f"/test.shop.v1.Shop/{method}", SellRequest.SerializeToString, SellResponse.FromString
        )
        await self._call(stub, SellRequest(), None)


@pytest.fixture
async def stall(monkeypatch) -> AsyncIterator[Stall]:
    async with serving() as (stall, _):
        monkeypatch.setenv("ROADCASE_TOKEN", SELLER)
        monkeypatch.setenv("ROADCASE_SERVER", f"127.0.0.1:{stall.server.port}")
        yield stall


async def refused(stall: Stall, error: Exception, method: str = "Look") -> RoadcaseError:
    """What a command meets where the server raises this."""
    stall.servicer.said = raising(error)
    with pytest.raises(RoadcaseError) as met:
        async with connected(Looking, "", "") as asked:
            await asked.ask(method)
    return met.value


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (Invalid("Say how many.", field="units"), 2),
        (TooLarge(), 2),
        (NotFound("no such order", order="o9"), 3),
        (Unavailable(), 4),
        (Refused(), 1),
        (SoldOut(shop="main"), 1),
        (Overloaded(), 1),
        (Forbidden(), 1),
        (RoadcaseError("odd"), 1),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
async def test_what_a_server_refuses_ends_with_the_exit_code_of_its_kind(stall, raised, code):
    met = await refused(stall, raised)
    assert (exit_code(met), exit_code(raised)) == (code, code)
    assert (met.code, str(met), met.facts) == (raised.code, str(raised), raised.facts)


async def test_a_server_that_does_not_know_what_is_asked_is_another_one(stall):
    met = await refused(stall, Refused(), "Nothing")
    assert exit_code(met) == 4
    assert "UNIMPLEMENTED" in str(met)
    assert "--server" in str(met)


@pytest.mark.parametrize(
    ("status", "code"),
    [("INVALID_ARGUMENT", 2), ("NOT_FOUND", 3), ("UNAVAILABLE", 4), ("PERMISSION_DENIED", 1)],
)
def test_so_does_a_status_without_details_of_ours(status, code):
    answered = grpc.aio.AioRpcError(
        grpc.StatusCode[status], grpc.aio.Metadata(), grpc.aio.Metadata(), "by a proxy"
    )
    assert exit_code(error_of(answered, "there:1")) == code


async def test_what_a_refusal_is_about_comes_over_grpc_as_it_was_and_never_as_python(stall):
    facts = {
        "pools": ["room", "bar"],
        "lacks": {"first aid": "is missing"},
        "whole": True,
        "left": 3,
        "nobody": None,
    }
    met = await refused(stall, Refused("No.", **facts))
    assert met.facts == {
        "pools": ["room", "bar"],
        "lacks": {"first aid": "is missing"},
        "whole": "true",
        "left": "3",
    }
    many = [f"{NAME} {number}" for number in range(200)]
    found = (await refused(stall, Refused("No.", names=many))).facts["names"]
    assert found
    assert found == many[: len(found)]


def test_a_value_is_said_on_one_line_as_people_write_it():
    about = {"order": "o1", "places": ["a", "b"], "paid": True, "until": None}
    assert in_words(about) == "order=o1, places=(a, b), paid=yes, until="
