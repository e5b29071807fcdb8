"""Nights that are postponed: who keeps their tickets, and who has their money back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    NightPostponed,
    PostponementAnswered,
    PostponementClosed,
)
from services.ticketing.projections.counts import there


class PostponedNights:
    """One row for each postponement. `asking`: answers are waited for; the rest are orders."""

    name: ClassVar[str] = "postponed_nights"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "postponement")
    schema: ClassVar[str] = """
        CREATE TABLE postponed_nights (
            tenant text, occurrence text, postponement text, postponed_at timestamptz NOT NULL,
            answer_until timestamptz NOT NULL, default_answer text NOT NULL,
            asking boolean NOT NULL, answered bigint NOT NULL, by_default bigint NOT NULL,
            PRIMARY KEY (tenant, occurrence, postponement))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            NightPostponed: [(_night, _postponed)],
            PostponementAnswered: [(_night, _counted)],
            PostponementClosed: [(_night, _closed)],
        }


def _night(
    event: NightPostponed | PostponementAnswered | PostponementClosed,
) -> tuple[str, str]:
    return event.occurrence, event.postponement


def _postponed(_row: Row | None, event: NightPostponed, stamp: Stamp) -> Row:
    return {
        "occurrence": event.occurrence,
        "postponement": event.postponement,
        "postponed_at": stamp.at,
        "answer_until": event.answer_until,
        "default_answer": event.default,
        "asking": True,
        "answered": 0,
        "by_default": 0,
    }


def _counted(row: Row | None, event: PostponementAnswered, _stamp: Stamp) -> Row:
    new = there(row)
    new["by_default" if event.by_default else "answered"] += 1
    return new


def _closed(row: Row | None, _event: PostponementClosed, _stamp: Stamp) -> Row:
    return {**there(row), "asking": False}


class PostponedOrders:
    """One row for each order that answered, or whose answer is the default."""

    name: ClassVar[str] = "postponed_orders"
    key: ClassVar[tuple[str, ...]] = ("occurrence", "postponement", "order_id")
    schema: ClassVar[str] = """
        CREATE TABLE postponed_orders (
            tenant text, occurrence text, postponement text, order_id text, answer text NOT NULL,
            by_default boolean NOT NULL,
            PRIMARY KEY (tenant, occurrence, postponement, order_id))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {PostponementAnswered: [(_order, _answered)]}


def _order(event: PostponementAnswered) -> tuple[str, str, str]:
    return event.occurrence, event.postponement, event.order


def _answered(_row: Row | None, event: PostponementAnswered, _stamp: Stamp) -> Row:
    occurrence, postponement, order = _order(event)
    return {
        "occurrence": occurrence,
        "postponement": postponement,
        "order_id": order,
        "answer": event.answer,
        "by_default": event.by_default,
    }
