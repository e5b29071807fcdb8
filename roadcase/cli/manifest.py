"""`roadcase manifest, explain`: what files that declare events say, without any server."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from roadcase.cli.common import Json, answer
from roadcase.errors import Invalid, NotFound

app = typer.Typer(help="Check files that declare an event.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A YAML file with one manifest.")]
Files = Annotated[list[Path], typer.Argument(help="YAML files, one manifest each.")]
Templates = Annotated[
    Path | None,
    typer.Option(help="A folder with template/NAME@N.yaml and so on; left out: that of the file."),
]


@app.callback()
def manifest() -> None:
    """Check files that declare an event."""


@app.command()
def check(
    files: Files,
    *,
    templates: Templates = None,
    locked: Annotated[bool, typer.Option(help="Refuse what is not as in manifest.lock.")] = False,
    as_json: Json = False,
) -> None:
    """Everything that is wrong with each file, by its place: `file:line:col: path: what`.

    What a file extends is looked up in the folder of templates. Ends with 0 if all is well, and
    with 1 if anything is wrong. Nothing is sent anywhere.
    """
    found = [_checked(file, templates, locked=locked) for file in files]
    answer({"files": found}, as_json=as_json, shown=lambda: _show(found))
    raise typer.Exit(0 if all(each["ok"] for each in found) else 1)


@app.command()
def lock(files: Files, *, templates: Templates = None, as_json: Json = False) -> None:
    """Write down the digest of each document that files extend, in manifest.lock beside them."""
    inheritance = _planning("manifest.inheritance")
    written: list[str] = []
    for file in files:
        found = _resolved(file, templates)
        _must_be_sound(found, file)
        beside = file.with_name(inheritance.LOCK)
        before = inheritance.lock_read(beside.read_bytes()) if beside.exists() else {}
        beside.write_text(inheritance.lock_written(found.documents, before), "utf-8")
        written.append(f"{beside}: {len(found.documents)} documents of {file}")
    answer({"locked": written}, as_json=as_json, shown=lambda: print("\n".join(written)))


@app.command()
def show(file: File, *, templates: Templates = None, as_json: Json = False) -> None:
    """The manifest with all that it extends, in YAML."""
    found = _resolved(file, templates)
    _must_be_sound(found, file)
    data = _planning("manifest.inheritance").as_document(found.tree)
    answer(data, as_json=as_json, shown=lambda: _planning("manifest.writing").write(data, print))


@app.command()
def schema() -> None:
    """The JSON Schema 2020-12 of manifests, for editors."""
    print(_planning("manifest.schema").committed(), end="")


def explain(
    file: File,
    path: Annotated[str, typer.Argument(help="spec.capacity, spec.kit[screen].role.")] = "spec",
    *,
    templates: Templates = None,
    as_json: Json = False,
) -> None:
    """Which file and line each value at and below a path comes from, and what it replaced."""
    found = _resolved(file, templates)
    _must_be_sound(found, file)
    leaves = _planning("manifest.inheritance").explained(found.tree, path)
    if leaves is None:
        raise NotFound(f"there is no {path} in {file}", path=path)
    rows = [_leaf(each, str(file)) for each in leaves]
    answer({"values": rows}, as_json=as_json, shown=lambda: _show_leaves(rows))


def _planning(name: str) -> Any:
    try:
        return importlib.import_module(f"services.planning.{name}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("services"):
            raise
        raise Invalid("planning is not a part of this installation") from error


def _resolved(file: Path, templates: Path | None, *, locked: bool = False) -> Any:
    module, inheritance = _planning("manifest"), _planning("manifest.inheritance")
    written = module.written(_content(file, module.LARGEST))
    source = inheritance.Folder(templates or file.parent)
    digests = None
    if locked:
        beside = file.with_name(inheritance.LOCK)
        digests = inheritance.lock_read(_content(beside, module.LARGEST))
    return module.resolve(written, source, digests)


def _must_be_sound(found: Any, file: Path) -> None:
    if found.problems:
        for each in found.problems:
            print(each.shown(str(file)))
        raise typer.Exit(1)


def _checked(file: Path, templates: Path | None, *, locked: bool) -> dict[str, Any]:
    checked = _resolved(file, templates, locked=locked)
    problems = [
        {**each._asdict(), "file": each.file or str(file), "shown": each.shown(str(file))}
        for each in checked.problems
    ]
    about = {} if problems else {"manifest": _planning("manifest").described(checked)}
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


def _leaf(each: Any, file: str) -> dict[str, Any]:
    """As programs read it."""
    row = {"path": each.path, "value": each.value, "at": _place(each.at, file)}
    if each.deleted:
        return {**row, "deleted": _place(each.deleted, file)}
    replaced = [{"value": value, "at": _place(at, file)} for value, at in each.replaced]
    return {**row, "replaced": replaced}


def _place(place: Any, file: str) -> str:
    return f"{place.file or file}:{place.line}:{place.column}"


def _show_leaves(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if "deleted" in row:
            print(f"{row['path']}: deleted  {row['deleted']}")
            print(f"    was there  {row['at']}")
            continue
        print(f"{row['path']}: {_short(row['value'])}  {row['at']}")
        for each in row["replaced"]:
            print(f"    instead of {_short(each['value'])}  {each['at']}")


def _short(value: Any, most: int = 60) -> str:
    if isinstance(value, str):
        text = value if value.isprintable() else ascii(value)
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= most else f"{text[: most - 1]}…"
