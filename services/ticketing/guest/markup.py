"""The pages of guests, and what only they show."""

from __future__ import annotations

from typing import Final

import segno

from roadcase.markup import NOTHING, Html, fill, join

__all__ = ["NOTHING", "Html", "fill", "join", "page", "qr"]


_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{title}</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <meta name="color-scheme" content="light dark">
  <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/page/guest.css">
</head>
<body><main>{body}</main></body>
</html>
"""


def page(title: str, body: Html) -> str:
    return fill(_PAGE, title=title, body=body)


def qr(text: str, label: str) -> Html:
    """A QR code as SVG, on white whatever the page's colours are: scanners want it so."""
    code = segno.make(text, error="m", boost_error=False)
    drawn = code.svg_inline(border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return fill('<div class="qr" role="img" aria-label="{label}">{svg}</div>', label=label,
                svg=Html(drawn))  # fmt: skip
