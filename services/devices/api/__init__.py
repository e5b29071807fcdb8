"""The doors of devices, for operators: translate, dispatch, answer; no rules here."""

from fastapi import APIRouter

from roadcase.service import Tools
from services.devices.api import http, printed


def router(tools: Tools) -> APIRouter:
    """All that devices answers over HTTP. Routes are put side by side: routers do not nest."""
    found = APIRouter()
    for each in (http, printed):
        found.routes.extend(each.router(tools).routes)
    return found
