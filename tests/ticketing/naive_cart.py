"""What a purchase costs by the naive model: every ticket by itself, every count a full scan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from services.ticketing.commands import Buying, Line, SetVoucher, TicketType
    from tests.ticketing.naive import Naive


class No(Exception):
    """Refused: with one of these."""

    def __init__(self, *why: str) -> None:
        super().__init__(*why)
        self.why = set(why)


@dataclass
class One:
    """One ticket, in a cart or sold."""

    type: TicketType
    price: int
    fee: int = 0
    tier: str | None = None
    voucher: str | None = None
    discount: int = 0
    reserve: str | None = None  # whose kept units it took: "voucher/V" or "allotment/A"
    kept: dict[str, int] = field(default_factory=dict)
    policy: Any = None
    order: str = ""
    number: int = 0
    subject: str | None = None
    main: int | None = None  # the number of the ticket that it comes with
    void: bool = False
    cancelled: bool = False
    back: int = 0
    first: int = 0  # what it was sold for
    least: int = 1  # so many like it the voucher needs
    plain: int | None = None  # without the voucher
    refunded: bool = False
    given_back: bool = False  # by its guest

    @property
    def cost(self) -> int:
        return self.price + self.fee


def total(ones: list[One]) -> int:
    return sum(one.cost for one in ones)


def price_now(
    naive: Naive, of: TicketType, at: datetime, cart: list[One]
) -> tuple[int, str | None]:
    for level in of.levels:
        if level.until is not None and at >= level.until:
            continue
        ever = [one for one in naive.everything() if one.type.id == of.id and one.tier == level.id]
        here = [one for one in cart if one.type.id == of.id and one.tier == level.id]
        if level.quantity is not None and len(ever) + len(here) >= level.quantity:
            continue
        return level.price.minor, level.id
    return of.price.minor, None


def fee_of(one: One) -> int:
    fee = one.type.fee
    if fee is None or fee.borne_by == "organiser" or not one.price:
        return 0
    fixed = fee.fixed.minor if fee.fixed else 0
    return fixed + (one.price * fee.permille + 500) // 1000


def ones_of(naive: Naive, line: Line, at: datetime, cart: list[One]) -> list[One]:
    of = naive.types[line.ticket_type]
    ones: list[One] = []
    if of.bundle:
        parts = [naive.types[id_] for id_, number in of.bundle.items() for _ in range(number)]
        alone = [part.price.minor for part in parts]
        whole = of.price.minor
        assert not whole * alone[0] % sum(alone), "a bundle of the model splits evenly"
        shares = [whole * each // sum(alone) for each in alone]
        # All tickets of its first part, then all of the next
        for part, share in zip(parts, shares, strict=True):
            ones += [One(part, share) for _ in range(line.quantity)]
        return ones
    for _ in range(line.quantity):
        if line.price is not None:
            ones.append(One(of, line.price.minor))
        else:
            price, tier = price_now(naive, of, at, cart + ones)
            ones.append(One(of, price, tier=tier))
    return ones


def is_open(of: TicketType, at: datetime, codes: set[str], member: bool) -> bool:
    spans = [(of.sale_from, of.sale_until)]
    spans += [
        (each.sale_from, each.sale_until)
        for each in of.presales
        if (each.members and member) or codes & set(each.codes)
    ]
    return any((begin is None or begin <= at) and (end is None or at < end) for begin, end in spans)


def wrong_with(naive: Naive, asked: Buying, at: datetime, approving: bool) -> set[str]:
    codes, why = set(asked.codes), set()
    for line in asked.lines:
        of = naive.types.get(line.ticket_type)
        if of is None or (of.unlocked_by and not codes & set(of.unlocked_by)):
            why.add("unknown_ticket_type")
            continue
        if not of.active:
            why.add("not_for_sale")
        if not is_open(of, at, codes, asked.member):
            why |= {"not_on_sale_yet", "sale_ended"}
        if of.approval and not approving:
            why.add("needs_approval")
        if line.price is not None and of.lowest is None:
            why.add("price_fixed")
        if line.price is not None and of.lowest and line.price.minor < of.lowest.minor:
            why.add("price_too_low")
    return why


def addons_of(naive: Naive, cart: list[One]) -> set[str]:
    for of in naive.types.values():
        if not of.addon_to:
            continue
        number = sum(one.type.id == of.id for one in cart)
        with_it = [of.addon_to[one.type.id] for one in cart if one.type.id in of.addon_to]
        if not sum(low for low, _ in with_it) <= number <= sum(high for _, high in with_it):
            return {"addon_limit"}
    return set()


def frozen(ones: list[One], of: SetVoucher) -> None:
    """What each costs without it, and how many it needs: as it was when they were bought."""
    for one in ones:
        one.least, one.plain = of.least, one.price


def use_voucher(naive: Naive, code: str, cart: list[One], asked: Buying, at: datetime) -> set[str]:  # noqa: C901
    """Take the voucher off the tickets that it is for, one after the other."""
    set_ = naive.vouchers[code]
    if not set_.active:
        return {"unknown_code"}
    if set_.valid_until is not None and at >= set_.valid_until:
        return {"voucher_expired"}
    # It is not for what its buyer says the price of
    ones = [one for one in cart if one.type.lowest is None]
    ones = [one for one in ones if not set_.ticket_types or one.type.id in set_.ticket_types]
    if not ones:
        return {"not_in_order"}
    if len(ones) < set_.least:
        return {"voucher_needs_more"}
    used = naive.used(code)
    uses = len(ones) if set_.uses is None else set_.uses - len(used)
    if set_.per_person is not None:
        uses = min(uses, set_.per_person - sum(one.subject == asked.subject for one in used))
    budget = None
    if set_.budget is not None:
        budget = set_.budget.minor - sum(one.discount for one in used)
    if uses <= 0 or (budget is not None and budget <= 0):
        return {"voucher_used_up"}
    frozen(ones, set_)
    for one in ones:
        off = off_of(set_, one.price)
        if not off and set_.effect != "none":
            continue  # what it takes nothing off does not use it
        if uses <= 0 or (budget is not None and budget <= 0):
            break
        uses -= 1
        if budget is not None:
            off = min(off, budget)
            budget -= off
        one.voucher, one.discount, one.price = code, off, one.price - off
        if set_.keeps:
            one.reserve, one.kept = f"voucher/{code}", dict(one.type.draws)
    return set()


def off_of(set_: SetVoucher, price: int) -> int:
    amount = set_.amount.minor if set_.amount else 0
    each = {
        "none": 0,
        "set": price - amount if set_.amount else 0,
        "subtract": amount,
        "percent": (price * set_.permille + 500) // 1000,
    }
    return max(0, min(each[set_.effect], price))
