"""The page of somebody who is asked to work: what, when, where; and their answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from roadcase.markup import NOTHING, Html, fill, join
from roadcase.spans import Span
from services.planning.events import PlannedShift

Stands = Literal["asked", "swap", "has", "offered", "declined", "taken", "gone"]
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{title}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <meta name="color-scheme" content="light dark">
  <link rel="stylesheet" href="/events/style.css">
</head>
<body><main>
<header><h1 dir="auto">{title}</h1><p dir="auto">{place}</p></header>
{said}
<p>{role}</p>
<ul>{shifts}</ul>
<p><strong>{stands}</strong></p>
<div class="answers">
{answers}</div>
{sheet}
<footer>Whoever has this link can answer for you: keep it to yourself.</footer>
</main></body>
</html>
"""
_ANSWER: Final = """<form method="post">
  <input type="hidden" name="answer" value="{answer}">
  <input type="hidden" name="wish" value="{wish}">
  <button type="submit"{how}>{words}</button>
</form>
"""
_WORDS: Final = {
    "accept": "Yes, I will be there",
    "decline": "No, I cannot",
    "offer": "I cannot come: offer it to somebody else",
    "withdraw": "I can come after all",
}
_MAIN: Final = ("accept", "withdraw")  # the others look like less
_OTHER: Final = fill(' class="other"')
ANSWERS: Final[dict[Stands, tuple[str, ...]]] = {
    "asked": ("accept", "decline"),
    "swap": ("accept", "decline"),
    "has": ("offer",),
    "offered": ("withdraw",),
}
_STANDS: Final[dict[Stands, str]] = {
    "asked": "Will you be there?",
    "swap": "Somebody cannot come: will you be there instead?",
    "has": "You are there.",
    "offered": "You are there until somebody else takes it.",
    "declined": "You said no.",
    "taken": "Somebody else is there.",
    "gone": "You are not needed there any more.",
}


class Invitation(NamedTuple):
    """What somebody is asked, as it stands."""

    title: str
    place: str
    zone: str
    role: str
    shifts: Sequence[PlannedShift]
    stands: Stands


def crew_page(of: Invitation, here: str, wish: str, said: str = "") -> str:
    """`here`: its path. `wish` names the answer, which counts once. `said`: what was wrong."""
    return fill(
        _PAGE,
        title=of.title,
        place=of.place,
        said=fill('<p class="said" role="alert">{said}</p>', said=said) if said else NOTHING,
        role=of.role,
        shifts=join(fill("<li>{when}</li>", when=when) for when in times(of)),
        stands=_STANDS[of.stands],
        answers=join(_answer(each, wish) for each in ANSWERS.get(of.stands, ())),
        sheet=_sheet(here) if of.stands in ("has", "offered") else NOTHING,
    )


def gone_page() -> str:
    return crew_page(Invitation("Crew", "", "UTC", "", (), "gone"), "", "")


def times(of: Invitation) -> list[str]:
    """Each shift in local time: `Friday 18 June 2027, 19:30 to 22:00 (Europe/Berlin)`."""
    zone = ZoneInfo(of.zone)
    return [
        f"{Span(each.begins.astimezone(zone), each.ends.astimezone(zone)).whole} ({of.zone})"
        for each in of.shifts
    ]


def _answer(answer: str, wish: str) -> Html:
    how = NOTHING if answer in _MAIN else _OTHER
    return fill(_ANSWER, answer=answer, wish=wish, words=_WORDS[answer], how=how)


def _sheet(here: str) -> Html:
    return fill('<p><a href="{here}/sheet">Call sheet</a></p>', here=here)
