"""The shapes of what is asked: every limit on input that no rule needs to look at."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, StringConstraints

from roadcase.decider import Command
from roadcase.money import Money
from services.devices.profiles import PROFILES


def _profile(name: str) -> str:
    if name not in PROFILES:
        raise ValueError(f"is not a profile: there are {', '.join(PROFILES)}")
    return name


def _money(value: Any) -> Money:
    if not isinstance(value, Money):
        raise ValueError("is not money")  # noqa: TRY004 - pydantic reports ValueErrors
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Address = Annotated[str, StringConstraints(pattern=r"^(\[[0-9a-fA-F:]+\]|[^\s:/]{1,255}):\d{1,5}$")]
Profile = Annotated[str, AfterValidator(_profile)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,400}$")]  # printable ASCII, for QR codes
Price = Annotated[Money, PlainValidator(_money), PlainSerializer(str, return_type=str)]
Count = Annotated[int, Field(strict=True, ge=1)]


class OfSpool(Command):
    """All commands of one spool are decided one after the other."""

    spool: Id = "main"
