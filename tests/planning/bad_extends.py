"""Files that extend others and are wrong: each with every problem, `file:line:column path code`.

What is given of the event begins in line 4, and of each document too; the file of a document is
its reference.
"""

from __future__ import annotations

from tests.planning.extending import DAY, event

NIGHT = """\
spec:
  title: Film night
  schedule: {zone: Europe/Berlin, start: "20:30", end: "23:00"}
  kit:
    - {key: screen, role: Screen, quantity: 1}
    - {key: chairs, role: Chairs, quantity: 60}
"""
PRICED = """\
inputs:
  - {key: price, type: money, required: true}
  - {key: seats, type: integer, default: 60, minimum: 10, maximum: 80}
  - {key: mood, type: text, allowed: [dark, light], maxLength: 5}
spec:
  title: Film night
  schedule: {zone: Europe/Berlin, start: "20:30", end: "23:00"}
  capacity: {total: "${seats}"}
  catalogue:
    tickets: [{key: seat, title: Seat, price: "${price}"}]
"""
DATED = "spec: {schedule: {date: 2027-06-18}}\n"
CHAIN = {f"t@{n}": f"extends: [t@{n + 1}]\nspec: {{}}\n" for n in range(1, 5)}
TEN_OF_TEN = {
    **{
        f"a@{n}": f"extends: [{', '.join(f'b@{m}' for m in range(1, 11))}]\n{NIGHT}"
        for n in range(1, 11)
    },
    **{f"b@{m}": NIGHT for m in range(1, 11)},
}

