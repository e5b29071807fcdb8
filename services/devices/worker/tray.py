"""What waits for a device, ready to be sent; and how the device is, ready to be read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import NamedTuple

from roadcase.clock import now
from services.devices.adapters import Condition
from services.devices.commands import AbandonJob, ReportPrinter
from services.devices.domain.spool import Job
from services.devices.events import Document, Slip
from services.devices.rendering import Named, render
from services.devices.worker.desk import Desk, Place
from services.devices.worker.records import Records

_log = logging.getLogger(__name__)


class Page(NamedTuple):
    """A job in its present form, and its bytes."""

    job: str
    of: Job
    data: bytes


class Tray:
    """`patience`: seconds for which a job waits to learn how its event and type are called."""

    def __init__(self, desk: Desk, records: Records, place: Place, patience: float) -> None:
        self._desk = desk
        self._records = records
        self._place = place
        self._patience = patience

    def queued(self) -> Iterator[tuple[str, Job]]:
        """What waits and is not about to be on record as something else."""
        noted = self._records.open
        return (each for each in self._desk.queued(self._place) if each[0] not in noted)

    def waiting(self) -> Iterator[tuple[str, Job]]:
        """What can be sent: the names on it are known, or were waited for."""
        for name, job in self.queued():
            known = job.document is not None and self._knows(job.document)
            if known or (now() - job.requested_at).total_seconds() > self._patience:
                yield name, job

    def _knows(self, document: Document) -> bool:
        spool = self._desk.spool(self._place)
        if document.occurrence not in spool.occurrences:
            return False
        return (
            isinstance(document, Slip) or (document.occurrence, document.ticket_type) in spool.types
        )

    async def page(self, name: str, job: Job) -> Page | None:
        """The bytes of a job; one that cannot be rendered is abandoned, and says why."""
        spool = self._desk.spool(self._place)
        document = job.document
        assert document is not None, "what is queued has its document"
        try:
            named = Named(
                document,
                spool.occurrences.get(document.occurrence),
                None
                if isinstance(document, Slip)
                else spool.types.get((document.occurrence, document.ticket_type)),
                job.copy,
            )
            return Page(name, job, render(named, spool.printers[self._place.device].profile))
        except Exception as error:  # noqa: BLE001 - somebody reads it on the board
            _log.exception("%s cannot be rendered", name)
            why = f"cannot be rendered: {error!r}"[:500]
            await self._records.ask(AbandonJob(spool=self._place.spool, job=name, reason=why), name)
            return None

    async def report(self, condition: Condition | None) -> None:
        """Put on record how the printer is, None being away, if that is news."""
        last = self._desk.printer(self._place).condition
        spool, device = self._place.spool, self._place.device
        if condition is None:
            if last is None or last.online:
                await self._records.ask(ReportPrinter(spool=spool, device=device, online=False))
            return
        if (
            last is None
            or not last.online
            or Condition(last.paper, last.cover, last.stopped) != condition
        ):
            told = condition._asdict()
            await self._records.ask(ReportPrinter(spool=spool, device=device, online=True, **told))
