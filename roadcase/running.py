"""One service, running: its log, its relay, its read models, its reactions and its timers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from nats.aio.client import Client

from roadcase.checkpointing import Checkpoints, file_of
from roadcase.dispatch import Dispatcher
from roadcase.elsewhere import Elsewhere
from roadcase.errors import Unavailable
from roadcase.event_store.migrate import migrate
from roadcase.event_store.postgres import PostgresLog
from roadcase.forgetting import Forgetting
from roadcase.keyring import Keyring
from roadcase.owners import Owners
from roadcase.parked import PARKED
from roadcase.people import PEOPLE, Erasures, know_erasures
from roadcase.platform.events import NAME as PLATFORM
from roadcase.projector import Projector
from roadcase.reaction import Reaction
from roadcase.reactor import Reactor
from roadcase.rebuild import rebuild_outdated
from roadcase.reports import install
from roadcase.said import Said
from roadcase.secret import Secret
from roadcase.service import Service, find_services
from roadcase.settings import Settings
from roadcase.stream.relay import Relay
from roadcase.stream.shared import SharedFollower
from roadcase.stream.stream import Stream
from roadcase.timers import Timers
from roadcase.vitals import Vitals

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

Part = Callable[[], Coroutine[None, None, None]]
_PAUSE = 0.5  # seconds between two attempts
_GRACE = 10.0  # seconds for workers to finish what they began
_log = logging.getLogger(__name__)


class Running:
    """The parts of a running service. `faults` counts parts that failed and were started again."""

    def __init__(
        self,
        service: Service,
        url: str,
        client: Client,
        secret: Secret,
        settings: Settings | None = None,
        *,
        keyring: Keyring | None = None,
        tracing: Tracing | None = None,
        owners: Owners | None = None,
    ) -> None:
        self.follow = settings.follow if settings else "here"
        if self.follow == "only":
            service = replace(service, reactions=(), workers=())
        self.service, self._owners = service, owners
        self.secret, self.keyring, self.tracing = secret, keyring, tracing
        self.url, self.faults = url, 0
        self.log = PostgresLog(url, service.name)
        self.stream = Stream(client, self.log)
        deciders = [*service.deciders, PARKED, PEOPLE]
        key, guard = secret.key(f"requests/{service.name}"), self.stream.recognise
        self.dispatch = _dispatcher(tracing)(self.log, deciders, secret=key, guard=guard)
        self.relay = Relay(self.log, self.stream, tracing=tracing)
        if self.follow != "apart":
            self.dispatch.on_commit.append(self.relay.offer)
        self.erasures = keyring and Erasures(self.log, self.stream, keyring)
        if self.erasures:
            self.dispatch.on_commit.append(self.erasures.offer)
        self.checkpoints = settings and self._checkpoints(client, secret, settings)
        self.vitals, self.timers = Vitals(url, service.name), Timers(self.dispatch, deciders)
        self.followers = {service.name: SharedFollower(client, service.name, self.log)}
        self.projector = self._projector()
        self.reactors = [
            self._reactor(client, reaction, source)
            for reaction in service.reactions
            for source in reaction.sources
        ]
        settings = settings or Settings()
        self.workers = [worker(self, settings) for worker in service.workers]

    def _checkpoints(self, client: Client, secret: Secret, settings: Settings) -> Checkpoints:
        return Checkpoints(self.log, client, secret, file_of(settings, self.service.name))

    def _projector(self) -> Projector | Elsewhere:
        if self.follow == "apart":
            return Elsewhere(self.url, self.service.name, self.service.projections)
        return Projector(
            self.url,
            self.service.name,
            self.service.projections,
            self.dispatch.codec,
            self.followers[self.service.name],
            tracing=self.tracing,
        )

    def _reactor(self, client: Client, reaction: Reaction, source: str) -> Reactor:
        if source not in self.followers:
            owner = self._owners.log_of(source) if self._owners else None
            self.followers[source] = SharedFollower(client, source, owner)
        return Reactor(
            reaction,
            self.dispatch,
            url=self.url,
            follower=self.followers[source],
            stream=Stream(client, PostgresLog(self.url, source)),
            tracing=self.tracing,
        )

    @property
    def not_ready(self) -> str | None:
        """Why commands cannot be taken right now; None when they can, or are not to be."""
        return None if self.follow == "only" else self.dispatch.not_ready

    def deaf_to(self, services: Collection[str]) -> str | None:
        """Why events of these services would not be heard yet; None when all would be."""
        waiting = (each.not_ready for each in self.reactors if each.source in services)
        return next(filter(None, waiting), None)

    @property
    def relay_stands(self) -> bool:
        """Whether nothing is copied to the stream, and a person has to mend that."""
        return self.relay.fault is not None

    @property
    def checkpoint_age(self) -> float:
        return self.checkpoints.age if self.checkpoints else 0.0

    @property
    def keys_lost(self) -> int:
        return len(self.keyring.missed) if self.keyring else 0

    def waits(self) -> Iterator[str]:
        """What does not keep it from taking commands, but others from hearing, or itself."""
        if self.relay.fault:
            yield self.relay.fault
        for each in self.reactors:
            if why := each.waits:
                yield f"reaction {each.reaction.name} waits: {why}"

    @property
    def ready(self) -> bool:
        """Whether commands can be taken."""
        return self.not_ready is None

    def parts(self) -> dict[str, Part]:
        """What runs beside the doors, by name."""
        following: dict[str, Part] = {}
        if isinstance(self.projector, Projector):
            following = {
                "relay": self.relay.run,
                "projector": partial(self._project, self.projector),
            }
        if self.follow == "only":
            return following
        parts = following | {
            "dispatch": self.dispatch.run,
            "timers": self.timers.run,
            "forgetting": Forgetting(self.log).run,
            "vitals": self.vitals.run,
        }
        if self.erasures:
            parts["erasures"] = self.erasures.run
        if self.checkpoints:
            parts["checkpoints"] = self.checkpoints.run
        for each in self.reactors:  # one for each service that a reaction hears
            parts[f"reaction {each.reaction.name} to {each.source}"] = each.run
        return parts | {f"worker {n}": each.run for n, each in enumerate(self.workers, 1)}

    async def _project(self, projector: Projector) -> None:
        """Make what is missing or outdated, beside the tables that are live already."""
        rebuilding = asyncio.create_task(self._rebuild(projector))
        try:
            await projector.run()
        finally:
            rebuilding.cancel()

    async def _rebuild(self, projector: Projector) -> None:
        """Until it is done: a database that is away now will come back."""
        codec, said = self.dispatch.codec, Said(_log)
        while True:
            try:
                for each in await rebuild_outdated(
                    self.url, self.log, self.service.projections, codec
                ):
                    _log.info("made %s from %d events", each.projection, each.position)
                    projector.restart()
            except Unavailable as error:
                said.because(f"read models of {self.service.name} wait", error)
            except Exception:  # noqa: BLE001 - told, counted and tried again: others are live
                self.faults += 1
                _log.exception("a read model of %s cannot be made", self.service.name)
                await asyncio.sleep(_PAUSE * 10)
            else:
                return
            await asyncio.sleep(_PAUSE)


def _dispatcher(tracing: Tracing | None) -> Callable[..., Dispatcher]:
    """Decided once, here: without tracing nothing is even looked at for each command."""
    if tracing is None:
        return Dispatcher
    from roadcase.tracing import TracedDispatcher  # noqa: PLC0415 - OpenTelemetry takes its time

    return partial(TracedDispatcher, tracing=tracing)


@asynccontextmanager
async def running(
    service: Service,
    url: str,
    client: Client,
    secret: Secret,
    settings: Settings | None = None,
    *,
    keyring: Keyring | None = None,
    tracing: Tracing | None = None,
    owners: Owners | None = None,
) -> AsyncIterator[Running]:
    """Migrate, then run a service until the block ends.

    Erasures in its log and in others are applied to `keyring` before anything is opened: it may be
    an older copy.
    Its workers finish what they began and its inbox is drained before anything is stopped.
    """
    await migrate(url, service.name)
    await install(url, service.name, service.reports)
    this = Running(
        service, url, client, secret, settings, keyring=keyring, tracing=tracing, owners=owners
    )
    if this.erasures:
        await this.erasures.catch_up()
    if keyring and settings:
        here = [each.name for each in find_services(settings.services)]
        await know_erasures(client, keyring, [*here, PLATFORM])  # which tells of no people
    tasks = {
        name: asyncio.create_task(kept_up(this, f"{name} of {service.name}", part))
        for name, part in this.parts().items()
    }
    try:
        yield this
        working = [task for name, task in tasks.items() if name.startswith("worker ")]
        await _finish(this, working)
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        await this.log.close()


async def _finish(this: Running, working: list[asyncio.Task[None]]) -> None:
    """End what was begun, then leave marks for whoever starts next."""
    for worker in this.workers:
        worker.stop()
    if working:
        await asyncio.wait(working, timeout=_GRACE)
    await this.dispatch.drain()
    if this.erasures:
        with suppress(Unavailable):
            await this.erasures.apply()
    if this.checkpoints and this.follow != "only":
        await this.checkpoints.write()


class Faulty(Protocol):
    """Counts parts that failed and were started again."""

    faults: int


async def kept_up(whose: Faulty, name: str, part: Part) -> None:
    """Start a part again when it fails in a way nobody foresaw; loudly, and counted."""
    while True:
        try:
            await part()
        except Exception:  # noqa: BLE001 - logged, counted, and started again
            whose.faults += 1
            _log.exception("%s failed; it starts again", name)
            await asyncio.sleep(1)
        else:
            return  # only workers end by themselves, when they were stopped
