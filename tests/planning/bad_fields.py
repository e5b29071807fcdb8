"""Files whose fields are wrong one by one; see `bad`."""

from __future__ import annotations

from tests.planning.bad import GOOD, TOP, event, scheduled, series

FIELDS: dict[str, tuple[bytes, list[str]]] = {
    "no kind": (b"apiVersion: roadcase/v1\n", ["1:1 kind missing"]),
    "another kind": (GOOD.replace("Event", "Evnt").encode(), ["2:7 kind kind"]),
    "a kind that is no text": (GOOD.replace("kind: Event", "kind: 5").encode(), ["2:7 kind kind"]),
    "another version": (GOOD.replace("/v1", "/v9").encode(), ["1:13 apiVersion api_version"]),
    "no version": (
        GOOD.replace("apiVersion: roadcase/v1\n", "").encode(),
        ["1:1 apiVersion missing"],
    ),
    "no metadata and no spec": (
        b"apiVersion: roadcase/v1\nkind: Event\n",
        ["1:1 metadata missing", "1:1 spec missing"],
    ),
    "a path for a name": (
        GOOD.replace("friday}", "../../x}").encode(),
        ["3:18 metadata.name malformed"],
    ),
    "a label with a space": (
        GOOD.replace("friday}", "x, labels: {a b: c}}").encode(),
        ['3:30 metadata.labels."a b" malformed'],
    ),
    "nothing that must be there": (
        TOP.replace("  title: Friday\n", "  schedule: {}\n").encode(),
        [
            "4:1 spec.title missing",
            "5:3 spec.schedule.date missing",
            "5:3 spec.schedule.start missing",
            "5:3 spec.schedule.zone missing",
        ],
    ),
    "a field that is not there": (
        event("capcity: {total: 60}\n"),
        ["7:3 spec.capcity unknown_field"],
    ),
    "a field with an underscore": (
        event("capacity: {total: 60, acc_essible: 5}\n"),
        ["7:25 spec.capacity.acc_essible unknown_field"],
    ),
    "a field deep inside": (
        event("""\
        staffing:
          - key: door
            rol: Door
            count: 2
        """),
        ["8:7 spec.staffing.0.role missing", "9:7 spec.staffing.0.rol unknown_field"],
    ),
    "text for a number": (
        event("capacity: {total: sixty}\n"),
        ["7:21 spec.capacity.total wrong_type"],
    ),
    "a fraction of a person": (
        event("capacity: {total: 60.5}\n"),
        ["7:21 spec.capacity.total wrong_type"],
    ),
    "true for a number": (
        event("capacity: {total: true}\n"),
        ["7:21 spec.capacity.total wrong_type"],
    ),
    "a number of very many digits": (
        event(f"capacity: {{total: {'9' * 5000}}}\n"),
        ["7:21 spec.capacity.total wrong_type"],
    ),
    "nobody": (event("capacity: {total: 0}\n"), ["7:21 spec.capacity.total out_of_range"]),
    "yes for true": (
        event("permits: {facts: {alcohol: yes}}\n"),
        ["7:30 spec.permits.facts.alcohol wrong_type"],
    ),
    "a number for text": (event("tax: {profile: 7}\n"), ["7:18 spec.tax.profile wrong_type"]),
    "a number for a title": (event("venue: {title: 1984}\n"), ["7:18 spec.venue.title wrong_type"]),
    "a list for a section": (event("capacity: []\n"), ["7:13 spec.capacity wrong_type"]),
    "a section for a list": (
        event("suppliers: {key: a, title: A}\n"),
        ["7:14 spec.suppliers wrong_type"],
    ),
    "a section for text": (event("description: {a: b}\n"), ["7:16 spec.description wrong_type"]),
    "an empty list": (event("split: {shares: []}\n"), ["7:19 spec.split.shares too_short"]),
    "a list with too much": (
        event(f"staffing: [{{key: a, role: A, count: 1, certificates: [{'x, ' * 1001}]}}]"),
        ["7:56 spec.staffing.0.certificates too_long"],
    ),
    "a title of 300 characters": (
        event(f"venue: {{title: {'x' * 300}}}\n"),
        ["7:18 spec.venue.title too_long"],
    ),
    "a blank title": (event('venue: {title: "  "}\n'), ["7:18 spec.venue.title malformed"]),
    "a title that nobody sees": (
        event('venue: {title: "\u200b\u2060"}\n'),
        ["7:18 spec.venue.title malformed"],
    ),
    "a title with a hidden space": (
        event("venue: {title: Ya\u200brd}\n"),
        ["7:18 spec.venue.title malformed"],
    ),
    "a title that turns and is not turned back": (
        event("venue: {title: Yard\u200f}\n"),
        ["7:18 spec.venue.title malformed"],
    ),
    "a description with a hidden sentence": (
        event('description: "Come\\U000e0068\\U000e0069"\n'),
        ["7:16 spec.description malformed"],
    ),
    "a choice that there is not": (
        event("capture: {profile: stil, consent: ask}\n"),
        ["7:22 spec.capture.profile not_a_choice"],
    ),
    "NaN": (
        event("venue: {title: Yard, latitude: .nan, longitude: 200}\n"),
        ["7:34 spec.venue.latitude out_of_range", "7:51 spec.venue.longitude out_of_range"],
    ),
    "a bare number for money": (
        event("stalls: [{key: a, fee: {fixed: 12.00}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "a comma in money": (
        event("stalls: [{key: a, fee: {fixed: '12,00 EUR'}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "three decimals of euros": (
        event("stalls: [{key: a, fee: {fixed: 12.005 EUR}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "decimals of yen": (
        event("stalls: [{key: a, fee: {fixed: 12.00 JPY}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "two decimals of dinars": (
        event("stalls: [{key: a, fee: {fixed: 12.00 KWD}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "a negative price": (
        event("stalls: [{key: a, fee: {fixed: -1.00 EUR}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "minus zero": (
        event("stalls: [{key: a, fee: {fixed: -0.00 EUR}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "money that nobody has": (
        event("stalls: [{key: a, fee: {fixed: 90071992547409.93 EUR}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed money"],
    ),
    "money as a section": (
        event("stalls: [{key: a, fee: {fixed: {minor: 1, currency: EUR}}}]\n"),
        ["7:34 spec.stalls.0.fee.fixed wrong_type"],
    ),
    "a currency that there is not": (event("currency: euro\n"), ["7:13 spec.currency malformed"]),
    "a barcode misread": (
        event(
            "catalogue: {skus: [{key: a, title: A, price: 1.00 EUR, barcode: '4006381333932'}]}\n"
        ),
        ["7:67 spec.catalogue.skus.0.barcode barcode"],
    ),
    "a barcode without quotes": (
        event("catalogue: {skus: [{key: a, title: A, price: 1.00 EUR, barcode: 4006381333931}]}\n"),
        ["7:67 spec.catalogue.skus.0.barcode wrong_type"],
    ),
    "a zone on Mars": (
        scheduled("zone: Mars/Base\ndate: 2027-06-18\nstart: 20:30\nend: 23:00\n"),
        ["7:11 spec.schedule.zone zone"],
    ),
    "a zone that is a path": (
        scheduled("zone: ../etc/passwd\ndate: 2027-06-18\nstart: 20:30\nend: 23:00\n"),
        ["7:11 spec.schedule.zone zone"],
    ),
    "29 February": (
        scheduled("zone: Europe/Berlin\ndate: 2027-02-29\nstart: 20:30\nend: 23:00\n"),
        ["8:11 spec.schedule.date date"],
    ),
    "a date the other way round": (
        scheduled("zone: Europe/Berlin\ndate: 18.06.2027\nstart: 20:30\nend: 23:00\n"),
        ["8:11 spec.schedule.date date"],
    ),
    "25 o'clock": (
        scheduled("zone: Europe/Berlin\ndate: 2027-06-18\nstart: 25:00\nend: 23:00\n"),
        ["9:12 spec.schedule.start time"],
    ),
    "a time that YAML 1.1 made a number of": (
        scheduled("zone: Europe/Berlin\ndate: 2027-06-18\nstart: 1230\nend: 23:00\n"),
        ["9:12 spec.schedule.start time"],
    ),
    "a moment that is none": (
        event("drops: [{key: d, sku: x, quantity: 1, opens: tomorrow}]\n"),
        ["7:25 spec.drops.0.sku unknown_reference", "7:48 spec.drops.0.opens time"],
    ),
    "a rule that is none": (series("every friday"), ["8:11 spec.recurrence.rule rrule"]),
    "a rule by the minute": (series("FREQ=MINUTELY"), ["8:11 spec.recurrence.rule rrule"]),
    "a rule for thousands": (series("FREQ=DAILY;COUNT=501"), ["8:11 spec.recurrence.rule rrule"]),
    "a rule that never matches": (
        series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        ["8:11 spec.recurrence.rule rrule_never"],
    ),
}
