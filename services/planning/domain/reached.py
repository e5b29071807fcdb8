"""How many people ticketing told because something fired here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from roadcase.decider import Event
from services.planning.commands import NoteReached
from services.planning.domain.state import Occurrence
from services.planning.events import AudienceReached


def note_reached(
    occurrence: Occurrence, cmd: NoteReached, _at: datetime
) -> Iterator[AudienceReached]:
    """What was heard before is not counted again."""
    if cmd.upto > occurrence.reached.get(cmd.notice, -1):
        yield AudienceReached(**dict(cmd))


def _reached(occurrence: Occurrence, event: AudienceReached) -> None:
    occurrence.reached[event.notice] = event.upto


EVOLVE: Final[Mapping[type[Event], Callable[[Occurrence, Any], None]]] = {AudienceReached: _reached}
