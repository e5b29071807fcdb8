"""Results of a batch, written in place: whatever goes wrong with one, the others are whole."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from roadcase.decider import Command
from roadcase.errors import Invalid, Refused
from roadcase.rpc import Batch
from tests.kernel.shop_rpc import SellBatch, SellRequest, SellResults


class SoldOut(Refused):
    """There is nothing left."""

    code = "shop.sold_out"


class Bad(Command):
    units: int


def named(result: Any, item: Any) -> None:
    result.order = item.order


async def worked(begin: Any, fill: Any, *orders: str, **more: Any) -> list[Any]:
    batch = Batch(
        items=lambda request: request.items,
        begin=begin,
        fill=fill,
        whose=named,
        answer=SellResults,
        **more,
    )
    items = [SellRequest(shop="main", order=order) for order in orders]
    answer = await batch.work(batch.items(SellBatch(items=items)))
    return list(answer.results)


def reasons(found: list[Any]) -> list[str]:
    return [result.error.reason for result in found]


async def done(item: Any) -> str:
    return str(item.order)


async def test_a_result_that_could_not_be_filled_holds_its_error_and_nothing_else() -> None:
    def fill(result: Any, item: Any, outcome: str) -> None:
        result.error.message = "never to be seen"
        result.error.facts["never"] = "seen"
        if item.order == "b":
            raise SoldOut(shop="main")
        result.ClearField("error")

    found = await worked(done, fill, "a", "b", "c")
    assert [result.order for result in found] == ["a", "b", "c"]
    assert [result.error.reason for result in found] == ["", "shop.sold_out", ""]
    assert dict(found[1].error.facts) == {"shop": "main"}
    assert found[1].error.message == "There is nothing left."


async def test_what_is_left_to_wait_for_is_waited_for_and_may_fail() -> None:
    waited = []

    async def more(order: str) -> None:
        await asyncio.sleep(0)
        waited.append(order)
        if order == "b":
            raise Invalid("no", field="order")

    found = await worked(done, lambda _r, _i, outcome: more(outcome), "a", "b", "c")
    assert waited == ["a", "b", "c"]
    assert reasons(found) == ["", "roadcase.invalid", ""]


async def test_what_cannot_be_begun_is_refused_in_its_place() -> None:
    def begin(item: Any) -> Any:
        if item.order == "a":
            Bad(units=item.order)
        return asyncio.ensure_future(done(item))

    found = await worked(begin, lambda *_: None, "a", "b")
    assert [result.order for result in found] == ["a", "b"]
    assert reasons(found) == ["roadcase.invalid", ""]


async def test_of_a_message_that_is_too_long_each_item_is_refused() -> None:
    found = await worked(done, lambda *_: None, "a", "b", "c", max_items=2)
    assert reasons(found) == ["roadcase.too_large"] * 3


async def test_what_nobody_waits_for_any_more_is_let_go() -> None:
    begun: list[asyncio.Future[str]] = []

    def begin(_item: Any) -> asyncio.Future[str]:
        begun.append(asyncio.get_running_loop().create_future())
        return begun[-1]

    work = asyncio.create_task(worked(begin, lambda *_: None, "a", "b"))
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert all(each.cancelled() for each in begun)
