"""The public page of a happening: made here, whole, with no script and nothing from elsewhere."""

from __future__ import annotations

from importlib.resources import files
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from roadcase.markup import NOTHING, Html, base_style, fill, join
from roadcase.spans import moment_of
from services.planning.feeds.happening import (
    NOT_THEN,
    Happening,
    Named,
    Offer,
    Work,
    address,
)
from services.planning.feeds.structured import as_script
from services.planning.feeds.words import in_short, lines, said, title

_PAGE: Final = """<!doctype html>
<html lang="en" prefix="og: https://ogp.me/ns#">
<head>
  <meta charset="utf-8">
  <title>{shown}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="description" content="{short}">
  {robots}
  <link rel="canonical" href="{link}">
  <link rel="stylesheet" href="{style}">
  {alternates}
  {previews}
  {data}
</head>
<body><main>{body}</main></body>
</html>
"""
_BODY: Final = """
<header>
  <h1 dir="auto"{language}>{name}</h1>
  {series}
  {said}
  <p class="when"><time datetime="{starts}">{when}</time> <span class="quiet">{zone}</span></p>
  {doors}
  {venue}
</header>
{picture}
{text}
{offers}
{works}
{calendars}
{organiser}
"""
_OFFERS: Final = """
<section aria-labelledby="tickets">
  <h2 id="tickets">Tickets</h2>
  <ul class="rows">{offers}</ul>
  {buy}
</section>
"""
_OFFER: Final = """
<li><span class="kind" dir="auto">{name}</span> <span class="price">{price}</span>
  {why}</li>
"""
_WORKS: Final = """
<section aria-labelledby="programme">
  <h2 id="programme">Programme</h2>
  <ol class="rows">{works}</ol>
</section>
"""
_WORK: Final = """
<li><span class="kind">{at}<bdi>{name}</bdi></span> <span class="price">{minutes}&nbsp;min</span>
  {about}</li>
"""
_META: Final = '<meta {key}="{name}" content="{value}">\n'
_ALTERNATE: Final = '<link rel="alternate" type="text/calendar" title="{name}" href="{link}">\n'
_BUY: Final = '<p class="take"><a class="button main" href="{link}">{words}</a></p>'


class Around(NamedTuple):
    """Where the page finds what it does not hold: its style, and calendars to take along.

    `calendar`: this happening's own file; `subscriptions`: of its venue, its series, its creator.
    """

    style: str
    calendar: str = ""
    subscriptions: tuple[Named, ...] = ()


def style() -> bytes:
    """The CSS that `Around.style` leads to."""
    return base_style() + files(__package__).joinpath("event.css").read_bytes()


def event_page(of: Happening, around: Around) -> str:
    """The whole page. Its address, and that of a picture, are those of the same site."""
    return fill(
        _PAGE,
        shown=title(of),
        short=in_short(of),
        robots=Html('<meta name="robots" content="noindex">') if of.unlisted else NOTHING,
        link=address(of.link),
        style=around.style,
        alternates=join(
            fill(_ALTERNATE, name=each.name, link=each.link) for each in around.subscriptions
        ),
        previews=_previews(of),
        data=as_script(of),
        body=_body(of, around),
    )


def _previews(of: Happening) -> Html:
    """What other sites and messengers show of a link to here."""
    found = {
        "og:type": "website",
        "og:title": title(of),
        "og:description": in_short(of, 200),
        "og:url": address(of.link),
        "og:site_name": of.organiser.name if of.organiser else "",
        "twitter:card": "summary_large_image" if of.picture else "summary",
    }
    if of.picture:
        found |= {"og:image": address(of.picture.link), "og:image:alt": of.picture.text}
    return join(
        fill(_META, key="property" if name.startswith("og:") else "name", name=name, value=value)
        for name, value in found.items()
        if value
    )


def _body(of: Happening, around: Around) -> Html:
    language = fill(' lang="{language}"', language=of.language) if of.language else NOTHING
    doors = f"Doors {of.at(of.doors):%H:%M}" if of.doors is not None else ""
    return fill(
        _BODY,
        name=of.title,
        language=language,
        series=_named("Part of {name}", of.series),
        starts=of.span.starts.isoformat(),
        when=f"It was to be on {of.span.whole}" if of.state in NOT_THEN else of.span.whole,
        zone=of.zone,
        doors=_paragraph(doors),
        venue=_venue(of),
        said=join(fill('<p class="said">{words}</p>', words=words) for words in said(of)),
        picture=_picture(of),
        text=_text(of, language),
        offers=_offers(of),
        works=fill(_WORKS, works=join(_work(each, of) for each in of.works))
        if of.works
        else NOTHING,
        calendars=_calendars(around),
        organiser=_footer(of),
    )


