"""What those who operate a server ask it: does it live, is it ready, how is it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from roadcase.doors import ANYONE, OPEN, Ready, Waits
from roadcase.errors import NotFound, Unauthenticated
from roadcase.http.visit import needs, visit_of

METRICS = "ops:metrics"
Metrics = Callable[[], str]  # in Prometheus' text format
_LOCAL = ("127.0.0.1", "::1", "localhost")


def operations(ready: Ready, metrics: Metrics | None, waits: Waits = dict) -> APIRouter:
    """`/healthz` and `/readyz` are open. `/metrics` is for this machine, or the scope ops:metrics.

    A request that came through a proxy, or by another name, is not from this machine.
    """
    router = APIRouter(tags=["operations"])

    @router.get("/healthz")
    @needs(OPEN)
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    @needs(OPEN)
    async def readyz(request: Request) -> Response:
        """503: it takes no commands, and why. `waits`: it does, and yet does not hear all."""
        why = dict(ready())
        if visit_of(request).stopping.is_set():
            why["server"] = "stopping"
        if why:
            return JSONResponse({"status": "not ready", "why": why}, 503, {"retry-after": "1"})
        waiting = dict(waits())
        return JSONResponse({"status": "ready"} | ({"waits": waiting} if waiting else {}))

    @router.get("/metrics", response_class=PlainTextResponse)
    @needs(OPEN)
    async def show_metrics(request: Request) -> PlainTextResponse:
        if not _local(request):
            identity = visit_of(request).identity
            if identity is ANYONE:
                raise Unauthenticated
            identity.require(METRICS)
        if metrics is None:
            raise NotFound
        return PlainTextResponse(metrics(), media_type="text/plain; version=0.0.4")

    _no_icon(router)
    return router


def _no_icon(router: APIRouter) -> None:
    @router.get("/favicon.ico", include_in_schema=False)
    @needs(OPEN)
    async def show_no_icon() -> Response:
        """Browsers ask for it beside every page: there is none, and that is no error."""
        return Response(status_code=204, headers={"cache-control": "public, max-age=86400"})


def _local(request: Request) -> bool:
    """Whether a process on this machine asks, itself and knowingly."""
    proxied = any(name in request.headers for name in ("forwarded", "x-forwarded-for"))
    client = request.client.host if request.client else ""
    return not proxied and client in _LOCAL and request.url.hostname in _LOCAL
