"""Events as the public sees them, one of each sort that there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from roadcase.money import Money
from services.planning.feeds import Happening, Named, Offer, Picture, Venue, Work

SITE = "https://yard.example"
CHANGED = datetime(2027, 5, 1, 9, 30, tzinfo=UTC)
SHOP = f"{SITE}/shop/june"
NIGHT = Happening(
    id="june",
    uid="june@yard.example",
    link=f"{SITE}/events/june",
    title="Microcinema in the yard",
    state="on_sale",
    zone="Europe/Berlin",
    starts=datetime(2027, 6, 18, 21, 15),
    ends=datetime(2027, 6, 18, 23, 27),
    doors=datetime(2027, 6, 18, 20, 30),
    changed=CHANGED,
    sequence=3,
    text="Two films under the open sky.\nBlankets are there.\n\nRain moves us into the hall.",
    venue=Venue("The yard", "Hofstraße 5\n10115 Berlin", (52.532, 13.389)),
    organiser=Named("Yard Kino", f"{SITE}/"),
    series=Named("Summer in the yard", f"{SITE}/series/summer"),
    offers=(
        Offer("Bench", Money(1200, "EUR"), since=datetime(2027, 5, 8, 8, tzinfo=UTC), link=SHOP),
        Offer("Lawn", Money(800, "EUR"), "sold_out", link=SHOP),
        Offer("Late bird", Money(1400, "EUR"), "pre_order", datetime(2027, 6, 18, 16, tzinfo=UTC)),
        Offer("Friends", Money(0, "EUR"), "ended"),
    ),
    capacity=60,
    screening=True,
    works=(
        Work("A short about rain", 11, 2024, "DCP", at=datetime(2027, 6, 18, 21, 15)),
        Work("Nosferatu", 94, 1922, "35 mm", "FSK 12"),
    ),
    picture=Picture(f"{SITE}/pictures/yard.jpg", "Benches in front of a screen at dusk"),
)
LONG = (
    "Überraschungsvorführungsabendmitklavierbegleitung und einer sehr langen Nachbesprechung " * 2
)
SORTS: dict[str, Happening] = {
    "a night": NIGHT,
    "sold out": replace(NIGHT, sold_out=True),
    "postponed": replace(NIGHT, state="postponed"),
    "at another time": replace(NIGHT, was=datetime(2027, 6, 11, 21, 15)),
    "at another place": replace(NIGHT, was_at="The old mill"),
    "cancelled": replace(NIGHT, state="cancelled"),
    "broken off": replace(NIGHT, state="abandoned"),
    "interrupted": replace(NIGHT, state="interrupted"),
    "over": replace(NIGHT, state="closed"),
    "unlisted": replace(NIGHT, unlisted=True),
    "with hardly anything known": Happening(
        id="soon",
        uid="soon@yard.example",
        link=f"{SITE}/events/soon",
        title="Soon",
        state="announced",
        zone="Asia/Kolkata",
        starts=datetime(2027, 1, 1, 20),
        ends=datetime(2027, 1, 1, 22),
        changed=CHANGED,
    ),
    "music": replace(NIGHT, screening=False, works=(Work("Winterreise", 75, 1828),)),
    "a very long title": replace(NIGHT, title=LONG, offers=(NIGHT.offers[0]._replace(name=LONG),)),
    "a title from right to left": replace(
        NIGHT,
        title="نوسفيراتو: سيمفونية الرعب (1922)",
        text="فيلم صامت مع عزف حي على البيانو.",
        language="ar",
    ),
    "a title that is code": replace(
        NIGHT,
        title="</script><script>alert(1)</script>\"'{here}&amp;<!-- \u2028 ]]>",
        text="<b>bold</b></ScRiPt>",
        organiser=Named("<i>", "javascript:alert(1)"),
        venue=Venue("<u>", "</title>"),
    ),
    "while clocks change": replace(
        NIGHT,
        starts=datetime(2027, 10, 31, 2, 30),
        ends=datetime(2027, 10, 31, 2, 45, fold=1),
        doors=datetime(2027, 10, 31, 1, 30),
    ),
    "over several days": replace(NIGHT, ends=datetime(2027, 6, 20, 14)),
    "two shops": replace(
        NIGHT,
        offers=(NIGHT.offers[0], Offer("Lawn", Money(800, "EUR"), link=f"{SITE}/shop/lawn")),
    ),
    "no cents": replace(NIGHT, offers=(Offer("Bench", Money(1200, "JPY"), link=SHOP),)),
}
