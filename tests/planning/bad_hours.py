"""Files whose times are wrong together; see `bad`."""

from __future__ import annotations

from tests.planning.bad import SKU, WORK, event, scheduled, series


def night(
    hours: str, date: str = "2027-06-18", zone: str = "Europe/Berlin", more: str = ""
) -> bytes:
    """`hours` begin in line 9."""
    return scheduled(f"zone: {zone}\ndate: {date}\n{hours}", more)


HOURS: dict[str, tuple[bytes, list[str]]] = {
    "doors after start": (
        night("doors: 21:00\nstart: 20:30\nend: 23:00\n"),
        ["9:12 spec.schedule.doors time_order"],
    ),
    "load-in after doors": (
        night("loadIn: 20:15\ndoors: 20:00\nstart: 20:30\nend: 23:00\n"),
        ["9:13 spec.schedule.loadIn time_order"],
    ),
    "load-in after start": (
        night("loadIn: 20:45\nstart: 20:30\nend: 23:00\n"),
        ["9:13 spec.schedule.loadIn time_order"],
    ),
    "end before start": (
        night("start: 20:30\nend: 19:00\n"),
        ["10:10 spec.schedule.end time_order"],
    ),
    "end as start": (night("start: 20:30\nend: 20:30\n"), ["10:10 spec.schedule.end time_order"]),
    "no end": (night("start: 20:30\n"), ["6:3 spec.schedule.end missing"]),
    "end on the day before": (
        night("start: 20:30\nend: 2027-06-17T23:00\n"),
        ["10:10 spec.schedule.end time_order"],
    ),
    "end two days later": (
        night("start: 20:30\nend: 2027-06-20T23:00\n"),
        ["10:10 spec.schedule.end too_far_apart"],
    ),
    "load-in a month ahead": (
        night("loadIn: 2027-05-18T20:30\nstart: 20:30\nend: 23:00\n"),
        ["9:13 spec.schedule.loadIn too_far_apart"],
    ),
    "load-out before end": (
        night("start: 20:30\nend: 23:00\nloadOut: 22:30\n"),
        ["11:14 spec.schedule.loadOut time_order"],
    ),
    "curfew before end": (
        night("start: 20:30\nend: 23:00\ncurfew: 22:00\n"),
        ["11:13 spec.schedule.curfew curfew"],
    ),
    "curfew before start": (
        night("start: 20:30\nend: 23:00\ncurfew: 20:00\n"),
        ["11:13 spec.schedule.curfew curfew"],
    ),
    "start on another day": (
        night("start: 2027-06-19T20:30\nend: 2027-06-19T23:00\n"),
        ["9:12 spec.schedule.start time"],
    ),
    "a programme past the end": (
        night("start: 20:30\nend: 22:00\n", more=f"programme: {{works: [{WORK}]}}\n"),
        ["10:10 spec.schedule.end programme_too_long"],
    ),
    "a programme past the curfew": (
        night("start: 20:30\ncurfew: 22:00\n", more=f"programme: {{works: [{WORK}]}}\n"),
        ["10:13 spec.schedule.curfew curfew"],
    ),
    "02:30 when clocks go forward, Berlin": (
        night("start: 02:30\nend: 05:00\n", "2027-03-28"),
        ["9:12 spec.schedule.start time_in_gap"],
    ),
    "02:30 when clocks go back, Berlin": (
        night("start: 02:30\nend: 05:00\n", "2027-10-31"),
        ["9:12 spec.schedule.start time_in_fold"],
    ),
    "02:30 when clocks go forward, New York": (
        night("start: 02:30\nend: 05:00\n", "2027-03-14", "America/New_York"),
        ["9:12 spec.schedule.start time_in_gap"],
    ),
    "01:30 when clocks go back, New York": (
        night("start: 20:00\nend: 01:30\n", "2027-11-06", "America/New_York"),
        ["10:10 spec.schedule.end time_in_fold"],
    ),
    "02:15 when clocks go forward half an hour, Lord Howe": (
        night("start: 02:15\nend: 05:00\n", "2027-10-03", "Australia/Lord_Howe"),
        ["9:12 spec.schedule.start time_in_gap"],
    ),
    "01:45 when clocks go back half an hour, Lord Howe": (
        night("start: 01:45\nend: 05:00\n", "2027-04-04", "Australia/Lord_Howe"),
        ["9:12 spec.schedule.start time_in_fold"],
    ),
    "a midnight that is not there, Cairo": (
        night("start: 00:30\nend: 05:00\n", "2027-04-30", "Africa/Cairo"),
        ["9:12 spec.schedule.start time_in_gap"],
    ),
    "a midnight that comes twice, Cairo": (
        night("start: 23:30\nend: 05:00\n", "2027-10-28", "Africa/Cairo"),
        ["9:12 spec.schedule.start time_in_fold"],
    ),
    "a midnight that is not there, Santiago": (
        night("start: 00:30\nend: 05:00\n", "2026-09-06", "America/Santiago"),
        ["9:12 spec.schedule.start time_in_gap"],
    ),
    "a midnight that comes twice, Santiago": (
        night("start: 20:00\nend: 23:30\n", "2027-04-03", "America/Santiago"),
        ["10:10 spec.schedule.end time_in_fold"],
    ),
    "a drop in the gap": (
        event(
            f"catalogue: {{skus: [{SKU}]}}\ndrops: [{{key: d, sku: tote, quantity: 5, "
            "opens: 2027-03-28T02:30}]\n"
        ),
        ["8:51 spec.drops.0.opens time_in_gap"],
    ),
    "a series with a day": (
        series("FREQ=WEEKLY").replace(b'"20:30"', b"2027-06-04T20:30"),
        ["6:42 spec.schedule.start time"],
    ),
    "a date of a series changed twice": (
        series(
            "FREQ=WEEKLY",
            "changes: [{on: 2027-06-11, cancelled: true}, {on: 2027-06-11, title: X}]\n",
        ),
        ["10:55 spec.recurrence.changes.1.on duplicate_key"],
    ),
}
