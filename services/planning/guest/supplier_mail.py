"""The mail that tells a supplier what an organiser had to say."""

from __future__ import annotations

from typing import Final

from roadcase.markup import fill
from roadcase.outbox import Mail, Waiting
from roadcase.views import Views
from services.planning.queries.occurrences import declared

_TEXT: Final = """{title}

{text}

You are told this because you have a stall there.
"""
_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1 dir="auto">{title}</h1>
<p dir="auto" style="white-space: pre-line">{text}</p>
<p>You are told this because you have a stall there.</p>
</body>
</html>
"""


class SupplierMail:
    """Writes the mail when it is sent."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def write(self, waiting: Waiting) -> Mail | None:
        name, text = waiting.about["occurrence"], waiting.about["text"]
        row = await declared(self._views.of(waiting.tenant), name)
        title = row["title"] if row else name
        return Mail(
            subject=f"{waiting.about['subject']}: {title}",
            text=_TEXT.format(title=title, text=text),
            html=fill(_HTML, title=title, text=text),
        )
