"""What pretix writes, read as we write it: texts, money, moments and ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from roadcase.errors import Invalid
from roadcase.money import Money, decimals

NAME: Final = 200


def text(of: Any, otherwise: str) -> str:
    """A text in English, or else in its first language; only what can be printed of it."""
    if isinstance(of, Mapping):
        of = of.get("en") or next((each for each in of.values() if each), "")
    words = "".join(char if char.isprintable() else " " for char in str(of or ""))
    return " ".join(words.split())[:NAME] or otherwise


def money(amount: Any, currency: str) -> Money:
    """`"23.00"` as pretix writes every currency. Raises Invalid for less than a minor unit."""
    try:
        minor = Decimal(str(amount)).scaleb(decimals(currency))
        whole = int(minor)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Invalid("this is no amount", amount=str(amount)) from error
    if whole != minor:
        raise Invalid(f"{currency} has no such part", amount=str(amount))
    return Money(whole, currency)


def moment(of: str | None) -> datetime | None:
    return datetime.fromisoformat(of) if of else None


def wall(of: str, zone: str) -> datetime:
    """Local time at the venue."""
    return datetime.fromisoformat(of).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def rate(of: Any) -> str:
    """Percent: `"19.00"` is 19."""
    number = Decimal(str(of or 0)).normalize()
    return f"{number:f}" if number >= 0 else "0"


def id_of(*parts: object) -> str:
    """An id of ours from theirs: slugs may have dots."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", "_".join(str(each) for each in parts))[:64]
