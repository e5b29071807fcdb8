"""An evening by the command line: stalls, kit, crew and the show, each by hand."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from roadcase.cli import main
from tests.system.site import Site, running

KIT = """
apiVersion: roadcase/v1
kind: Kit
metadata: {name: van}
spec:
  items:
    - {key: case, title: Till case, owned: 1}
    - {key: printer, title: Receipt printer, owned: 2, serials: [p1, p2], container: case}
    - {key: lamp, title: Lamp, owned: 12}
"""
NIGHT = """
apiVersion: roadcase/v1
kind: Event
metadata: {{name: market}}
spec:
  title: Night market
  currency: EUR
  schedule: {{zone: UTC, date: {date}, start: "{start}", end: "{end}"}}
  suppliers: [{{key: bar, title: Dumpling bar, documents: [Insurance]}}]
  stalls:
    - {{key: a1, supplier: bar, fee: {{share: 1000}}}}
    - {{key: c1}}
  staffing: [{{key: door, role: Door, count: 1}}]
  kit: [{{key: case, role: Till, quantity: 1}}, {{key: lamp, role: Light, quantity: 4}}]
  runOfShow:
    cues:
      - {{key: welcome, title: Welcome, minutes: 10}}
      - {{key: band, title: The band, minutes: 60}}
