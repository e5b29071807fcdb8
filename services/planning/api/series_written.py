"""An edit of a series that extends documents, put into what was written of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roadcase.doors import Reader
from services.planning.api.published import MadeWith, found, resolved
from services.planning.manifest import written
from services.planning.manifest.editing import edited_file
from services.planning.manifest.inheritance import references
from services.planning.plans.declared import plain
from services.planning.timing import nights
from services.planning.timing.refusals import EditRefused


async def made_with(
    read: Reader, source: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> MadeWith:
    """What a series that came to `was` is made with when it is `now`: the same documents.

    Raises EditRefused where its file cannot say that over them.
    """
    tree = written(source.encode()).tree
    assert tree is not None  # it was read when it was applied
    documents = await found(references(tree), read)
    file = edited_file(tree, documents, nights.plain(was), nights.plain(now))
    checked, made = await resolved(file.encode(), read)
    if checked.view is None or checked.problems or plain(checked.view.data) != plain(now):
        extended = [str(each) for each in references(tree)]
        what = (
            f"this cannot be said over what the series extends ({', '.join(extended)}): "
            "edit its file, and plan and apply that"
        )
        raise EditRefused(what, series=now["metadata"]["name"], extends=extended)
    return made
