"""The HTTP door: FastAPI routers whose routes declare who may ask them."""

import sys

from roadcase.doors import ANY_TOKEN, OPEN, Reader, Readers
from roadcase.http.events import Event, Events
from roadcase.http.problems import STATUSES
from roadcase.http.server import HttpServer
from roadcase.http.visit import (
    Caller,
    Dispatch,
    Dispatcher,
    Guest,
    Past,
    People,
    Public,
    Read,
    Reads,
    needs,
)

# FastAPI loads pydantic's old version, which takes 0.1 s, to refuse its models; without it, it asks
# no more. Routes are made after this.
sys.modules.setdefault("pydantic.v1", None)  # type: ignore[arg-type]

__all__ = [
    "ANY_TOKEN",
    "OPEN",
    "STATUSES",
    "Caller",
    "Dispatch",
    "Dispatcher",
    "Event",
    "Events",
    "Guest",
    "HttpServer",
    "Past",
    "People",
    "Public",
    "Read",
    "Reader",
    "Readers",
    "Reads",
    "needs",
]
