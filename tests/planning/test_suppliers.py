"""Suppliers: vetted or not, their documents on each day of a night, how it went with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from roadcase.projection import Stamp
from services.planning.commands import (
    AddSupplier,
    EngageSupplier,
    FileSupplierDocument,
    NoteSupplier,
    ReleaseSupplier,
    RenewEngagement,
    SuspendSupplier,
    VetSupplier,
    WithdrawSupplierDocument,
)
from services.planning.domain import SUPPLIER
from services.planning.domain.score import score
from services.planning.domain.supplier_refusals import (
    NoSupplier,
    NoSupplierDocument,
    SupplierNotFit,
)
from services.planning.projections import Suppliers

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
FIRST, LAST = date(2027, 7, 9), date(2027, 7, 10)


class Known:
    """One supplier: asked, and what the list shows of them."""

    def __init__(self, *, vetted: bool = True) -> None:
        self.state = SUPPLIER.initial()
        self.row: Any = None
        self.events: list[Any] = []
        self.ask(AddSupplier(supplier="press", title="Riso press"))
        if vetted:
            self.ask(VetSupplier(supplier="press"))

    def ask(self, command: Any, at: datetime = NOW) -> list[str]:
        found = list(SUPPLIER.decided(self.state, command, at))
        self.events += found
        for number, event in enumerate(found):
            stamp = Stamp(number, "s", "acme", at, "somebody")
            for _, fold in Suppliers().hears[type(event)]:
                self.row = fold(self.row, event, stamp)
        return [type(each).__name__ for each in found]

    def file(self, document: str, kind: str, since: str = "", until: str = "") -> list[str]:
        days = {"valid_from": since or None, "valid_until": until or None}
        return self.ask(
            FileSupplierDocument(
                supplier="press", document=document, kind=kind, reference="no. 7", **days
            )
        )

    def engage(self, *documents: str, stall: str = "a1") -> list[str]:
        return self.ask(EngageSupplier(**self.stall(*documents, stall=stall)))

    def renew(self, *documents: str, last: date) -> list[str]:
        """What they have is on other days now."""
        (engaged,) = self.state.engaged.values()
        about = self.stall(*documents, last=last)
        return self.ask(RenewEngagement(**about, engagement=engaged.engagement))

    def stall(self, *documents: str, stall: str = "a1", last: date = LAST) -> dict[str, Any]:
        days = {"first": FIRST, "last": last}
        return {
            "supplier": "press",
            "occurrence": "market",
            "stall": stall,
            **days,
            "documents": documents,
        }

    def reasons(self, *documents: str) -> list[str]:
        with pytest.raises(SupplierNotFit) as refused:
            self.engage(*documents)
        found: Any = refused.value.facts["reasons"]
        return list(found)


def test_who_was_not_looked_at_or_is_suspended_gets_no_stall_and_the_reason_is_a_code():
    press = Known(vetted=False)
    assert press.reasons() == ["supplier_not_vetted"]
    press.ask(VetSupplier(supplier="press"))
    press.ask(SuspendSupplier(supplier="press", reason="Left rubbish"))
    assert press.reasons("Insurance") == ["supplier_suspended", "document_missing: Insurance"]
    assert press.row["status"] == "suspended"
    assert press.row["reason"] == "Left rubbish"
    press.ask(VetSupplier(supplier="press"))
    assert press.engage() == ["SupplierEngaged"]


@pytest.mark.parametrize(
    ("since", "until", "fit"),
    [
        ("", "", True),
        ("2027-07-09", "2027-07-10", True),
        ("", "2027-07-09", False),  # it ends while they are there: a night has two days
        ("2027-07-10", "", False),
        ("", "2027-06-30", False),
    ],
)
def test_a_document_is_valid_on_each_day_of_the_night(since, until, fit):
    press = Known()
    press.file("i", "Insurance", since, until)
    if fit:
        assert press.engage("insurance ") == ["SupplierEngaged"]  # whatever its capitals
    else:
        assert press.reasons("Insurance") == ["document_not_valid: Insurance"]


def test_two_documents_cover_a_night_together():
    press = Known()
    press.file("old", "Insurance", until="2027-07-09")
    press.file("new", "Insurance", since="2027-07-10")
    assert press.engage("Insurance") == ["SupplierEngaged"]


def test_who_is_not_fit_any_more_loses_the_stalls_ahead_and_not_those_behind():
    press = Known()
    press.file("i", "Insurance")
    press.engage("Insurance")
    press.engage(stall="b1")
    assert press.ask(
        WithdrawSupplierDocument(supplier="press", document="i", reason="It was forged")
    ) == ["SupplierDocumentWithdrawn", "SupplierReleased"]
    assert press.events[-1].why == "document_missing"
    assert [each["stall"] for each in press.row["stalls"]] == ["b1"]
    after = datetime(2027, 7, 11, tzinfo=UTC)
    suspend = SuspendSupplier(supplier="press", reason="Late")
    assert press.ask(suspend, after) == ["SupplierSuspended"]
    assert [each["stall"] for each in press.row["stalls"]] == ["b1"]


def test_a_document_that_is_filed_again_may_end_too_early_for_a_stall():
    press = Known()
    press.file("i", "Insurance", until="2027-12-31")
    press.engage("Insurance")
    assert press.file("i", "Insurance", until="2027-06-30") == [
        "SupplierDocumentFiled",
        "SupplierReleased",
    ]
    assert press.file("i", "Insurance", until="2027-06-30") == []


def test_a_night_that_moves_is_looked_at_again():
    press = Known()
    press.file("i", "Insurance", until="2027-07-10")
    press.engage("Insurance")
    moved = ["SupplierEngaged", "SupplierReleased"]
    assert press.renew("Insurance", last=date(2027, 7, 11)) == moved
    assert press.row["stalls"] == []
    lost = RenewEngagement(**press.stall(), engagement=1)
    assert press.ask(lost) == []  # they do not have it
    press.engage()
    assert press.ask(lost) == []  # nor is it the one that they have now
    assert press.renew(last=date(2027, 7, 12)) == ["SupplierEngaged"]
    assert len(press.row["stalls"]) == 1
    assert press.renew(last=date(2027, 7, 12)) == []


def test_a_stall_is_had_and_given_back_once():
    press = Known()
    assert press.engage() == ["SupplierEngaged"]
    assert press.engage() == []
    about = {"supplier": "press", "occurrence": "market", "stall": "a1", "why": "freed"}
    release = ReleaseSupplier(**about, engagement=1)
    assert press.ask(release) == ["SupplierReleased"]
    assert press.ask(release) == []
    assert press.engage() == ["SupplierEngaged"]
    assert press.ask(release) == []  # another one than that


def test_the_score_follows_from_what_was_noted_each_once():
    press = Known()
    assert score(press.row["conduct"]) == 50
    for number, what in enumerate(("on_time", "on_time", "no_show")):
        note = NoteSupplier(supplier="press", note=f"n{number}", what=what)
        assert press.ask(note) == ["SupplierNoted"]
        assert press.ask(note) == []
    assert press.row["conduct"] == {"on_time": 2, "no_show": 1}
    assert score(press.row["conduct"]) == 38  # 3 of 8: 37.5
    assert score({"on_time": 10}) == 92
    assert score({"complaint": 1}) == 25
    assert score({"late": 1}) == 33


def test_who_is_not_on_the_list_is_added_first():
    fresh = SUPPLIER.initial()
    with pytest.raises(NoSupplier):
        SUPPLIER.decided(fresh, VetSupplier(supplier="press"), NOW)
    press = Known()
    assert press.ask(AddSupplier(supplier="press", title="Riso press")) == []
    assert press.ask(AddSupplier(supplier="press", title="Riso & sons")) == ["SupplierAdded"]
    assert (press.row["title"], press.row["status"]) == ("Riso & sons", "vetted")
    with pytest.raises(NoSupplierDocument):
        press.ask(WithdrawSupplierDocument(supplier="press", document="i", reason="Gone"))
    with pytest.raises(ValidationError, match="not before"):
        press.file("i", "Insurance", "2027-07-10", "2027-07-09")
