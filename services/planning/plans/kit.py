"""What a plan says of kit: what is booked, and what is not free."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.domain.kit_free import in_words
from services.planning.plans.changes import Change
from services.planning.plans.classes import Classed
from services.planning.plans.declared import Declared, digest_of
from services.planning.plans.effects import Effect
from services.planning.plans.standing import Standing
from services.planning.plans.work import hours_of_work, kit_of


def of_kit(before: Declared | None, new: Declared) -> Iterator[Effect]:
    """What is booked, where it is not as it was."""
    had = (*hours_of_work(before), *kit_of(before)) if before is not None else ()
    begins, ends = hours_of_work(new)
    needs = tuple(kit_of(new))
    if (begins, ends, *needs) == had or not (needs or had[2:]):
        return
    if not needs:
        yield Effect("planning", "frees the kit that was booked")
        return
    items = ", ".join(f"{each.quantity} {each.item}" for each in needs)
    yield Effect(
        "planning", f"books {items} from {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC"
    )


def kit_not_free(new: Declared, standing: Standing) -> Iterator[Classed]:
    """It may be applied: nothing is booked then until all of it is free."""
    if standing.manifest and digest_of(standing.manifest) == new.digest:
        return  # nothing is changed by it
    for each in standing.kit:
        path = f"spec.kit[{each.item}]"
        yield Classed(Change(path, None, each.wanted), "approval", "kit_not_free", in_words(each))
