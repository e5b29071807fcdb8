"""The client of organisers: from a manifest to a plan, from a plan to an event, and how it goes on.

async with Organiser("127.0.0.1:50051", token) as organiser:
made = await organiser.plan(Path("friday.yaml").read_bytes())
await organiser.apply(made.plan)
await organiser.advance("friday", "on_sale")
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from roadcase.api.v1 import (
    planning_documents_pb2,
    planning_documents_pb2_grpc,
    planning_pb2,
    planning_pb2_grpc,
    planning_plans_pb2,
    planning_plans_pb2_grpc,
    planning_templates_pb2,
    planning_templates_pb2_grpc,
)
from roadcase.client.connection import Connection

Step = Literal["planned", "announced", "on_sale", "doors", "live", "closed", "settled"]


class Organiser(Connection):
    """Plans, and takes events from planned to settled."""

    def __init__(
        self, target: str, token: str, *, timeout: float = 10.0, patience: float = 30.0
    ) -> None:
        super().__init__(target, token, timeout=timeout, patience=patience)
        self._plans: Any = planning_plans_pb2_grpc.PlansStub(self._channel)  # type: ignore[no-untyped-call]
        self._documents: Any = planning_documents_pb2_grpc.DocumentsStub(self._channel)  # type: ignore[no-untyped-call]
        self._templates: Any = planning_templates_pb2_grpc.TemplatesStub(self._channel)  # type: ignore[no-untyped-call]
        self._occurrences: Any = planning_pb2_grpc.OccurrencesStub(self._channel)  # type: ignore[no-untyped-call]

    async def check(self, manifest: bytes) -> planning_plans_pb2.CheckManifestResponse:
        """What is wrong with a manifest."""
        request = planning_plans_pb2.CheckManifestRequest(manifest=manifest)
        return await self._call(self._plans.CheckManifest, request, None)

    async def plan(
        self,
        manifest: bytes,
        *,
        answer_until: datetime | None = None,
        default: Literal["keep", "refund"] = "keep",
    ) -> planning_plans_pb2.MakePlanResponse:
        """What applying a manifest would change: problems, or a plan to be kept."""
        request = planning_plans_pb2.MakePlanRequest(
            manifest=manifest,
            default=planning_plans_pb2.RESCHEDULE_DEFAULT_REFUND
            if default == "refund"
            else planning_plans_pb2.RESCHEDULE_DEFAULT_KEEP,
        )
        if answer_until is not None:
            request.answer_until.FromDatetime(answer_until)
        return await self._call(self._plans.MakePlan, request, None)

    async def apply(
        self, plan: bytes, *, approve: bool = False, draft: bool = False, key: str | None = None
    ) -> planning_plans_pb2.ApplyPlanResponse:
        """Apply a plan as it was seen. Raises Refusal if it is stale, altered or blocked."""
        request = planning_plans_pb2.ApplyPlanRequest(plan=plan, approve=approve, draft=draft)
        return await self._call(self._plans.ApplyPlan, request, key)

    async def publish(
        self, content: bytes, *, key: str | None = None
    ) -> planning_documents_pb2.PublishDocumentResponse:
        """The next version of a template, a venue, kit or vendors."""
        request = planning_documents_pb2.PublishDocumentRequest(content=content)
        return await self._call(self._documents.PublishDocument, request, key)

    async def documents(self, page_token: str = "") -> planning_documents_pb2.ListDocumentsResponse:
        """The newest version of each."""
        request = planning_documents_pb2.ListDocumentsRequest(page_token=page_token)
        return await self._call(self._documents.ListDocuments, request, None)

    async def templates(
        self, kind: str = "template", *, name: str = "", page_token: str = ""
    ) -> planning_templates_pb2.ListTemplatesResponse:
        """Documents of a kind with their versions, inputs, and what is made of them."""
        request = planning_templates_pb2.ListTemplatesRequest(
            kind=_kind(kind), name=name, page_token=page_token
        )
        return await self._call(self._templates.ListTemplates, request, None)

    async def plan_upgrade(
        self, kind: str, name: str, version: int, *, page_token: str = ""
    ) -> planning_templates_pb2.PlanUpgradeResponse:
        """A plan for each event and series that extends an older version. Nothing is changed."""
        request = planning_templates_pb2.PlanUpgradeRequest(
            kind=_kind(kind), name=name, version=version, page_size=10, page_token=page_token
        )
        return await self._call(self._templates.PlanUpgrade, request, None)

    async def drift(self, occurrence: str) -> planning_plans_pb2.GetDriftResponse:
        """What is otherwise than it was declared."""
        request = planning_plans_pb2.GetDriftRequest(occurrence=occurrence)
        return await self._call(self._plans.GetDrift, request, None)

    async def advance(self, occurrence: str, to: Step, *, key: str | None = None) -> None:
        """Take the step to a state now, and those between."""
        state = planning_pb2.OccurrenceState.Value(f"OCCURRENCE_STATE_{to.upper()}")
        request = planning_pb2.AdvanceOccurrenceRequest(occurrence=occurrence, to=state)  # type: ignore[arg-type]
        await self._call(self._occurrences.AdvanceOccurrence, request, key)

    async def cancel(
        self, occurrence: str, reason: str, *, keep_money: bool = False, key: str | None = None
    ) -> None:
        """It does not take place; every order is refunded, unless money is kept."""
        request = planning_pb2.CancelOccurrenceRequest(
            occurrence=occurrence, reason=reason, keep_money=keep_money
        )
        await self._call(self._occurrences.CancelOccurrence, request, key)

    async def occurrence(self, occurrence: str) -> planning_pb2.Occurrence:
        request = planning_pb2.GetOccurrenceRequest(occurrence=occurrence)
        return await self._call(self._occurrences.GetOccurrence, request, None)

    async def occurrences(self, page_token: str = "") -> planning_pb2.ListOccurrencesResponse:
        request = planning_pb2.ListOccurrencesRequest(page_token=page_token)
        return await self._call(self._occurrences.ListOccurrences, request, None)


def _kind(name: str) -> Any:
    return planning_documents_pb2.DocumentKind.Value(f"DOCUMENT_KIND_{name.upper()}")
