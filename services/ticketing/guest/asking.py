"""Questions on the page of an order: what can be answered there, and a form that needs no script.

What was answered is not shown again: whoever has the link sees that it was, and may say it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from roadcase.doors import Reader
from services.ticketing import queries
from services.ticketing.guest.links import Named
from services.ticketing.guest.markup import NOTHING, Html, fill, join, page

_PAGE: Final = """
<header><h1>{name}</h1></header>
{said}
<form method="post" action="{here}/questions">
  <input type="hidden" name="wish" value="{wish}">
  <input type="hidden" name="after" value="{after}">
  {fields}
  <p class="quiet">What you answered before is not shown here. Leave it empty to keep it.</p>
  <button>Send the answers</button>
</form>
<p class="take"><a class="button" href="{here}">Back to the tickets</a></p>
"""
_FIELD: Final = '<label>{text}{of}{state} <input name="{field}" {more}></label>'
_CONSENT: Final = (
    '<label class="card"><input type="checkbox" name="{field}" value="yes" {more}>'
    "<span>{text}{of}</span></label>"
)
_CHOICE: Final = '<label>{text}{of}{state} <select name="{field}" {more}>{options}</select></label>'


class Question(NamedTuple):
    """One question to the guest. `place`: a ticket's number, or "" for the whole order."""

    place: str
    id: str
    text: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    answered: bool

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"q/{self.place}/{self.id}"


async def asked(
    read: Reader, named: Named, rows: Iterable[Mapping[str, Any]]
) -> tuple[Question, ...]:
    """What is asked of an order and of its valid tickets among `rows`."""
    active = [row for row in await queries.questions(read, named.occurrence) if row["active"]]
    if not active:
        return ()
    answered = await queries.answers_of(read, named.occurrence, named.order)
    given = answered["given"] if answered else {}
    places = [("", None)]
    places += [(str(row["number"]), row["ticket_type"]) for row in rows if row["state"] == "sold"]
    return tuple(
        _question(row, place, given)
        for place, type_ in places
        for row in active
        if _is_for(row, type_)
    )


def _is_for(row: Mapping[str, Any], ticket_type: str | None) -> bool:
    if ticket_type is None:
        return bool(row["per"] == "order")
    types = row["ticket_types"]
    return row["per"] == "ticket" and (not types or ticket_type in types)


def _question(row: Mapping[str, Any], place: str, given: Mapping[str, list[str]]) -> Question:
    return Question(
        place=place,
        id=row["question"],
        text=row["text"],
        kind=row["kind"],
        choices=tuple(row["choices"]),
        required=row["required"],
        answered=row["question"] in given.get(place, ()),
    )


def questions_page(
    name: str, questions: Iterable[Question], here: str, wish: str, *, after: int, said: str = ""
) -> str:
    """`name`: of the night. `wish`: an id of what is sent. `said`: what was wrong with it."""
    body = fill(
        _PAGE,
        name=name,
        said=fill('<p class="said" role="alert">{said}</p>', said=said) if said else NOTHING,
        here=here,
        wish=wish,
        after=after,
        fields=join(_fields(questions)),
    )
    return page(f"{name} : questions", body)


def _fields(questions: Iterable[Question]) -> Iterator[Html]:
    for each in questions:
        must = each.required and (each.kind == "consent" or not each.answered)
        known = {
            "text": each.text,
            "of": f" (ticket {each.place})" if each.place else "",
            "state": " (answered)" if each.answered else "",
            "field": each.field,
        }
        more = Html("required" if must else "")
        if each.kind == "consent":
            ticked = Html(" checked" if each.answered else "")
            yield fill(_CONSENT, more=more + ticked, **known)
        elif each.kind == "choice":
            some = ("", *each.choices)
            options = join(fill('<option value="{one}">{one}</option>', one=one) for one in some)
            yield fill(_CHOICE, more=more, options=options, **known)
        else:
            kind = 'type="date"' if each.kind == "date" else 'maxlength="2000"'
            yield fill(_FIELD, more=Html(f'{kind} autocomplete="off" {more}'), **known)


def asked_for(questions: Iterable[Question], here: str, after: int) -> Html:
    """The way to the form, from the page of the order."""
    missing = sum(not each.answered and each.kind != "consent" for each in questions)
    if not questions:
        return NOTHING
    words = f"{missing} to answer" if missing else "change your answers"
    place = f"?after={after}" if after else ""
    return fill('<p><a href="{here}/questions{place}">Questions to you: {words}</a></p>',
                here=here, place=place, words=words)  # fmt: skip
