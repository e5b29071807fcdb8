"""Money is whole minor units of an ISO 4217 currency: exact, and never a float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from roadcase.errors import Invalid

LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1

# ISO 4217 List One (maintenance agency SIX, six-group.com, "Data Standards") up to amendment 180,
# by number of decimals. Codes with no minor unit of their own ("N.A.": metals, XDR, XTS, XXX and
# the like) cannot price anything and are left out.
ACTIVE: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
        CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
        GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK
        LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO
        NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS
        SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST
        XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DECIMALS: Final = {code: places for places, codes in ACTIVE.items() for code in codes.split()}

# Withdrawn by an amendment. Nothing new is priced in these, but old events still say them: a code
# that leaves the list above is moved here and never deleted.
WITHDRAWN: Final = {"ANG": 2, "BGN": 2, "CUC": 2, "HRK": 2, "SLL": 2, "ZWL": 2}

AMOUNT: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")


class Money(msgspec.Struct, frozen=True, order=False, gc=False):
    """An amount: `Money(1200, "EUR")` is twelve euros. In JSON `{"minor":1200,"currency":"EUR"}`.

    Amounts fit in 64 bits with a sign; every way to make a larger one raises `Invalid`, and so
    does mixing currencies.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {self.minor!r}")
        if not LOWEST <= self.minor <= HIGHEST:
            raise Invalid("this amount does not fit in 64 bits")
        if self.currency not in DECIMALS:
            decimals(self.currency)  # withdrawn, or none

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read `"12.00 EUR"`: exactly what `str` writes, with every decimal of the currency."""
        amount, space, currency = text.partition(" ")
        if not space or not currency:
            raise _unreadable(text, 'the currency is missing, after a space: write "12.00 EUR"')
        if currency not in DECIMALS:
            meant = currency.upper()
            similar = f", did you mean {meant}?" if meant in DECIMALS else ""
            raise _unreadable(text, f"{currency!r} is not an active ISO 4217 currency{similar}")
        example = f'write "{Money(12 * 10 ** DECIMALS[currency], currency)}"'
        match = AMOUNT.fullmatch(amount)
        if match is None:
            raise _unreadable(text, f"{amount!r} is not a plain decimal number: {example}")
        sign, whole, fraction = match[1], match[2], match[3] or ""
        if len(fraction) != DECIMALS[currency]:
            wanted = f"{currency} has {DECIMALS[currency]} decimals, not {len(fraction)}"
            raise _unreadable(text, f"{wanted}: {example}")
        if len(whole) > len(str(HIGHEST)):
            raise _unreadable(text, "this amount does not fit in 64 bits")
        minor = int(sign + whole + fraction)
        if sign and not minor:
            raise _unreadable(text, "zero has no sign")
        return cls(minor, currency)

    def __str__(self) -> str:
        places = decimals(self.currency)
        sign, digits = "-" if self.minor < 0 else "", str(abs(self.minor)).zfill(places + 1)
        point = len(digits) - places
        amount = f"{digits[:point]}.{digits[point:]}" if places else digits
        return f"{sign}{amount} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, number: int) -> Money:
        return Money(self.minor * number, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """In proportion to the weights, with nothing lost: see `allocate`."""
        return [Money(part, self.currency) for part in allocate(self.minor, weights)]

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise Invalid(f"{self} and {other} are different currencies")
        return other.minor


def decimals(currency: str) -> int:
    """How many decimals a currency has, one that was withdrawn since included."""
    places = DECIMALS.get(currency)
    if places is None:
        places = WITHDRAWN.get(currency)
    if places is None:
        raise Invalid(f"{currency!r} is not an ISO 4217 currency", currency=currency)
    return places


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split a total in proportion to whole weights; the parts always add up to the total.

    Largest remainder (Hamilton): every part is its exact share rounded towards zero, and the units
    left over go one each to the largest remainders, on a tie to the lower index. A negative total
    is split as its opposite, so that a full refund undoes a sale line by line. A part of weight 0
    is 0. `Invalid` if a weight is negative, or if all are zero and the total is not.
    """
    if any(weight < 0 for weight in weights):
        raise Invalid("a weight is negative", weights=list(weights))
    if total_minor == 0:
        return [0] * len(weights)
    whole = sum(weights)
    if whole == 0:
        raise Invalid("there is no weight to split by", weights=list(weights))
    sign, size = (-1, -total_minor) if total_minor < 0 else (1, total_minor)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]


def _unreadable(text: str, why: str) -> Invalid:
    shown = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004
    return Invalid(f"{shown!r}: {why}", text=shown)
