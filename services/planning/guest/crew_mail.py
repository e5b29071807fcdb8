"""The mail that tells somebody of the crew what an organiser had to say."""

from __future__ import annotations

from typing import Final

from roadcase.markup import fill
from roadcase.outbox import Mail, Waiting
from roadcase.views import Views
from services.planning.queries.occurrences import declared

_HTML: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1 dir="auto">{title}</h1>
<p dir="auto" style="white-space: pre-line">{text}</p>
</body>
</html>
"""


class CrewMail:
    """Writes the mail when it is sent."""

    def __init__(self, views: Views) -> None:
        self._views = views

    async def write(self, waiting: Waiting) -> Mail | None:
        name, text = waiting.about["occurrence"], waiting.about["text"]
        row = await declared(self._views.of(waiting.tenant), name)
        title = row["title"] if row else name
        return Mail(
            subject=f"To the crew of {title}",
            text=f"{title}\n\n{text}\n",
            html=fill(_HTML, title=title, text=text),
        )
