"""The right to send to a device: on record in the log, and believed for a little less long."""

from __future__ import annotations

from typing import Final

from roadcase.clock import monotonic, now
from services.devices.commands import DoubtJob, LeasePrinter, ReleasePrinter
from services.devices.domain.binding import LEASE
from services.devices.events import JobInDoubt, PrinterLeased
from services.devices.worker.desk import Desk, Place
from services.devices.worker.records import Records

_SECONDS: Final = LEASE.total_seconds()


class Lease:
    """`holder` names one worker of one process. `epoch` grows with every other holder."""

    def __init__(self, desk: Desk, records: Records, place: Place, holder: str) -> None:
        self.epoch = 0
        self._desk = desk
        self._records = records
        self._place = place
        self._holder = holder
        self._until = 0.0

    @property
    def sure(self) -> bool:
        """Whether nobody else can have it yet, however long this process was frozen."""
        return monotonic() < self._until

    @property
    def elsewhere(self) -> float:
        """For how many seconds somebody else has it."""
        printer = self._desk.printer(self._place)
        if printer.until is None or printer.holder == self._holder:
            return 0.0
        return (printer.until - now()).total_seconds()

    def left_behind(self, ours: set[str]) -> list[str]:
        """What is on its way to the device according to the log, and not by us."""
        return [job for job in self._desk.printer(self._place).in_flight if job not in ours]

    async def hold(self, ours: set[str]) -> bool:
        """Get or keep it; True when somebody before us left jobs in doubt. Raises LeasedElsewhere.

        `ours`: the jobs that we know the fate of.
        """
        if self._until - monotonic() > _SECONDS / 2:
            return bool(self.left_behind(ours)) and await self._doubt_left(ours)
        before = monotonic()
        spool, device = self._place.spool, self._place.device
        outcome = await self._records.ask(
            LeasePrinter(spool=spool, device=device, holder=self._holder)
        )
        leased = [each for each in outcome.events if isinstance(each, PrinterLeased)]
        self.epoch = leased[0].epoch if leased else self._desk.printer(self._place).epoch
        # Without an event at least three quarters of it were left.
        self._until = before + (_SECONDS if leased else _SECONDS * 0.75)
        taken = any(isinstance(each, JobInDoubt) for each in outcome.events)
        return await self._doubt_left(ours) or taken

    async def _doubt_left(self, ours: set[str]) -> bool:
        """A worker that failed and was started again has its own name, and left jobs behind."""
        left = False
        for job in self.left_behind(ours):
            attempt = self._desk.spool(self._place).jobs[job].attempt
            doubt = DoubtJob(
                spool=self._place.spool, job=job, attempt=attempt, reason="sender_gone"
            )
            left |= bool((await self._records.ask(doubt, job)).events)
        return left

    def lose(self) -> None:
        """Believe in it no longer; the next `hold` asks."""
        self._until = 0.0

    async def release(self) -> None:
        """So that the next one need not wait until it lapses."""
        self.lose()
        spool, device = self._place.spool, self._place.device
        if self._desk.printer(self._place).holder == self._holder:
            await self._records.ask(ReleasePrinter(spool=spool, device=device, holder=self._holder))
