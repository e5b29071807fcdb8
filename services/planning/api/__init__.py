"""The doors of planning: translate, dispatch, answer; no rules here."""

from fastapi import APIRouter

from roadcase.service import Tools
from services.planning.api import crew_pages, http, plans, public, show


def router(tools: Tools) -> APIRouter:
    """All that planning answers over HTTP. Routes are put side by side: routers do not nest."""
    found = APIRouter()
    for router_of in (
        http.router,
        http.timelines,
        http.schedules,
        http.series,
        plans.router,
        show.router,
        public.router,
        crew_pages.router,
    ):
        found.routes.extend(router_of(tools).routes)
    return found
