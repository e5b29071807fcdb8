"""Publishing a document: checked as it is, and then a version that never changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final, NamedTuple

from roadcase.asked import Outcome
from roadcase.doors import Reader
from roadcase.errors import Invalid
from services.planning import queries
from services.planning.api.published import resolved
from services.planning.commands import PublishDocument, document_id
from services.planning.events import DocumentKind, DocumentPublished
from services.planning.manifest import Problem
from services.planning.plans.declared import plain

KINDS: Final[dict[str, DocumentKind]] = {
    "EventTemplate": "template",
    "Venue": "venue",
    "Kit": "kit",
    "VendorRoster": "vendors",
}


class NotADocument(Invalid):
    """Only templates, venues, kit and vendors are published. Events and series are applied."""

    code = "planning.not_a_document"


class Published(NamedTuple):
    """What was published, or what is wrong with it."""

    problems: list[Problem]
    kind: str = ""
    name: str = ""
    version: int = 0


async def publish(
    content: bytes, read: Reader, dispatch: Callable[..., Awaitable[Outcome]]
) -> Published:
    """Raises NotADocument, and VersionTaken."""
    checked = (await resolved(content, read)).checked
    if checked.problems or checked.view is None:
        return Published(checked.problems)
    kind, data = checked.view.raw("kind"), plain(checked.view.data)
    if kind not in KINDS:
        raise NotADocument(kind=kind)
    name: str = data["metadata"]["name"]
    id_ = document_id(KINDS[kind], name)
    command = PublishDocument(
        document=id_,
        kind=KINDS[kind],
        name=name,
        digest=sha256(content).hexdigest(),
        content=content.decode(),
        title=data["spec"].get("title") or name,
        about=data["spec"],
        inputs=data.get("inputs", ()),
        version=data["metadata"].get("version"),
    )
    outcome = await dispatch(command)
    made = [each.version for each in outcome.events if isinstance(each, DocumentPublished)]
    if not made:  # it is there already
        row = await queries.document(read, id_, command.version or 0)
        made = [row["number"]]
    return Published([], KINDS[kind], name, made[0])