EXTENDS: dict[str, tuple[bytes, dict[str, str], list[str]]] = {
    "nothing of this name": (
        event(f"extends: [film-night@3]\nspec:\n  title: Friday\n  {DAY}\n"),
        {},
        [":4:11 extends.0 no_document"],
    ),
    "what is wrong beside a template that is missing is told, and nothing is said to be missing": (
        event(
            "extends: [film-night@3]\nspec: {titel: Friday, tax: {profile: 5},"
            " kit: [{key: a, $delete: true}, {key: b, $before: a}]}\n"
        ),
        {},
        [
            ":4:11 extends.0 no_document",
            ":5:8 spec.titel unknown_field",
            ":5:38 spec.tax.profile wrong_type",
        ],
    ),
    "a version that there is not": (
        event(f"extends: [film-night@9]\n{DATED}"),
        {"film-night@1": NIGHT, "film-night@2": NIGHT},
        [":4:11 extends.0 no_version"],
    ),
    "no version": (
        event(f"extends: [film-night]\n{DATED}"),
        {"film-night@1": NIGHT},
        [":4:11 extends.0 no_version"],
    ),
    "something that is no reference": (
        event(f"extends: [Film Night@1, 'shop:a@1', 5, a@0, a@01]\n{DATED}"),
        {},
        [f":4:{column} extends.{n} extends" for n, column in enumerate((11, 25, 37, 40, 45))],
    ),
    "a text for the list": (
        event(f"extends: film-night@1\n{DATED}"),
        {"film-night@1": NIGHT},
        [":4:10 extends wrong_type"],
    ),
    "an event under kit": (
        event("extends: [film-night@1]\nspec: {items: [{key: a, title: A, owned: 1}]}\n").replace(
            b"Event", b"Kit"
        ),
        {"film-night@1": NIGHT},
        [":4:11 extends.0 extends"],
    ),
    "kit that is not right by itself": (
        event(f"extends: [film-night@1, kit:van@1]\n{DATED}"),
        {
            "film-night@1": NIGHT,
            "kit:van@1": "spec:\n  items:\n"
            "    - {key: pa, title: PA, owned: 1}\n    - {key: pa, title: PA, owned: 2}\n",
        },
        ["kit:van@1:7:13 spec.kit.1.key duplicate_key"],
    ),
    "kit that needs a role which the event has not": (
        event(f"extends: [film-night@1, kit:hired@1]\n{DATED}"),
        {
            "film-night@1": NIGHT,
            "kit:hired@1": "spec:\n  lines:\n"
            "    - {key: desk, role: Desk, quantity: 1, operator: ann}\n",
        },
        ["kit:hired@1:6:54 spec.kit.2.operator unknown_reference"],
    ),
    "the same twice": (
        event(f"extends: [film-night@1, template:film-night@1]\n{DATED}"),
        {"film-night@1": NIGHT},
        [":4:25 extends.1 duplicate_key"],
    ),
    "21 at once": (
        event(f"extends: [{', '.join(f'a@{n}' for n in range(1, 22))}]\n{DATED}"),
        {},
        [":4:10 extends too_long"],
    ),
    "a circle": (
        event(f"extends: [a@1]\n{DATED}"),
        {
            "a@1": f"extends: [b@1]\n{NIGHT}",
            "b@1": "extends:\n  - a@1\nspec: {}\n",
        },
        ["b@1:5:5 extends.0 extends_cycle"],
    ),
    "6 levels": (
        event(f"extends: [t@1]\n{DATED}"),
        {**CHAIN, "t@5": NIGHT},
        ["t@4:4:11 extends.0 extends_too_deep"],
    ),
    "a document of another kind": (
        event(f"extends: [a@1]\n{DATED}"),
        {"a@1": "apiVersion: roadcase/v1\nkind: Venue\nmetadata: {name: a}\nspec: {}\n"},
        ["a@1:2:7 kind document_mismatch"],
    ),
    "a document of another version": (
        event(f"extends: [a@2]\n{DATED}"),
        {
            "a@2": "apiVersion: roadcase/v1\nkind: EventTemplate\n"
            f"metadata: {{name: a, version: 1}}\n{NIGHT}"
        },
        ["a@2:3:30 metadata.version document_mismatch"],
    ),
    "a document that is not YAML": (
        event(f"extends: [a@1]\n{DATED}"),
        {"a@1": "spec: {title: [\n"},
        ["a@1:5:1  syntax"],
    ),
    "a wrong value of a template is told where the template says it": (
        event(f"extends: [a@1]\n{DATED}"),
        {
            "a@1": NIGHT.replace("quantity: 60", "quantity: many").replace(
                "Screen,", "Screen, x: 1,"
            )
        },
        ["a@1:8:35 spec.kit.0.x unknown_field", "a@1:9:45 spec.kit.1.quantity wrong_type"],
    ),
    "what does not fit together is told where it is written": (
        event("extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18}\n  capacity: {total: 50}\n"),
        {"a@1": f"{NIGHT}  capacity: {{total: 80, zones: [{{key: front, places: 60}}]}}\n"},
        ["a@1:10:25 spec.capacity.zones zones_above_capacity"],
    ),
    "null": (
        event("extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18}\n  kit: ~\n"),
        {"a@1": NIGHT},
        [":7:3 spec.kit empty_value"],
    ),
    "a key that is not there is deleted": (
        event(
            "extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18}\n"
            "  kit: [{key: chair, $delete: true}]\n  tax: {$delete: true}\n"
        ),
        {"a@1": NIGHT},
        [":7:15 spec.kit.0.key nothing_to_delete", ":8:8 spec.tax nothing_to_delete"],
    ),
    "a key deleted twice": (
        event(
            "extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18}\n  kit:\n"
            "    - {key: chairs, $delete: true}\n    - {key: chairs, $delete: true}\n"
        ),
        {"a@1": NIGHT},
        [":9:13 spec.kit.1.key deleted_twice"],
    ),
    "a key deleted on two levels": (
        event(
            "extends: [b@1]\nspec:\n  schedule: {date: 2027-06-18}\n"
            "  kit: [{key: chairs, $delete: true}]\n"
        ),
        {
            "a@1": NIGHT,
            "b@1": "extends: [a@1]\nspec:\n  kit:\n    - {key: chairs, $delete: true}\n",
        },
        [":7:15 spec.kit.0.key deleted_twice"],
    ),
    "a key deleted and changed": (
        event(
            "extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18}\n  kit:\n"
            "    - {key: chairs, $delete: true}\n    - {key: chairs, quantity: 5}\n"
        ),
        {"a@1": NIGHT},
        [":9:13 spec.kit.1.key duplicate_key"],
    ),
    "a key twice in a template, and changed": (
        event(
            "extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18}\n"
            "  kit: [{key: screen, quantity: 5}]\n"
        ),
        {"a@1": NIGHT.replace("key: chairs", "key: screen")},
        ["a@1:9:13 spec.kit.1.key duplicate_key"],
    ),
    "deleted, and otherwise": (
        event(
            "extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18, end: {$delete: yes}}\n"
            "  kit: [{key: chairs, $delete: true, quantity: 5}]\n"
        ),
        {"a@1": NIGHT},
        [":6:47 spec.schedule.end.$delete directive", ":7:32 spec.kit.0.$delete directive"],
    ),
    "before and after what is not there": (
        event(
            "extends: [a@1]\nspec:\n  schedule: {date: 2027-06-18}\n  kit:\n"
            "    - {key: a, role: A, quantity: 1, $before: scren}\n"
            "    - {key: b, role: B, quantity: 1, $after: b}\n"
            "    - {key: c, role: C, quantity: 1, $after: a, $before: b}\n"
        ),
        {"a@1": NIGHT},
        [
            ":8:47 spec.kit.0.$before unknown_place",
            ":9:46 spec.kit.1.$after unknown_place",
            ":10:46 spec.kit.2.$after directive",
        ],
    ),
    "before nothing that could be extended": (
        event("spec:\n  kit: [{key: a, role: A, quantity: 1, $before: b}]\n  $after: a\n"),
        {},
        [":5:49 spec.kit.0.$before unknown_place", ":6:11 spec.$after directive"],
    ),
    "a missing input": (
        event(f"extends: [a@1]\n{DATED}"),
        {"a@1": PRICED},
        [":4:11 extends.0 missing_input"],
    ),
    "inputs of wrong types": (
        event(f"extends: [a@1]\nwith: {{price: 12, seats: '60', mood: drk}}\n{DATED}"),
        {"a@1": PRICED},
        [":5:15 with.price money", ":5:26 with.seats wrong_type", ":5:38 with.mood not_a_choice"],
    ),
    "inputs beyond their limits": (
        event(f"extends: [a@1]\nwith: {{price: 12.00 EUR, seats: 81}}\n{DATED}"),
        {"a@1": PRICED},
        [":5:33 with.seats out_of_range"],
    ),
    "an input that is too long, and one that has no currency of its limits": (
        event(f"extends: [a@1]\nwith: {{name: abcd, price: 9.00 USD}}\n{DATED}"),
        {
            "a@1": "inputs:\n  - {key: name, type: text, maxLength: 3}\n"
            f"  - {{key: price, type: money, maximum: 9.00 EUR}}\n{NIGHT}"
        },
        [":5:14 with.name too_long", ":5:27 with.price currency"],
    ),
    "lists for inputs": (
        event(f"extends: [a@1]\nwith: {{price: [12.00 EUR]}}\n{DATED}"),
        {"a@1": PRICED},
        [":4:11 extends.0 missing_input", ":5:15 with.price wrong_type"],
    ),
    "an unknown input": (
        event(f"extends: [a@1]\nwith: {{price: 12.00 EUR, seat: 60}}\n{DATED}"),
        {"a@1": PRICED},
        [":5:32 with.seat unknown_input"],
    ),
    "with, and nothing takes it": (
        event(f"extends: [a@1]\nwith: {{price: 12.00 EUR}}\n{DATED}"),
        {"a@1": NIGHT},
        [":5:7 with unused_with"],
    ),
    "an input that is not declared": (
        event(f"extends: [a@1]\n{DATED}"),
        {"a@1": NIGHT.replace("Film night", "'${titel}'")},
        ["a@1:5:10 spec.title unknown_input"],
    ),
    "an input in an event": (
        event(f"spec:\n  title: Friday ${{night}}\n  {DAY}\n"),
        {},
        [":5:10 spec.title unknown_input"],
    ),
    "an input without a value within text": (
        event(f"extends: [a@1]\n{DATED}"),
        {
            "a@1": "inputs: [{key: who, type: text}]\n"
            + NIGHT.replace("Film night", "'Film night with ${who}'")
        },
        ["a@1:6:10 spec.title missing_input"],
    ),
    "text that is too long with its inputs": (
        event(f"extends: [a@1]\nwith: {{who: {'x' * 4999}}}\n{DATED}"),
        {
            "a@1": "inputs: [{key: who, type: text}]\n"
            + NIGHT.replace("Film night", "'Film night with ${who}'")
        },
        ["a@1:6:10 spec.title too_long"],
    ),
    "a value that the field does not take is told where it was given": (
        event(f"extends: [a@1]\nwith: {{seats: 0, price: 9.00 EUR}}\n{DATED}"),
        {"a@1": PRICED.replace(", minimum: 10", "")},
        [":5:15 spec.capacity.total out_of_range"],
    ),
    "more than 100 in all": (
        event(f"extends: [{', '.join(f'a@{n}' for n in range(1, 11))}]\n{DATED}"),
        TEN_OF_TEN,
        ["a@10:4:11 extends.0 too_many_documents"],
    ),
}
# Templates by themselves: what is wrong with what they declare.
TEMPLATES: dict[str, tuple[str, list[str]]] = {
    "inputs that are not what they say": (
        """\
        inputs:
          - {key: a, type: money, default: 12, minimum: 5.00 EUR}
          - {key: b, type: text, required: true, default: x, minimum: 1, maxLength: 5}
          - {key: c, type: integer, maxLength: 5, allowed: [1, two], default: 3}
          - {key: d, type: list}
          - {key: a, type: text}
        spec: {title: "${a} ${e}"}
        """,
        [
            ":5:36 inputs.0.default money",
            ":6:51 inputs.1.default unclear",
            ":6:63 inputs.1.minimum unclear",
            ":7:40 inputs.2.maxLength unclear",
            ":7:56 inputs.2.allowed.1 wrong_type",
            ":7:71 inputs.2.default not_a_choice",
            ":8:20 inputs.3.type not_a_choice",
            ":10:15 spec.title unknown_input",
        ],
    ),
}
