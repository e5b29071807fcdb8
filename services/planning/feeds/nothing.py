"""What a person sees at an address where nothing is."""

from __future__ import annotations

from typing import Final

from roadcase.markup import fill

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Nothing here</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <meta name="color-scheme" content="light dark">
  <link rel="stylesheet" href="/events/style.css">
</head>
<body><main>
<header><h1>Nothing here</h1></header>
<p>{words}</p>
</main></body>
</html>
"""
NO_EVENT: Final = "There is no such event, or it is not announced yet."
NO_LINK: Final = "This link is not whole, or not one of ours. Ask whoever sent it for a new one."


def nothing_page(words: str) -> str:
    return fill(_PAGE, words=words)
