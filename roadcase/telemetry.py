"""Every span, metric and attribute that leaves a process, declared once.

Traces are made by `roadcase.tracing`, metrics are read by `roadcase.metrics`. What is not in here
is not told: no span or metric carries personal data, or an id that a guest could use.
"""

from __future__ import annotations

from typing import NamedTuple

# The names of attributes. `error.type` is a slug of `roadcase.errors`, or the name of a class.
SERVICE = "roadcase.service"
TENANT = "roadcase.tenant"
COMMAND = "roadcase.command"
STREAM = "roadcase.stream"
POSITION = "roadcase.position"  # in the log; of the last event where there are several
EVENTS = "roadcase.events"
STEP = "roadcase.step"  # of which a batch is one: the name of a span
REACTION = "roadcase.reaction"
DEVICE = "roadcase.device"
JOB = "roadcase.job"
ATTEMPT = "roadcase.attempt"
METHOD = "rpc.method"
ENDPOINT = "http.endpoint"  # the name of the function that answers, never the path
VERB = "http.request.method"
BYTES = "roadcase.bytes"
ERROR = "error.type"


class Span(NamedTuple):
    """One kind of span: its name, its meaning, the attributes it may carry beside `error.type`."""

    name: str
    means: str
    attributes: tuple[str, ...]
    outside: bool = False  # it answers somebody else's request


RPC = Span(
    "rpc",
    "A gRPC call, from its method to its answer, or its refusal.",
    (METHOD, TENANT),
    outside=True,
)
HTTP = Span(
    "http", "An HTTP request, or its refusal at the door.", (ENDPOINT, VERB, TENANT), outside=True
)
DISPATCH = Span(
    "dispatch",
    "A command, from the inbox to its answer; linked to the batch that committed it.",
    (SERVICE, COMMAND, TENANT, POSITION, EVENTS),
)
APPEND = Span("append", "A command's part of a commit.", (SERVICE, POSITION, EVENTS))
RELAY = Span("relay", "A command's part of a publish.", (SERVICE, POSITION, EVENTS))
PROJECTION = Span(
    "projection", "A command's part of a batch for the read models.", (SERVICE, POSITION, EVENTS)
)
BATCH = Span(
    "batch",
    "The commit, the publish or the projection of many commands' events, linked to each.",
    (STEP, SERVICE, POSITION, EVENTS),
)
REACT = Span(
    "reaction",
    "An event heard, and what was asked for because of it.",
    (REACTION, STREAM, POSITION),
)
SEND = Span("print.send", "A job's bytes given to a printer.", (DEVICE, JOB, ATTEMPT, BYTES))
CONFIRM = Span(
    "print.confirm",
    "From sending until the printer confirmed it, or nobody can know.",
    (DEVICE, JOB, ATTEMPT),
)
SPANS = (RPC, HTTP, DISPATCH, APPEND, RELAY, PROJECTION, BATCH, REACT, SEND, CONFIRM)


class Metric(NamedTuple):
    """One figure: name, kind, meaning, of what there is one each, and its attribute there."""

    name: str
    kind: str  # counter or gauge, as in Prometheus
    means: str
    where: str
    of: str = "service"  # or "reaction", or "trust": one in each process


METRICS = (
    Metric("ready", "gauge", "1 when commands are taken.", "ready"),
    Metric("log_position", "counter", "Events in the log.", "dispatch.head.position"),
    Metric("inbox_waiting", "gauge", "Commands that wait to be decided.", "dispatch.waiting"),
    Metric("relay_position", "counter", "Events copied to the stream.", "relay.position"),
    Metric("relay_resyncs_total", "counter", "Times the relay began again.", "relay.resyncs"),
    Metric("relay_stands", "gauge", "1 when only a person can mend the relay.", "relay_stands"),
    Metric("projector_position", "counter", "Events in the read models.", "projector.position"),
    Metric("timers_fired_total", "counter", "Timers that had an effect.", "timers.fired"),
    Metric("timers_failed_total", "counter", "Timers that had none.", "timers.failed"),
    Metric("outbox_waiting", "gauge", "Messages on their way.", "vitals.outbox.waiting"),
    Metric("outbox_parked", "gauge", "Messages that cannot be sent.", "vitals.outbox.parked"),
    Metric("outbox_in_doubt", "gauge", "Messages sent or not.", "vitals.outbox.in_doubt"),
    Metric("outbox_oldest_seconds", "gauge", "How long one waits.", "vitals.outbox.oldest"),
    Metric(
        "checkpoint_age_seconds",
        "gauge",
        "Since a signed checkpoint told of everything there was.",
        "checkpoint_age",
    ),
    Metric(
        "keys_lost_total",
        "counter",
        "People whose key was needed, and lost without being erased.",
        "keys_lost",
    ),
    Metric("faults_total", "counter", "Parts that failed and were started again.", "faults"),
    Metric("reaction_position", "counter", "Events heard by a reaction.", "position", "reaction"),
    Metric(
        "reaction_parked_total", "counter", "Events that a reaction parked.", "parked", "reaction"
    ),
    Metric(
        "platform_position", "counter", "Events known of the log `platform`.", "position", "trust"
    ),
    Metric(
        "platform_silent_seconds",
        "gauge",
        "Since when nothing was heard of revocations; below 1 when all is well.",
        "silent",
        "trust",
    ),
)
