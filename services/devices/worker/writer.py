"""The one writer of a device: looks at it, sends what waits for it, and learns what came out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from itertools import islice
from typing import Final

from roadcase.clock import monotonic
from roadcase.doors import Dispatch
from roadcase.said import Said
from services.devices.adapters import Away, Condition, Connect, PrinterLink
from services.devices.commands import ConfirmJob, DoubtJob, RejectJob
from services.devices.domain.refusals import LeasedElsewhere, StaleLease
from services.devices.domain.spool import Job
from services.devices.events import Doubt, JobSending
from services.devices.profiles import PROFILES, Profile
from services.devices.rendering import APART, digits, process_id
from services.devices.worker.desk import Desk, Place
from services.devices.worker.flights import Flight, Flights
from services.devices.worker.lease import Lease
from services.devices.worker.pace import Pace
from services.devices.worker.records import Records
from services.devices.worker.sendings import Sendings
from services.devices.worker.traces import Traces
from services.devices.worker.tray import Page, Tray

_TIER: Final = 4  # the printer named the job itself
_FRESH: Final = 0.25  # seconds for which a printer that was ready is expected to be so still
_CERTAIN: Final = 2  # failures in a row that mean that a printer is away
_log = logging.getLogger(__name__)


class DeviceWriter:
    """Run `run()` as a task; after `stop()` it ends when what is on its way has landed."""

    def __init__(
        self,
        desk: Desk,
        dispatch: Dispatch,
        place: Place,
        *,
        holder: str,
        connect: Connect,
        pace: Pace,
        traces: Traces,
    ) -> None:
        self.place = place
        self._desk = desk
        self._records = Records(desk, dispatch, place)
        self._lease = Lease(desk, self._records, place, holder)
        self._tray = Tray(desk, self._records, place, pace.names)
        self._traces = traces
        self._connect = connect
        self._pace = pace
        self._flights = Flights()
        self._wake = asyncio.Event()
        self._sendings = Sendings(self._records, place, self._wake.set)
        self._stopping = asyncio.Event()
        self._torn = False  # the printer may hold a part of a job
        self._failures, self._looked, self._stop_by = 0, 0.0, 0.0
        self._said = Said(_log)

    def stop(self) -> None:
        self._stop_by = monotonic() + self._pace.grace
        self._stopping.set()
        self._wake.set()

    async def run(self) -> None:
        unwatch = self._desk.watch(self._wake.set)
        try:
            while not self._stopping.is_set():
                await self._try()
                if self._failures:
                    await self._pause(min(2.0, 0.05 * 2**self._failures))
            await self._records.noted()
            await self._lease.release()
        finally:
            unwatch()
            self._sendings.drop()
            self._records.drop()

    async def _try(self) -> None:
        try:
            await self._round()
            self._failures = 0
        except Away as error:
            await self._away(error)
        except (LeasedElsewhere, StaleLease):
            self._lease.lose()
            self._doubt("sender_gone")
            await self._pause(0.1)
        except Exception:  # noqa: BLE001 - logged, and what is on its way is in doubt
            _log.exception("printing on %s failed; it starts again", self.place.device)
            self._doubt("sender_gone")
            self._failures += 1

    async def _away(self, error: Away) -> None:
        self._doubt("no_answer" if error.silent else "connection_lost")
        self._failures += 1
        if self._failures >= _CERTAIN:
            self._said.because(f"the printer {self.place.device} is away", error)
            await self._tray.report(None)

    async def _round(self) -> None:
        """Serve the device on one connection, if there is anything to do or it is time to look."""
        if (left := self._lease.elsewhere) > 0:
            await self._pause(min(left, 0.2))
            return
        if self._lease.left_behind(self._ours):
            self._torn |= await self._lease.hold(self._ours)
        if not any(self._tray.waiting()) and monotonic() - self._looked < self._pace.look:
            await self._news(self._pace.poll if any(self._tray.queued()) else self._pace.look)
            return
        printer = self._desk.printer(self.place)
        link = await self._connect(printer.address, self._wake.set)
        try:
            try:
                await self._serve(link, printer.address, PROFILES[printer.profile])
            except Exception:  # not when it is cancelled: then nothing more is recorded
                await self._give_up("connection or lease lost")
                raise
        finally:
            self._looked = monotonic()
            await link.close()
        if any(self._tray.waiting()):
            await self._pause(self._pace.poll)  # it cannot print right now

    async def _serve(self, link: PrinterLink, address: str, profile: Profile) -> None:
        worked, asked = 0.0, 0.0
        self._torn |= self._desk.printer(self.place).torn  # perhaps by a worker that died since
        condition = Condition()
        while True:
            self._wake.clear()
            self._land(link, profile)
            trusted = monotonic() - asked < _FRESH and self._goes_on(condition, address)
            if trusted and await self._ask_to_send(profile):
                worked = monotonic()
            due = self._sendings.unvouched or self._may_send(profile)
            if due or monotonic() - asked > self._pace.poll:
                condition = await self._look(link, profile)
                asked = monotonic()
                if self._goes_on(condition, address) and await self._ask_to_send(profile):
                    worked = monotonic()
                self._sendings.vouch()
            if self._flights or self._sendings:
                self._torn |= await self._lease.hold(self._ours)
            await self._send(link)
            if link.lost:
                raise Away(link.lost)
            if not self._flights and not self._sendings:
                moved = self._desk.printer(self.place).address != address
                if self._stopping.is_set() or moved or not condition.ready:
                    return
                if not any(self._tray.waiting()) and monotonic() - worked > self._pace.linger:
                    return
            await self._news(self._pace.poll)

    async def _look(self, link: PrinterLink, profile: Profile) -> Condition:
        """How the printer is; if it cannot print, what was about to be sent waits again."""
        condition = await link.condition()
        self._failures = 0
        self._land(link, profile)
        self._check(condition)
        await self._tray.report(condition)
        if not condition.ready:
            await self._give_up("the printer cannot print")
        return condition

    def _may_send(self, profile: Profile) -> bool:
        return self._room(profile) > 0 and any(self._waiting())

    def _room(self, profile: Profile) -> int:
        return self._flights.room(profile) - len(self._sendings)

    def _waiting(self) -> Iterator[tuple[str, Job]]:
        """What can be sent and is not about to be."""
        asked = self._sendings.jobs
        return (each for each in self._tray.waiting() if each[0] not in asked)

    def _goes_on(self, condition: Condition, address: str) -> bool:
        moved = self._desk.printer(self.place).address != address
        return condition.ready and not self._stopping.is_set() and not moved

    def _check(self, condition: Condition) -> None:
        """Raises Away when what is on its way does not land.

        To be asked right after the condition, and what came before it: while the log is away
        nobody listens, and the printer is not to blame.
        """
        if not condition.ready:
            self._flights.progressed()  # it says itself why nothing comes out
        if self._flights.waiting() > self._pace.stall:
            raise Away("it says it is ready, and prints nothing", silent=True)
        if self._flights and self._stopping.is_set() and monotonic() > self._stop_by:
            raise Away("stopping")

    def _land(self, link: PrinterLink, profile: Profile) -> None:
        """Put on record what came out, in the background: it shares a commit with what follows."""
        if not profile.process_ids:
            self._doubt("cannot_confirm", torn=False)
        for flight, answered in list(self._flights.landed(link.answers())):
            if answered:
                self._traces.landed(flight)
                confirm = ConfirmJob(
                    spool=self.place.spool,
                    job=flight.job,
                    attempt=flight.attempt,
                    tier=_TIER,
                    evidence=flight.answer.decode("ascii"),
                )
                self._records.note(confirm, flight.job)
            else:
                self._note_doubt(flight, "overtaken")

    def _doubt(self, reason: Doubt, *, torn: bool = True) -> None:
        """Nobody knows what became of all that is on its way."""
        for flight in self._flights.clear():
            self._torn |= torn
            self._note_doubt(flight, reason)

    def _note_doubt(self, flight: Flight, reason: Doubt) -> None:
        self._traces.landed(flight, reason)
        doubt = DoubtJob(
            spool=self.place.spool,
            job=flight.job,
            attempt=flight.attempt,
            reason=reason,
            sent=flight.size,
        )
        self._records.note(doubt, flight.job)

    async def _ask_to_send(self, profile: Profile) -> bool:
        """Begin to put on record the sending of as many jobs as there is room for."""
        waiting = list(islice(self._waiting(), max(0, self._room(profile))))
        if not waiting:
            return False
        self._torn |= await self._lease.hold(self._ours)
        for name, job in waiting:
            if page := await self._tray.page(name, job):
                self._sendings.ask(page, self._lease.epoch)
        return True

    async def _send(self, link: PrinterLink) -> None:
        """Send what is on record as being sent. Raises StaleLease."""
        for page, event in self._sendings.recorded():
            if not self._hand_over(link, page, event):
                await self._reject(event, link.lost or "lease lapsed")

    async def _give_up(self, reason: str) -> None:
        """What is on record as being sent and was not handed over is not sent."""
        for event in await self._sendings.give_up():
            await self._reject(event, reason)

    def _hand_over(self, link: PrinterLink, page: Page, event: JobSending) -> bool:
        """Whether the bytes left. Nothing is awaited between the last check and sending."""
        if not self._lease.sure:
            return False
        if self._torn:
            if not link.send(APART):
                return False
            self._torn = False
        flight = Flight.of(event, digits(event.process_id))
        if not link.send(page.data + process_id(event.process_id)):
            return False
        self._flights.add(flight)
        self._traces.sent(flight)
        return True

    async def _reject(self, event: JobSending, reason: str) -> None:
        reject = RejectJob(
            spool=self.place.spool, job=event.job, attempt=event.attempt, reason=reason
        )
        await self._records.ask(reject, event.job)

    @property
    def _ours(self) -> set[str]:
        """The jobs whose fate we know or will know."""
        return self._flights.jobs | self._sendings.jobs | self._records.open

    async def _news(self, seconds: float) -> None:
        """Wait for anything new, but not longer than this."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _pause(self, seconds: float) -> None:
        """Wait, whatever is new, unless it is time to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
