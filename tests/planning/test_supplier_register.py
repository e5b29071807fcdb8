"""The same business is on the list once: by its number, or its name and how it is reached."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from services.planning.commands import AddSupplier, EnlistSupplier, ListSupplier
from services.planning.domain import REGISTER, SUPPLIER
from services.planning.domain.supplier_refusals import SupplierTwice
from services.planning.events import SupplierAdded, SupplierListed
from services.planning.reactions.supplier_register import REACTIONS

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


class Directory:
    """The register of one organiser."""

    def __init__(self) -> None:
        self.state = REGISTER.initial()

    def ask(self, command: Any) -> list[Any]:
        return list(REGISTER.decided(self.state, command, NOW))

    def list(self, supplier: str, title: str, **about: Any) -> list[Any]:
        return self.ask(ListSupplier(supplier=supplier, title=title, **about))

    def refused(self, supplier: str, title: str, **about: Any) -> dict[str, Any]:
        with pytest.raises(SupplierTwice) as error:
            self.list(supplier, title, **about)
        return error.value.facts


def test_a_second_one_with_the_same_number_is_refused_and_the_first_is_named():
    directory = Directory()
    directory.list("bar", "Dumpling bar", registration="DE 123 456 789")
    assert directory.refused("other", "Something else", registration="de123456789") == {
        "supplier": "other",
        "first": "bar",
        "title": "Dumpling bar",
        "by": "registration",
    }
    assert directory.list("other", "Something else", registration="DE 123 456 788")


def test_the_same_name_is_refused_with_the_same_contact_and_else_only_told():
    directory = Directory()
    directory.list("bar", "Dumpling Bar GmbH", subject="sub-1")
    facts = directory.refused("bar-2", "DUMPLING-BAR", subject="sub-1")
    assert (facts["first"], facts["by"]) == ("bar", "name and contact")
    (event,) = directory.list("bar-2", "DUMPLING-BAR", subject="sub-2")
    assert event.alike == ("bar",)
    (event,) = directory.list("cafe", "Cafe", subject="sub-1")  # one person, two businesses
    assert event.alike == ()
    facts = directory.refused("bar-3", "Dumpling Bar", subject="sub-2")
    assert facts["first"] == "bar-2"


def test_what_is_told_of_one_may_change_and_what_they_were_told_by_is_free_again():
    directory = Directory()
    directory.list("bar", "Dumpling bar", registration="DE1234", subject="sub-1")
    assert directory.list("bar", "Dumpling bar", registration="de 1234")  # as it is written now
    assert directory.list("bar", "Dumpling bar") == []
    (event,) = directory.list("bar", "Noodle bar")
    assert (event.registration, event.subject, event.alike) == ("de 1234", "sub-1", ())
    directory.list("bar", "Noodle bar", registration="DE9999")
    assert directory.list("other", "Dumpling bar", registration="DE1234", subject="sub-1")
    facts = directory.refused("bar", "Noodle bar", registration="DE1234")
    assert facts["first"] == "other"


def test_a_name_of_nothing_but_signs_is_like_no_other():
    directory = Directory()
    directory.list("one", "!!!", subject="sub-1")
    (event,) = directory.list("two", "???", subject="sub-1")
    assert event.alike == ()


@pytest.mark.parametrize("number", ["n/a", "none", "-", "7", " ", "DE\u001b[31m12"])
def test_what_is_no_number_is_refused_and_nobody_shares_it(number):
    with pytest.raises(ValidationError):
        ListSupplier(supplier="bar", title="Bar", registration=number)


def test_who_was_on_the_list_before_is_listed_by_name_and_is_never_refused():
    (heard,) = (each for each in REACTIONS if SupplierAdded.topic in each.hears.topics)
    old = SupplierAdded(supplier="bar", title="Dumpling bar")
    event = msgspec.json.decode(msgspec.json.encode(old), type=heard.hears)
    directory = Directory()
    (command,) = heard.do(event)
    assert isinstance(command, EnlistSupplier)
    assert len(directory.ask(command)) == 1
    assert directory.ask(command) == []
    again = EnlistSupplier(supplier="bar-2", title="Dumpling Bar")
    assert directory.ask(again)[0].alike == ("bar",)
    assert heard.do(msgspec.structs.replace(event, listing=3)) == []


def test_killed_before_they_are_added_they_are_by_what_was_listed_and_late_news_is_none():
    directory, supplier = Directory(), SUPPLIER.initial()
    (first,) = directory.list("bar", "Dumpling bar", registration="DE1234")
    (second,) = directory.list("bar", "Noodle bar")

    def add(event: SupplierListed) -> list[Any]:
        (heard,) = (each for each in REACTIONS if event.topic in each.hears.topics)
        (command,) = heard.do(msgspec.json.decode(msgspec.json.encode(event), type=heard.hears))
        assert isinstance(command, AddSupplier)
        return list(SUPPLIER.decided(supplier, command, NOW))

    assert [each.registration for each in add(second)] == ["DE1234"]
    assert add(first) == []
    assert add(second) == []
    assert supplier.added is not None
    assert supplier.added.title == "Noodle bar"
