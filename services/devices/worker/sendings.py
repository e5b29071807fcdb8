"""The jobs whose sending is being put on record; not one byte of them leaves before that."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from hashlib import sha256

from roadcase.asked import Outcome
from roadcase.errors import Refused
from services.devices.commands import SendJob
from services.devices.domain.refusals import StaleLease
from services.devices.events import JobSending
from services.devices.worker.desk import Place
from services.devices.worker.records import Records
from services.devices.worker.tray import Page


class Sendings:
    """In the order in which they were asked for, many in one commit; `wake` is called for each.

    They may be asked for while the printer is asked how it is: none leaves before it has said so.
    """

    def __init__(self, records: Records, place: Place, wake: Callable[[], None]) -> None:
        self._records = records
        self._place = place
        self._wake = wake
        self._asked: deque[tuple[Page, asyncio.Task[Outcome]]] = deque()
        self._vouched = 0  # for how many, from the front, the printer said that it can print

    def __len__(self) -> int:
        return len(self._asked)

    @property
    def jobs(self) -> set[str]:
        return {page.job for page, _ in self._asked}

    @property
    def unvouched(self) -> bool:
        return self._vouched < len(self._asked)

    def vouch(self) -> None:
        """The printer can print all that was asked for up to now."""
        self._vouched = len(self._asked)

    def ask(self, page: Page, epoch: int) -> None:
        task = asyncio.create_task(self._ask(page, epoch))
        task.add_done_callback(lambda _: self._wake())
        self._asked.append((page, task))

    async def _ask(self, page: Page, epoch: int) -> Outcome:
        attempt = page.of.attempt + 1
        command = SendJob(
            spool=self._place.spool,
            job=page.job,
            device=self._place.device,
            epoch=epoch,
            copy_number=page.of.copy,
            sha256=sha256(page.data).hexdigest(),
            size=len(page.data),
        )
        return await self._records.ask(command, page.job, f"send:{page.job}:{attempt}:{epoch}")

    def recorded(self) -> Iterator[tuple[Page, JobSending]]:
        """Those on record, in order, up to the first that cannot leave yet. Raises StaleLease."""
        while self._vouched and self._asked[0][1].done():
            page, task = self._asked.popleft()
            self._vouched -= 1
            if event := _event(task):
                yield page, event

    async def give_up(self) -> list[JobSending]:
        """Wait for the rest; what is on record of them, none of which may leave any more."""
        asked, tasks = [*self._asked], [task for _, task in self._asked]
        await asyncio.gather(*tasks, return_exceptions=True)
        self._asked.clear()
        self._vouched = 0
        done = [task for _, task in asked if task.exception() is None]
        return [event for task in done if (event := _event(task))]

    def drop(self) -> None:
        for _, task in self._asked:
            task.cancel()


def _event(task: asyncio.Task[Outcome]) -> JobSending | None:
    """None if it was abandoned or bound elsewhere meanwhile. Raises StaleLease."""
    try:
        (event,) = task.result().events
    except StaleLease:
        raise
    except Refused:
        return None
    assert isinstance(event, JobSending)
    return event
