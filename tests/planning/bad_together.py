"""Files whose fields are right one by one and wrong together; see `bad`."""

from __future__ import annotations

from tests.planning.bad import SKU, WORK, event

KIT = b"apiVersion: roadcase/v1\nkind: Kit\nmetadata: {name: van}\nspec:\n  items:\n"

TOGETHER: dict[str, tuple[bytes, list[str]]] = {
    "a hard cue without a time": (
        event("runOfShow: {cues: [{key: a, title: A, start: hard, minutes: 5}]}\n"),
        ["7:48 spec.runOfShow.cues.0.start cue_start"],
    ),
    "a soft cue with one": (
        event("runOfShow: {cues: [{key: a, title: A, at: 5m after start}]}\n"),
        ["7:45 spec.runOfShow.cues.0.at cue_start"],
    ),
    "a cue for a role that is not there": (
        event("runOfShow: {cues: [{key: a, title: A, who: [sound]}]}\n"),
        ["7:47 spec.runOfShow.cues.0.who.0 unknown_reference"],
    ),
    "a cue twice": (
        event("runOfShow: {cues: [{key: a, title: A}, {key: a, title: B}]}\n"),
        ["7:48 spec.runOfShow.cues.1.key duplicate_key"],
    ),
    "zones above the total": (
        event("""\
        capacity:
          total: 60
          zones: [{key: a, places: 40}, {key: b, places: 40}]
        """),
        ["9:5 spec.capacity.zones zones_above_capacity"],
    ),
    "more accessible places than places": (
        event("capacity: {total: 9, zones: [{key: a, places: 1, accessible: 2}]}\n"),
        ["7:64 spec.capacity.zones.0.accessible zones_above_capacity"],
    ),
    "more tickets than places": (
        event("""\
        capacity: {total: 60}
        catalogue:
          tickets:
            - {key: adult, title: Adult, price: 9.00 EUR, quantity: 61}
            - {key: family, title: Family, price: 20.00 EUR, quantity: 20, admits: 4}
        """),
        [
            "10:63 spec.catalogue.tickets.0.quantity tickets_above_capacity",
            "11:66 spec.catalogue.tickets.1.quantity tickets_above_capacity",
        ],
    ),
    "more tickets than places in their zone": (
        event("""\
        capacity: {total: 60, zones: [{key: a, places: 10}]}
        catalogue: {tickets: [{key: t, title: T, price: 9.00 EUR, quantity: 11, zone: a}]}
        """),
        ["8:71 spec.catalogue.tickets.0.quantity tickets_above_capacity"],
    ),
    "a SKU twice": (
        event(f"catalogue:\n  skus:\n    - {SKU}\n    - {SKU}\n"),
        ["10:15 spec.catalogue.skus.1.key duplicate_key"],
    ),
    "a ticket with the key of a SKU": (
        event(f"""\
        catalogue:
          tickets: [{{key: tote, title: T, price: 9.00 EUR}}]
          skus: [{SKU}]
        """),
        ["8:21 spec.catalogue.tickets.0.key duplicate_key"],
    ),
    "a role twice": (
        event("staffing: [{key: a, role: A, count: 1}, {key: a, role: B, count: 1}]\n"),
        ["7:49 spec.staffing.1.key duplicate_key"],
    ),
    "a zone that is not there": (
        event("""\
        capacity: {total: 60, zones: [{key: front, places: 10}]}
        catalogue: {tickets: [{key: t, title: T, price: 9.00 EUR, zone: frnt}]}
        stalls: [{key: s, zone: back}]
        """),
        [
            "8:67 spec.catalogue.tickets.0.zone unknown_reference",
            "9:27 spec.stalls.0.zone unknown_reference",
        ],
    ),
    "a SKU that is not there": (
        event("drops: [{key: d, sku: tote, quantity: 5, opens: 2h before start}]\n"),
        ["7:25 spec.drops.0.sku unknown_reference"],
    ),
    "a work that is not there": (
        event(f"""\
        programme:
          works: [{WORK}]
          order: [film, shrt]
          intervals: [{{after: short, minutes: 10}}]
        """),
        [
            "9:19 spec.programme.order.1 unknown_reference",
            "10:25 spec.programme.intervals.0.after unknown_reference",
        ],
    ),
    "a supplier that is not there": (
        event("suppliers: [{key: tacos, title: Tacos}]\nstalls: [{key: s, supplier: taco}]\n"),
        ["8:31 spec.stalls.0.supplier unknown_reference"],
    ),
    "a role that is not there": (
        event("""\
        staffing: [{key: door, role: Door, count: 1}]
        capture: {profile: stills, consent: ask, operator: camera}
        kit: [{key: cam, role: Camera, quantity: 1, operator: dor}]
        """),
        [
            "8:54 spec.capture.operator unknown_reference",
            "9:57 spec.kit.0.operator unknown_reference",
        ],
    ),
    "a work that is not shown": (
        event(f"programme: {{works: [{WORK}, {{key: b, title: B, minutes: 5}}], order: [film]}}\n"),
        ["7:68 spec.programme.works.1.key work_not_shown"],
    ),
    "two breaks in one place": (
        event(f"""\
        programme:
          works: [{WORK}]
          intervals: [{{after: film, minutes: 5}}, {{after: film, minutes: 5}}]
        """),
        ["9:52 spec.programme.intervals.1.after duplicate_key"],
    ),
    "shares that are not the whole": (
        event(
            "split: {shares: [{key: a, party: A, share: 5000}, {key: b, party: B, share: 4999}]}\n"
        ),
        ["7:11 spec.split.shares split_not_whole"],
    ),
    "shares that are more than the whole": (
        event(
            "split: {shares: [{key: a, party: A, share: 9000}, {key: b, party: B, share: 1001}]}\n"
        ),
        ["7:11 spec.split.shares split_not_whole"],
    ),
    "two currencies": (
        event("""\
        catalogue:
          skus: [{key: a, title: A, price: 9.00 EUR}, {key: b, title: B, price: 9.00 USD}]
        """),
        ["8:75 spec.catalogue.skus.1.price currency"],
    ),
    "another currency than said": (
        event(f"currency: CHF\ncatalogue: {{skus: [{SKU}]}}\n"),
        ["8:54 spec.catalogue.skus.0.price currency"],
    ),
    "a fee of nothing": (event("stalls: [{key: a, fee: {}}]\n"), ["7:21 spec.stalls.0.fee fee"]),
    "a cap without a share": (
        event("stalls: [{key: a, fee: {fixed: 9.00 EUR, cap: 9.00 EUR}}]\n"),
        ["7:21 spec.stalls.0.fee fee"],
    ),
    "a floor above its cap": (
        event("stalls: [{key: a, fee: {share: 900, floor: 9.00 EUR, cap: 8.00 EUR}}]\n"),
        ["7:61 spec.stalls.0.fee.cap fee"],
    ),
    "a drop above the stock": (
        event(f"""\
        catalogue: {{skus: [{SKU}]}}
        drops: [{{key: d, sku: tote, quantity: 6, opens: 2h before start}}]
        """),
        ["8:41 spec.drops.0.quantity above_stock"],
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
        ["12:52 spec.catalogue.tickets.0.windows.0.closes window_order"],
    ),
    "a shift that ends first": (
        event("""\
        staffing:
          - key: door
            role: Door
            count: 1
            shifts: [{starts: 1h before start, ends: 2027-06-18T19:00}]
        """),
        ["11:48 spec.staffing.0.shifts.0.ends window_order"],
    ),
    "a step before the one that comes before it": (
        event("lifecycle: {announced: 1w before start at 10:00, onSale: 8d before end}\n"),
        ["7:60 spec.lifecycle.onSale step_order"],
    ),
    "a sale that would begin when it is over": (
        event("lifecycle: {onSale: 1d after end}\n"),
        ["7:23 spec.lifecycle.onSale step_order"],
    ),
    "doors before a step that was declared late": (
        event("lifecycle: {announced: 2027-06-18T20:45}\n"),
        ["7:26 spec.lifecycle.announced step_order"],
    ),
    "a window that closes before it opens, by days": (
        event("""\
        catalogue:
          tickets:
            - key: t
              title: T
              price: 9.00 EUR
              windows: [{opens: 7d before start at 10:00, closes: 7d before start at 09:59}]
        """),
        ["12:61 spec.catalogue.tickets.0.windows.0.closes window_order"],
    ),
    "a time of day so many hours before": (
        event("lifecycle: {onSale: 12h before start at 10:00}\n"),
        ["7:23 spec.lifecycle.onSale time"],
    ),
    "a time of day that there is not": (
        event("lifecycle: {onSale: 2d before start at 25:00}\n"),
        ["7:23 spec.lifecycle.onSale time"],
    ),
    "serial numbers of some pieces, and several of a case": (
        KIT
        + b"    - {key: case, title: Case, owned: 2}\n"
        + b"    - {key: till, title: Till, owned: 2, serials: [a], container: case}\n",
        ["6:39 spec.items.0.owned kit_pieces", "7:51 spec.items.1.serials kit_pieces"],
    ),
    "kit of which nothing is said": (
        KIT.replace(b"  items:\n", b"  title: Van\n"),
        ["5:3 spec kit_empty"],
    ),
    "a venue that is not said": (event("venue: {address: Yard 5}\n"), ["7:3 spec.venue unclear"]),
    "half of a place": (event("venue: {ref: yard, latitude: 52.5}\n"), ["7:3 spec.venue unclear"]),
    "rules see what is good beside what is not": (
        event("""\
        capacity: {total: 60, zones: [{key: a, places: 40}, {key: b, places: 40}], zoness: []}
        split: {shares: [{key: a, party: A, share: 1}], shars: 5}
        drops: [{key: d, sku: tote, quantity: many, opens: 2h before start}]
        """),
        [
            "7:25 spec.capacity.zones zones_above_capacity",
            "7:78 spec.capacity.zoness unknown_field",
            "8:11 spec.split.shares split_not_whole",
            "8:51 spec.split.shars unknown_field",
            "9:25 spec.drops.0.sku unknown_reference",
            "9:41 spec.drops.0.quantity wrong_type",
        ],
    ),
}
