"""One service asks another, over gRPC: what lies before its stream, and how things stand there.

Services never read each other's databases. Each process of an installation signs a token for
itself with a key that is derived from the installation's secret, and which signs nothing else.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import grpc
from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import records_pb2, records_pb2_grpc
from roadcase.auth import Identity, Signer
from roadcase.clock import EPOCH, monotonic
from roadcase.errors import Forbidden, NotFound, Unavailable
from roadcase.event_store.port import EventLog
from roadcase.event_store.records import Head, Record
from roadcase.rpc.call import Call, rpc
from roadcase.secret import Secret

KEY = "services"  # the use of the key, and its id in tokens
READ = "services:records"
PAGE, PAGE_BYTES = 1000, 2 << 20  # of one answer; gRPC refuses those above 4 MiB
_LIFETIME = timedelta(minutes=5)
_TIMEOUT = 5.0  # seconds for one answer
_REMEMBERED = 1000  # tokens
_log = logging.getLogger(__name__)


class RecordsRpc:
    """Implements `roadcase.api.v1.Records` for the logs of this process."""

    service: ServiceDescriptor = records_pb2.DESCRIPTOR.services_by_name["Records"]

    def __init__(self, logs: Mapping[str, EventLog]) -> None:
        self._logs = logs

    @rpc(READ)
    async def ReadRecords(  # noqa: N802
        self, request: records_pb2.ReadRecordsRequest, call: Call
    ) -> records_pb2.ReadRecordsResponse:
        """No token that was given to anybody reaches this, whatever its scopes say."""
        _require_service(call.identity)
        log = self._logs.get(request.service)
        if log is None:
            raise NotFound(f"there is no log of {request.service!r} here")
        limit = min(request.limit, PAGE)
        records = await log.read(request.after, limit) if limit else []
        head = await log.head()
        answer = records_pb2.ReadRecordsResponse(head=head.position)
        size = 0
        for record in records:
            answer.records.append(records_pb2.LogRecord(**record._asdict()))
            size += len(record.payload) + len(record.meta) + len(record.stream)
            if size > PAGE_BYTES:
                break
        return answer


def _require_service(identity: Identity) -> None:
    if identity.key_id != KEY:
        raise Forbidden("only services of this installation may read records")


class Asking(NamedTuple):
    """How another service is asked on behalf of a tenant."""

    channel: grpc.aio.Channel
    metadata: tuple[tuple[str, str], ...]
    timeout: float = _TIMEOUT


class Owners:
    """Whom the services of this process ask. `addresses` may still grow while it runs."""

    def __init__(self, secret: Secret, addresses: Mapping[str, str]) -> None:
        self.addresses = dict(addresses)
        self._signer = Signer(KEY, secret.signing_key(KEY))
        self._token, self._fresh = "", 0.0
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._tokens: OrderedDict[tuple[str, str, str], tuple[str, float]] = OrderedDict()

    def log_of(self, service: str) -> OwnersLog:
        """The log of a service, to be read from its owner."""
        return OwnersLog(self, service)

    async def ask(self, service: str, after: int, limit: int) -> records_pb2.ReadRecordsResponse:
        """Raises Unavailable when the owner is away, or does not know us."""
        address = self.addresses.get(service)
        if address is None:
            raise Unavailable(f"nobody told where {service} is: set ROADCASE_PEERS")
        request = records_pb2.ReadRecordsRequest(service=service, after=after, limit=limit)
        stub: Any = records_pb2_grpc.RecordsStub(self._channel(address))  # type: ignore[no-untyped-call]
        try:
            answer: records_pb2.ReadRecordsResponse = await stub.ReadRecords(
                request, timeout=_TIMEOUT, metadata=(("authorization", f"Bearer {self._signed()}"),)
            )
        except grpc.aio.AioRpcError as error:
            _log.debug("%s at %s: %s", service, address, error.details())
            raise Unavailable(_why(service, error.code())) from error
        return answer

    def asking(self, service: str, tenant: str, actor: str, scope: str) -> Asking:
        """How to ask a service, for one tenant and with one scope. Raises Unavailable."""
        address = self.addresses.get(service)
        if address is None:
            raise Unavailable(f"nobody told where {service} is: set ROADCASE_PEERS")
        token = self._token_for(tenant, actor, scope)
        return Asking(self._channel(address), (("authorization", f"Bearer {token}"),))

    def _token_for(self, tenant: str, actor: str, scope: str) -> str:
        token, fresh = self._tokens.pop((tenant, actor, scope), ("", 0.0))
        if monotonic() > fresh:
            token = self._signer.sign(tenant, actor, [scope], _LIFETIME)
            fresh = monotonic() + _LIFETIME.total_seconds() / 2
        self._tokens[tenant, actor, scope] = token, fresh
        if len(self._tokens) > _REMEMBERED:
            self._tokens.popitem(last=False)
        return token

    def _channel(self, address: str) -> grpc.aio.Channel:
        if address not in self._channels:
            options = [
                ("grpc.max_receive_message_length", -1),
                ("grpc.max_reconnect_backoff_ms", 1000),
                ("grpc.use_local_subchannel_pool", 1),
            ]
            self._channels[address] = grpc.aio.insecure_channel(address, options=options)
        return self._channels[address]

    def _signed(self) -> str:
        """A token, and the same one for most of its life: whoever verifies it does so once."""
        if monotonic() > self._fresh:
            self._token = self._signer.sign("roadcase", "service", [READ], _LIFETIME)
            self._fresh = monotonic() + _LIFETIME.total_seconds() / 2
        return self._token

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close(None)


def _why(service: str, code: grpc.StatusCode) -> str:
    """For everyone's eyes: it ends up in `/readyz`, so without addresses."""
    if code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
        return f"{service} does not know us: do both have the same ROADCASE_SECRET?"
    return f"{service}, whose log holds what is missing, does not answer ({code.name})"


class OwnersLog:
    """A log as its owner tells it: what a follower needs of it."""

    def __init__(self, owners: Owners, service: str) -> None:
        self._owners = owners
        self._service = service

    async def head(self) -> Head:
        """The last position; hash and time are not told."""
        return Head((await self._owners.ask(self._service, 0, 0)).head, b"", EPOCH)

    async def read(self, after: int, limit: int) -> list[Record]:
        """Records from `after + 1` on, in order, at most `limit`, fewer where they are large."""
        answer = await self._owners.ask(self._service, after, limit)
        return [
            Record(
                each.position,
                each.stream,
                each.version,
                each.topic,
                each.payload,
                each.meta,
                each.hash,
            )
            for each in answer.records
        ]
