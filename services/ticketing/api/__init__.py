"""The doors of ticketing: translate, dispatch, answer; no rules here."""

from fastapi import APIRouter

from roadcase.service import Tools
from services.ticketing.api import (
    gate,
    gates,
    guest,
    http,
    messages,
    order_changes,
    order_invoice,
    order_questions,
    page,
    postponed,
    reports,
    shop,
    waiting,
)
from services.ticketing.api.names import Names


def router(tools: Tools) -> APIRouter:
    """All that ticketing answers over HTTP. Routes are put side by side: routers do not nest."""
    found = APIRouter()
    names = Names(tools.keyring) if tools.keyring else None
    made = [
        each.router(tools)
        for each in (
            http,
            page,
            guest,
            postponed,  # before the changes, whose path is any word
            order_questions,
            order_invoice,
            order_changes,
            messages,
            reports,
            shop,
            waiting,
        )
    ]
    made += [gate.router(tools, names), gates.router(names)]
    for each in (*made, guest.given(tools)):
        found.routes.extend(each.routes)
    return found
