"""One currency, shares that are the whole, fees that are something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from roadcase.errors import Invalid
from roadcase.money import Money
from services.planning.manifest.problems import Path, dotted
from services.planning.manifest.shape import of_type
from services.planning.manifest.view import Fault, View

WHOLE: Final = 10_000  # basis points


def currencies(view: View) -> Iterator[Fault]:
    """Every amount is in the currency of the file, or in that of its first amount."""
    said = view.text("spec", "currency")
    where = "spec.currency"
    amounts = [
        (path, amount)
        for pattern in of_type(view.model, Money)
        for path in view.matching(pattern)
        if (amount := _amount(view, path)) is not None
    ]
    for path, amount in sorted(amounts, key=lambda each: _as_written(view, each[0])):
        if said is None:
            said, where = amount.currency, dotted(path)
        if amount.currency != said:
            what = f"is in {amount.currency}, but {where} is in {said}: a file has one currency"
            yield Fault(path, "currency", what)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def shares(view: View) -> Iterator[Fault]:
    """The shares of a split are 10000 basis points, neither more nor less."""
    path = ("spec", "split", "shares")
    if not isinstance(view.raw(*path), tuple) or not view.raw(*path):
        return
    parts = [view.number(*each, "share") for each in view.entries(*path)]
    if all(part is not None for part in parts):
        total = sum(part for part in parts if part is not None)
        if total != WHOLE:
            missing = WHOLE - total
            off = f"{missing} {_are(missing)} missing" if missing > 0 else f"{-missing} too many"
            what = f"shares are {WHOLE} basis points together, not {total}: {off}"
            yield Fault(path, "split_not_whole", what, at_name=True)


def fees(view: View) -> Iterator[Fault]:
    """A fee is fixed, a share, or both; a floor and a cap belong to a share."""
    for path in view.matching(("spec", "stalls", "*", "fee")):
        if not view.whole(*path):
            continue
        has = set(view.raw(*path))
        if not has & {"fixed", "share"}:
            yield Fault(path, "fee", "is fixed, a share of the takings, or both", at_name=True)
        elif has & {"floor", "cap"} and "share" not in has:
            yield Fault(path, "fee", "has a floor or a cap, but no share", at_name=True)
        floor, cap = _amount(view, (*path, "floor")), _amount(view, (*path, "cap"))
        if floor and cap and floor.currency == cap.currency and cap < floor:
            yield Fault((*path, "cap"), "fee", f"the cap is below the floor, {floor}")


def _amount(view: View, path: Path) -> Money | None:
    text = view.text(*path)
    try:
        return Money.parse(text) if text is not None else None
    except Invalid:
        return None


def _as_written(view: View, path: Path) -> list[int]:
    """Sorts paths as their values are in the file, aliases aside."""
    order: list[int] = []
    for length, step in enumerate(path):
        above = view.raw(*path[:length])
        order.append(step if isinstance(step, int) else list(above).index(step))
    return order
