"""Files that are wrong, each with every problem it has: `line:column path code`.

Nearly all are a good event of six lines with a few more: those given here begin in line 7, indented
by two, or by four if they are a schedule.
"""

from __future__ import annotations

from textwrap import dedent, indent

TOP = """\
apiVersion: roadcase/v1
kind: Event
metadata: {name: friday}
spec:
  title: Friday
"""
SCHEDULE = """\
  schedule: {zone: Europe/Berlin, date: 2027-06-18, start: "20:30", end: "23:00"}
"""
SERIES = TOP.replace("Event", "Series")


def event(more: str) -> bytes:
    return (TOP + SCHEDULE + indent(dedent(more), "  ")).encode()


def scheduled(hours: str, more: str = "") -> bytes:
    schedule = f"  schedule:\n{indent(dedent(hours), '    ')}"
    return (TOP + schedule + indent(dedent(more), "  ")).encode()


def series(rule: str, more: str = "") -> bytes:
    """The rule is in line 8."""
    hours = '  schedule: {zone: Europe/Berlin, start: "20:30", end: "23:00"}\n'
    recurrence = f"  recurrence:\n    rule: {rule}\n    first: 2027-06-04\n"
    return (SERIES + hours + recurrence + indent(dedent(more), "    ")).encode()


def bomb(levels: int) -> bytes:
    """Ten times as much with every line."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        ten = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{ten}]")
    return "\n".join(lines).encode()


GOOD = TOP + SCHEDULE
WORK = "{key: film, title: Film, minutes: 96}"

# How it is written.
WRITTEN: dict[str, tuple[bytes, list[str]]] = {
    "nothing": (b"", []),
    "only a comment": (b"# soon\n", []),
    "a list": (b"- a\n- b\n", []),
    "text": (b"friday\n", []),
    "not closed": (b"spec: {title: [x\n", []),
    "a colon too many": (event("tax: profile: de\n"), []),
    "a sign that begins nothing": (event("tax: @de\n"), []),
    "a tab before a name": (b"spec:\n\ttitle: x\n", []),
    "a tab after spaces": (b"spec:\n  \ttitle: x\n", []),
    "UTF-16, little end first": (GOOD.encode("utf-16"), []),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), []),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), []),
    "Latin-1": (GOOD.replace("title: Friday", "title: Café").encode("latin-1"), []),
    "NUL": (event("description: a\0b\n"), []),
    "ESC": (event("description: a\x1b[2Jb\n"), []),
    "an escaped NUL": (event('description: "a\\0b"\n'), []),
    "an escape that is no character": (event('description: "\\U00110000"\n'), []),
    "half a surrogate pair": (event('description: "\\ud800"\n'), []),
    "a name that turns around": (event("description: \u202eabc\n"), []),
    "1 MB and a byte": (GOOD.encode() + b"#" * 1_000_000, []),
    "41 levels": (b"a: " + b"[" * 41, []),
    "an alias bomb": (bomb(9), []),
    "1001 aliases": (b"a: &a x\nb: [" + b"*a, " * 1001 + b"]", []),
    "an alias of much, often": (
        b"a: &a [" + b"x, " * 900 + b"]\nb: [" + b"*a, " * 300 + b"]",
        [],
    ),
    "an alias within itself": (b"a: &a [*a]\n", []),
    "an alias of nothing": (b"a: *b\n", []),
    "a Python object": (event("tax: !!python/object/apply:os.system [ls]\n"), []),
    "a tag of YAML itself": (event("description: !!str x\n"), []),
    "a tag of their own": (event("capacity: !include more.yaml\n"), []),
    "a name twice": (event("tax: {profile: de}\ntax: {profile: fr}\n"), []),
    "a name twice, lines ended by CR LF": (
        (GOOD + "  tax: {profile: de}\n  title: Again\n").replace("\n", "\r\n").encode(),
        [],
    ),
    "a number for a name": (event("5: x\n"), []),
    "a list for a name": (event("? [a]\n: b\n"), []),
    "a merge": (event("<<: {tax: {profile: de}}\n"), []),
    "YAML 1.1": (b"%YAML 1.1\n---\n" + GOOD.encode(), []),
    "two documents": (GOOD.encode() + b"---\n" + GOOD.encode(), []),
    "a name with nothing behind it": (event("tax:\n"), []),
    "an entry with nothing in it": (event("suppliers:\n  -\n"), []),
}

# What its fields are.
FIELDS: dict[str, tuple[bytes, list[str]]] = {
    "no kind": (b"apiVersion: roadcase/v1\n", []),
    "another kind": (GOOD.replace("Event", "Evnt").encode(), []),
    "a kind that is no text": (GOOD.replace("kind: Event", "kind: 5").encode(), []),
    "another version": (GOOD.replace("/v1", "/v9").encode(), []),
    "no version": (GOOD.replace("apiVersion: roadcase/v1\n", "").encode(), []),
    "no metadata and no spec": (b"apiVersion: roadcase/v1\nkind: Event\n", []),
    "more problems than anybody reads": (event("kit:\n" + "  - {}\n" * 401), []),
    "a path for a name": (GOOD.replace("friday}", "../../x}").encode(), []),
    "a label with a space": (GOOD.replace("friday}", "x, labels: {a b: c}}").encode(), []),
    "nothing that must be there": (
        TOP.replace("  title: Friday\n", "  schedule: {}\n").encode(),
        [],
    ),
    "a field that is not there": (event("capcity: {total: 60}\n"), []),
    "a field with an underscore": (event("capacity: {total: 60, acc_essible: 5}\n"), []),
    "a field deep inside": (
        event("""\
        staffing:
          - key: door
            rol: Door
            count: 2
        """),
        [],
    ),
    "text for a number": (event("capacity: {total: sixty}\n"), []),
    "a fraction of a person": (event("capacity: {total: 60.5}\n"), []),
    "true for a number": (event("capacity: {total: true}\n"), []),
    "a number of very many digits": (event(f"capacity: {{total: {'9' * 5000}}}\n"), []),
    "nobody": (event("capacity: {total: 0}\n"), []),
    "yes for true": (event("permits: {facts: {alcohol: yes}}\n"), []),
    "a number for text": (event("tax: {profile: 7}\n"), []),
    "a number for a title": (event("venue: {title: 1984}\n"), []),
    "a list for a section": (event("capacity: []\n"), []),
    "a section for a list": (event("suppliers: {key: a, title: A}\n"), []),
    "a section for text": (event("description: {a: b}\n"), []),
    "an empty list": (event("split: {shares: []}\n"), []),
    "a list with too much": (
        event(f"staffing: [{{key: a, role: A, count: 1, certificates: [{'x, ' * 1001}]}}]"),
        [],
    ),
    "a title of 300 characters": (event(f"venue: {{title: {'x' * 300}}}\n"), []),
    "a blank title": (event('venue: {title: "  "}\n'), []),
    "a choice that there is not": (event("capture: {profile: stil, consent: ask}\n"), []),
    "NaN": (event("venue: {title: Yard, latitude: .nan, longitude: 200}\n"), []),
    "a bare number for money": (event("stalls: [{key: a, fee: {fixed: 12.00}}]\n"), []),
    "a comma in money": (event("stalls: [{key: a, fee: {fixed: '12,00 EUR'}}]\n"), []),
    "three decimals of euros": (event("stalls: [{key: a, fee: {fixed: 12.005 EUR}}]\n"), []),
    "decimals of yen": (event("stalls: [{key: a, fee: {fixed: 12.00 JPY}}]\n"), []),
    "two decimals of dinars": (event("stalls: [{key: a, fee: {fixed: 12.00 KWD}}]\n"), []),
    "a negative price": (event("stalls: [{key: a, fee: {fixed: -1.00 EUR}}]\n"), []),
    "minus zero": (event("stalls: [{key: a, fee: {fixed: -0.00 EUR}}]\n"), []),
    "money that nobody has": (
        event("stalls: [{key: a, fee: {fixed: 90071992547409.93 EUR}}]\n"),
        [],
    ),
    "money as a section": (
        event("stalls: [{key: a, fee: {fixed: {minor: 1, currency: EUR}}}]\n"),
        [],
    ),
    "a currency that there is not": (event("currency: euro\n"), []),
    "a barcode misread": (
        event(
            "catalogue: {skus: [{key: a, title: A, price: 1.00 EUR, barcode: '4006381333932'}]}\n"
        ),
        [],
    ),
    "a barcode without quotes": (
        event("catalogue: {skus: [{key: a, title: A, price: 1.00 EUR, barcode: 4006381333931}]}\n"),
        [],
    ),
    "a zone on Mars": (
        scheduled("zone: Mars/Base\ndate: 2027-06-18\nstart: 20:30\nend: 23:00\n"),
        [],
    ),
    "a zone that is a path": (
        scheduled("zone: ../etc/passwd\ndate: 2027-06-18\nstart: 20:30\nend: 23:00\n"),
        [],
    ),
    "29 February": (
        scheduled("zone: Europe/Berlin\ndate: 2027-02-29\nstart: 20:30\nend: 23:00\n"),
        [],
    ),
    "a date the other way round": (
        scheduled("zone: Europe/Berlin\ndate: 18.06.2027\nstart: 20:30\nend: 23:00\n"),
        [],
    ),
    "25 o'clock": (
        scheduled("zone: Europe/Berlin\ndate: 2027-06-18\nstart: 25:00\nend: 23:00\n"),
        [],
    ),
    "a time that YAML 1.1 made a number of": (
        scheduled("zone: Europe/Berlin\ndate: 2027-06-18\nstart: 1230\nend: 23:00\n"),
        [],
    ),
    "a moment that is none": (
        event("drops: [{key: d, sku: x, quantity: 1, opens: tomorrow}]\n"),
        [],
    ),
    "a rule that is none": (series("every friday"), []),
    "a rule by the minute": (series("FREQ=MINUTELY"), []),
    "a rule for thousands": (series("FREQ=DAILY;COUNT=501"), []),
    "a rule that never matches": (series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), []),
}