"""


def tonight() -> str:
    """It began an hour ago: kit leaves only with what is going on."""
    start = datetime.now(UTC) - timedelta(hours=1)
    end = start + timedelta(hours=8)
    return NIGHT.format(date=start.date(), start=f"{start:%H:%M}", end=f"{end:%H:%M}")


class Evening:
    """What is typed, and what is answered: in this process, since one for each takes its time."""

    def __init__(self, site: Site) -> None:
        self.site = site
        scopes = ("suppliers", "kit", "crew", "read", "show")
        self.token = site.token(*(f"planning:{each}" for each in scopes), "people:read")

    def new(self, *words: str) -> Any:
        """In a process of its own, with a token that is issued for it."""
        return self.site.cli(*words, "--tenant", "acme", "--server", self.site.grpc)

    def type(self, *words: str, code: int = 0) -> Any:
        found, said = self._typed(*words)
        assert found == code, (words, said)
        return said

    def becomes(self, so: Callable[[Any], Any], *words: str) -> Any:
        """What is answered once it is so: what follows from elsewhere takes a moment."""
        until = monotonic() + 30
        while True:
            code, said = self._typed(*words)
            if code == 0 and so(said):
                return said
            assert monotonic() < until, (words, said)
            sleep(0.05)

    def shown(self, *words: str) -> str:
        """What a person reads."""
        code, said = self._heard(*words)
        assert code == 0, (words, said)
        return said

    def _typed(self, *words: str) -> tuple[Any, Any]:
        code, said = self._heard(*words, "--json")
        return code, json.loads(said.splitlines()[-1])

    def _heard(self, *words: str) -> tuple[Any, str]:
        heard = StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(heard):
            patch.setattr(sys, "argv", ["roadcase", *words])
            patch.setenv("ROADCASE_TOKEN", self.token)
            patch.setenv("ROADCASE_SERVER", self.site.grpc)
            with pytest.raises(SystemExit) as ended:
                main()
        return ended.value.code, heard.getvalue()


@pytest.fixture(scope="module")
def evening(tmp_path_factory) -> Iterator[Evening]:
    folder: Path = tmp_path_factory.mktemp("evening")
    with running(folder / "data") as site:
        found = Evening(site)
        (folder / "kit.yaml").write_text(KIT)
        (folder / "night.yaml").write_text(tonight())
        found.new("template", "publish", str(folder / "kit.yaml"))
        found.new("apply", str(folder / "night.yaml"), "--approve")
        yield found


def test_a_supplier_is_vetted_and_has_the_stall_that_the_manifest_has_for_them(evening):
    assert evening.new("supplier", "add", "bar", "--title", "Dumpling bar")["supplier"] == "bar"
    waits = evening.becomes(lambda found: len(found["stalls"]) == 2, "stall", "list", "market")
    assert waits["stalls"][0]["named"] == "bar"
    assert evening.type("stall", "book", "market", "a1", code=1)["error"] == (
        "planning.supplier_not_fit"
    )
    evening.type("supplier", "vet", "bar", "--note", "Seen")
    about = ("--kind", "Insurance", "--reference", "no. 7", "--until", "2099-12-31")
    evening.type("supplier", "document", "bar", "i", *about)
    evening.type("stall", "book", "market", "c1", "--supplier", "bar")
    full = {"a1": "bar", "c1": "bar"}

    def had(found: Any) -> dict[str, str]:
        return {each["stall"]: each["booked"] for each in found["stalls"]}

    evening.becomes(lambda found: had(found) == full, "stall", "list", "market")
    evening.new("stall", "free", "market", "c1")
    took = evening.type("stall", "takings", "market", "a1", "1180.50 EUR", "--report", "r1")
    assert took["takings"] == "1180.50 EUR"
    shown = evening.type("stall", "list", "market")["stalls"]
    assert [(each["booked"], each["takings"], each["lost"]) for each in shown] == [
        ("bar", "1180.50 EUR", ""),
        ("", "", "freed"),
    ]
    evening.type("supplier", "withdraw", "bar", "i", "--reason", "Forged")
    lost = evening.becomes(
        lambda found: not found["stalls"][0]["booked"], "stall", "list", "market"
    )
    assert lost["stalls"][0]["waits"] == ["document_missing: Insurance"]
    evening.type("supplier", "document", "bar", "i", *about)
    evening.becomes(lambda found: had(found)["a1"] == "bar", "stall", "list", "market")
    evening.type("supplier", "suspend", "bar", "--reason", "Left rubbish")
    (bar,) = evening.type("supplier", "list")["suppliers"]
    assert (bar["status"], bar["documents"]) == ("suspended", ["Insurance until 2099-12-31"])
    free = {"a1": "", "c1": ""}
    left = evening.becomes(lambda found: had(found) == free, "stall", "list", "market")
    assert left["stalls"][0]["waits"] == ["supplier_suspended"]


def test_kit_leaves_with_its_case_comes_back_and_is_sent_to_repair(evening):
    evening.becomes(
        lambda found: [each["state"] for each in found["bookings"]] == ["booked"],
        *("kit", "bookings"),
    )
    out = evening.new("kit", "checkout", "market", "--container", "case")
    assert (out["out"], out["missing"]) == (["case=1", "printer:p1,p2"], [])
    evening.type("kit", "checkout", "market", "lamp=4")
    assert evening.type("kit", "checkout", "market", "lamp=x", code=2)["error"] == (
        "roadcase.invalid"
    )
    evening.type("kit", "checkin", "market", "lamp=3", "printer:p1")
    left = evening.becomes(
        lambda found: len(found["bookings"][0]["out"]) == 3 and found, "kit", "bookings"
    )
    assert sorted(left["bookings"][0]["out"]) == ["case=1", "lamp=1", "printer:p2"]
    sent = evening.type("kit", "repair", "printer:p1", "--reason", "It jams", "--id", "r1")
    assert sent["repair"] == "r1"

    def in_repair(found: Any) -> dict[str, int]:
        return {each["item"]: each["in_repair"] for each in found["items"] if each["in_repair"]}

    day = datetime.now(UTC) + timedelta(days=1)
    until = f"{day:%Y-%m-%dT%H:%M:%S}"
    evening.type("kit", "repair", "lamp=2", "--reason", "Bulbs", "--until", until)
    both = {"printer": 1, "lamp": 2}
    evening.becomes(lambda found: in_repair(found) == both, "kit", "list")
    later = f"{day + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
    assert in_repair(evening.type("kit", "list", "--since", later)) == {"printer": 1}
    assert in_repair(evening.type("kit", "list", "--until", later)) == both
    evening.type("kit", "repaired", "r1")
    evening.becomes(lambda found: in_repair(found) == {"lamp": 2}, "kit", "list")


def test_somebody_is_asked_is_on_the_call_sheet_and_at_work_once_they_said_yes(evening):
    evening.type("crew", "add", "ana", "--name", "Ana Secret", "--email", "ana@secret.test")
    crew = ("crew", "list", "market")
    evening.becomes(lambda found: found["positions"], *crew)
    link = evening.type("crew", "invite", "market", "door-1", "ana")["link"]
    asked = evening.becomes(lambda found: found["positions"][0]["state"] == "invited", *crew)
    assert asked["positions"][0]["invited"] == ["ana"]
    work = ("market", "door-1", "ana")
    refused = evening.type("crew", "clock", "in", *work, code=1)
    assert refused["error"] == "planning.not_theirs"
    accept(f"http://{evening.site.http}{link[link.index('/crew/') :]}")
    evening.becomes(lambda found: found["positions"][0]["person"] == "ana", *crew)
    assert "Ana Secret" in evening.new("crew", "sheet", "market")["text"]
    evening.type("crew", "clock", "in", *work)
    evening.type("crew", "clock", "out", *work)
    clock = evening.becomes(lambda found: found["clock"] and found["clock"][0]["ends"], *crew)
    assert [each["person"] for each in clock["clock"]] == ["ana"]


def test_somebody_shows_a_certificate_and_a_swap_is_offered_and_taken_back(evening):
    evening.type("crew", "add", "eve", "--name", "Eve Secret", "--email", "eve@secret.test")
    record = ("crew", "certificate", "record", "eve")
    evening.type(*record, "first aid", "--until", "2099-12-31")
    told = evening.type(*record, "guard")
    assert told == {
        "person": "eve",
        "certificate": "guard",
        "valid_until": "",
        "recorded": True,
    }

    def eve(found: Any) -> list[str]:
        return next(each["certificates"] for each in found["members"] if each["person"] == "eve")

    both = ["first aid until 2099-12-31", "guard"]
    evening.becomes(lambda found: eve(found) == both, "crew", "members")
    evening.type("crew", "certificate", "withdraw", "eve", "guard")
    evening.becomes(lambda found: eve(found) == both[:1], "crew", "members")
    wrong = ("crew", "certificate", "withdraw", "eve", "guard", "--until", "2099-12-31")
    assert evening.type(*wrong, code=2)["error"] == "roadcase.invalid"
    crew = ("crew", "list", "market")
    theirs = ("market", "door-1", "ana")
    assert evening.type("crew", "swap", "offer", "market", "door-1", "eve", code=1)["error"] == (
        "planning.not_theirs"
    )
    assert evening.type("crew", "swap", "offer", *theirs)["offered"] is True
    evening.becomes(lambda found: found["positions"][0]["state"] == "offered", *crew)
    evening.type("crew", "swap", "withdraw", *theirs)
    evening.becomes(lambda found: found["positions"][0]["state"] == "accepted", *crew)
    assert "ana offers door-1" in evening.shown("crew", "swap", "offer", *theirs)
    link = evening.type("crew", "invite", "market", "door-1", "eve")["link"]
    accept(f"http://{evening.site.http}{link[link.index('/crew/') :]}")
    evening.becomes(lambda found: found["positions"][0]["person"] == "eve", *crew)


def accept(link: str) -> None:
    """As a browser does: with the form that is on the page."""
    (wish,) = {*re.findall(r'name="wish" value="([^"]+)"', httpx.get(link).text)}
    httpx.post(link, data={"answer": "accept", "wish": wish})


def test_the_show_is_started_delayed_and_gone_through(evening):
    run = ("show", "run", "market")
    evening.becomes(lambda found: len(found["cues"]) == 2, *run)
    assert evening.type("show", "finish", "market", code=2)["error"] == "roadcase.invalid"
    evening.new("show", "start", "market")
    evening.becomes(lambda found: found["cues"][0]["state"] == "running", *run)
    assert evening.type("show", "finish", "market")["cue"] == "welcome"
    evening.type("show", "delay", "market", "15", "--reason", "It rains")
    evening.becomes(lambda found: found["delay"] == "It rains", *run)
    evening.type("show", "start", "market", "band")
    evening.becomes(lambda found: found["cues"][1]["state"] == "running", *run)


def test_people_read_the_same_as_programs(evening):
    assert "bar is on the list" in evening.shown("supplier", "add", "bar", "--title", "Bar [x]")
    for words, said in (
        ("supplier list", "bar"),
        ("stall list market", "a1"),
        ("kit list", "Lamp"),
        ("kit bookings", "case=1"),
        ("crew list market", "door-1"),
        ("crew members", "first aid"),
        ("crew sheet market", "Night market"),
        ("show run market", "The band"),
    ):
        assert said in evening.shown(*words.split())
    assert "[x]" in evening.shown("supplier", "list")
    twin = evening.shown("supplier", "add", "bar-2", "--title", "BAR X")
    assert "Is it the same business as bar?" in twin
    about = ("--title", "Soup", "--registration", "DE123456789", "--email", "soup@secret.test")
    assert evening.type("supplier", "add", "soup", *about)["alike"] == []
    again = ("--title", "Other soup", "--registration", "de 123 456 789")
    refused = evening.type("supplier", "add", "soup-2", *again, code=1)
    assert (refused["error"], refused["first"]) == ("planning.supplier_twice", "soup")
    assert "lamp=1: out with market" in evening.shown("kit", "checkout", "market", "lamp")
