"""Settings: read once from the environment, frozen, and all problems reported together."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from roadcase.errors import Invalid

PREFIX = "ROADCASE_"
_STANDARD = {  # of OpenTelemetry; ours win
    "OTEL_EXPORTER_OTLP_ENDPOINT": "otlp_endpoint",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "otlp_protocol",
}
Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseModel):
    """Every field is read from `ROADCASE_<FIELD>`; none of them is needed for a first try."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Path(".roadcase")
    """Where the embedded servers, generated secrets and checkpoints live."""
    postgres_url: str | None = None
    """An existing PostgreSQL; without it one is started in `data`."""
    nats_url: str | None = None
    """An existing NATS with JetStream; without it one is started in `data`."""
    services: tuple[str, ...] = ()
    """Which services this process runs; none named: all."""
    follow: Literal["here", "apart", "only"] = "here"
    """Which process copies its services' logs to the stream and writes their read models: this
    one; `apart`, another one, which is told `only` and does nothing else."""
    peers: str = ""
    """`service=host:port`, separated by commas: where the other services' gRPC doors are. Without
    it: on this machine, at their default ports."""
    host: str = "127.0.0.1"
    """Where the doors listen. Anything but loopback is asked for on purpose."""
    http_port: Port = 8080
    grpc_port: Port = 50051
    public_url: str = ""
    """How guests reach the HTTP door; without it, host and port."""
    secret: str | None = Field(default=None, min_length=32, repr=False)
    """At least 32 characters from which all keys are derived; without it one is made in `data`."""
    otlp_endpoint: str | None = None
    """Where traces and metrics are sent, as OTLP; without it they are not. Also read from
    `OTEL_EXPORTER_OTLP_ENDPOINT`; the other standard variables of OpenTelemetry hold too."""
    otlp_protocol: Literal["grpc"] = "grpc"
    smtp_url: str | None = Field(default=None, repr=False)
    """`smtp://user:password@host:port`; without it messages wait in the outbox."""
    mail_from: str = ""
    """Whose mails they are: `tickets@example.org`. Needed to send any."""
    printers: str = ""
    """`tenant/role=host:port/profile`, separated by commas: bound when devices starts."""
    doors: str = ""
    """`devices=http://host:port`, by commas: HTTP doors that browsers find at an address of their
    own; services that are not named are behind the same address as the page."""
    origins: str = ""
    """Origins of pages that may read here though they are from elsewhere, separated by commas."""
    shop: Literal["off", "demo"] = "off"
    """`demo`: guests with a shop's link order by themselves, and nobody pays."""
    server: str = ""
    """`host:port` of a gRPC door, for commands that ask a running server; without it, this one."""
    token: str | None = Field(default=None, repr=False)
    """Whose calls those are; without it a token is issued for each."""
    log_level: str = "INFO"
    parent: int | None = None
    """The process with which this one is to end: `up --split` gives it to each service."""

    @model_validator(mode="after")
    def _can_write_mails(self) -> Self:
        missing = [name for name in ("mail_from", "public_url") if not getattr(self, name)]
        if self.smtp_url and missing:
            names = " and ".join(PREFIX + name.upper() for name in missing)
            raise ValueError(f"ROADCASE_SMTP_URL needs {names}: mails have a sender and a link")
        return self

    @property
    def addresses(self) -> dict[str, str]:
        """Of the peers, by name."""
        told = (each.partition("=") for each in self.peers.split(",") if each.strip())
        return {name.strip(): address.strip() for name, _, address in told}

    @field_validator("peers")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for each in filter(None, (part.strip() for part in value.split(","))):
            if not re.fullmatch(r"\w+\s*=\s*\S+:\d+", each):
                raise ValueError(f"{each!r} is not like ticketing=host:50051")
        return value

    @field_validator("services", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value


def read(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """The settings of this process; `overrides` that are not None win over the environment.

    Raises Invalid with every problem at once: unknown names and wrong values.
    """
    found: dict[str, object] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(PREFIX)
    }
    for name, field in _STANDARD.items():
        if value := (os.environ if environment is None else environment).get(name):
            found.setdefault(field, value)
    found |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        problems = [
            f"{PREFIX}{'.'.join(str(part) for part in each['loc']).upper()}: {each['msg']}"
            if each["loc"]
            else each["msg"]
            for each in error.errors(include_input=False, include_url=False)
        ]
        raise Invalid("; ".join(problems), problems=problems) from None


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a child of ours that is to have these settings, and to end with us."""
    told = settings.model_copy(update={"data": settings.data.absolute(), "parent": os.getpid()})
    ours = {
        f"{PREFIX}{name.upper()}": str(value)
        for name, value in told.model_dump(exclude={"services", "server", "token"}).items()
        if value not in (None, "")
    }
    theirs = {name: text for name, text in os.environ.items() if not name.startswith(PREFIX)}
    return {**_QUIET, **theirs, **ours}


_QUIET = {"GRPC_VERBOSITY": "ERROR", "GRPC_ENABLE_FORK_SUPPORT": "0"}


def quiet_grpc() -> None:
    """Before gRPC is imported: we start servers from threads and never fork, so it need not say."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)


def calm_collector() -> None:
    """Before the rest is imported: look for cycles less often, but never for long at a time.

    Without this, one part in four of a rebuild is spent on looking for cycles that are not there.
    """
    gc.set_threshold(10_000, 3, 10_000)
