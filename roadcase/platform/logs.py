"""All logs of an installation: one for each service, and the kernel's own."""

from __future__ import annotations

from typing import Final

from roadcase.platform.asking import DECIDERS
from roadcase.platform.events import NAME
from roadcase.service import Service, find_services

PLATFORM: Final = Service(name=NAME, deciders=DECIDERS)


def find_log(name: str) -> Service:
    """Whose log this is. Raises Invalid."""
    return PLATFORM if name == NAME else find_services([name])[0]


def find_logs() -> list[Service]:
    return [*find_services(), PLATFORM]
