"""Line-drawing characters, made to meet at the edges of their cells as a printer's own do."""

from __future__ import annotations

import unicodedata

from PIL import Image, ImageDraw

_ARMS = {
    "LEFT": "L",
    "RIGHT": "R",
    "UP": "U",
    "DOWN": "D",
    "HORIZONTAL": "LR",
    "VERTICAL": "UD",
}
_STYLES = {"LIGHT", "SINGLE", "DOUBLE", "HEAVY"}


def box(char: str, size: tuple[int, int]) -> Image.Image | None:
    """The picture of `char` in mode 1, ink being 1; None if the font is to draw it."""
    arms = _arms(char)
    if not arms:
        return None
    image = Image.new("1", size)
    pen = ImageDraw.Draw(image)
    wide, high = size
    thick = max(2, min(wide // 6, high // 12))
    for arm, double in arms.items():
        for shift in (-thick, thick) if double else (0,):
            across = arm in "LR"
            middle = (high if across else wide) // 2 - thick // 2 + shift
            start, end = (0, wide) if across else (0, high)
            centre = (start + end) // 2
            reach = thick + (thick // 2 if any(arms.values()) else -(thick // 2))
            if arm in "LU":
                end = centre + reach
            else:
                start = centre - reach
            near, far = middle, middle + thick - 1
            pen.rectangle((start, near, end - 1, far) if across else (near, start, far, end - 1), 1)
    return image


def _arms(char: str) -> dict[str, bool]:
    """Which of left, right, up and down `char` reaches, and whether with a double line."""
    words = unicodedata.name(char, "").removeprefix("BOX DRAWINGS ").split()
    if not unicodedata.name(char, "").startswith("BOX DRAWINGS"):
        return {}
    style = words[0] if words[0] in _STYLES else ""
    arms: dict[str, bool] = {}
    for part in " ".join(words).split(" AND "):
        named = set(part.split())
        if named & {"DASH", "DIAGONAL", "DOT"}:
            return {}
        double = "DOUBLE" in named or (not named & _STYLES and style == "DOUBLE")
        for arm in "".join(_ARMS.get(word, "") for word in part.split()):
            arms[arm] = double
    return arms
