"""What may be asked of the log `platform`. Ids are chosen by whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal

from roadcase.decider import Command

MAIN: Final = "main"  # the one installation that a log is about


class _OfInstallation(Command):
    installation: Literal["main"] = MAIN


class Begin(_OfInstallation):
    """That there is a key, this one if there is none yet, and that these scopes are known."""

    key: str
    scopes: Mapping[str, frozenset[str]] = {}  # by service


class RotateKey(_OfInstallation):
    """`alone`: no other key is accepted from then on."""

    key: str
    alone: bool = False


class RetireKey(_OfInstallation):
    key: str


class CreateTenant(Command):
    tenant: str


class CloseTenant(Command):
    tenant: str


class IssueToken(Command):
    """`known` are the scopes that doors ask for, `key` the key to sign with, both as of now."""

    tenant: str
    token: str
    actor: str
    scopes: tuple[str, ...]
    lifetime: timedelta
    key: str
    known: frozenset[str]


class RevokeToken(Command):
    tenant: str
    token: str
