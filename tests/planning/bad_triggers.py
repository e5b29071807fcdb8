"""Triggers that are wrong; see `bad`."""

from __future__ import annotations

from tests.planning.bad import event

TELL = "do: [{tellCrew: {text: Now}}]"


def _one(fields: str, do: str = TELL, more: str = "") -> bytes:
    """The trigger is in line 7."""
    return event(f"triggers: [{{key: t, {fields}, {do}}}]\n{more}")


TRIGGERS: dict[str, tuple[bytes, list[str]]] = {
    "a fact that there is not": (_one("on: soldout"), ["7:27 spec.triggers.0.on not_a_choice"]),
    "a trigger on nothing": (_one("repeat: true"), ["7:14 spec.triggers.0 unclear"]),
    "a trigger on two things": (
        _one("on: sold_out, at: 2h before doors"),
        ["7:14 spec.triggers.0 unclear"],
    ),
    "a trigger that does nothing": (
        _one("on: sold_out", "do: []"),
        ["7:41 spec.triggers.0.do too_short"],
    ),
    "an action that does two things": (
        _one("on: sold_out", "do: [{tellCrew: {text: Now}, releaseNoShows: {}}]"),
        ["7:42 spec.triggers.0.do.0 unclear"],
    ),
    "an action that there is not": (
        _one("on: sold_out", "do: [{tellTheCrew: {text: Now}}]"),
        ["7:43 spec.triggers.0.do.0.tellTheCrew unknown_field"],
    ),
    "a slip that says too much": (
        _one("on: sold_out", 'do: [{print: {text: "' + "a" * 2001 + '"}}]'),
        ["7:57 spec.triggers.0.do.0.print.text too_long"],
    ),
    "a slip on a printer that cannot be called so": (
        _one("on: sold_out", "do: [{print: {text: Now, role: by the door}}]"),
        ["7:68 spec.triggers.0.do.0.print.role malformed"],
    ),
    "a field that its fact does not have": (
        _one("on: tickets_sold, if: {field: percnt, atLeast: 80}"),
        ["7:53 spec.triggers.0.if.field trigger_field"],
    ),
    "a field that the time does not have": (
        _one("at: 1h after start, if: {field: sold, atLeast: 80}"),
        ["7:55 spec.triggers.0.if.field trigger_field"],
    ),
    "fields deep in a condition": (
        _one("on: tickets_sold, if: {any: [{not: {field: tickets, is: 1}}, {all: [{field: x}]}]}"),
        [
            "7:66 spec.triggers.0.if.any.0.not.field trigger_field",
            "7:99 spec.triggers.0.if.any.1.all.0.field trigger_field",
        ],
    ),
    "a number that is text": (
        _one("on: tickets_sold, if: {field: sold, atLeast: many}"),
        ["7:68 spec.triggers.0.if.atLeast trigger_value"],
    ),
    "text that has no order": (
        _one("on: step_taken, if: {field: step, atLeast: 3}"),
        ["7:66 spec.triggers.0.if.atLeast trigger_value"],
    ),
    "a word that a field never is": (
        _one("on: step_taken, if: {field: step, oneOf: [doors, liv]}"),
        ["7:72 spec.triggers.0.if.oneOf.1 trigger_value"],
    ),
    "an amount that is a number, and one in another currency": (
        _one(
            "on: order_confirmed, if: {all: [{field: amount, atLeast: 5}, "
            "{field: amount, atMost: 9.00 USD}]}",
            more="currency: EUR\n",
        ),
        [
            "7:80 spec.triggers.0.if.all.0.atLeast trigger_value",
            "7:108 spec.triggers.0.if.all.1.atMost trigger_value",
        ],
    ),
    "true that is text": (
        _one('on: order_placed, if: {field: approval, is: "yes"}'),
        ["7:67 spec.triggers.0.if.is trigger_value"],
    ),
    "a zone that is not in the file": (
        _one(
            "on: zone_filled, if: {field: zone, is: hal}",
            more="capacity: {total: 9, zones: [{key: hall, places: 9}]}\n",
        ),
        ["7:62 spec.triggers.0.if.is trigger_value"],
    ),
    "a condition of nothing, and one of two sorts": (
        event(f"""\
        triggers:
          - {{key: a, on: sold_out, if: {{}}, {TELL}}}
          - {{key: b, on: sold_out, if: {{field: sold, is: 1, not: {{}}}}, {TELL}}}
          - {{key: c, on: sold_out, if: {{field: sold}}, {TELL}}}
        """),
        [
            "8:34 spec.triggers.0.if unclear",
            "9:34 spec.triggers.1.if unclear",
            "10:34 spec.triggers.2.if unclear",
        ],
    ),
    "a value that is a list": (
        _one("on: tickets_sold, if: {field: sold, is: [1]}"),
        ["7:63 spec.triggers.0.if.is wrong_type"],
    ),
    "a signup confirmed without one": (
        _one("on: sold_out", "do: [{confirmSignup: {}}]"),
        ["7:58 spec.triggers.0.do.0.confirmSignup trigger_action"],
    ),
    "catching up on what was": (
        _one("on: resumed, catchUp: true"),
        ["7:45 spec.triggers.0.catchUp trigger_catch_up"],
    ),
    "guests told with a field that there is not": (
        _one("on: sold_out", "do: [{messageGuests: {subject: Hi, text: See you at {nigth}}}]"),
        ["7:89 syntax"],
    ),
    "guests told with braces that are none of ours": (
        _one("on: sold_out", 'do: [{messageGuests: {subject: Hi, text: "At {nigth}"}}]'),
        ["7:78 spec.triggers.0.do.0.messageGuests.text malformed"],
    ),
    "a role of the crew that is not there": (
        _one("on: sold_out", "do: [{tellCrew: {text: Now, roles: [door]}}]"),
        ["7:73 spec.triggers.0.do.0.tellCrew.roles.0 unknown_reference"],
    ),
    "a cue that is not in the run of show": (
        _one(
            "on: sold_out",
            "do: [{cue: {cue: itro}}]",
            "runOfShow: {cues: [{key: intro, title: Intro}]}\n",
        ),
        ["7:54 spec.triggers.0.do.0.cue.cue unknown_reference"],
    ),
    "a cue where there is no run of show": (
        _one("on: sold_out", "do: [{cue: {cue: intro}}]"),
        ["7:54 spec.triggers.0.do.0.cue.cue unknown_reference"],
    ),
    "a fact about a cue that there is not": (
        _one(
            "on: cue_started, if: {field: cue, is: itro}",
            more="runOfShow: {cues: [{key: intro, title: Intro}]}\n",
        ),
        ["7:61 spec.triggers.0.if.is trigger_value"],
    ),
    "a channel that there is not": (
        _one("on: sold_out", "do: [{pauseChannel: {channel: webb}}]"),
        ["7:67 spec.triggers.0.do.0.pauseChannel.channel not_a_choice"],
    ),
    "two triggers of one key": (
        event(f"triggers: [{{key: t, on: sold_out, {TELL}}}, {{key: t, on: resumed, {TELL}}}]\n"),
        ["7:75 spec.triggers.1.key duplicate_key"],
    ),
}
