"""What everybody may see: the page of an event, calendars to subscribe to, a sitemap."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from roadcase.clock import now
from roadcase.doors import Reader
from roadcase.errors import NotFound
from roadcase.http import OPEN, Public, needs
from roadcase.http.files import answer, file
from roadcase.service import Tools
from services.planning import queries
from services.planning.api.happenings import Happenings
from services.planning.feeds import (
    Around,
    Happening,
    Named,
    event_page,
    feed,
    robots,
    single,
    sitemap,
    style,
)
from services.planning.feeds.nothing import NO_EVENT, nothing_page

HTML: Final = "text/html; charset=utf-8"
CALENDAR: Final = "text/calendar; charset=utf-8"
STYLE: Final = "/events/style.css"
MOST: Final = 2000  # entries of a calendar
_PRIVATE: Final = ("/orders/", "/shop/", "/offers/", "/gate")
Tenant = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,32}$")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,63}$")]


def router(tools: Tools) -> APIRouter:
    """Whatever is not there, not announced, or somebody else's answers alike."""
    found = APIRouter(tags=["public"])
    shown = Happenings(tools)
    _machines(found, shown)  # before the pages, whose path is any word
    _calendars(found, shown)
    _pages(found, shown)
    return found


def _pages(to: APIRouter, shown: Happenings) -> None:
    css = file(style(), "text/css; charset=utf-8")

    @to.api_route(STYLE, methods=["GET", "HEAD"], include_in_schema=False)
    @needs(OPEN)
    async def show_style(request: Request) -> Response:
        return answer(request, css)

    @to.api_route("/events/{tenant}/{name}.ics", methods=["GET", "HEAD"])
    @needs(OPEN)
    async def show_entry(tenant: Tenant, name: Name, request: Request, reads: Public) -> Response:
        happening = await _known(shown, reads(tenant), tenant, name, shown.base(request))
        return answer(request, file(single(happening), CALENDAR))

    @to.api_route("/events/{tenant}/{name}", methods=["GET", "HEAD"])
    @needs(OPEN)
    async def show_event(tenant: Tenant, name: Name, request: Request, reads: Public) -> Response:
        try:
            happening = await _known(shown, reads(tenant), tenant, name, shown.base(request))
        except NotFound:
            if "text/html" not in request.headers.get("accept", ""):
                raise
            return HTMLResponse(nothing_page(NO_EVENT), 404)
        page = event_page(happening, _around(shown.base(request), tenant, happening))
        return answer(request, file(page.encode(), HTML))


def _calendars(to: APIRouter, shown: Happenings) -> None:
    @to.api_route("/calendar/{tenant}.ics", methods=["GET", "HEAD"])
    @needs(OPEN)
    async def show_creator(tenant: Tenant, request: Request, reads: Public) -> Response:
        rows = await queries.announced(reads(tenant), MOST)
        return await _feed(shown, request, tenant, rows, tenant)

    @to.api_route("/calendar/{tenant}/series/{name}.ics", methods=["GET", "HEAD"])
    @needs(OPEN)
    async def show_series(tenant: Tenant, name: Name, request: Request, reads: Public) -> Response:
        rows = await queries.announced(reads(tenant), MOST, series=name)
        return await _feed(shown, request, tenant, rows, rows[0]["title"] if rows else name)

    @to.api_route("/calendar/{tenant}/venue/{name}.ics", methods=["GET", "HEAD"])
    @needs(OPEN)
    async def show_venue(tenant: Tenant, name: Name, request: Request, reads: Public) -> Response:
        rows = await queries.announced(reads(tenant), MOST, venue=name)
        return await _feed(shown, request, tenant, rows, rows[0]["venue"] if rows else name)


def _machines(to: APIRouter, shown: Happenings) -> None:
    @to.api_route("/events/{tenant}/sitemap.xml", methods=["GET", "HEAD"])
    @needs(OPEN)
    async def show_sitemap(tenant: Tenant, request: Request, reads: Public) -> Response:
        base = shown.base(request)
        rows = await queries.announced(reads(tenant), 50_000)
        found = await asyncio.to_thread(lambda: sitemap(shown.all(tenant, rows, base)))
        return answer(request, file(found, "application/xml"))

    @to.api_route("/events/{tenant}/robots.txt", methods=["GET", "HEAD"])
    @needs(OPEN)
    async def show_robots(tenant: Tenant, request: Request, reads: Public) -> Response:
        reads(tenant)
        link = f"{shown.base(request)}/events/{tenant}/sitemap.xml"
        return answer(request, file(robots(link, _PRIVATE), "text/plain; charset=utf-8"))


async def _known(shown: Happenings, read: Reader, tenant: str, name: str, base: str) -> Happening:
    row = await queries.declared(read, name)
    if row is None or row["state"] in ("draft", "planned"):
        raise NotFound
    return await shown.of(tenant, row, base)


async def _feed(
    shown: Happenings,
    request: Request,
    tenant: str,
    rows: list[dict[str, Any]],
    name: str,
) -> Response:
    """An empty one is a calendar, too: what is in it may come later."""
    base = shown.base(request)
    link = f"{base}{request.url.path}"

    def made() -> bytes:
        return feed(shown.all(tenant, rows, base), name, link, now())

    return answer(request, file(await asyncio.to_thread(made), CALENDAR))


def _around(base: str, tenant: str, of: Happening) -> Around:
    """Where calendars are that this one is in."""
    of_creator = Named(tenant, f"{base}/calendar/{tenant}.ics")
    of_series = (of.series,) if of.series else ()
    link = f"{base}/events/{tenant}/{of.id}.ics"
    return Around(STYLE, link, (*of_series, of_creator))
