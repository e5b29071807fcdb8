"""Reads what an organiser has in pretix: page by page from its REST API, or from a saved file."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from roadcase.errors import Invalid, Unavailable

Json = dict[str, Any]
FORMAT: Final = "roadcase.pretix-export.v1"
TRIES: Final = 6
SECONDS: Final = 60  # for one answer
LARGEST: Final = 64 * 2**20  # bytes of one answer: a page has fifty orders
PAGES: Final = 100_000
_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})


class Pretix(NamedTuple):
    """The API of one pretix. `pause` waits between tries: seconds."""

    url: str
    token: str
    pause: Callable[[float], None] = time.sleep

    def read(self, organiser: str | None, event: str | None) -> Json:
        """Everything that is imported, as saved with `--save`. Raises Invalid, Unavailable."""
        found: list[Json] = []
        for house in [organiser] if organiser else self._organisers():
            at = f"organizers/{urllib.parse.quote(house, safe='')}/events/"
            found += [
                self._event(house, at + f"{night['slug']}/", night)
                for night in self._all(at)
                if event is None or night["slug"] == event
            ]
        if not found:
            raise Invalid("this token sees no such event", event=event or "")
        return {"format": FORMAT, "events": found}

    def _organisers(self) -> list[str]:
        return [str(each["slug"]) for each in self._all("organizers/")]

    def _event(self, house: str, at: str, night: Json) -> Json:
        subevents = list(self._all(at + "subevents/")) if night["has_subevents"] else []
        return {
            "organiser": house,
            "event": night,
            "subevents": subevents,
            "items": list(self._all(at + "items/")),
            "quotas": list(self._all(at + "quotas/")),
            "vouchers": list(self._all(at + "vouchers/")),
            "orders": list(self._all(at + "orders/?include_canceled_positions=true")),
        }

    def _all(self, path: str) -> Iterator[Json]:
        """Each thing of a list. Follows its pages, and only on the same server."""
        url: str | None = f"{self.url.rstrip('/')}/api/v1/{path}"
        for _ in range(PAGES):
            if url is None:
                return
            page = self._get(url)
            if not isinstance(page, dict) or not isinstance(page.get("results"), list):
                raise Invalid("this does not answer like the REST API of pretix", url=url)
            yield from page["results"]
            url = self._next(page.get("next"))
        raise Invalid("this list does not end", path=path)

    def _next(self, url: str | None) -> str | None:
        """The token goes nowhere but where we were sent: pretix may name itself otherwise."""
        if not url:
            return None
        next_ = urllib.parse.urlsplit(url)
        here = urllib.parse.urlsplit(self.url)
        path = next_.path[next_.path.index("/api/v1/") :] if "/api/v1/" in next_.path else ""
        if not path:
            raise Invalid("the next page is not a page of the REST API", url=url)
        base = here.path.rstrip("/")
        return urllib.parse.urlunsplit((here.scheme, here.netloc, base + path, next_.query, ""))

    def _get(self, url: str) -> Any:
        why = ""
        for turn in range(TRIES):
            try:
                return self._once(url)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code not in _AGAIN:
                    raise Invalid(_SAID.get(error.code, f"pretix says {error.code}")) from error
                why, wait = f"it says {error.code}", _asked_to_wait(error)
            except (OSError, json.JSONDecodeError) as error:  # cut off, refused, timed out
                why, wait = str(error), 0.0
            if turn + 1 < TRIES:
                self.pause(max(wait, 0.5 * 2**turn))
        raise Unavailable(f"pretix does not answer: {why}")

    def _once(self, url: str) -> Any:
        headers = {"Authorization": f"Token {self.token}", "Accept": "application/json"}
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - http, checked
        with _OPENER.open(request, timeout=SECONDS) as answer:
            body = answer.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise Invalid("a page of pretix is too large", url=url)
        return json.loads(body)


_SAID: Final = {
    401: "pretix does not know this token",
    403: "this token may not read that in pretix",
    404: "pretix has no such page: is the address right?",
}


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect would take the token elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_Stay)


def _asked_to_wait(error: urllib.error.HTTPError) -> float:
    said = error.headers.get("Retry-After", "")
    return min(60.0, float(said)) if said.isdigit() else 0.0


def at(url: str, token: str) -> Pretix:
    """Raises Invalid for an address that is none, and for one that would show the token."""
    parts = urllib.parse.urlsplit(url)
    near = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not parts.hostname or parts.scheme not in ({"http", "https"} if near else {"https"}):
        raise Invalid("give the address of pretix, with https", url=url)
    if not token or not token.isascii() or not token.isprintable():
        raise Invalid("give an API token of pretix")
    return Pretix(url, token)


def load(file: Path) -> Json:
    """What was saved before. Raises Invalid."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(f"{file} cannot be read: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Invalid(f"{file} was not saved by `roadcase import pretix --save`")
    return found