def _paragraph(words: str) -> Html:
    return fill("<p>{words}</p>", words=words) if words else NOTHING


def _venue(of: Happening) -> Html:
    if of.venue is None:
        return NOTHING
    name = fill('<strong dir="auto">{name}</strong>', name=of.venue.name)
    parts = [fill('<span dir="auto">{line}</span>', line=each) for each in lines(of.venue.address)]
    return fill("<address>{all}</address>", all=Html("<br>".join([name, *parts])))


def _picture(of: Happening) -> Html:
    """One of this site: the policy of our pages lets a browser load no others."""
    if of.picture is None or urlsplit(of.picture.link)[:2] != urlsplit(of.link)[:2]:
        return NOTHING
    template = '<img src="{link}" alt="{text}">'
    return fill(template, link=address(of.picture.link), text=of.picture.text)


def _text(of: Happening, language: Html) -> Html:
    """Paragraphs, where lines that are empty part them."""
    if not of.text.strip():
        return NOTHING
    parts = groupby(lines(of.text), key=bool)
    paragraphs = [
        Html("<br>".join(fill("{line}", line=line) for line in group))
        for full, group in parts
        if full
    ]
    shown = join(fill('<p dir="auto">{words}</p>', words=each) for each in paragraphs)
    return fill('<div class="text"{language}>{shown}</div>', language=language, shown=shown)


def _offers(of: Happening) -> Html:
    if not of.offered:
        return NOTHING
    return fill(_OFFERS, offers=join(_offer(each, of) for each in of.offered), buy=_buy(of))


def _offer(offer: Offer, of: Happening) -> Html:
    why = {"sold_out": "sold out", "ended": "sale ended", "pre_order": "on sale soon"}
    words = why.get(offer.available, "")
    if offer.available == "pre_order" and offer.since is not None:
        words = f"on sale from {moment_of(offer.since.astimezone(of.span.starts.tzinfo))}"
    price = offer.price if offer.price.minor else "free"
    shown = fill('<small class="quiet">{words}</small>', words=words) if words else NOTHING
    return fill(_OFFER, name=offer.name, price=price, why=shown)


def _buy(of: Happening) -> Html:
    """A button for each place where something of it can be had."""
    found: dict[str, list[str]] = {}
    for each in of.offered:
        if each.available == "in_stock" and address(each.link):
            found.setdefault(each.link, []).append(each.name)
    one = len(found) == 1
    return join(
        fill(_BUY, link=link, words="Get tickets" if one else f"Get {', '.join(names)}")
        for link, names in found.items()
    )


def _work(work: Work, of: Happening) -> Html:
    at = of.at(work.at) if work.at is not None and of.state not in NOT_THEN else None
    about = ", ".join(filter(None, [str(work.year or ""), work.format, work.age]))
    shown = fill('<small class="quiet">{about}</small>', about=about) if about else NOTHING
    template = '<time datetime="{moment}">{clock}</time> '
    from_when = fill(template, moment=at.isoformat(), clock=f"{at:%H:%M}") if at else NOTHING
    return fill(_WORK, at=from_when, name=work.title, minutes=work.minutes, about=shown)


def _calendars(around: Around) -> Html:
    """To take along, and to subscribe to."""
    one = '<a class="button" href="{link}">Add to calendar</a>'
    single = fill(one, link=around.calendar) if around.calendar else NOTHING
    more = join(
        fill('<li><a href="{link}">Calendar: {name}</a></li>', link=each.link, name=each.name)
        for each in around.subscriptions
    )
    shown = fill('<p class="take">{single}</p>', single=single) if single else NOTHING
    return join([shown, fill('<ul class="links">{more}</ul>', more=more) if more else NOTHING])


def _footer(of: Happening) -> Html:
    by = _named("By {name}", of.organiser)
    return fill("<footer>{by}</footer>", by=by) if by else NOTHING


def _named(template: str, named: Named | None) -> Html:
    """`Part of The circuit`, as a link where there is one."""
    if named is None:
        return NOTHING
    name = fill("<bdi>{name}</bdi>", name=named.name)
    if address(named.link):
        name = fill('<a href="{link}">{name}</a>', link=named.link, name=name)
    return fill("<p>{words}</p>", words=fill(template, name=name))
