"""The doors of ticketing: translate, dispatch, answer; no rules here."""

from fastapi import APIRouter

from roadcase.service import Tools
from services.ticketing.api import gate, gates, guest, http, page, shop


def router(tools: Tools) -> APIRouter:
    """All that ticketing answers over HTTP. Routes are put side by side: routers do not nest."""
    found = APIRouter()
    made = [each.router(tools) for each in (http, page, gate, gates, guest, shop)]
    for each in (*made, guest.given(tools)):
        found.routes.extend(each.routes)
    return found
