"""From a manifest to its run of show: as it is declared, or as the programme makes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.planning.domain.rundown import announced
from services.planning.events import CueAct, ShowPlanned
from services.planning.manifest import check
from services.planning.plans.declared import Declared, declared
from services.planning.plans.plan import Origin, Wish, make
from services.planning.plans.run_of_show import effects_of, show_of, works_at
from services.planning.plans.standing import Standing
from services.planning.reactions.show import ManifestApplied, plan_show

HOURS = {"zone": "Europe/Berlin", "date": "2027-06-18", "doors": "19:30", "start": "20:00"}
FILMS = {
    "works": [
        {"key": "short", "title": "A short", "minutes": 12},
        {"key": "film", "title": "A film", "minutes": 94},
    ],
    "intervals": [{"after": "short", "minutes": 15, "title": "Bar"}],
    "opening": 10,
}


def night(**spec: Any) -> Declared:
    data = {
        "apiVersion": "roadcase/v1",
        "kind": "Event",
        "metadata": {"name": "n"},
        "spec": {"title": "Night", "schedule": HOURS, **spec},
    }
    checked = check(json.dumps(data).encode())
    assert checked.problems == []
    assert checked.view is not None
    return declared(checked.view.data)


def told(new: Declared) -> list[str]:
    """`21:00 key title minutes`, with `!` for a hard one."""
    show = show_of(new, 1)
    moments = announced(ShowPlanned(**dict(show)))
    return [
        f"{at.astimezone(new.zone):%H:%M} {'!' if each.at else ''}{each.key} "
        f"{each.title} {each.minutes}"
        for each, at in zip(show.cues, moments, strict=True)
    ]


def test_the_programme_makes_it():
    assert told(night(programme=FILMS)) == [
        "19:30 !doors Doors 30",
        "20:00 !welcome Welcome 10",
        "20:10 short A short 12",
        "20:22 after-short Bar 15",
        "20:37 film A film 94",
        "22:11 end End 0",
    ]


def test_without_a_welcome_the_first_work_keeps_the_start_and_no_key_is_there_twice():
    twice = {
        "works": [{"key": "doors", "title": "The Doors", "minutes": 20}],
        "order": ["doors", "doors"],
    }
    assert told(night(programme=twice)) == [
        "19:30 !doors- Doors 30",
        "20:00 !doors The Doors 20",
        "20:20 doors-- The Doors 20",
        "20:40 end End 0",
    ]


def test_what_is_declared_takes_the_place_of_what_the_programme_makes():
    cues = [
        {"key": "get-in", "title": "Get in", "minutes": 20},
        {
            "key": "film",
            "title": "Film",
            "start": "hard",
            "at": "30m after start",
            "minutes": 94,
            "acts": [{"to": "devices", "do": "dim", "target": "lights"}],
        },
    ]
    new = night(programme=FILMS, runOfShow={"cues": cues})
    assert told(new) == ["19:30 get-in Get in 20", "20:30 !film Film 94"]
    assert show_of(new, 1).cues[1].acts == (CueAct(to="devices", do="dim", target="lights"),)
    assert works_at(new) == {"film": datetime(2027, 6, 18, 18, 30, tzinfo=UTC)}


def test_minutes_run_as_clocks_do_on_the_night_when_they_change():
    spring = {**HOURS, "date": "2027-03-28", "doors": "01:00", "start": "01:30"}
    assert told(night(schedule=spring, programme=FILMS))[2:4] == [
        "01:40 short A short 12",
        "01:52 after-short Bar 15",
    ]
    assert told(night(schedule=spring, programme=FILMS))[4] == "03:07 film A film 94"


def test_a_night_without_either_has_none():
    new = night(schedule={**HOURS, "end": "22:00"})
    assert show_of(new, 1).cues == ()
    assert list(effects_of(None, new)) == []


def test_it_follows_each_manifest_that_is_applied():
    new = night(programme=FILMS)
    event = ManifestApplied(occurrence="n", revision=7, manifest=new.data)
    assert plan_show(event) == [show_of(new, 7)]


def test_a_plan_says_how_long_it_is_and_what_overlaps():
    cues = [
        {"key": "film", "title": "Film", "minutes": 94},
        {"key": "talk", "title": "Talk", "start": "hard", "at": "1h after start", "minutes": 30},
    ]
    new = night(programme=FILMS, runOfShow={"cues": cues})
    plan = make(new, Standing(), Origin("acme"), datetime(2027, 1, 1, tzinfo=UTC), Wish())
    assert [each.does for each in plan.effects if each.service == "planning"] == [
        "plans a run of show of 2 cues, over at 21:30",
        'cue "talk" starts 4 min before all before it is over',
    ]
    assert list(effects_of(new, new)) == []
    assert [each.does for each in effects_of(new, night(schedule={**HOURS, "end": "22:00"}))] == [
        "has no run of show any more"
    ]


def test_that_of_an_example_has_no_overlap():
    data = check(Path("examples/night-market.yaml").read_bytes()).view.data
    assert told(declared(data)) == [
        "18:00 !market The lane is open 105",
        "19:45 soundcheck Soundcheck 15",
        "20:00 !posters Posters are on sale 15",
        "20:15 opener First act 40",
        "20:55 change Change of the stage 20",
        "21:20 !band The band 75",
        "22:35 out Lights on and out 30",
    ]
