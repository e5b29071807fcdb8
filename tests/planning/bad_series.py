"""Series whose dates or whose stops are wrong; see `bad`."""

from __future__ import annotations

from textwrap import dedent, indent

from tests.planning.bad import SERIES, series

SPEC = (
    SERIES
    + """\
  schedule: {zone: Europe/Berlin, doors: "20:00", start: "20:30", end: "23:00"}
  recurrence: {first: 2027-06-04, rule: FREQ=WEEKLY;COUNT=9}
"""
)
SEAT = "{key: seat, title: Seat, price: 9.00 EUR, quantity: 40}"


def touring(more: str) -> bytes:
    """`more` begins in line 8."""
    return (SPEC + indent(dedent(more), "  ")).encode()


def begun(first: str, rule: str, more: str = "") -> bytes:
    """The rule is in line 8, the first date in line 9, `more` begins in line 10."""
    return series(rule, more).replace(b"2027-06-04", first.encode(), 1)


DATES: dict[str, tuple[bytes, list[str]]] = {
    "a first date on another weekday": (
        begun("2027-06-05", "FREQ=WEEKLY;BYDAY=FR"),
        ["9:12 spec.recurrence.first rrule_first"],
    ),
    "a first date that is not the first Friday": (
        begun("2027-06-11", "FREQ=MONTHLY;BYDAY=1FR"),
        ["9:12 spec.recurrence.first rrule_first"],
    ),
    "a rule that ends before it begins": (
        series("FREQ=WEEKLY;UNTIL=20270603"),
        ["8:11 spec.recurrence.rule rrule_until"],
    ),
    "a rule that ends on 31 June": (
        series("FREQ=WEEKLY;UNTIL=20270631"),
        ["8:11 spec.recurrence.rule date"],
    ),
    "a Monday of a month that has fewer": (
        series("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6"),
        ["8:11 spec.recurrence.rule rrule_never"],
    ),
    "every second day, and the weekday of none": (
        series("FREQ=DAILY;INTERVAL=7;BYDAY=MO"),
        ["8:11 spec.recurrence.rule rrule_never"],
    ),
    "a date for ten years": (
        series("FREQ=DAILY;UNTIL=20370604"),
        ["8:11 spec.recurrence.rule rrule"],
    ),
    "days of the month, weekly": (
        series("FREQ=WEEKLY;BYMONTHDAY=4"),
        ["8:11 spec.recurrence.rule rrule"],
    ),
    "numbered days beside others": (
        series("FREQ=MONTHLY;BYDAY=1FR,SA"),
        ["8:11 spec.recurrence.rule rrule"],
    ),
    "a place in a week": (
        series("FREQ=WEEKLY;BYDAY=FR,SA;BYSETPOS=1"),
        ["8:11 spec.recurrence.rule rrule"],
    ),
    "a place among nothing": (
        series("FREQ=MONTHLY;BYSETPOS=1"),
        ["8:11 spec.recurrence.rule rrule"],
    ),
    "a change on a day that is none of the series": (
        series("FREQ=WEEKLY", "changes: [{on: 2027-06-12, cancelled: true}]\n"),
        ["10:20 spec.recurrence.changes.0.on rrule_date"],
    ),
    "a change after the last date": (
        series("FREQ=WEEKLY;COUNT=2", "changes: [{on: 2027-06-18, cancelled: true}]\n"),
        ["10:20 spec.recurrence.changes.0.on rrule_date"],
    ),
    "a change before the first date": (
        series("FREQ=WEEKLY", "changes: [{on: 2027-05-28, cancelled: true}]\n"),
        ["10:20 spec.recurrence.changes.0.on rrule_date"],
    ),
    "a change on a date that is excluded": (
        series("FREQ=WEEKLY", "exclude: [2027-06-11]\nchanges: [{on: 2027-06-11, title: X}]\n"),
        ["11:20 spec.recurrence.changes.0.on rrule_date"],
    ),
    "a day to exclude that is none of the series": (
        series("FREQ=WEEKLY", "exclude: [2027-06-11, 2027-06-12]\n"),
        ["10:27 spec.recurrence.exclude.1 rrule_date"],
    ),
    "31 April of a rule that skips it": (
        begun("2027-01-31", "FREQ=MONTHLY", "exclude: [2027-04-30]\n"),
        ["10:15 spec.recurrence.exclude.0 rrule_date"],
    ),
    "29 February in a year without": (
        begun("2028-02-29", "FREQ=YEARLY", "changes: [{on: 2029-02-28, title: X}]\n"),
        ["10:20 spec.recurrence.changes.0.on rrule_date"],
    ),
    "everything excluded": (
        series("FREQ=WEEKLY;COUNT=2", "exclude: [2027-06-04, 2027-06-11]\n"),
        ["10:14 spec.recurrence.exclude series_empty"],
    ),
    "a series with a name too long for its nights": (
        series("FREQ=WEEKLY").replace(b"friday}", b"f" * 53 + b"}"),
        ["3:18 metadata.name too_long"],
    ),
}

