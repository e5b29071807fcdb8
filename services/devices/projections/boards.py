"""Roles and printers at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar, Final

from roadcase.decider import Event
from roadcase.projection import Fold, Keyed, Row, Stamp
from services.devices.events import (
    JobAbandoned,
    JobConfirmed,
    JobInDoubt,
    JobOperatorConfirmed,
    JobRejected,
    JobReprinted,
    JobRequested,
    JobSending,
    PrinterChanged,
    PrinterLeased,
    PrinterReleased,
    RoleBound,
)
from services.devices.projections.rows import there

_role = attrgetter("spool", "role")
_device = attrgetter("spool", "device")


class Roles:
    """One row for each role: its printer, and how many of its jobs are in which state.

    `copies` are the second and later prints that were asked for, by policy or by an operator.
    """

    name: ClassVar[str] = "roles"
    key: ClassVar[tuple[str, ...]] = ("spool", "role")
    schema: ClassVar[str] = """
        CREATE TABLE roles (
            tenant text, spool text, role text, device text NOT NULL, resend bigint NOT NULL,
            queued bigint NOT NULL, sending bigint NOT NULL, printed bigint NOT NULL,
            in_doubt bigint NOT NULL, abandoned bigint NOT NULL, copies bigint NOT NULL,
            last_printed_at timestamptz, PRIMARY KEY (tenant, spool, role))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            RoleBound: _bound,
            JobRequested: _counts(None, "queued"),
            JobSending: _counts("queued", "sending"),
            JobConfirmed: _counted_printed,
            JobRejected: _counts("sending", "queued"),
            JobInDoubt: _counts("sending", "in_doubt"),
            JobReprinted: _counted_copy,
            JobOperatorConfirmed: _counted_printed,
            JobAbandoned: _counted_abandoned,
        }
        return {event: [(_role, fold)] for event, fold in folds.items()}


_STATES: Final = ("queued", "sending", "printed", "in_doubt", "abandoned")


def _bound(row: Row | None, event: RoleBound, _stamp: Stamp) -> Row:
    new = {"spool": event.spool, "role": event.role, "copies": 0, "last_printed_at": None}
    before: Row = row or {**new, **dict.fromkeys(_STATES, 0)}
    return {**before, "device": event.device, "resend": event.resend}


def _moved(row: Row | None, old: str | None, new: str) -> dict[str, Any]:
    counted = dict(there(row))
    if old:
        counted[old] -= 1
    counted[new] += 1
    return counted


def _counts(old: str | None, new: str) -> Fold:
    def fold(row: Row | None, _event: Any, _stamp: Stamp) -> Row:
        return _moved(row, old, new)

    return fold


def _counted_printed(
    row: Row | None, event: JobConfirmed | JobOperatorConfirmed, stamp: Stamp
) -> Row:
    return {**_moved(row, event.was, "printed"), "last_printed_at": stamp.at}


def _counted_copy(row: Row | None, _event: JobReprinted, _stamp: Stamp) -> Row:
    moved = _moved(row, "in_doubt", "queued")
    return {**moved, "copies": moved["copies"] + 1}


def _counted_abandoned(row: Row | None, event: JobAbandoned, _stamp: Stamp) -> Row:
    return _moved(row, event.was, "abandoned")


class Printers:
    """One row for each device. `online` is not known before it was looked at.

    `seen_at` is when it last told something; that it is healthy and idle is nothing new.
    """

    name: ClassVar[str] = "printers"
    key: ClassVar[tuple[str, ...]] = ("spool", "device")
    schema: ClassVar[str] = """
        CREATE TABLE printers (
            tenant text, spool text, device text, address text NOT NULL, profile text NOT NULL,
            online boolean, paper text, cover text, stopped boolean, changed_at timestamptz,
            seen_at timestamptz, holder text, epoch bigint NOT NULL, lease_until timestamptz,
            printed bigint NOT NULL, doubts bigint NOT NULL,
            PRIMARY KEY (tenant, spool, device))
    """

    @property
    def hears(self) -> Mapping[type[Event], Keyed]:
        folds: dict[type[Event], Fold] = {
            RoleBound: _installed,
            PrinterLeased: _leased,
            PrinterReleased: _released,
            PrinterChanged: _changed,
            JobConfirmed: _printed_on,
            JobInDoubt: _doubted_on,
        }
        return {event: [(_device, fold)] for event, fold in folds.items()}


def _installed(row: Row | None, event: RoleBound, _stamp: Stamp) -> Row:
    unknown = ("online", "paper", "cover", "stopped", "changed_at", "seen_at")
    none = dict.fromkeys((*unknown, "holder", "lease_until"))
    new: Row = {**none, "spool": event.spool, "device": event.device, "epoch": 0}
    before: Row = row or {**new, "printed": 0, "doubts": 0}
    return {**before, "address": event.address, "profile": event.profile}


def _leased(row: Row | None, event: PrinterLeased, _stamp: Stamp) -> Row:
    lease = {"holder": event.holder, "epoch": event.epoch, "lease_until": event.until}
    return {**there(row), **lease}


def _released(row: Row | None, _event: PrinterReleased, _stamp: Stamp) -> Row:
    return {**there(row), "holder": None, "lease_until": None}


def _changed(row: Row | None, event: PrinterChanged, stamp: Stamp) -> Row:
    before = there(row)
    return {
        **before,
        "online": event.online,
        "paper": event.paper,
        "cover": event.cover,
        "stopped": event.stopped,
        "changed_at": stamp.at,
        "seen_at": stamp.at if event.online else before["seen_at"],
    }


def _printed_on(row: Row | None, _event: JobConfirmed, stamp: Stamp) -> Row:
    before = there(row)
    return {**before, "printed": before["printed"] + 1, "seen_at": stamp.at}


def _doubted_on(row: Row | None, _event: JobInDoubt, _stamp: Stamp) -> Row:
    before = there(row)
    return {**before, "doubts": before["doubts"] + 1}
