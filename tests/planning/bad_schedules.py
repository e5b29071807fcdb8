"""Schedules that are wrong, and what is of one date; see `bad`."""

from __future__ import annotations

from tests.planning.bad import event, series

DO = "do: [{tellCrew: {text: Now}}]"
EVERY = '{first: 2027-06-01, at: "09:00", rule: FREQ=WEEKLY}'
NEVER = '{first: 2027-06-01, at: "09:00", rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}'
MONDAYS = '{first: 2027-06-01, at: "09:00", rule: FREQ=WEEKLY;BYDAY=MO}'
NOTICE = "key: n, to: holders, send: 1h before doors, subject: A"


def _one(job: str, more: str = "", key: str = "s") -> bytes:
    """The schedule is in line 7."""
    return event(f"schedules: [{{key: {key}, {more}jobs: [{{key: j, {job}}}]}}]\n")


SCHEDULES: dict[str, tuple[bytes, list[str]]] = {
    "a job at no time": (_one(DO), ["7:31 spec.schedules.0.jobs.0 unclear"]),
    "a job at a time, and again and again": (
        _one(f"at: 1h before doors, every: {EVERY}, {DO}"),
        ["7:31 spec.schedules.0.jobs.0 unclear"],
    ),
    "a job that does nothing": (
        _one("at: 1h before doors, do: []"),
        ["7:65 spec.schedules.0.jobs.0.do too_short"],
    ),
    "a job that does two things": (
        _one("at: 1h before doors, do: [{tellCrew: {text: Now}, releaseNoShows: {}}]"),
        ["7:66 spec.schedules.0.jobs.0.do.0 unclear"],
    ),
    "a job of a role that is not there": (
        _one("at: 1h before doors, do: [{tellCrew: {text: Now, roles: [door]}}]"),
        ["7:97 spec.schedules.0.jobs.0.do.0.tellCrew.roles.0 unknown_reference"],
    ),
    "a job that confirms an order that there is not": (
        _one("at: 1h before doors, do: [{confirmSignup: {}}]"),
        ["7:82 spec.schedules.0.jobs.0.do.0.confirmSignup trigger_action"],
    ),
    "a job by a rule that does not give its first date": (
        _one(f"every: {MONDAYS}, {DO}"),
        ["7:55 spec.schedules.0.jobs.0.every.first rrule_first"],
    ),
    "a job by a rule that never matches": (
        _one(f"every: {NEVER}, {DO}"),
        ["7:86 spec.schedules.0.jobs.0.every.rule rrule_never"],
    ),
    "too long to catch up, and too much jitter": (
        _one(f"at: 1h before doors, {DO}", "catchUp: 53w, jitter: 7h, "),
        ["7:33 spec.schedules.0.catchUp out_of_range", "7:46 spec.schedules.0.jitter out_of_range"],
    ),
    "how long in other words": (
        _one(f"at: 1h before doors, {DO}", "catchUp: an hour, "),
        ["7:33 spec.schedules.0.catchUp malformed"],
    ),
    "a key that notifications have": (
        _one(f"at: 1h before doors, {DO}", key="notifications"),
        ["7:21 spec.schedules.0.key duplicate_key"],
    ),
    "words to holders with braces that are none of ours": (
        event(f"notifications: [{{{NOTICE}, text: '{{x}}'}}]\n"),
        ["7:82 spec.notifications.0.text malformed"],
    ),
    "words to who waits with what they do not have": (
        event(f"notifications: [{{{NOTICE.replace('holders', 'waiting')}, text: '{{order}}'}}]\n"),
        ["7:82 spec.notifications.0.text malformed"],
    ),
    "words to members, whom nobody can write to": (
        event(f"notifications: [{{{NOTICE.replace('holders', 'members')}, text: A}}]\n"),
        ["7:32 spec.notifications.0.to nobody"],
    ),
    "a job of a series on one day": (
        series("FREQ=WEEKLY").replace(
            b"  recurrence:",
            f"  schedules: [{{key: s, jobs: [{{key: j, at: 2027-06-01T10:00, {DO}}}]}}]\n".encode()
            + b"  recurrence:",
        ),
        ["7:44 spec.schedules.0.jobs.0.at time"],
    ),
    "what is of one date, with doors after its start": (
        series("FREQ=WEEKLY", 'changes: [{on: 2027-06-11, schedule: {doors: "21:00"}}]'),
        ["10:50 spec.recurrence.changes.0.schedule.doors time_order"],
    ),
    "what is of one date, with fewer places than tickets": (
        series("FREQ=WEEKLY", "changes: [{on: 2027-06-11, capacity: {total: 5}}]").replace(
            b"  recurrence:",
            b"  capacity: {total: 60}\n  catalogue: {tickets: [{key: a, title: A, price: 1.00 EUR, "
            b"quantity: 50}]}\n  recurrence:",
        ),
        ["12:15 spec.recurrence.changes.0 tickets_above_capacity"],
    ),
}
