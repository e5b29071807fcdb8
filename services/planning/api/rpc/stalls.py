"""Suppliers and stalls as messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, get_args

from roadcase.api.v1 import common_pb2
from roadcase.api.v1 import planning_suppliers_pb2 as pb
from roadcase.errors import Invalid
from services.planning.api.rpc.translate import to_moment
from services.planning.domain.score import score
from services.planning.events import Conduct

CONDUCTS: Final = ("", *get_args(Conduct))
_STATUSES: Final = ("", "applied", "vetted", "suspended")


def day(text: str, field: str) -> date | None:
    """None for nothing. Raises Invalid."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("is a date like 2027-06-18", field=field) from None


def supplier_of(row: Mapping[str, Any], today: date) -> pb.Supplier:
    status: Any = _STATUSES.index(row["status"])
    return pb.Supplier(
        supplier=row["supplier"],
        title=row["title"],
        offers=row["offers"],
        registration=row["registration"],
        status=status,
        reason=row["reason"],
        documents=[_document(each, today) for each in row["documents"].values()],
        score=score(row["conduct"]),
        conduct=row["conduct"],
        stalls=[
            pb.SupplierStall(occurrence=each["occurrence"], stall=each["stall"])
            for each in row["stalls"]
        ],
        changed_at=to_moment(row["changed_at"]),
        reachable=row["reachable"],
    )


def _document(document: Mapping[str, Any], today: date) -> pb.SupplierDocument:
    until = document.get("valid_until")
    return pb.SupplierDocument(
        document=document["document"],
        kind=document["kind"],
        reference=document["reference"],
        valid_from=document.get("valid_from") or "",
        valid_until=until or "",
        expired=until is not None and date.fromisoformat(until) < today,
    )


def market_of(row: Mapping[str, Any]) -> pb.Market:
    return pb.Market(
        occurrence=row["occurrence"],
        first_day=row["first_day"].isoformat(),
        last_day=row["last_day"].isoformat(),
        closed=row["closed"],
        stalls=[_stall(key, each) for key, each in row["stalls"].items()],
        charges=[_charge(each) for each in row["charges"]],
    )


def _stall(key: str, stall: Mapping[str, Any]) -> pb.Stall:
    booked = stall["booked"]
    fee = booked["fee"] if booked else stall["fee"]
    return pb.Stall(
        stall=key,
        planned=stall["supplier"] or "",
        booked=booked["supplier"] if booked else "",
        documents=stall["documents"],
        fee=_fee(fee) if fee else None,
        takings=_money(stall["takings"]),
        waived=stall["waived"] or "",
        lost=stall["why"],
        waits=[] if booked else stall.get("waits", ()),
    )


def _fee(fee: Mapping[str, Any]) -> pb.StallFee:
    return pb.StallFee(
        fixed=_money(fee.get("fixed")),
        share=fee.get("share"),
        floor=_money(fee.get("floor")),
        cap=_money(fee.get("cap")),
    )


def _charge(charge: Mapping[str, Any]) -> pb.StallCharge:
    return pb.StallCharge(
        charge=charge["charge"],
        stall=charge["stall"],
        supplier=charge["supplier"],
        amount=_money(charge["amount"]),
        fixed=_money(charge["fixed"]),
        share=_money(charge["share"]),
        reversed=charge["reversed"] or "",
    )


def _money(amount: Mapping[str, Any] | None) -> common_pb2.Money | None:
    return common_pb2.Money(**amount) if amount else None
