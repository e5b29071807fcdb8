"""An event as the public may know it: all that feeds, its page and its data for machines tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from roadcase.money import Money
from roadcase.spans import Span

State = Literal[
    "draft",
    "planned",
    "announced",
    "on_sale",
    "doors",
    "live",
    "interrupted",
    "postponed",
    "cancelled",
    "abandoned",
    "closed",
    "settled",
]
Available = Literal["in_stock", "pre_order", "sold_out", "ended"]

SECRET: Final = frozenset({"draft", "planned"})  # nobody was told of it yet
OFF: Final = frozenset({"cancelled", "abandoned"})  # it does not take place, or not to its end
NOT_THEN: Final = frozenset({"cancelled", "postponed"})  # not at its time
OVER: Final = frozenset({*OFF, "closed", "settled"})


class Venue(NamedTuple):
    """Where it is. `position`: degrees north and east. `address`: in one line, or in several."""

    name: str
    address: str = ""
    position: tuple[float, float] | None = None


class Named(NamedTuple):
    """Who does it, or a series that it belongs to, and where there is more about that."""

    name: str
    link: str = ""


class Offer(NamedTuple):
    """A ticket type. `since`: when its sale begins, or began. `link`: where it is bought."""

    name: str
    price: Money
    available: Available = "in_stock"
    since: datetime | None = None
    link: str = ""


class Work(NamedTuple):
    """What is shown or played. `format`: such as 35 mm; `age`: its age rating; `at`: from when."""

    title: str
    minutes: int
    year: int | None = None
    format: str = ""
    age: str = ""
    at: datetime | None = None


class Picture(NamedTuple):
    """`text`: what there is to see."""

    link: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Times are local to the venue, with no zone of their own; their `fold` says which of two.

    `uid`: in calendars, the same for ever. `sequence`: how often what calendars show was changed;
    `changed`: when anything was, last. `link`: the address of its page. `was`, `was_at`: the start
    and the venue that people were told of before. `screening`: works are films, and are shown.
    `unlisted`: for who has the link. `language`: of title and text (BCP 47).
    """

    id: str
    uid: str
    link: str
    title: str
    state: State
    zone: str
    starts: datetime
    ends: datetime
    changed: datetime
    doors: datetime | None = None
    was: datetime | None = None
    was_at: str = ""
    sequence: int = 0
    sold_out: bool = False
    unlisted: bool = False
    text: str = ""
    language: str = ""
    venue: Venue | None = None
    organiser: Named | None = None
    series: Named | None = None
    offers: tuple[Offer, ...] = ()
    capacity: int | None = None
    screening: bool = False
    works: tuple[Work, ...] = ()
    picture: Picture | None = None

    def __post_init__(self) -> None:
        walls = (self.starts, self.ends, self.doors, self.was)
        if any(wall is not None and wall.tzinfo is not None for wall in walls):
            raise ValueError("times of a happening are local, and have no zone of their own")
        if self.changed.tzinfo is None:
            raise ValueError("when a happening was changed is a moment, with a zone")

    @property
    def known(self) -> bool:
        """Whether people were told of it: only then it has a page."""
        return self.state not in SECRET

    @property
    def listed(self) -> bool:
        """Whether feeds and sitemaps show it."""
        return self.known and not self.unlisted

    @property
    def span(self) -> Span:
        return Span(self.at(self.starts), self.at(self.ends))

    @property
    def offered(self) -> tuple[Offer, ...]:
        """What can or could be bought: nothing once it is over, or while it has no date."""
        if self.state in OVER | NOT_THEN:
            return ()
        if not self.sold_out:
            return self.offers
        return tuple(
            each if each.available == "ended" else each._replace(available="sold_out")
            for each in self.offers
        )

    def at(self, wall: datetime) -> datetime:
        """A local time with its zone. One that clocks skip is what they show instead."""
        zone = ZoneInfo(self.zone)
        return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def address(link: str) -> str:
    """The link if it leads into the web, else nothing: `javascript:` is a link, too."""
    return link if link.startswith(("https://", "http://")) else ""
