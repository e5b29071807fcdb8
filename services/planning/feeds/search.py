"""Which pages search engines may find, and where they are told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from roadcase.markup import Html, fill, join
from services.planning.feeds.happening import Happening, address

MOST: Final = 50_000  # pages in one file, by https://www.sitemaps.org/protocol.html
_WHOLE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{pages}</urlset>
"""
_PAGE: Final = "<url><loc>{link}</loc><lastmod>{changed}</lastmod></url>\n"


def sitemap(happenings: Iterable[Happening]) -> bytes:
    """Those that are listed, the latest first; of very many, the latest."""
    listed = (each for each in happenings if each.listed and address(each.link))
    latest = sorted(listed, key=lambda each: (each.span.starts, each.id), reverse=True)[:MOST]
    pages = join(fill(_PAGE, link=each.link, changed=_moment(each.changed)) for each in latest)
    return fill(_WHOLE, pages=pages).encode()


def robots(sitemap_link: str, private: Sequence[str] = ()) -> bytes:
    """`robots.txt`. `private`: beginnings of paths that are for one person each, such as `/order/`.

    Unlisted pages are not named here, where everybody could read them. They say `noindex`
    themselves, which a robot sees only on a page that it may read.
    """
    kept_out = "".join(f"Disallow: {path}\n" for path in private) or "Disallow:\n"
    return Html(f"User-agent: *\n{kept_out}\nSitemap: {sitemap_link}\n").encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
