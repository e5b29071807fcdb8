"""Nights that are cancelled as a whole: how far that is, and what became of each order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import MassCancelFinished, MassCancelStarted, OrderMassCancelled
from services.ticketing.projections.counts import added


class MassCancels:
    """One row for each process. `state`: running, finished. `back`: minor units by currency."""

    name: ClassVar[str] = "mass_cancels"
    key: ClassVar[tuple[str, ...]] = ("process",)
    schema: ClassVar[str] = """
        CREATE TABLE mass_cancels (
            tenant text, process text, occurrence text NOT NULL, reason text NOT NULL,
            money_back boolean NOT NULL, state text NOT NULL, orders bigint NOT NULL,
            refused bigint NOT NULL, back jsonb NOT NULL, last_order text,
            started_at timestamptz NOT NULL, finished_at timestamptz,
            PRIMARY KEY (tenant, process));
        CREATE INDEX mass_cancels_state ON mass_cancels (state)
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            MassCancelStarted: [(_process, _started)],
            OrderMassCancelled: [(_process, _counted)],
            MassCancelFinished: [(_process, _finished)],
        }


def _process(event: Any) -> str:
    return str(event.process)


def _started(_row: Row | None, event: MassCancelStarted, stamp: Stamp) -> Row:
    return {
        "process": event.process,
        "occurrence": event.occurrence,
        "reason": event.reason,
        "money_back": event.money_back,
        "state": "running",
        "orders": 0,
        "refused": 0,
        "back": {},
        "last_order": None,
        "started_at": stamp.at,
        "finished_at": None,
    }


def _counted(row: Row | None, event: OrderMassCancelled, _stamp: Stamp) -> Row | None:
    if row is None:
        return None
    back = added(row["back"], event.amount) if event.amount else row["back"]
    return {
        **row,
        "orders": row["orders"] + 1,
        "refused": row["refused"] + (event.outcome == "refused"),
        "back": back,
        "last_order": event.order,
    }


def _finished(row: Row | None, _event: MassCancelFinished, stamp: Stamp) -> Row | None:
    return row and {**row, "state": "finished", "finished_at": stamp.at}


class MassCancelledOrders:
    """One row for each order of a process: its outcome, what went back, why it was refused."""

    name: ClassVar[str] = "mass_cancelled_orders"
    key: ClassVar[tuple[str, ...]] = ("process", "order_id")
    schema: ClassVar[str] = """
        CREATE TABLE mass_cancelled_orders (
            tenant text, process text, order_id text, at timestamptz NOT NULL,
            outcome text NOT NULL, amount_minor bigint, currency text, why text,
            PRIMARY KEY (tenant, process, order_id))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {OrderMassCancelled: [(_order, _outcome)]}


def _order(event: OrderMassCancelled) -> tuple[str, str]:
    return event.process, event.order


def _outcome(_row: Row | None, event: OrderMassCancelled, stamp: Stamp) -> Row:
    return {
        "process": event.process,
        "order_id": event.order,
        "at": stamp.at,
        "outcome": event.outcome,
        "amount_minor": event.amount.minor if event.amount else None,
        "currency": event.amount.currency if event.amount else None,
        "why": event.why,
    }
