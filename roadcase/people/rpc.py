"""`roadcase.api.v1.People`: whoever has the scope may have a person forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from roadcase.api.v1 import people_pb2
from roadcase.asked import Outcome
from roadcase.clock import now
from roadcase.errors import Invalid
from roadcase.keyring import Contact, Keyring
from roadcase.people.erasing import NOBODY, ErasePerson, PersonErased, Reason
from roadcase.rpc import Call, rpc

ERASE: Final = "people:erase"
_REASONS: Final[dict[int, Reason]] = {0: "asked", 1: "asked", 2: "expired"}


class PeopleRpc:
    service: ServiceDescriptor = people_pb2.DESCRIPTOR.services_by_name["People"]

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    @rpc(ERASE, mutates=True)
    async def ErasePerson(  # noqa: N802
        self, request: people_pb2.ErasePersonRequest, call: Call
    ) -> people_pb2.ErasePersonResponse:
        async def dispatch(command: ErasePerson) -> Outcome:
            asked = request.SerializeToString(deterministic=True)
            return await call.dispatch(command, request=asked)

        subject, erased_at = await forget(
            self._keyring,
            call.identity.tenant,
            _who(request),
            _REASONS[request.reason],
            dispatch,
        )
        stamp = Timestamp()
        stamp.FromDatetime(erased_at)
        return people_pb2.ErasePersonResponse(subject=subject, erased_at=stamp)


async def forget(
    keyring: Keyring,
    tenant: str,
    who: Contact | str,
    reason: Reason,
    dispatch: Callable[[ErasePerson], Awaitable[Outcome]],
) -> tuple[str, datetime]:
    """Record that a person is erased, then erase them: by contact, or by subject id.

    Dies the process between the two, the next one that runs erases them: the log says so. The
    subject, and since when it is erased. Raises NobodyKnown.
    """
    known = await keyring.store.keys(tenant, [who]) if isinstance(who, str) else {}
    found = next(iter(known), None) if isinstance(who, str) else await keyring.find(tenant, who)
    outcome = await dispatch(ErasePerson(subject=found or NOBODY, reason=reason))
    for event in outcome.events:
        if isinstance(event, PersonErased):
            await keyring.erase(tenant, event.subject, event.erased_at)
            return event.subject, event.erased_at
    assert found is not None
    await keyring.erase(tenant, found, now())  # a fact already; the keyring may have missed it
    return found, (await keyring.store.keys(tenant, [found]))[found].erased_at or now()


def _who(request: people_pb2.ErasePersonRequest) -> Contact | str:
    match request.WhichOneof("who"):
        case "email":
            return Contact(email=request.email)
        case "phone":
            return Contact(phone=request.phone)
        case "subject":
            return request.subject
        case _:
            raise Invalid("say who: by email, phone or subject", field="who")
