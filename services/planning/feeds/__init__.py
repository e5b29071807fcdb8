"""How the public finds an event: calendars, its page, data for machines, a sitemap. All pure."""

from services.planning.feeds.happening import (
    Happening,
    Named,
    Offer,
    Picture,
    Venue,
    Work,
)
from services.planning.feeds.ical import feed, single
from services.planning.feeds.page import Around, event_page, style
from services.planning.feeds.search import robots, sitemap
from services.planning.feeds.structured import structured

__all__ = [
    "Around",
    "Happening",
    "Named",
    "Offer",
    "Picture",
    "Venue",
    "Work",
    "event_page",
    "feed",
    "robots",
    "single",
    "sitemap",
    "structured",
    "style",
]
