"""What a command says of an error, and how it ends."""

from __future__ import annotations

import sys

import pytest
import typer

from roadcase.cli.common import run_app
from roadcase.errors import NotFound, Refused, RoadcaseError


def ended(error: RoadcaseError, capsys, monkeypatch) -> tuple[int, str]:
    app = typer.Typer()

    @app.command()
    def fail() -> None:
        raise error

    monkeypatch.setattr(sys, "argv", ["roadcase"])
    with pytest.raises(SystemExit) as stopped:
        run_app(app)
    return stopped.value.code, capsys.readouterr().err


def test_what_an_error_is_about_is_said_where_its_words_do_not(capsys, monkeypatch):
    code, told = ended(NotFound("There is no such night.", night="flim"), capsys, monkeypatch)
    assert (code, told) == (3, "roadcase.not_found There is no such night. (night: flim)\n")
    code, told = ended(Refused("Not a.b.", paths=["a.b"], none=""), capsys, monkeypatch)
    assert (code, told) == (1, "roadcase.refused Not a.b.\n")


def test_brackets_in_an_error_are_text(capsys, monkeypatch):
    told = ended(Refused("Not [/x] and [red]."), capsys, monkeypatch)[1]
    assert told == "roadcase.refused Not [/x] and [red].\n"
