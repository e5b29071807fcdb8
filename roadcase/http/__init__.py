"""The HTTP door: FastAPI routers whose routes declare who may ask them."""

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
    Read,
    Reads,
    needs,
)

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
    "Read",
    "Reader",
    "Readers",
    "Reads",
    "needs",
]
