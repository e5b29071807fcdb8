"""Files whose fields are right one by one and wrong together; see `bad`."""

from __future__ import annotations

from tests.planning.bad import WORK, event, scheduled, series

BERLIN = "zone: Europe/Berlin\n"
SKU = "{key: tote, title: Tote, price: 9.00 EUR, stock: 5}"


def night(
    hours: str, date: str = "2027-06-18", zone: str = "Europe/Berlin", more: str = ""
) -> bytes:
    """`hours` begin in line 9."""
    return scheduled(f"zone: {zone}\ndate: {date}\n{hours}", more)


HOURS: dict[str, tuple[bytes, list[str]]] = {
    "doors after start": (night("doors: 21:00\nstart: 20:30\nend: 23:00\n"), []),
    "load-in after doors": (night("loadIn: 20:15\ndoors: 20:00\nstart: 20:30\nend: 23:00\n"), []),
    "load-in after start": (night("loadIn: 20:45\nstart: 20:30\nend: 23:00\n"), []),
    "end before start": (night("start: 20:30\nend: 19:00\n"), []),
    "end as start": (night("start: 20:30\nend: 20:30\n"), []),
    "no end": (night("start: 20:30\n"), []),
    "end on the day before": (night("start: 20:30\nend: 2027-06-17T23:00\n"), []),
    "end two days later": (night("start: 20:30\nend: 2027-06-20T23:00\n"), []),
    "load-in a month ahead": (night("loadIn: 2027-05-18T20:30\nstart: 20:30\nend: 23:00\n"), []),
    "load-out before end": (night("start: 20:30\nend: 23:00\nloadOut: 22:30\n"), []),
    "curfew before end": (night("start: 20:30\nend: 23:00\ncurfew: 22:00\n"), []),
    "curfew before start": (night("start: 20:30\nend: 23:00\ncurfew: 20:00\n"), []),
    "start on another day": (night("start: 2027-06-19T20:30\nend: 2027-06-19T23:00\n"), []),
    "a programme past the end": (
        night("start: 20:30\nend: 22:00\n", more=f"programme: {{works: [{WORK}]}}\n"),
        [],
    ),
    "a programme past the curfew": (
        night("start: 20:30\ncurfew: 22:00\n", more=f"programme: {{works: [{WORK}]}}\n"),
        [],
    ),
    "02:30 when clocks go forward, Berlin": (
        night("start: 02:30\nend: 05:00\n", "2027-03-28"),
        [],
    ),
    "02:30 when clocks go back, Berlin": (night("start: 02:30\nend: 05:00\n", "2027-10-31"), []),
    "02:30 when clocks go forward, New York": (
        night("start: 02:30\nend: 05:00\n", "2027-03-14", "America/New_York"),
        [],
    ),
    "01:30 when clocks go back, New York": (
        night("start: 20:00\nend: 01:30\n", "2027-11-06", "America/New_York"),
        [],
    ),
    "02:15 when clocks go forward half an hour, Lord Howe": (
        night("start: 02:15\nend: 05:00\n", "2027-10-03", "Australia/Lord_Howe"),
        [],
    ),
    "01:45 when clocks go back half an hour, Lord Howe": (
        night("start: 01:45\nend: 05:00\n", "2027-04-04", "Australia/Lord_Howe"),
        [],
    ),
    "a midnight that is not there, Cairo": (
        night("start: 00:30\nend: 05:00\n", "2027-04-30", "Africa/Cairo"),
        [],
    ),
    "a midnight that comes twice, Cairo": (
        night("start: 23:30\nend: 05:00\n", "2027-10-28", "Africa/Cairo"),
        [],
    ),
    "a midnight that is not there, Santiago": (
        night("start: 00:30\nend: 05:00\n", "2026-09-06", "America/Santiago"),
        [],
    ),
    "a midnight that comes twice, Santiago": (
        night("start: 20:00\nend: 23:30\n", "2027-04-03", "America/Santiago"),
        [],
    ),
    "a drop in the gap": (
        event(
            f"catalogue: {{skus: [{SKU}]}}\ndrops: [{{key: d, sku: tote, quantity: 5, "
            "opens: 2027-03-28T02:30}]\n"
        ),
        [],
    ),
    "a series with a day": (
        series("FREQ=WEEKLY").replace(b'"20:30"', b"2027-06-04T20:30"),
        [],
    ),
    "a date of a series changed twice": (
        series(
            "FREQ=WEEKLY",
            "changes: [{on: 2027-06-11, cancelled: true}, {on: 2027-06-11, title: X}]\n",
        ),
        [],
    ),
}

