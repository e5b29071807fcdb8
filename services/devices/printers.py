"""Printers named in settings: `ticket-1=192.168.1.20:9100/epson-58,label-1=...`."""

from __future__ import annotations

import re

from pydantic import ValidationError

from roadcase.errors import Invalid
from services.devices.commands import BindRole

_ENTRY = re.compile(r"([^=]+)=([^/]+)(?:/([^/]+))?")


def bindings(text: str) -> list[BindRole]:
    """A command for each `role=host:port` or `role=host:port/profile`, separated by commas.

    The device is named after its address, so that the same text always binds the same devices.
    Raises Invalid with every problem at once.
    """
    found, problems = [], []
    for entry in filter(None, map(str.strip, text.split(","))):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            problems.append(f"{entry!r} is not role=host:port or role=host:port/profile")
            continue
        role, address, profile = match.groups()
        device = "tcp-" + re.sub("[^A-Za-z0-9]+", "-", address).strip("-")[:60]
        fields = {"role": role, "device": device, "address": address}
        try:
            found.append(
                BindRole.model_validate(fields | ({"profile": profile} if profile else {}))
            )
        except ValidationError as error:
            problems += [f"{entry!r}: {each['loc'][0]} {each['msg']}" for each in error.errors()]
    if problems:
        raise Invalid("; ".join(problems), problems=problems)
    return found