STOPS: dict[str, tuple[bytes, list[str]]] = {
    "a circuit without stops": (
        touring("circuit: {stops: []}\n"),
        ["8:20 spec.circuit.stops too_short"],
    ),
    "a stop without a venue": (
        touring("circuit: {stops: [{key: yard}]}\n"),
        ["8:21 spec.circuit.stops.0.venue missing"],
    ),
    "a stop whose venue is nowhere": (
        touring("circuit: {stops: [{key: yard, venue: {address: Here}}]}\n"),
        ["8:33 spec.circuit.stops.0.venue unclear"],
    ),
    "a venue beside those of the stops": (
        touring("venue: {ref: yard}\ncircuit: {stops: [{key: yard, venue: {ref: yard}}]}\n"),
        ["8:3 spec.venue unclear"],
    ),
    "a stop twice": (
        touring("""\
        circuit:
          stops:
            - {key: yard, venue: {ref: yard}}
            - {key: yard, venue: {ref: hall}}
        """),
        ["11:15 spec.circuit.stops.1.key duplicate_key"],
    ),
    "a circuit that begins nowhere": (
        touring("circuit: {begin: hall, stops: [{key: yard, venue: {ref: yard}}]}\n"),
        ["8:20 spec.circuit.begin unknown_reference"],
    ),
    "a date at a stop that is not there": (
        touring("circuit: {stops: [{key: yard, venue: {ref: yard}}]}\n").replace(
            b"COUNT=9}", b"COUNT=9, changes: [{on: 2027-06-04, stop: hall}]}"
        ),
        ["7:95 spec.recurrence.changes.0.stop unknown_reference"],
    ),
    "what a stop cannot change": (
        touring("circuit: {stops: [{key: yard, venue: {ref: yard}, currency: USD}]}\n"),
        ["8:53 spec.circuit.stops.0.currency unknown_field"],
    ),
    "a stop that ends before it starts": (
        touring("circuit: {stops: [{key: yard, venue: {ref: yard}, schedule: {end: 19:00}}]}\n"),
        ["8:69 spec.circuit.stops.0.schedule.end time_order"],
    ),
    "doors of the series after the start of a stop": (
        touring("circuit: {stops: [{key: yard, venue: {ref: yard}, schedule: {start: 19:00}}]}\n"),
        ["8:21 spec.circuit.stops.0 time_order"],
    ),
    "a stop in another currency": (
        touring(f"""\
        catalogue: {{tickets: [{SEAT}]}}
        circuit:
          stops:
            - key: yard
              venue: {{ref: yard}}
              stalls: [{{key: a, fee: {{fixed: 9.00 USD}}}}]
        """),
        ["13:40 spec.circuit.stops.0.stalls.0.fee.fixed currency"],
    ),
    "more tickets of the series than places at two stops": (
        touring(f"""\
        catalogue: {{tickets: [{SEAT}]}}
        capacity: {{total: 40}}
        circuit:
          stops:
            - {{key: yard, venue: {{ref: yard}}, capacity: {{total: 30}}}}
            - {{key: hall, venue: {{ref: hall}}}}
            - {{key: attic, venue: {{ref: attic}}, capacity: {{total: 20}}}}
        """),
        [
            "12:9 spec.circuit.stops.0 tickets_above_capacity",
            "14:9 spec.circuit.stops.2 tickets_above_capacity",
        ],
    ),
    "a capacity that cannot be read, and one at a stop that can": (
        touring(f"""\
        catalogue: {{tickets: [{SEAT}]}}
        capacity: {{total: many}}
        circuit:
          stops:
            - {{key: yard, venue: {{ref: yard}}, capacity: {{total: 30}}}}
        """),
        [
            "9:21 spec.capacity.total wrong_type",
            "12:9 spec.circuit.stops.0 tickets_above_capacity",
        ],
    ),
    "a stop where two zones are missing": (
        touring("""\
        capacity: {total: 9, zones: [{key: a, places: 4}, {key: b, places: 5}]}
        stalls: [{key: s, zone: a}, {key: t, zone: b}]
        circuit:
          stops:
            - {key: yard, venue: {ref: yard}, capacity: {total: 9}}
        """),
        [
            "12:9 spec.circuit.stops.0 unknown_reference",
            "12:9 spec.circuit.stops.0 unknown_reference",
        ],
    ),
    "what is wrong with the series, told once": (
        touring("""\
        split: {shares: [{key: a, party: A, share: 1}]}
        circuit: {stops: [{key: yard, venue: {ref: yard}}, {key: hall, venue: {ref: hall}}]}
        """),
        ["8:11 spec.split.shares split_not_whole"],
    ),
}