TOGETHER: dict[str, tuple[bytes, list[str]]] = {
    "zones above the total": (
        event("""\
        capacity:
          total: 60
          zones: [{key: a, places: 40}, {key: b, places: 40}]
        """),
        [],
    ),
    "more accessible places than places": (
        event("capacity: {total: 9, zones: [{key: a, places: 1, accessible: 2}]}\n"),
        [],
    ),
    "more tickets than places": (
        event("""\
        capacity: {total: 60}
        catalogue:
          tickets:
            - {key: adult, title: Adult, price: 9.00 EUR, quantity: 61}
            - {key: family, title: Family, price: 20.00 EUR, quantity: 20, admits: 4}
        """),
        [],
    ),
    "more tickets than places in their zone": (
        event("""\
        capacity: {total: 60, zones: [{key: a, places: 10}]}
        catalogue: {tickets: [{key: t, title: T, price: 9.00 EUR, quantity: 11, zone: a}]}
        """),
        [],
    ),
    "a SKU twice": (event(f"catalogue:\n  skus:\n    - {SKU}\n    - {SKU}\n"), []),
    "a ticket with the key of a SKU": (
        event(f"""\
        catalogue:
          tickets: [{{key: tote, title: T, price: 9.00 EUR}}]
          skus: [{SKU}]
        """),
        [],
    ),
    "a role twice": (
        event("staffing: [{key: a, role: A, count: 1}, {key: a, role: B, count: 1}]\n"),
        [],
    ),
    "a zone that is not there": (
        event("""\
        capacity: {total: 60, zones: [{key: front, places: 10}]}
        catalogue: {tickets: [{key: t, title: T, price: 9.00 EUR, zone: frnt}]}
        stalls: [{key: s, zone: back}]
        """),
        [],
    ),
    "a SKU that is not there": (
        event("drops: [{key: d, sku: tote, quantity: 5, opens: 2h before start}]\n"),
        [],
    ),
    "a work that is not there": (
        event(f"""\
        programme:
          works: [{WORK}]
          order: [film, shrt]
          intervals: [{{after: short, minutes: 10}}]
        """),
        [],
    ),
    "a supplier that is not there": (
        event("suppliers: [{key: tacos, title: Tacos}]\nstalls: [{key: s, supplier: taco}]\n"),
        [],
    ),
    "a role that is not there": (
        event("""\
        staffing: [{key: door, role: Door, count: 1}]
        capture: {profile: stills, consent: ask, operator: camera}
        kit: [{key: cam, role: Camera, quantity: 1, operator: dor}]
        """),
        [],
    ),
    "a work that is not shown": (
        event(f"programme: {{works: [{WORK}, {{key: b, title: B, minutes: 5}}], order: [film]}}\n"),
        [],
    ),
    "two breaks in one place": (
        event(f"""\
        programme:
          works: [{WORK}]
          intervals: [{{after: film, minutes: 5}}, {{after: film, minutes: 5}}]
        """),
        [],
    ),
    "shares that are not the whole": (
        event(
            "split: {shares: [{key: a, party: A, share: 5000}, {key: b, party: B, share: 4999}]}\n"
        ),
        [],
    ),
    "shares that are more than the whole": (
        event(
            "split: {shares: [{key: a, party: A, share: 9000}, {key: b, party: B, share: 1001}]}\n"
        ),
        [],
    ),
    "two currencies": (
        event("""\
        catalogue:
          skus: [{key: a, title: A, price: 9.00 EUR}, {key: b, title: B, price: 9.00 USD}]
        """),
        [],
    ),
    "another currency than said": (
        event(f"currency: CHF\ncatalogue: {{skus: [{SKU}]}}\n"),
        [],
    ),
    "a fee of nothing": (event("stalls: [{key: a, fee: {}}]\n"), []),
    "a cap without a share": (
        event("stalls: [{key: a, fee: {fixed: 9.00 EUR, cap: 9.00 EUR}}]\n"),
        [],
    ),
    "a floor above its cap": (
        event("stalls: [{key: a, fee: {share: 900, floor: 9.00 EUR, cap: 8.00 EUR}}]\n"),
        [],
    ),
    "a drop above the stock": (
        event(f"""\
        catalogue: {{skus: [{SKU}]}}
        drops: [{{key: d, sku: tote, quantity: 6, opens: 2h before start}}]
        """),
        [],
    ),
    "a window that closes first": (
        event("""\
        catalogue:
          tickets:
            - key: t
              title: T
              price: 9.00 EUR
              windows: [{opens: 1h before start, closes: 2h before start}]
        """),
        [],
    ),
    "a shift that ends first": (
        event("""\
        staffing:
          - key: door
            role: Door
            count: 1
            shifts: [{starts: 1h before start, ends: 2027-06-18T19:00}]
        """),
        [],
    ),
    "a venue that is not said": (event("venue: {address: Yard 5}\n"), []),
    "a venue said twice": (event("venue: {ref: yard, title: Yard}\n"), []),
    "half of a place": (event("venue: {ref: yard, latitude: 52.5}\n"), []),
    "rules see what is good beside what is not": (
        event("""\
        capacity: {total: 60, zones: [{key: a, places: 40}, {key: b, places: 40}], zoness: []}
        split: {shares: [{key: a, party: A, share: 1}], shars: 5}
        drops: [{key: d, sku: tote, quantity: many, opens: 2h before start}]
        """),
        [],
    ),
}
