"""What many buyers ask for alike is worked out once, and found again while its terms stand.

Kept are the lines of one type, number and code, with the very terms that they were worked out from:
other terms are other objects, so nothing has to be forgotten when an organiser changes them. What
depends on the moment or on the buyer, windows and what is left of a voucher, is asked each time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from services.ticketing.commands import Buying
from services.ticketing.domain.audiences import check_sale
from services.ticketing.domain.office import BoxOffice, Freed
from services.ticketing.domain.pricing import discount
from services.ticketing.domain.reserves import Usual
from services.ticketing.events import Line, VoucherSet

MOST: Final = 256  # answers that are kept; more kinds of questions than that are worked out anew


def usual(office: BoxOffice, cmd: Buying, at: datetime, gone: Freed) -> tuple[Line, ...] | None:
    """The lines, if this was asked before at these terms; None: work it out, or what is wrong."""
    wanted = cmd.lines[0]
    found = office.usual.get((wanted.ticket_type, wanted.quantity, cmd.codes))
    if found is None or not _applies(office, cmd, gone):
        return None
    offer = found.offer
    if offer is not office.types[wanted.ticket_type] or found.opened is not office.opened:
        return None
    check_sale(offer, at, cmd.codes, member=cmd.member)
    terms = found.voucher
    if terms is None or _is_left(office, cmd, terms, found.lines[0], at):
        return found.lines
    return None


def _applies(office: BoxOffice, cmd: Buying, gone: Freed) -> bool:
    """Whether it is about one type, in whose lines nothing else of the moment has a part."""
    if len(cmd.lines) > 1 or cmd.lines[0].price is not None or cmd.allotment is not None:
        return False
    reserves = office.reserves
    if office.composed or office.allocation.reserves or gone.ends or reserves.allotments:
        return False
    return not cmd.codes or (len(cmd.codes) == 1 and cmd.series is None)


def _is_left(office: BoxOffice, cmd: Buying, terms: VoucherSet, line: Line, at: datetime) -> bool:
    """Whether the voucher is the same, and all of it that these tickets need is left."""
    voucher = office.reserves.vouchers[terms.voucher]
    if voucher.terms is not terms or (terms.valid_until is not None and at >= terms.valid_until):
        return False
    tickets, most, who = line.quantity, terms.per_person, cmd.subject
    if most is not None and (who is None or voucher.persons.get(who, 0) + tickets > most):
        return False
    if terms.uses is not None and voucher.used + tickets > terms.uses:
        return False
    if terms.budget is None:
        return True
    off = line.discount.minor if line.discount else 0
    left = terms.budget.minor - voucher.spent
    return left > 0 and tickets * off <= left


def remember(office: BoxOffice, cmd: Buying, lines: tuple[Line, ...], gone: Freed) -> None:
    """Keep what was worked out, if it is the same for everybody."""
    line, wanted = lines[0], cmd.lines[0]
    if len(lines) > 1 or line.quantity != wanted.quantity or not _applies(office, cmd, gone):
        return
    offer = office.types[wanted.ticket_type]
    if offer.levels or offer.policy is not None or offer.approval:
        return
    voucher = None
    if cmd.codes:
        if line.voucher is None:
            return
        voucher = office.reserves.vouchers[line.voucher].terms
        off = line.discount.minor if line.discount else 0
        if off != discount(voucher, line.listed or line.price):
            return  # the rest of a budget
    if len(office.usual) >= MOST:
        office.usual.clear()
    key = wanted.ticket_type, wanted.quantity, cmd.codes
    office.usual[key] = Usual(lines, offer, office.opened, voucher)
