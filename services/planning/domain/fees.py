"""What a stall costs, exactly, in minor units."""

from __future__ import annotations

from typing import Final, NamedTuple

from roadcase.money import Money
from services.planning.events import StallFee

WHOLE: Final = 10_000  # basis points


class Worked(NamedTuple):
    fixed: Money
    share: Money

    @property
    def total(self) -> Money:
        return self.fixed + self.share


def fee_of(fee: StallFee, takings: Money | None) -> Worked | None:
    """None as long as it cannot be worked out: a share of takings that nobody has reported.

    The share is rounded half up, to the minor unit, and then held between floor and cap.
    """
    if fee.share is None:
        if fee.fixed is None:
            return None
        return Worked(fee.fixed, Money(0, fee.fixed.currency))
    if takings is None:
        return None
    share = Money((2 * takings.minor * fee.share + WHOLE) // (2 * WHOLE), takings.currency)
    if fee.floor is not None and share < fee.floor:
        share = fee.floor
    if fee.cap is not None and fee.cap < share:
        share = fee.cap
    return Worked(fee.fixed or Money(0, takings.currency), share)


def currency_of(fee: StallFee | None) -> str | None:
    """The currency that its amounts are in, if it has any."""
    if fee is None:
        return None
    amounts = (fee.fixed, fee.floor, fee.cap)
    return next((each.currency for each in amounts if each is not None), None)
