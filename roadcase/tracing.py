"""Traces and metrics over OTLP, for a process that was told where to send them.

Nothing in here is imported, and nothing is asked per command, while that is not configured: a
traced dispatcher is a class of its own, doors wrap a method once, and what works in batches looks
at one attribute per batch. The parent of a span comes with a call or with an event's meta, never
from the surroundings: so one trace goes from a call through every log to the paper.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec.structs import replace
from opentelemetry import trace
from opentelemetry.context import Context as Surroundings
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from roadcase import telemetry
from roadcase.asked import Context, Outcome, Pending
from roadcase.clock import nanoseconds
from roadcase.decider import Command
from roadcase.dispatch import Dispatcher
from roadcase.event_store.records import Record, meta_of

Attributes = Mapping[str, str | int]
_KEPT = 64  # commits that a command may still look for, to link to
_NOWHERE = Surroundings()


class Spanning:
    """A span that goes on. What is asked for because of it carries its `traceparent`."""

    def __init__(self, span: trace.Span) -> None:
        self.span = span
        self.traceparent = _told(span.get_span_context())


class Tracing:
    """Makes the spans that `roadcase.telemetry` declares."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("roadcase")

    @contextmanager
    def span(
        self, kind: telemetry.Span, parent: str | None, attributes: Attributes
    ) -> Iterator[Spanning]:
        """Around a piece of work. Errors are told by their slug alone: messages may be personal."""
        spanning = Spanning(self._start(kind, parent, attributes, nanoseconds()))
        try:
            yield spanning
        except Exception as error:
            slug = getattr(error, "code", type(error).__name__)
            spanning.span.set_attribute(telemetry.ERROR, str(slug))
            spanning.span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            spanning.span.end(nanoseconds())

    def past(
        self, kind: telemetry.Span, parent: str | None, began: int, attributes: Attributes
    ) -> None:
        """Of what began then and is over now. Without a parent nobody asked, and it is not told."""
        if parent is not None:
            self._start(kind, parent, attributes, began).end(nanoseconds())

    @contextmanager
    def heard(self, reaction: str, records: Sequence[Record]) -> Iterator[list[str | None]]:
        """Around what is asked because of events: the span of each, None without a trace."""
        spans, began = list[Spanning | None](), nanoseconds()
        for record in records:
            attributes: Attributes = {
                telemetry.REACTION: reaction,
                telemetry.STREAM: record.stream,
                telemetry.POSITION: record.position,
            }
            parent = meta_of(record).traceparent
            made = parent and Spanning(self._start(telemetry.REACT, parent, attributes, began))
            spans.append(made or None)
        try:
            yield [each.traceparent if each else None for each in spans]
        finally:
            for each in filter(None, spans):
                each.span.end(nanoseconds())

    def batch(
        self, kind: telemetry.Span, service: str, records: Sequence[Record], began: int
    ) -> SpanContext | None:
        """Of events of many traces: a span in each of them, and one of the batch, linked.

        Returns the batch's span; None when no event is part of a trace.
        """
        parts: dict[str, list[Record]] = {}
        for record in records:
            if parent := meta_of(record).traceparent:
                parts.setdefault(parent, []).append(record)
        if not parts:
            return None
        links = [Link(each) for each in map(_read, parts) if each.is_valid]
        attributes = {telemetry.STEP: kind.name, **_of(service, records)}
        whole = self._start(telemetry.BATCH, None, attributes, began, links)
        link, ended = [Link(whole.get_span_context())], nanoseconds()
        for parent, part in parts.items():
            self._start(kind, parent, _of(service, part), began, link).end(ended)
        whole.end(ended)
        return whole.get_span_context()

    def _start(
        self,
        kind: telemetry.Span,
        parent: str | None,
        attributes: Attributes,
        began: int,
        links: Sequence[Link] = (),
    ) -> trace.Span:
        above = _NOWHERE
        if parent is not None:
            above = trace.set_span_in_context(trace.NonRecordingSpan(_read(parent)), _NOWHERE)
        return self._tracer.start_span(
            kind.name,
            above,
            SpanKind.SERVER if kind.outside else SpanKind.INTERNAL,
            dict(attributes),
            links,
            began,
        )


class TracedDispatcher(Dispatcher):
    """A dispatcher with a span for each command and each commit."""

    def __init__(self, *arguments: Any, tracing: Tracing, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._tracing = tracing
        self._began = 0
        self._commits: deque[tuple[int, int, SpanContext]] = deque(maxlen=_KEPT)
        self.on_commit.append(self._committed)  # before any caller goes on

    async def __call__(self, command: Command, context: Context) -> Outcome:
        attributes = {
            telemetry.SERVICE: self.log.name,
            telemetry.COMMAND: type(command).__name__,
            telemetry.TENANT: context.tenant,
        }
        with self._tracing.span(telemetry.DISPATCH, context.traceparent, attributes) as spanning:
            context = replace(context, traceparent=spanning.traceparent)
            outcome = await super().begin(command, context)
            span = spanning.span
            span.set_attribute(telemetry.POSITION, outcome.position)
            span.set_attribute(telemetry.EVENTS, len(outcome.events))
            if outcome.events and not outcome.replayed:
                for first, last, commit in self._commits:
                    if first <= outcome.position <= last:
                        span.add_link(commit)
            return outcome

    def begin(self, command: Command, context: Context) -> asyncio.Future[Outcome]:
        return asyncio.ensure_future(self(command, context))

    async def _commit(self, batch: list[Pending]) -> None:
        self._began = nanoseconds()
        await super()._commit(batch)

    def _committed(self, records: list[Record]) -> None:
        commit = self._tracing.batch(telemetry.APPEND, self.log.name, records, self._began)
        if commit is not None:
            self._commits.append((records[0].position, records[-1].position, commit))


def _of(service: str, records: Sequence[Record]) -> dict[str, str | int]:
    return {
        telemetry.SERVICE: service,
        telemetry.POSITION: records[-1].position,
        telemetry.EVENTS: len(records),
    }


def _told(context: SpanContext) -> str:
    """A span as W3C's `traceparent`."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _read(traceparent: str) -> SpanContext:
    """The span that a `traceparent` tells of; the doors have checked its shape."""
    _, trace_id, span_id, flags = traceparent.split("-")
    return SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
    )
