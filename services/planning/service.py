"""Planning on one page. Follow any name below to the code behind it."""

from __future__ import annotations

from roadcase.outbox import MESSAGES, Outbox
from roadcase.service import Service
from services.planning.api import router
from services.planning.api.rpc import SERVICERS
from services.planning.domain import DECIDERS
from services.planning.guest import mailer
from services.planning.projections import PROJECTIONS
from services.planning.reactions import REACTIONS
from services.planning.workers import job_doer, series_keeper

PLANNING = Service(
    name="planning",
    deciders=(*DECIDERS, MESSAGES),
    scopes=(
        "planning:plan",
        "planning:publish",
        "planning:apply",
        "planning:approve",
        "planning:run",
        "planning:clear",
        "planning:kit",
        "planning:crew",
        "planning:read",
        "planning:show",
        "planning:suppliers",
    ),
    reactions=REACTIONS,
    projections=(*PROJECTIONS, Outbox()),
    http=router,
    rpc=SERVICERS,
    workers=[series_keeper, job_doer, mailer],
    place=2,
)
