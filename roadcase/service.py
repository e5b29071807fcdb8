"""A service is a table of contents: what it accepts, what it hears, what it shows."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from roadcase.decider import Decider
from roadcase.errors import Invalid, Unavailable
from roadcase.keyring import Keyring
from roadcase.listed import Listed
from roadcase.projection import Projection
from roadcase.reaction import Reaction
from roadcase.reports import Report
from roadcase.secret import Secret
from roadcase.settings import Settings

if TYPE_CHECKING:
    from fastapi import APIRouter

    from roadcase.owners import Owners
    from roadcase.rpc import Servicer
    from roadcase.running import Running


class Worker(Protocol):
    """What a service runs beside its doors: a hand in the outside world."""

    async def run(self) -> None:
        """Work until stopped; started again when it fails, to find its own work half done."""

    def stop(self) -> None:
        """Begin nothing more: `run` returns when what was begun is done."""


@dataclass(frozen=True)
class Tools:
    """What a service's doors are made with: they seal what is personal before they dispatch it.

    `public_url` is how guests reach the HTTP door; `shop`: they may order there by themselves;
    `mail`: they can be written to. `owners`: who is asked over gRPC. `doors`: by service, where
    browsers find HTTP doors that are not behind the same address as ours.
    """

    secret: Secret
    public_url: str = ""
    keyring: Keyring | None = None
    shop: bool = False
    mail: bool = False
    doors: Mapping[str, str] = field(default_factory=dict)
    owners: Owners | None = None

    @property
    def others(self) -> Owners:
        """How other services are asked. Raises Unavailable where nobody can be."""
        if self.owners is None:
            raise Unavailable("this process asks no other services")
        return self.owners

    @property
    def people(self) -> Keyring:
        """The keyring of this installation. Raises Unavailable where none was opened."""
        if self.keyring is None:
            raise Unavailable("this process has no keyring: it can seal nothing")
        return self.keyring


@dataclass(frozen=True)
class Service:
    """One service. `http` makes its router, each of `rpc` a gRPC servicer, `workers` what works.

    `reports` are the views for tools of a tenant's own, `lists` what can be had as a file.
    `scopes` are all that its doors ask for: tokens are issued with no others.
    `place` is added to the ports where several services of one machine run side by side.
    """

    name: str
    deciders: Sequence[Decider[Any]]
    scopes: Sequence[str] = ()
    reactions: Sequence[Reaction] = ()
    projections: Sequence[Projection] = ()
    reports: Sequence[Report] = ()
    lists: Mapping[str, Listed] = field(default_factory=dict)
    http: Callable[[Tools], APIRouter] | None = None
    rpc: Sequence[Callable[[Tools], Servicer]] = ()
    workers: Sequence[Callable[[Running, Settings], Worker]] = ()
    place: int = 0


def find_services(names: Sequence[str] = ()) -> list[Service]:
    """The services of this installation: the `Service` in each `services/<name>/service.py`.

    The only place where the kernel meets services, and it does so by name. Raises Invalid.
    """
    package = importlib.import_module("services")
    found = [module.name for module in pkgutil.iter_modules(package.__path__)]
    there = sorted(name for name in found if find_spec(f"services.{name}.service"))
    if unknown := sorted(set(names) - set(there)):
        raise Invalid(f"there is no service {', '.join(unknown)}; there are {', '.join(there)}")
    return [_service(name) for name in names or there]


def _service(name: str) -> Service:
    module = importlib.import_module(f"services.{name}.service")
    found = [each for each in vars(module).values() if isinstance(each, Service)]
    if len(found) != 1:
        raise Invalid(f"services/{name}/service.py must hold exactly one Service")
    return found[0]
