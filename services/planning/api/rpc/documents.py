"""Documents over gRPC: `roadcase.api.v1.Documents`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.descriptor import ServiceDescriptor

from roadcase.api.v1 import planning_documents_pb2 as pb
from roadcase.errors import Invalid
from roadcase.rpc import Call, rpc
from roadcase.service import Tools
from services.planning import queries
from services.planning.api.publishing import KINDS, publish
from services.planning.api.rpc.occurrences import page_size, page_token
from services.planning.api.rpc.plans import problems_of
from services.planning.api.rpc.translate import to_moment
from services.planning.commands import document_id

READ: Final = "planning:read"
PUBLISH: Final = "planning:publish"
_NAMES: Final = ("", *KINDS.values())


class DocumentsRpc:
    """Templates, venues, kit and vendors."""

    service: ServiceDescriptor = pb.DESCRIPTOR.services_by_name["Documents"]

    def __init__(self, _tools: Tools) -> None:
        """Needs nothing."""

    @rpc(PUBLISH, mutates=True)
    async def PublishDocument(  # noqa: N802
        self, request: pb.PublishDocumentRequest, call: Call
    ) -> pb.PublishDocumentResponse:
        made = await publish(request.content, call.read, call.dispatch)
        if made.problems:
            return pb.PublishDocumentResponse(problems=problems_of(made.problems))
        kind: Any = _NAMES.index(made.kind)
        return pb.PublishDocumentResponse(kind=kind, name=made.name, version=made.version)

    @rpc(READ)
    async def GetDocument(  # noqa: N802
        self, request: pb.GetDocumentRequest, call: Call
    ) -> pb.Document:
        if not request.kind:
            raise Invalid("name a kind", field="kind")
        id_ = document_id(_NAMES[request.kind], request.name)
        return _document(await queries.document(call.read, id_, request.version))

    @rpc(READ)
    async def ListDocuments(  # noqa: N802
        self, request: pb.ListDocumentsRequest, call: Call
    ) -> pb.ListDocumentsResponse:
        size, after = page_size(request.page_size), page_token(request.page_token)
        rows = await queries.documents(call.read, _NAMES[request.kind], after, size + 1)
        return pb.ListDocumentsResponse(
            documents=[_document(row) for row in rows[:size]],
            next_page_token=rows[size - 1]["document"] if len(rows) > size else "",
        )


def _document(row: Mapping[str, Any]) -> pb.Document:
    kind: Any = _NAMES.index(row["kind"])
    return pb.Document(
        kind=kind,
        name=row["name"],
        version=row["number"],
        title=row["title"],
        digest=row["digest"],
        published_at=to_moment(row["published_at"]),
        content=row.get("content", "").encode(),
    )
