"""Everything in one process: servers, services and their doors; opened and closed in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import uvloop

from roadcase.errors import Invalid
from roadcase.history import History
from roadcase.http import HttpServer
from roadcase.http.origins import doors, origins
from roadcase.keyring import Keyring, open_keyring
from roadcase.metrics import metrics
from roadcase.owners import KEY as SERVICES
from roadcase.owners import READ, Owners, RecordsRpc
from roadcase.people import People, PeopleRpc
from roadcase.platform.keys import SCOPES
from roadcase.platform.running import PlatformLog, platform_log
from roadcase.process import READY, exits, told_to_stop, with_parent
from roadcase.rpc import RpcServer
from roadcase.running import Running, running
from roadcase.secret import Secret, find_secret
from roadcase.servers import Servers, servers
from roadcase.service import Service, Tools, find_services
from roadcase.settings import Settings, calm_collector, read
from roadcase.stream.stream import connect as connect_nats
from roadcase.views import Views
from roadcase.waiting import servers_there
from roadcase.watch import EventLogRpc, Grown

if TYPE_CHECKING:
    from roadcase.otlp import Sending
    from roadcase.tracing import Tracing


class Site(NamedTuple):
    """What runs in this process, and where its doors are, as `host:port`."""

    services: Mapping[str, Running]
    http: str
    grpc: str
    secret: Secret
    servers: Servers
    keyring: Keyring
    platform: PlatformLog

    def not_ready(self) -> dict[str, str]:
        """Which services cannot take commands, and why; empty when all can.

        Nor do they until all that run here hear each other: a sale in the first moments of a new
        installation would not be printed.
        """
        here = self.services
        found = {name: each.not_ready or each.deaf_to(here) for name, each in here.items()}
        found["platform"] = self.platform.trust.not_ready
        return {name: why for name, why in found.items() if why}

    def waits(self) -> dict[str, list[str]]:
        """Which services do not hear all that they should, though they take commands; and why."""
        found = {name: list(each.waits()) for name, each in self.services.items()}
        return {name: why for name, why in found.items() if why}

    def check_scopes(self, asked: set[str]) -> None:
        """Raise TypeError for scopes that doors ask for and nobody declared: none could be got."""
        declared = {scope for each in self.services.values() for scope in each.service.scopes}
        if unknown := sorted(asked - declared - SCOPES - {READ}):
            raise TypeError(f"{', '.join(unknown)} must stand in the scopes of a Service")


def run(service: Service) -> None:
    """Run one service as a process of its own: `python -m services.<name>`."""
    calm_collector()

    def ready(site: Site) -> None:
        sys.stdout.write(f"{READY}  {service.name}  http://{site.http}  grpc {site.grpc}\n")
        sys.stdout.flush()

    with exits():
        uvloop.run(up(at_place(read(services=(service.name,)), service.place), ready))


def at_place(settings: Settings, place: int) -> Settings:
    """Ports of its own for each service of one machine, where the settings name none."""
    ports = ("http_port", "grpc_port")
    own = {name: getattr(settings, name) + place for name in ports}
    given = settings.model_fields_set
    return settings.model_copy(
        update={name: port for name, port in own.items() if name not in given}
    )


def peers(settings: Settings) -> dict[str, str]:
    """Where the services of this installation answer: as told, else side by side right here."""
    first = Settings.model_fields["grpc_port"].default
    here = {each.name: f"127.0.0.1:{first + each.place}" for each in find_services()}
    return here | settings.addresses


async def up(
    settings: Settings, ready: Callable[[Site], None], found: Servers | None = None
) -> None:
    """Run until told to stop; `ready` is called once commands are taken.

    `found`: servers that run already. Those of the settings may come later.
    """
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    stop = told_to_stop()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(with_parent(settings.parent, stop))
        if found is None:
            found = await stack.enter_async_context(servers(settings))
        theirs = settings.postgres_url or settings.nats_url
        if theirs and not await servers_there(settings, found, stop):
            return
        site = await stack.enter_async_context(open_site(settings, found))
        while site.not_ready() and not stop.is_set():  # noqa: ASYNC110 - several services
            await asyncio.sleep(0.005)
        if not stop.is_set():
            gc.freeze()  # what is here by now stays
            ready(site)
        await stop.wait()


@asynccontextmanager
async def open_site(settings: Settings, found: Servers | None = None) -> AsyncIterator[Site]:
    """Servers, services, doors; closed in reverse order, with every inbox drained."""
    secret = find_secret(settings)
    async with AsyncExitStack() as stack:
        if found is None:
            found = await stack.enter_async_context(servers(settings))
        client = await connect_nats(found.nats_url)
        stack.push_async_callback(client.close)
        keyring = await stack.enter_async_context(open_keyring(found.postgres_url, secret))
        owners = Owners(secret, peers(settings))
        stack.push_async_callback(owners.close)
        sent = await _telemetry(settings, stack)
        begin = partial(
            running,
            url=found.postgres_url,
            client=client,
            secret=secret,
            settings=settings,
            keyring=keyring,
            tracing=sent.tracing if sent else None,
            owners=owners,
        )
        wanted = find_services(settings.services)
        log = platform_log(found.postgres_url, client, secret, settings, wanted)
        # Whom to trust is learned while the services are opened.
        platform, services = await asyncio.gather(
            stack.enter_async_context(log), _all_of(wanted, begin, stack)
        )
        if sent:
            sent.measure(services, platform.trust)
        site = Site(services, "", "", secret, found, keyring, platform)
        doors = await Doors.opened(settings, site, stack, sent.tracing if sent else None, owners)
        owners.addresses |= dict.fromkeys(services, doors.grpc.replace("0.0.0.0", "127.0.0.1"))
        yield site._replace(http=doors.http, grpc=doors.grpc)


async def _all_of(
    wanted: Sequence[Service],
    begin: Callable[[Service], AbstractAsyncContextManager[Running]],
    stack: AsyncExitStack,
) -> dict[str, Running]:
    return {each.name: await stack.enter_async_context(begin(each)) for each in wanted}


async def _telemetry(settings: Settings, stack: AsyncExitStack) -> Sending | None:
    if not settings.otlp_endpoint:
        return None
    from roadcase.otlp import sending  # noqa: PLC0415 - only who sends pays for loading it

    return await stack.enter_async_context(sending(settings.otlp_endpoint))


class Doors(NamedTuple):
    """Where the doors are, as `host:port`."""

    http: str
    grpc: str

    @classmethod
    async def opened(
        cls,
        settings: Settings,
        site: Site,
        stack: AsyncExitStack,
        tracing: Tracing | None,
        owners: Owners,
    ) -> Doors:
        """Mount every service on both doors and open them; closed before the services are."""
        verifier = site.platform.trust.verifier
        verifier.trust(SERVICES, site.secret.signing_key(SERVICES).public_key())
        wait_for = partial(_wait_for, site)
        rpc = RpcServer(
            verifier,
            ready=site.not_ready,
            wait_for=wait_for,
            host=settings.host,
            port=settings.grpc_port,
            tracing=tracing,
        )
        http = HttpServer(
            verifier,
            ready=site.not_ready,
            wait_for=wait_for,
            waits=site.waits,
            metrics=partial(metrics, site.services, site.platform.trust),
            host=settings.host,
            port=settings.http_port,
            tracing=tracing,
            origins=origins(settings.origins),
        )
        await _mount(_tools(settings, site, owners), site, stack, rpc, http)
        site.check_scopes({*rpc.scopes, *http.scopes})
        for door in (rpc, http):
            await door.start()
            stack.push_async_callback(door.stop)
        return cls(f"{http.host}:{http.port}", f"{rpc.host}:{rpc.port}")


def _tools(settings: Settings, site: Site, owners: Owners) -> Tools:
    return Tools(
        site.secret,
        settings.public_url,
        keyring=site.keyring,
        shop=settings.shop == "demo",
        mail=settings.smtp_url is not None,
        doors=doors(settings.doors),
        owners=owners,
    )


async def _mount(
    tools: Tools, site: Site, stack: AsyncExitStack, rpc: RpcServer, http: HttpServer
) -> None:
    """Put every service behind both doors, unless this process only follows their logs."""
    if any(each.follow == "only" for each in site.services.values()):
        return
    for name, each in site.services.items():
        views = await stack.enter_async_context(Views(each.url, name))
        for servicer in each.service.rpc:
            rpc.mount(servicer(tools), name=name, dispatch=each.dispatch, reads=views.of)
        if each.service.http:
            router = each.service.http(tools)
            past = partial(History, each.log, each.dispatch.codec)
            http.mount(
                router,
                name=name,
                dispatch=each.dispatch,
                reads=views.of,
                histories=past,
                people=partial(People, site.keyring),
            )
    rpc.mount(_event_log(site), name="event_log")
    logs = {name: each.log for name, each in site.services.items()}
    rpc.mount(RecordsRpc(logs), name="records")
    if first := next(iter(site.services.values()), None):  # any log may tell of an erasure
        people = PeopleRpc(site.keyring)
        rpc.mount(people, name=first.service.name, dispatch=first.dispatch)


def _event_log(site: Site) -> EventLogRpc:
    feeds = {name: Grown() for name in site.services}
    for name, each in site.services.items():
        each.dispatch.on_commit.append(feeds[name].offer)
    logs = {name: each.log for name, each in site.services.items()}
    return EventLogRpc(logs, feeds, secret=site.secret.key("cursors"))


async def _wait_for(site: Site, service: str, position: int, timeout: float) -> bool:  # noqa: ASYNC109
    found = site.services.get(service)
    if found is None:
        raise Invalid(f"{service} has no read models here", field="min-position")
    return await found.projector.reached(position, timeout)
