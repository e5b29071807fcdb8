"""Ticketing on one page. Follow any name below to the code behind it."""

from __future__ import annotations

from roadcase.outbox import MESSAGES, Outbox
from roadcase.service import Service
from services.ticketing.api import router
from services.ticketing.api.rpc import SERVICERS
from services.ticketing.domain import DECIDERS
from services.ticketing.projections import PROJECTIONS
from services.ticketing.projections.lists import LISTS
from services.ticketing.projections.sql_reports import REPORTS
from services.ticketing.reactions import REACTIONS
from services.ticketing.workers import approver, canceller, exchanger, mailer, releaser

TICKETING = Service(
    name="ticketing",
    deciders=(*DECIDERS, MESSAGES),
    scopes=(
        "ticketing:plan",
        "ticketing:sell",
        "ticketing:confirm",
        "ticketing:members",
        "ticketing:give",
        "ticketing:refund",
        "ticketing:read",
        "ticketing:scan",
    ),
    reactions=REACTIONS,
    projections=(*PROJECTIONS, Outbox()),
    reports=REPORTS,
    lists=LISTS,
    http=router,
    rpc=SERVICERS,
    workers=[mailer, canceller, exchanger, releaser, approver],
)
