"""How things stand in ticketing, which is asked over gRPC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import grpc

from roadcase.api.v1 import ticketing_box_offices_pb2 as pb
from roadcase.api.v1 import ticketing_box_offices_pb2_grpc as stubs
from roadcase.api.v1 import ticketing_pb2
from roadcase.api.v1.ticketing_pb2_grpc import TicketingStub
from roadcase.errors import Unavailable
from roadcase.money import Money
from roadcase.owners import Owners
from services.planning.plans.standing import BoxOfficeStands, PoolStands, TypeStands

ACTOR = "planning"


async def box_office(owners: Owners, tenant: str, occurrence: str) -> BoxOfficeStands | None:
    """The box office of an occurrence; None if there is none. Raises Unavailable."""
    how = owners.asking("ticketing", tenant, ACTOR, "ticketing:plan")
    stub: Any = stubs.BoxOfficesStub(how.channel)  # type: ignore[no-untyped-call]
    request = pb.GetBoxOfficeRequest(occurrence=occurrence)
    try:
        found = await stub.GetBoxOffice(request, metadata=how.metadata, timeout=how.timeout)
    except grpc.aio.AioRpcError as error:
        if error.code() == grpc.StatusCode.NOT_FOUND:
            return None
        raise Unavailable(f"ticketing does not answer ({error.code().name})") from error
    return stands(found)


async def shop(owners: Owners | None, tenant: str, occurrence: str) -> str:
    """Where guests buy by themselves; empty where they cannot, or nobody says."""
    if owners is None:
        return ""
    try:
        how = owners.asking("ticketing", tenant, ACTOR, "ticketing:read")
        stub: Any = TicketingStub(how.channel)  # type: ignore[no-untyped-call]
        request = ticketing_pb2.GetLinksRequest(occurrence=occurrence)
        found = await stub.GetLinks(request, metadata=how.metadata, timeout=1.0)
    except (grpc.aio.AioRpcError, Unavailable):
        return ""
    link: str = found.shop
    return link


def stands(found: pb.BoxOffice) -> BoxOfficeStands:
    return BoxOfficeStands(
        name=found.name,
        starts_at=datetime.fromisoformat(found.starts_at),
        ends_at=datetime.fromisoformat(found.ends_at),
        zone=found.zone,
        pools={
            each.pool: PoolStands(capacity=each.capacity, taken=each.taken) for each in found.pools
        },
        types={each.id: _type(each) for each in found.ticket_types},
    )


def _type(each: pb.TicketTypeState) -> TypeStands:
    return TypeStands(
        id=each.id,
        name=each.name,
        price=Money(each.price.minor, each.price.currency),
        active=each.active,
        sold=each.sold,
        taken=each.sold + each.held,
        left=each.left,
        sale_from=_moment(each, "sale_from"),
        sale_until=_moment(each, "sale_until"),
        per_person_max=each.per_person_max or None,
        draws=dict(each.draws),
        hidden=each.hidden,
    )


def _moment(each: pb.TicketTypeState, name: str) -> datetime | None:
    if not each.HasField(name):
        return None
    found: datetime = getattr(each, name).ToDatetime(tzinfo=UTC)
    return found
