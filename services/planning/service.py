"""Planning on one page. Follow any name below to the code behind it."""

from __future__ import annotations

from roadcase.service import Service
from services.planning.api import router
from services.planning.api.rpc import SERVICERS
from services.planning.domain import DECIDERS
from services.planning.projections import PROJECTIONS
from services.planning.reactions import REACTIONS
from services.planning.workers import job_doer, series_keeper

PLANNING = Service(
    name="planning",
    deciders=DECIDERS,
    scopes=(
        "planning:plan",
        "planning:publish",
        "planning:apply",
        "planning:approve",
        "planning:run",
        "planning:clear",
        "planning:read",
    ),
    reactions=REACTIONS,
    projections=PROJECTIONS,
    http=router,
    rpc=SERVICERS,
    workers=[series_keeper, job_doer],
    place=2,
)
