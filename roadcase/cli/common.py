"""What all commands share: settings, servers, answers for people or for programs, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
import uvloop
from rich.console import Console
from rich.table import Table
from rich.text import Text

from roadcase.errors import RoadcaseError
from roadcase.process import exit_code
from roadcase.servers import Servers, servers
from roadcase.settings import Settings, read

if TYPE_CHECKING:
    from roadcase.event_store.postgres import PostgresLog
    from roadcase.service import Service

Json = Annotated[bool, typer.Option("--json", help="Answer with JSON on standard output.")]
ServiceName = Annotated[str, typer.Option("--service", "-s", help="Whose log.")]

_MANY = 6  # columns; fewer are wrapped instead

# What is shown is what it is: no name is markup, and none has emoji of its own.
err = Console(stderr=True, markup=False, emoji=False)
out = Console(markup=False, emoji=False)


class Opened(NamedTuple):
    """One service's log, opened for a command."""

    service: Service
    log: PostgresLog
    servers: Servers


@asynccontextmanager
async def opened(name: str, settings: Settings | None = None) -> AsyncIterator[Opened]:
    """One log of the installation, on the servers that run or on ones started for this command."""
    # Late: `up` comes by here before its servers are started.
    from roadcase.event_store.migrate import migrate  # noqa: PLC0415
    from roadcase.event_store.postgres import PostgresLog  # noqa: PLC0415
    from roadcase.platform.logs import find_log  # noqa: PLC0415

    settings = settings or read()
    service = find_log(name)
    async with servers(settings, join=True) as found:
        await migrate(found.postgres_url, name)
        async with PostgresLog(found.postgres_url, name) as log:
            yield Opened(service, log, found)


def run(work: Coroutine[Any, Any, int | None]) -> None:
    """Run a command's work and exit with its code."""
    raise typer.Exit(uvloop.run(work) or 0)


def run_app(app: typer.Typer) -> None:
    """Run the command line; errors raised on purpose become one line and an exit code."""
    try:
        app()
    except RoadcaseError as error:
        if "--json" in sys.argv:
            print(json.dumps({"error": error.code, "message": str(error), **plain(error.facts)}))
        else:
            words = Text.assemble((error.code, "red"), " ", _told(error))
            err.print(words, highlight=False, soft_wrap=True)
        sys.exit(exit_code(error))


def _told(error: RoadcaseError) -> str:
    """With what it is about, where the words do not say it."""
    words = str(error)
    about = {name: in_words(plain(value)) for name, value in error.facts.items()}
    more = [f"{name}: {value}" for name, value in about.items() if value and value not in words]
    return f"{words} ({', '.join(more)})" if more else words


def in_words(value: Any) -> str:
    """A value on one line, as people write it: `door, bar`, `order=o1, places=2`, `yes`."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{name}={_within(each)}" for name, each in value.items())
        case list() | tuple() | set() | frozenset():
            return ", ".join(map(_within, value))
        case _:
            return str(value)


def _within(value: Any) -> str:
    parts = isinstance(value, Mapping | list | tuple | set | frozenset)
    return f"({in_words(value)})" if parts else in_words(value)


def answer(value: Any, *, as_json: bool, shown: Callable[[], None]) -> None:
    """Print `value` as JSON, or show it to a person."""
    if as_json:
        print(json.dumps(plain(value)))
    else:
        shown()


def table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Show rows that all have the same columns; one below the other where they are too wide."""
    texts = [{name: in_words(row[name]) for name in row} for row in rows]
    if not rows:
        out.print(f"{title}: none")
    elif len(rows[0]) > _MANY and _width(texts) > out.width:
        for number, row in enumerate(texts, 1):
            out.print(_below_each_other(f"{title}, {number} of {len(rows)}", row))
    else:
        shown = Table(title=title, title_justify="left")
        for column in rows[0]:
            shown.add_column(
                column.replace("_", " "), justify=_side(rows[0][column]), overflow="fold"
            )
        for text in texts:
            shown.add_row(*text.values())
        out.print(shown)


def _width(texts: Sequence[Mapping[str, str]]) -> int:
    return sum(max(len(name), *(len(row[name]) for row in texts)) + 3 for name in texts[0])


def _below_each_other(title: str, row: Mapping[str, str]) -> Table:
    shown = Table(title=title, title_justify="left", show_header=False)
    for name, text in row.items():
        shown.add_row(name.replace("_", " "), text)
    return shown


def _side(value: Any) -> Any:
    return "right" if isinstance(value, int | float) and not isinstance(value, bool) else "left"


def plain(value: Any) -> Any:
    """The same as JSON knows it."""
    match value:
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return plain(value._asdict())
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
        case datetime():
            return value.isoformat()
        case bytes():
            return value.hex()
        case str() | int() | float() | None:
            return value
        case _:
            return str(value)
