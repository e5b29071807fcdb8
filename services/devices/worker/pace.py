"""How long the worker waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Seconds.

    stall   a printer that says it is fine may answer nothing for so long
    poll    between two looks at a busy or a broken printer
    look    between two looks at an idle one
    linger  a connection is kept for the next job
    names   a ticket waits to learn how its event and type are called
    grace   what is on its way may take to land when the process stops
    """

    stall: float = 10.0
    poll: float = 0.25
    look: float = 5.0
    linger: float = 2.0
    names: float = 2.0
    grace: float = 5.0
