"""`roadcase template`: what many events have in common, published, used and upgraded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from roadcase.cli.common import Json, answer, out, run
from roadcase.cli.plan_shown import problem_told, whose
from roadcase.cli.planning import Approve, Server, Tenant, content_of, organiser
from roadcase.cli.template_new import manifest_of, values_of
from roadcase.cli.template_shown import (
    effect_told,
    nights_that_stay,
    show_effects,
    show_templates,
    template_told,
)
from roadcase.client import Organiser, Refusal
from roadcase.errors import Invalid, NotFound

app = typer.Typer(help="Templates, venues and rosters that events are made of.")
Document = Annotated[str, typer.Argument(help="film-night@3, or venue:yard@5.")]
_FORM = re.compile(r"(?:(template|venue|kit|vendors):)?([a-z0-9-]{1,63})@([1-9][0-9]{0,8})")
_KIND = "template, venue, kit or vendors."


class Named(NamedTuple):
    kind: str
    name: str
    version: int

    def __str__(self) -> str:
        kind = "" if self.kind == "template" else f"{self.kind}:"
        return f"{kind}{self.name}@{self.version}"


@app.command()
def publish(
    file: Annotated[Path, typer.Argument(help="A template, venue, kit or roster in YAML.")],
    *,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Publish a document as the version that it says; without one, as the next.

    A version never changes: published again with other content it is refused.
    """

    async def work() -> int:
        content = content_of(file)
        async with organiser(server, tenant) as asked:
            done = await asked.publish(content)
        if done.problems:
            return _problems(done.problems, str(file), as_json=as_json)
        named = Named(_kind_name(done.kind), done.name, done.version)
        answer(named._asdict(), as_json=as_json, shown=lambda: out.print(f"{named} is published"))
        return 0

    run(work())


@app.command(name="list")
def list_them(
    kind: Annotated[str, typer.Option(help=_KIND)] = "template",
    tenant: Tenant = "",
    server: Server = "",
    *,
    as_json: Json = False,
) -> None:
    """Templates with their versions and inputs, and what is made with which version."""

    async def work() -> int:
        if kind not in ("template", "venue", "kit", "vendors"):
            raise Invalid(f"a kind is {_KIND}")
        rows: list[Any] = []
        async with organiser(server, tenant) as asked:
            page = await asked.templates(kind)
            rows += page.templates
            while page.next_page_token:
                page = await asked.templates(kind, page_token=page.next_page_token)
                rows += page.templates
        told = [template_told(each) for each in rows]
        answer({"templates": told}, as_json=as_json, shown=lambda: show_templates(kind, told))
        return 0

    run(work())


@app.command()
def new(
    document: Document,
    name: Annotated[str, typer.Argument(help="What the event is called: its metadata.name.")],
    *,
    date: Annotated[str, typer.Option(help="Its day, such as 2027-06-18.")] = "",
    assignments: Annotated[
        list[str] | None, typer.Option("--set", help="An input, as NAME=VALUE; may be repeated.")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Where to write it; left out: NAME.yaml.")
    ] = None,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """Write the manifest of an event that extends a published template.

    Ends with 1 if something in it is wrong still.
    """

    async def work() -> int:
        named = _named(document)
        file = out_file or Path(f"{name}.yaml")
        async with organiser(server, tenant) as asked:
            inputs = await _inputs(asked, named)
            values = values_of(inputs, assignments or [])
            content = manifest_of(str(named), name, date, inputs, values)
            checked = await asked.check(content.encode())
        _write(file, content)
        if checked.problems:
            return _problems(checked.problems, str(file), as_json=as_json)
        words = f"{file} is written. To see what it makes: roadcase plan {file}{whose(tenant)}"
        told = {"file": str(file), "problems": []}
        answer(told, as_json=as_json, shown=lambda: out.print(words, soft_wrap=True))
        return 0

    run(work())


@app.command()
def upgrade(
    document: Document,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Apply what is not blocked.")] = False,
    approve: Approve = False,
    tenant: Tenant = "",
    server: Server = "",
    as_json: Json = False,
) -> None:
    """What becomes of each event and series made with an older version of a document.

    Nothing is applied without --apply; then what is blocked, refused or wrong stays as it is, and
    so does what needs a word, unless it has it with --approve. Of a series only the
    nights that are blocked stay; asked again, they are tried again. Ends with 1 if anything stays.
    """

    async def work() -> int:
        named = _named(document)
        told: list[dict[str, Any]] = []
        async with organiser(server, tenant) as asked:
            page = await asked.plan_upgrade(*named)
            while True:
                for each in page.effects:
                    told.append(effect_told(each, str(named)))
                    if apply:
                        await _apply(asked, each, told[-1], approve=approve)
                if not page.next_page_token:
                    break
                page = await asked.plan_upgrade(*named, page_token=page.next_page_token)
        answer({"effects": told}, as_json=as_json, shown=lambda: show_effects(told, str(named)))
        return 1 if any(each["stays"] or nights_that_stay(each) for each in told) else 0

    run(work())


async def _apply(asked: Organiser, effect: Any, told: dict[str, Any], *, approve: bool) -> None:
    """One of them; whatever keeps this one keeps no other one."""
    if told["stays"]:
        return
    if told["class"] in ("approval", "destructive") and not approve:
        told["stays"] = "needs_approval"
        return
    try:
        done = await asked.apply(effect.made.plan, approve=approve)
    except Refusal as refusal:
        told["stays"] = refusal.reason
        return
    told["applied"] = done.revision


def _named(text: str) -> Named:
    found = _FORM.fullmatch(text)
    if found is None:
        raise Invalid(f"{text} is not like film-night@3, or venue:yard@5")
    return Named(found[1] or "template", found[2], int(found[3]))


async def _inputs(asked: Organiser, named: Named) -> list[Any]:
    """Of this version. Raises NotFound."""
    page = await asked.templates(named.kind, name=named.name)
    versions = {each.version: each for one in page.templates for each in one.versions}
    if named.version not in versions:
        there = ", ".join(str(each) for each in versions) or "none"
        raise NotFound(f"there is no {named} that is published; versions: {there}")
    return [*versions[named.version].inputs]


def _kind_name(number: int) -> str:
    return ("", "template", "venue", "kit", "vendors")[number]


def _problems(problems: Any, file: str, *, as_json: bool) -> int:
    told = [problem_told(each, file) for each in problems]
    shown = "\n".join(each["shown"] for each in told)
    answer({"problems": told}, as_json=as_json, shown=lambda: print(shown))
    return 1


def _write(file: Path, content: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(content)
    except FileExistsError as error:
        raise Invalid(f"{file} is there already: say another one with --out") from error
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}", file=str(file)) from error
