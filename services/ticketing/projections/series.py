"""Vouchers over several occurrences: their terms, and who uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from roadcase.decider import Event
from roadcase.projection import Keyed, Row, Stamp
from services.ticketing.events import (
    ReservationEnded,
    ReservationUsed,
    SeriesVoucherSet,
    UseReturned,
    VoucherReserved,
)
from services.ticketing.projections.reserves import terms_of


class SeriesVouchers:
    """One row for each. `terms`: the fields of SeriesVoucherSet."""

    name: ClassVar[str] = "series_vouchers"
    key: ClassVar[tuple[str, ...]] = ("voucher",)
    schema: ClassVar[str] = """
        CREATE TABLE series_vouchers (
            tenant text, voucher text, terms jsonb NOT NULL, PRIMARY KEY (tenant, voucher))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {SeriesVoucherSet: [(_voucher, _set)]}


def _voucher(event: SeriesVoucherSet) -> tuple[str]:
    return (event.voucher,)


def _set(_row: Row | None, event: SeriesVoucherSet, _stamp: Stamp) -> Row:
    return {"voucher": event.voucher, "terms": dict(terms_of(event, {"voucher"}))}


class SeriesReservations:
    """One row for each purchase with one. `state`: reserved, used, ended; `spent`: minor units."""

    name: ClassVar[str] = "series_reservations"
    key: ClassVar[tuple[str, ...]] = ("voucher", "reservation")
    schema: ClassVar[str] = """
        CREATE TABLE series_reservations (
            tenant text, voucher text, reservation text, state text NOT NULL,
            tickets bigint NOT NULL, spent bigint NOT NULL, returned bigint NOT NULL,
            returned_spent bigint NOT NULL, PRIMARY KEY (tenant, voucher, reservation))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        return {
            VoucherReserved: [(_reservation, _reserved)],
            ReservationUsed: [(_reservation, _used)],
            ReservationEnded: [(_reservation, _ended)],
            UseReturned: [(_reservation, _returned)],
        }


Of = VoucherReserved | ReservationUsed | ReservationEnded | UseReturned


def _reservation(event: Of) -> tuple[str, str]:
    return event.voucher, event.reservation


def _reserved(_row: Row | None, event: VoucherReserved, _stamp: Stamp) -> Row:
    return _row_of(event, "reserved", event.tickets, event.budget.minor if event.budget else 0)


def _used(row: Row | None, event: ReservationUsed, _stamp: Stamp) -> Row:
    """Tickets may be void before their use is told."""
    now = _row_of(event, "used", event.tickets, event.spent)
    if row is None or row["state"] == "ended" or not row["returned"]:
        return now
    return {
        **now,
        "tickets": event.tickets - row["returned"],
        "spent": event.spent - row["returned_spent"],
        "returned": row["returned"],
        "returned_spent": row["returned_spent"],
    }


def _ended(_row: Row | None, event: ReservationEnded, _stamp: Stamp) -> Row:
    return _row_of(event, "ended", 0, 0)


def _returned(row: Row | None, event: UseReturned, _stamp: Stamp) -> Row | None:
    return row and {
        **row,
        "tickets": row["tickets"] - 1,
        "spent": row["spent"] - event.spent,
        "returned": row["returned"] + 1,
        "returned_spent": row["returned_spent"] + event.spent,
    }


def _row_of(event: Of, state: str, tickets: int, spent: int) -> Row:
    return {
        "voucher": event.voucher,
        "reservation": event.reservation,
        "state": state,
        "tickets": tickets,
        "spent": spent,
        "returned": 0,
        "returned_spent": 0,
    }
