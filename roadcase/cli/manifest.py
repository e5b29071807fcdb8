"""`roadcase manifest`: whether a file that declares an event is right, without any server."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

from roadcase.cli.common import Json, answer
from roadcase.errors import Invalid, NotFound

app = typer.Typer(help="Check files that declare an event.", no_args_is_help=True)


@app.callback()
def manifest() -> None:
    """Check files that declare an event."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="YAML files, one manifest each.")],
    *,
    as_json: Json = False,
) -> None:
    """Everything that is wrong with each file, by its place: `file:line:col: path: what`.

    Ends with 0 if all is well, and with 1 if anything is wrong. Nothing is sent anywhere.
    """
    found = [_checked(file) for file in files]
    answer({"files": found}, as_json=as_json, shown=lambda: _show(found))
    raise typer.Exit(0 if all(each["ok"] for each in found) else 1)


@app.command()
def schema() -> None:
    """The JSON Schema 2020-12 of manifests, for editors."""
    print(_planning("manifest.schema").committed(), end="")


def _planning(name: str) -> Any:
    try:
        return importlib.import_module(f"services.planning.{name}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("services"):
            raise
        raise Invalid("planning is not a part of this installation") from error


def _checked(file: Path) -> dict[str, Any]:
    module = _planning("manifest")
    checked = module.check(_content(file, module.LARGEST))
    problems = [{**each._asdict(), "shown": each.shown(str(file))} for each in checked.problems]
    about = {} if problems else {"manifest": module.described(checked)}
    return {"file": str(file), "ok": not problems, "problems": problems, **about}


def _content(file: Path, largest: int) -> bytes:
    """A little more than may be in it, at most: the rest of what is too large does not matter."""
    try:
        with file.open("rb") as opened:
            return opened.read(largest + 1)
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}", file=str(file)) from error


def _show(found: list[dict[str, Any]]) -> None:
    for each in found:
        for problem in each["problems"]:
            print(problem["shown"])
        if each["ok"]:
            print(_in_words(each["file"], each["manifest"]))


def _in_words(file: str, about: dict[str, Any]) -> str:
    title = f' "{about["title"]}"' if about.get("title") else ""
    words = f"{file}: ok: {about['kind']} {about['name']}{title}"
    if "starts" in about:
        words += f", {about['starts']}"
    if "ends" in about:
        words += f" to {about['ends']}"
        words += " (by its programme)" if about["ends_by"] == "programme" else ""
    return f"{words}, {about['zone']}" if "zone" in about else words
