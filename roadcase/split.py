"""One process per service beside the servers, on one machine: as compose and Kubernetes do."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from roadcase.clock import monotonic
from roadcase.embedded.files import LOOPBACK, ports
from roadcase.process import READY, told_to_stop
from roadcase.secret import find_secret
from roadcase.servers import servers
from roadcase.service import Service, find_services
from roadcase.settings import Settings, environment

_READY = re.compile(rf"{READY}  (?P<name>\w+)  http://(?P<http>\S+)  grpc (?P<grpc>\S+)")
_GRACE = 30.0  # seconds for a service to finish what it began
_PAUSE, _LONG_PAUSE = 0.5, 30.0  # seconds before a service that ended is started again
_STEADY = 60.0  # seconds after which it counts as having run
_LOOPBACK = (LOOPBACK, "localhost")
_log = logging.getLogger(__name__)


class Doors(NamedTuple):
    """Where one service answers, as `host:port`."""

    http: str
    grpc: str


async def up_split(settings: Settings, ready: Callable[[Mapping[str, Doors]], None]) -> None:
    """Run until told to stop; `ready` is called once every service takes commands."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    stop = told_to_stop()
    async with servers(settings) as found:
        find_secret(settings)  # made before two services want to
        shared = settings.model_copy(
            update={"postgres_url": found.postgres_url, "nats_url": found.nats_url}
        )
        services = find_services(settings.services)
        children = children_of(services, introduced(services, shared))
        tasks = [asyncio.create_task(child.run(stop)) for child in children]
        telling = asyncio.create_task(_tell(children, ready))
        try:
            await stop.wait()
        finally:
            telling.cancel()
            ends = [child.stop(task) for child, task in zip(children, tasks, strict=True)]
            await asyncio.gather(*ends)
            await asyncio.gather(telling, *tasks, return_exceptions=True)


async def _tell(children: list[Child], ready: Callable[[Mapping[str, Doors]], None]) -> None:
    doors = [(child, await child.ready) for child in children]
    ready({child.name: at for child, at in doors if child.settings.follow != "only"})


def children_of(services: Sequence[Service], settings: Settings) -> list[Child]:
    """A child for each service, each told where the others will answer; two if it has followers."""
    told, peers = [], [settings.peers] if settings.peers else []
    for service in services:
        own = settings_of(service, settings)
        port = own.grpc_port or next(ports(settings.data.absolute() / f"{service.name}.grpc"))
        told.append((service, own.model_copy(update={"grpc_port": port})))
        if service.name not in settings.addresses:
            peers.append(f"{service.name}={LOOPBACK}:{port}")
    known = {"peers": ",".join(peers)}
    children = [Child(service, own.model_copy(update=known)) for service, own in told]
    if settings.follow == "apart":
        only = known | {"follow": "only", "http_port": 0, "grpc_port": 0}
        children += [Child(service, own.model_copy(update=only)) for service, own in told]
    return children


class Child:
    """The process of one service, started again whenever it ends before it was told to."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self.name = service.name
        self.ready: asyncio.Future[Doors] = asyncio.get_running_loop().create_future()
        self.settings = settings
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, stop: asyncio.Event) -> None:
        pause = _PAUSE
        while not stop.is_set():
            began = monotonic()
            code = await self._once()
            if stop.is_set():
                return
            pause = _PAUSE if monotonic() - began > _STEADY else min(2 * pause, _LONG_PAUSE)
            _log.warning("%s ended with %s; it starts again in %g s", self.name, code, pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()

    async def _once(self) -> int:
        """Start it and wait for its end. Ctrl-C in a terminal reaches only us, who stop it."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"services.{self.name}"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            env=environment(self.settings),
            start_new_session=True,
        )
        assert self._process.stdout
        async for line in self._process.stdout:
            self._hear(line.decode(errors="replace"))
        return await self._process.wait()

    def _hear(self, line: str) -> None:
        """Keep the ports of the first start, which callers know by now."""
        if not (found := _READY.match(line)):
            sys.stdout.write(line)
            return
        doors = Doors(found["http"], found["grpc"])
        http, grpc = (int(each.rpartition(":")[2]) for each in doors)
        update = {"http_port": http, "grpc_port": grpc}
        self.settings = self.settings.model_copy(update=update)
        if not self.ready.done():
            self.ready.set_result(doors)

    async def stop(self, task: asyncio.Task[None]) -> None:
        """Let it finish what it began, then `task`, its `run`; kill it when that takes too long."""
        until, told = monotonic() + _GRACE, None
        while not task.done():
            process, patient = self._process, monotonic() < until
            if process and process.returncode is None and (process is not told or not patient):
                told = process
                process.send_signal(signal.SIGTERM if patient else signal.SIGKILL)
            await asyncio.wait((task,), timeout=_PAUSE)


def settings_of(service: Service, settings: Settings) -> Settings:
    """The settings of one service: the ports counted from the ones given, unless any will do."""
    ports = {name: getattr(settings, name) for name in ("http_port", "grpc_port")}
    own = {name: port and port + service.place for name, port in ports.items()}
    return settings.model_copy(update={**own, "services": ()})


def introduced(services: Sequence[Service], settings: Settings) -> Settings:
    """With where each service is and whose pages may ask, for browsers of this machine.

    Not where the settings say it, nor behind a public address, nor at ports that nobody knows yet.
    """
    given = settings.doors or settings.origins or settings.public_url
    if given or not settings.http_port or settings.host not in _LOOPBACK:
        return settings
    ports = {each.name: settings.http_port + each.place for each in services}
    doors = [f"{name}=http://{settings.host}:{port}" for name, port in ports.items()]
    origins = [f"http://{host}:{port}" for port in ports.values() for host in _LOOPBACK]
    return settings.model_copy(update={"doors": ",".join(doors), "origins": ",".join(origins)})
