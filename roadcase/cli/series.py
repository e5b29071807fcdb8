"""`roadcase series`: how far their nights are made, and edits of one, of what follows, of all."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.text import Text

from roadcase.cli.common import Json, answer, out, run, table
from roadcase.cli.plan_shown import class_of, plan_told, show_plan
from roadcase.cli.planning import Approve, Server, Tenant, connected, content_of
from roadcase.client.timetable import Timetable
from roadcase.errors import Invalid

app = typer.Typer(help="List series, and edit their nights.", no_args_is_help=True)
Series = Annotated[str, typer.Argument(help="The metadata.name of the series.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="PATH=VALUE, such as spec.title=Shorts.")
]
Patch = Annotated[Path | None, typer.Option("--file", help="A merge patch in YAML (RFC 7396).")]
Night = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its date by the rule.")]
Following = Annotated[bool, typer.Option(help="That night and all that follow.")]
Until = Annotated[datetime | None, typer.Option(help="UTC: guests answer until.")]
Out = Annotated[Path | None, typer.Option("--out", help="Keep the plan here.")]


@app.command("list")
def list_(*, tenant: Tenant = "", server: Server = "", as_json: Json = False) -> None:
    """How far the nights of each series are made, and which cannot be."""

    async def work() -> None:
        rows: list[dict[str, Any]] = []
        async with connected(Timetable, server, tenant) as asked:
            page = await asked.series()
            rows += [_row(each) for each in page.series]
            while page.next_page_token:
                page = await asked.series(page.next_page_token)
                rows += [_row(each) for each in page.series]
        answer({"series": rows}, as_json=as_json, shown=lambda: _show(rows))

    run(work())


def _row(each: Any) -> dict[str, Any]:
    names = ("series", "title", "revision", "made_revision", "made_until")
    found = {name: getattr(each, name) for name in names}
    return found | {"refused": dict(each.refused), "kept": dict(each.kept)}


def _show(rows: list[dict[str, Any]]) -> None:
    """What was refused, and what stays as it was, below the table: each with its reason."""
    below = ("refused", "kept")
    table("Series", [{name: each[name] for name in each if name not in below} for each in rows])
    for each in rows:
        for night, why in each["refused"].items():
            out.print(Text(f"{night} is refused: {why}", style="red"), soft_wrap=True)
        for night, why in each["kept"].items():
            words = f"{night} stays as it was declared before: {why}"
            out.print(Text(words, style="yellow"), soft_wrap=True)


@app.command()
def edit(
    series: Series,
    *,
    date: Night = None,
    following: Following = False,
    set_: Set = None,
    file: Patch = None,
    name: Annotated[str, typer.Option(help="Of the series that goes on.")] = "",
    answer_until: Until = None,
    out_file: Out = None,
    apply: Annotated[bool, typer.Option("--apply", help="Apply the plan at once.")] = False,
    approve: Approve = False,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """What an edit changes: of one night, of it and all that follow, or of all.

    With --apply it is applied; without, keep it with --out and apply it with `roadcase apply`.
    Ends with 1 if something is wrong with the edit, or blocked.
    """
    how = _How(date, _patch(set_ or [], file), answer_until, name, following=following)

    async def work() -> int:
        told: dict[str, Any] = {}
        async with connected(Timetable, server, tenant) as asked:
            made = await _planned(asked, series, how)
            if out_file is not None and made.plan:
                out_file.write_bytes(made.plan)
            if not as_json:
                show_plan(made, str(file or "--set"), None if apply else out_file, tenant)
            if apply and made.plan:
                done = await asked.apply(made.plan, approve=approve)
                told = {"series": done.occurrence, "revision": done.revision}
        words = f"{told['series']} is at revision {told['revision']}" if told else ""
        shown = {**plan_told(made, str(file or "--set")), **told}
        answer(shown, as_json=as_json, shown=lambda: out.print(words))
        return 1 if made.problems or class_of(made) == "BLOCKED" else 0

    run(work())


class _How(NamedTuple):
    date: datetime | None
    patch: bytes
    answer_until: datetime | None
    name: str
    following: bool


async def _planned(asked: Timetable, series: str, how: _How) -> Any:
    until = how.answer_until
    if how.date is None:
        if how.following:
            raise Invalid("say from which night on: --date 2027-06-18")
        return await asked.edit_all(series, how.patch, answer_until=until)
    on = how.date.date()
    if how.following:
        return await asked.edit_following(series, on, how.patch, name=how.name, answer_until=until)
    return await asked.edit_night(series, on, how.patch, answer_until=until)


def _patch(options: list[str], file: Path | None) -> bytes:
    """Of a file, or of options: what reads as JSON is that, all else is text. Raises Invalid."""
    if bool(options) == (file is not None):
        raise Invalid("say what changes: --set PATH=VALUE, or --file PATCH.yaml")
    if file is not None:
        return content_of(file)
    patch: dict[str, Any] = {}
    for option in options:
        path, equals, text = option.partition("=")
        if not path or not equals:
            raise Invalid(f"{option!r} is not like spec.schedule.doors=19:30: write PATH=VALUE")
        *above, last = path.removeprefix("spec.").split(".")
        here = patch
        for step in above:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise Invalid(f"{option!r} is below a value that another --set gives")
        here[last] = _value(text)
    return json.dumps(patch).encode()


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
