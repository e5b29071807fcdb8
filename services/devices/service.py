"""Devices on one page. Follow any name below to the code behind it."""

from __future__ import annotations

from roadcase.service import Service
from services.devices.api import router
from services.devices.api.rpc import DevicesRpc
from services.devices.domain import DECIDERS
from services.devices.projections import PROJECTIONS
from services.devices.reactions import REACTIONS
from services.devices.workers import binder, print_worker

DEVICES = Service(
    name="devices",
    deciders=DECIDERS,
    scopes=("devices:operate", "devices:read"),
    reactions=REACTIONS,
    projections=PROJECTIONS,
    http=router,
    rpc=[DevicesRpc],
    workers=[binder, print_worker],
    place=1,
)
