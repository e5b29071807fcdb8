"""Puts on record what happens to jobs, however long the log is away."""

from __future__ import annotations

import asyncio
import logging

from roadcase.asked import Context, Outcome
from roadcase.decider import Command
from roadcase.doors import Dispatch
from roadcase.errors import Overloaded, Unavailable
from services.devices.worker.desk import Desk, Place

_PAUSE = 0.05
_log = logging.getLogger(__name__)


class Records:
    """Of one device. A record that was begun is asked for until the log has taken or refused it."""

    def __init__(self, desk: Desk, dispatch: Dispatch, place: Place) -> None:
        self._desk = desk
        self._dispatch = dispatch
        self._place = place
        self._later: dict[asyncio.Task[Outcome], str] = {}

    @property
    def open(self) -> set[str]:
        """The jobs of which something was noted that is not on record yet."""
        return set(self._later.values())

    async def ask(self, command: Command, job: str = "", key: str | None = None) -> Outcome:
        """Raises Refused. With a key, a command that the log took unheard is not taken twice."""
        trace = self._desk.trace(self._place, job)
        context = Context(
            tenant=self._place.tenant,
            actor=f"device:{self._place.device}",
            key=key,
            correlation=trace.correlation,
            causation=trace.causation,
            traceparent=trace.traceparent,
        )
        while True:
            try:
                return await self._dispatch(command, context)
            except (Unavailable, Overloaded):
                await asyncio.sleep(_PAUSE)

    def note(self, command: Command, job: str) -> None:
        """Ask in the background, so that it shares a commit with what is asked next."""
        task = asyncio.create_task(self.ask(command, job))
        self._later[task] = job
        task.add_done_callback(self._noted)

    async def noted(self) -> None:
        """Wait until all that was noted is on record."""
        while self._later:
            await asyncio.gather(*self._later, return_exceptions=True)

    def drop(self) -> None:
        """Give up what was noted: whoever takes the lease next finds it in doubt."""
        for task in self._later:
            task.cancel()

    def _noted(self, task: asyncio.Task[Outcome]) -> None:
        job = self._later.pop(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("what became of %s is not on record", job, exc_info=error)
