"""What is done for an occurrence because a schedule says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from roadcase.decider import Event
from roadcase.triggers import Firing
from services.planning.commands.jobs import DoJob
from services.planning.domain.refusals import NoTime, OccurrenceEnded
from services.planning.domain.state import Occurrence, must_be_there
from services.planning.domain.triggers import fired


def do_job(occurrence: Occurrence, cmd: DoJob, _at: datetime) -> Iterator[Event]:
    """Also after it is over and settled: thanks are sent then."""
    must_be_there(occurrence, cmd.occurrence)
    if occurrence.state == "cancelled":
        raise OccurrenceEnded(occurrence=cmd.occurrence, state=occurrence.state)
    if occurrence.postponed is not None:
        raise NoTime(occurrence=cmd.occurrence)
    job = f"schedule:{cmd.job}"
    if cmd.firing not in occurrence.watch.fired:
        firing = Firing(cmd.firing, job, "schedule", cmd.reason, {}, cmd.actions)
        yield from fired(cmd.occurrence, firing)
