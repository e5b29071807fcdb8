"""The HTTP server: routers behind one door, operations, and uvicorn, stopped gracefully."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from roadcase import doors
from roadcase.auth import Identity, Verifier
from roadcase.doors import Readers, Ready, WaitFor, Waits
from roadcase.errors import Unavailable
from roadcase.history import History
from roadcase.http.door import Door, House, Way, duplicates
from roadcase.http.openapi import described
from roadcase.http.operations import Metrics, operations
from roadcase.http.problems import handle
from roadcase.http.visit import Declared, Mounted, same_way
from roadcase.people.showing import People

if TYPE_CHECKING:
    from roadcase.tracing import Tracing

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class HttpServer:
    """Serves mounted routers. Mount, `start()`, and `stop()` before the dispatchers drain."""

    def __init__(
        self,
        verifier: Verifier,
        *,
        ready: Ready,
        waits: Waits = dict,
        wait_for: WaitFor | None = None,
        metrics: Metrics | None = None,
        host: str = "127.0.0.1",
        port: int = 8080,
        tracing: Tracing | None = None,
        origins: frozenset[str] = frozenset(),
        title: str = "Roadcase",
    ) -> None:
        self.host = host
        self.port = port  # 0: any that is free, known after `start()`
        self._stopping = asyncio.Event()
        self._house = House(verifier, wait_for, self._stopping, [], tracing, origins)
        self.app = FastAPI(title=title, docs_url=None, redoc_url=None)
        self.app.add_middleware(Door, house=self._house)
        self.app.add_exception_handler(HTTPException, handle)
        self.app.add_exception_handler(RequestValidationError, handle)
        described(self.app, self._house.ways)
        self._server: _Uvicorn | None = None
        self._running: asyncio.Task[None] | None = None
        self.mount(operations(ready, metrics, waits), name="operations")

    def mount(
        self,
        router: APIRouter,
        *,
        name: str,
        dispatch: doors.Dispatch | None = None,
        reads: Readers | None = None,
        histories: Callable[[str], History] | None = None,
        people: Callable[[Identity], People] | None = None,
    ) -> None:
        """Put a router of the service `name` behind the door.

        Raises TypeError for a route that does not say who may ask it, or that is there already.
        """
        mounted = Mounted(name, dispatch, reads, histories, people)
        for route in router.routes:
            way = _way(route, mounted)
            if duplicates(self._house.ways, way):
                raise TypeError(f"{way.path.pattern} is there twice")
            self._house.ways.append(way)
        self.app.include_router(router, dependencies=[Depends(same_way)])

    @property
    def scopes(self) -> set[str]:
        """The scopes that its routes ask for."""
        return {way.scope for way in self._house.ways} - {doors.OPEN, doors.ANY_TOKEN}

    async def start(self) -> None:
        """Listen. Raises Unavailable when the port is taken."""
        listener = self._listen()
        config = uvicorn.Config(
            self.app,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # who is local decides who sees metrics
            timeout_graceful_shutdown=5,
        )
        self._server = _Uvicorn(config)
        self._running = asyncio.create_task(self._server.serve([listener]))
        await self._server.listening.wait()

    async def stop(self, grace: float = 5.0) -> None:
        """Take no more requests, end event streams, wait `grace` seconds for those under way."""
        self._stopping.set()
        if self._server is not None and self._running is not None:
            self._server.config.timeout_graceful_shutdown = max(1, round(grace))
            self._server.should_exit = True
            await self._running
            self._server = self._running = None

    def _listen(self) -> socket.socket:
        """A socket of our own, so that a port that is taken is an error and not an exit."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError as error:
            listener.close()
            raise Unavailable(f"HTTP cannot listen on {self.host}:{self.port}: {error}") from error
        self.port = listener.getsockname()[1]
        return listener


class _Uvicorn(uvicorn.Server):
    """Uvicorn without its signal handlers: whoever runs the process stops it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _way(route: object, mounted: Mounted) -> Way:
    """What the door must know of a route. Routers are mounted one by one, never nested."""
    if not isinstance(route, APIRoute):
        raise TypeError(f"{route!r} of {mounted.name} is not a route that can say who may ask it")
    declared = getattr(route.endpoint, "needs", None)
    if not isinstance(declared, Declared):
        where = f"{route.endpoint.__module__}.{route.endpoint.__name__}"
        raise TypeError(f"{where} does not say who may ask it: put it under @needs(scope)")
    methods = frozenset(route.methods or ())
    mutates = not methods <= _SAFE if declared.mutates is None else declared.mutates
    return Way(route.path_regex, methods, declared.scope, mutates, mounted, route.endpoint)
