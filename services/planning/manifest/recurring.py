"""Recurrence rules (RFC 5545, 3.3.10): those that make sense for nights, and that ever match."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Final

from services.planning.manifest.fields import from_text, schema, wrong
from services.planning.manifest.times import read_day

MOST: Final = 500  # occurrences
_PARTS: Final = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": "[1-9][0-9]{0,2}",
    "COUNT": "[1-9][0-9]{0,3}",
    "UNTIL": "[0-9]{8}",
    "BYDAY": "([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTH": "([1-9]|1[0-2])(,([1-9]|1[0-2]))*",
    "BYMONTHDAY": "-?([1-9]|[12][0-9]|3[01])(,-?([1-9]|[12][0-9]|3[01]))*",
    "BYSETPOS": "-?[1-9][0-9]?(,-?[1-9][0-9]?)*",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}
_LONG: Final = ("MONTHLY", "YEARLY")
_TOO_OFTEN: Final = {"SECONDLY", "MINUTELY", "HOURLY"}
_DAYS: Final = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}  # of a month, if not 31


def read_rule(text: str) -> str:
    """`FREQ=MONTHLY;BYDAY=1FR`. Raises the problem that it has."""
    parts = parts_of(text)
    if "FREQ" not in parts:
        raise ValueError('says how often: write "FREQ=WEEKLY", or DAILY, MONTHLY, YEARLY')
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("has COUNT or UNTIL, not both")
    if int(parts.get("COUNT", "1")) > MOST:
        raise ValueError(f"a series has at most {MOST} occurrences")
    if until := parts.get("UNTIL"):
        read_day(f"{until[:4]}-{until[4:6]}-{until[6:]}")
    _combined(parts)
    if _never(parts):
        raise wrong("rrule_never", "never matches: none of its months has one of its days")
    return text


def _combined(parts: Mapping[str, str]) -> None:
    """What goes together by the standard, and is read alike by calendars. Raises ValueError."""
    frequency, days = parts["FREQ"], parts.get("BYDAY", "").split(",")
    numbered = [day for day in days if len(day) > len("MO")]
    if numbered and frequency not in _LONG:
        raise ValueError("a numbered day, such as 1FR, needs FREQ=MONTHLY or FREQ=YEARLY")
    if numbered and numbered != days:
        raise ValueError("calendars differ about numbered days beside others: 1FR,3FR or FR,SA")
    if "BYMONTHDAY" in parts and frequency == "WEEKLY":
        raise ValueError("a day of the month needs another FREQ than WEEKLY")
    if "BYSETPOS" in parts and frequency not in _LONG:
        raise ValueError("BYSETPOS needs FREQ=MONTHLY or FREQ=YEARLY")
    if "BYSETPOS" in parts and not {"BYDAY", "BYMONTH", "BYMONTHDAY"} & parts.keys():
        raise ValueError("BYSETPOS picks from days: it needs BYDAY, BYMONTH or BYMONTHDAY")


def parts_of(text: str) -> dict[str, str]:
    """The parts of a rule by their names. Raises ValueError."""
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        form = _PARTS.get(name)
        if name == "FREQ" and value in _TOO_OFTEN:
            raise ValueError("a series takes place once a day at most")
        if name.startswith("RRULE:"):
            raise ValueError('is the rule alone: leave "RRULE:" out')
        if form is None:
            raise ValueError(f"has parts such as FREQ=WEEKLY; there are {', '.join(_PARTS)}")
        if name in parts:
            raise ValueError(f"has {name} twice")
        if not re.fullmatch(form, value):
            raise ValueError(f"cannot be read at {name}")
        parts[name] = value
    return parts


def _never(parts: Mapping[str, str]) -> bool:
    if "BYMONTHDAY" not in parts or "BYMONTH" not in parts:
        return False
    least = min(abs(int(day)) for day in parts["BYMONTHDAY"].split(","))
    return all(least > _DAYS.get(int(month), 31) for month in parts["BYMONTH"].split(","))


Rule = Annotated[str, from_text("rrule", read_rule), schema(examples=["FREQ=MONTHLY;BYDAY=1FR"])]
