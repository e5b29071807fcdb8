"""What commands show is what it is: a name is never markup, and a value never Python."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest
from rich.console import Console

from roadcase.cli import common, log
from roadcase.event_store.records import Meta, Record
from roadcase.ids import uuid7

HOSTILE = "[red]Ada[/x] [/] :smile: \\[bold]"


@pytest.fixture(params=[False, True], ids=["piped", "terminal"])
def screen(request, monkeypatch):
    """A console as commands have it, with colours or without."""
    made = Console(
        width=200, markup=False, emoji=False, force_terminal=request.param, highlight=False
    )
    assert (common.out._markup, common.out._emoji) == (made._markup, made._emoji)
    monkeypatch.setattr(common, "out", made)
    monkeypatch.setattr(log, "out", made)


@pytest.mark.usefixtures("screen")
def test_a_hostile_name_in_an_event_is_shown_as_it_is(capsys):
    meta = Meta(id=uuid7(), at=datetime(2027, 6, 18, tzinfo=UTC), actor=HOSTILE, command=uuid7())
    payload = json.dumps({"name": HOSTILE}).encode()
    stream = f"order:{HOSTILE}"
    record = Record(7, stream, 1, "a.sold.v1", payload, msgspec.json.encode(meta), bytes(32))
    log._show(record, as_json=False)
    shown = capsys.readouterr().out
    assert payload.decode() in shown
    assert stream in shown


@pytest.mark.usefixtures("screen")
def test_a_hostile_name_in_a_table_is_shown_as_it_is(capsys):
    common.table(HOSTILE, [{"name": HOSTILE, "number": 1}])
    common.table("wide", [{f"c{number}": HOSTILE for number in range(9)}])
    common.table(f"none of {HOSTILE}", [])
    said = capsys.readouterr().out
    assert said.count(HOSTILE) == 1 + 1 + 9 + 1


@pytest.mark.usefixtures("screen")
def test_what_a_message_is_about_is_shown_as_pairs(capsys):
    about = {"order": "o1", "codes": ["a", "b"], "paid": False}
    common.table("outbox", [{"message": "m1", "about": about}])
    assert "order=o1, codes=(a, b), paid=no" in capsys.readouterr().out
