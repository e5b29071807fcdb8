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
SKU = "{key: tote, title: Tote, price: 9.00 EUR, stock: 5}"
WORK = "{key: film, title: Film, minutes: 96}"

WRITTEN: dict[str, tuple[bytes, list[str]]] = {
    "nothing": (b"", ["1:1 empty"]),
    "only a comment": (b"# soon\n", ["1:1 empty"]),
    "a list": (b"- a\n- b\n", ["1:1 wrong_type"]),
    "text": (b"friday\n", ["1:1 wrong_type"]),
    "not closed": (b"spec: {title: [x\n", ["2:1 syntax"]),
    "a colon too many": (event("tax: profile: de\n"), ["7:15 syntax"]),
    "a sign that begins nothing": (event("tax: @de\n"), ["7:8 syntax"]),
    "a tab before a name": (b"spec:\n\ttitle: x\n", ["2:1 tab_indent"]),
    "a tab after spaces": (b"spec:\n  \ttitle: x\n", ["2:3 tab_indent"]),
    "UTF-16, little end first": (GOOD.encode("utf-16"), ["1:1 encoding"]),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), ["1:2 control_character"]),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), ["1:1 encoding"]),
    "Latin-1": (GOOD.replace("title: Friday", "title: Café").encode("latin-1"), ["5:13 encoding"]),
    "NUL": (event("description: a\0b\n"), ["7:17 control_character"]),
    "ESC": (event("description: a\x1b[2Jb\n"), ["7:17 control_character"]),
    "an escaped NUL": (
        event('description: "a\\0b"\n'),
        ["7:16 spec.description control_character"],
    ),
    "an escape that is no character": (event('description: "\\U00110000"\n'), ["7:14 syntax"]),
    "half a surrogate pair": (
        event('description: "\\ud800"\n'),
        ["7:16 spec.description control_character"],
    ),
    "a name that turns around": (event("description: \u202eabc\n"), ["7:16 control_character"]),
    "1 MB and a byte": (GOOD.encode() + b"#" * 1_000_000, ["1:1 too_large"]),
    "41 levels": (
        b"a: " + b"[" * 41,
        [f"1:43 a{'.0' * 39} too_deep"],
    ),
    "an alias bomb": (bomb(9), ["4:45 a3.7 too_many_aliases"]),
    "1001 aliases": (b"a: &a x\nb: [" + b"*a, " * 1001 + b"]", ["2:4005 b.1000 too_many_aliases"]),
    "an alias of much, often": (
        b"a: &a [" + b"x, " * 900 + b"]\nb: [" + b"*a, " * 300 + b"]",
        ["2:885 b.220 too_large"],
    ),
    "an alias within itself": (b"a: &a [*a]\n", ["1:8 a.0 unknown_alias"]),
    "an alias of nothing": (b"a: *b\n", ["1:4 a unknown_alias"]),
    "a Python object": (
        event("tax: !!python/object/apply:os.system [ls]\n"),
        ["7:8 spec.tax tag_refused"],
    ),
    "a tag of YAML itself": (
        event("description: !!str x\n"),
        ["7:16 spec.description tag_refused"],
    ),
    "a tag of their own": (
        event("capacity: !include more.yaml\n"),
        ["7:13 spec.capacity tag_refused"],
    ),
    "a name twice": (
        event("tax: {profile: de}\ntax: {profile: fr}\n"),
        ["8:3 spec.tax duplicate_field"],
    ),
    "a name twice, lines ended by CR LF": (
        (GOOD + "  tax: {profile: de}\n  title: Again\n").replace("\n", "\r\n").encode(),
        ["8:3 spec.title duplicate_field"],
    ),
    "a number for a name": (event("5: x\n"), ["7:3 spec field_name"]),
    "a list for a name": (event("? [a]\n: b\n"), ["7:5 spec field_name"]),
    "a merge": (event("<<: {tax: {profile: de}}\n"), ['7:3 spec."<<" merge_key']),
    "YAML 1.1": (b"%YAML 1.1\n---\n" + GOOD.encode(), ["1:1 yaml_version"]),
    "two documents": (GOOD.encode() + b"---\n" + GOOD.encode(), ["7:1 several_documents"]),
    "a name with nothing behind it": (event("tax:\n"), ["7:3 spec.tax empty_value"]),
    "an entry with nothing in it": (
        event("suppliers:\n  -\n"),
        ["8:6 spec.suppliers.0 empty_value"],
    ),
}
