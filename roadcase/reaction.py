"""A reaction hears events, of any service, and answers with commands to its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from roadcase.decider import Command, Heard

React = Callable[[Any], Sequence[Command]]


@dataclass(frozen=True)
class Reaction:
    """`do(event)` returns what to ask of our own service because `hears` happened. Pure.

    `name` is a literal that lasts: under another name a reaction starts anew, at the end of the
    stream, or at its beginning when `from_start`. Each command is asked at least once, under a key
    made of the name, the event and its number, so that it takes effect once. Events of one stream
    id are heard in order; nothing is promised between stream ids.

    `looks_back`: begin at the end of the stream less what was recorded within this time. The
    processes of a new installation do not start in one moment, and what happens before this one
    knew where the end was would not be heard. For reactions that decide nothing the second time.
    """

    name: str
    hears: type[Heard]
    do: React
    from_start: bool = False
    looks_back: timedelta = timedelta()

    @property
    def sources(self) -> list[str]:
        """The services whose events are heard: the first part of each topic."""
        return sorted({topic.split(".", 1)[0] for topic in self.hears.topics})
