"""Values of enums that nobody knows: found wherever they are, quickly where they cannot be deep."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.message_factory import GetMessageClass

from roadcase.api.v1 import (
    common_pb2,
    planning_pb2,
    ticketing_orders_pb2,
    ticketing_pb2,
    ticketing_reserves_pb2,
)
from roadcase.errors import Invalid
from roadcase.rpc import enums
from roadcase.rpc.enums import check_enums

FILES = (common_pb2, planning_pb2, ticketing_pb2, ticketing_orders_pb2, ticketing_reserves_pb2)


def messages() -> Iterator[Descriptor]:
    """All of the API."""
    for file in FILES:
        yield from file.DESCRIPTOR.message_types_by_name.values()


def filled(chance: random.Random, message: Any, depth: int = 0) -> Any:
    """Some of its enums and parts, some of them with values that are in no definition."""
    for field in message.DESCRIPTOR.fields:
        keyed = field.message_type is not None and field.message_type.GetOptions().map_entry
        if keyed or chance.random() < 0.4:
            continue
        if field.enum_type is not None:
            values = [chance.choice([0, 1, 1, 2, 99]) for _ in range(2)]
            if field.is_repeated:
                getattr(message, field.name).extend(values)
            else:
                setattr(message, field.name, values[0])
        elif field.message_type is not None and depth < 4:
            part = getattr(message, field.name)
            if field.is_repeated:
                filled(chance, part.add(), depth + 1)
            else:
                filled(chance, part, depth + 1)
                part.SetInParent()
    return message


def said(check: Any, message: Any) -> str:
    try:
        check(message)
    except Invalid as error:
        return str(error)
    return ""


def test_the_quick_way_finds_what_the_long_way_finds() -> None:
    chance, found = random.Random(7), set()
    for descriptor in messages():
        make = GetMessageClass(descriptor)
        for _ in range(60):
            message = filled(chance, make())
            long = said(enums._check, message)
            assert said(check_enums, message) == long, message
            found.add((enums._flat(descriptor) is None, bool(long)))
    assert found == {(True, True), (True, False), (False, True), (False, False)}


def test_what_is_sold_in_a_stream_is_checked_the_quick_way() -> None:
    assert enums._flat(ticketing_pb2.SellStreamItem.DESCRIPTOR)
    item = ticketing_pb2.SellStreamItem(sale=ticketing_pb2.SellTicketsRequest(channel=2))
    check_enums(item)
    item.sale.channel = 42
    with pytest.raises(Invalid, match=r"^sale\.channel: 42 is not a Channel$"):
        check_enums(item)
