"""Why the box office says no. A docstring is what people are told, `code` what programs read."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class NoBoxOffice(NotFound):
    """There is no box office for this occurrence."""

    code = "ticketing.no_box_office"


class AlreadyOpen(Refused):
    """The box office of this occurrence is open already, and not like this: change it."""

    code = "ticketing.already_open"


class TimesReversed(Refused):
    """It would end before it begins."""

    code = "ticketing.times_reversed"


class UnknownPool(NotFound):
    """A ticket type draws on a pool that does not exist."""

    code = "ticketing.unknown_pool"


class UnknownTicketType(NotFound):
    """There is no such ticket type."""

    code = "ticketing.unknown_ticket_type"


class NotForSale(Refused):
    """Tickets of this type are not for sale."""

    code = "ticketing.not_for_sale"


class NotOnSaleYet(Refused):
    """Tickets of this type are not on sale yet."""

    code = "ticketing.not_on_sale_yet"


class SaleEnded(Refused):
    """Tickets of this type are no longer on sale."""

    code = "ticketing.sale_ended"


class OrderLimit(Refused):
    """One order may not have this many tickets of this type."""

    code = "ticketing.order_limit"


class PersonLimit(Refused):
    """One person may not have this many tickets of this type."""

    code = "ticketing.person_limit"


class PersonUnknown(Refused):
    """Tickets of this type are limited per person, and nobody said who buys them."""

    code = "ticketing.person_unknown"


class SoldOut(Refused):
    """Not enough is left."""

    code = "ticketing.sold_out"


class MixedCurrencies(Refused):
    """One order is paid in one currency."""

    code = "ticketing.mixed_currencies"


class WrongAmount(Refused):
    """The amount is not the total of this order."""

    code = "ticketing.wrong_amount"


class UnknownHold(NotFound):
    """There is no such hold."""

    code = "ticketing.unknown_hold"


class HoldExists(Refused):
    """This hold's id was already used for other tickets or by somebody else."""

    code = "ticketing.hold_exists"


class HoldGone(Refused):
    """The hold has ended, and its tickets went to others."""

    code = "ticketing.hold_gone"


class HoldSold(Refused):
    """The hold has become another order."""

    code = "ticketing.hold_sold"


class AlreadyExtended(Refused):
    """A hold is extended once."""

    code = "ticketing.already_extended"


class OrderExists(Refused):
    """This order's id was already used for another order."""

    code = "ticketing.order_exists"


class UnknownOrder(NotFound):
    """There is no such order."""

    code = "ticketing.unknown_order"


class UnknownTicket(NotFound):
    """There is no such ticket in this order."""

    code = "ticketing.unknown_ticket"


class UnknownQuestion(NotFound):
    """There is no such question, or it is not asked here."""

    code = "ticketing.unknown_question"


class Unanswered(Refused):
    """A question that must be answered was not."""

    code = "ticketing.unanswered"


class NotAPart(Refused):
    """A bundle or an add-on cannot be a part of a bundle, nor have add-ons."""

    code = "ticketing.not_a_part"


class AddonLimit(Refused):
    """So many of these do not go with the other tickets of this order."""

    code = "ticketing.addon_limit"


class PriceFixed(Refused):
    """What a ticket of this type costs is not its buyer's to say."""

    code = "ticketing.price_fixed"


class PriceTooLow(Refused):
    """A ticket of this type costs more than that at least."""

    code = "ticketing.price_too_low"


class WrongCurrency(Refused):
    """Tickets of this type are paid in another currency."""

    code = "ticketing.wrong_currency"


class UnknownCode(NotFound):
    """Nobody knows this code here."""

    code = "ticketing.unknown_code"


class OneVoucher(Refused):
    """An order has one voucher."""

    code = "ticketing.one_voucher"


class VoucherExpired(Refused):
    """The time of this voucher is over."""

    code = "ticketing.voucher_expired"


class VoucherIsPersonal(Refused):
    """This voucher is counted per person: it is for who held these tickets with it."""

    code = "ticketing.voucher_is_personal"


class VoucherBusy(Refused):
    """This purchase is using its voucher at this moment. Ask again in some seconds."""

    code = "ticketing.voucher_busy"


class ReservationGone(Refused):
    """It took too long to use this voucher. Ask again."""

    code = "ticketing.reservation_gone"


class VoucherUsedUp(Refused):
    """This voucher has been used as often as it may be."""

    code = "ticketing.voucher_used_up"


class VoucherNeedsMore(Refused):
    """This voucher is for more tickets in one order."""

    code = "ticketing.voucher_needs_more"


class NotInOrder(Refused):
    """This voucher is for other tickets."""

    code = "ticketing.not_in_order"


class UnknownAllotment(NotFound):
    """There is no such allotment."""

    code = "ticketing.unknown_allotment"


class AllotmentEmpty(Refused):
    """Not so many are left of this allotment."""

    code = "ticketing.allotment_empty"


class StillOnSale(Refused):
    """There are tickets of this type: buy them."""

    code = "ticketing.still_on_sale"


class AlreadyWaiting(Refused):
    """This person waits for tickets of this type already."""

    code = "ticketing.already_waiting"


class NeverEnough(Refused):
    """There are not so many even when all are free."""

    code = "ticketing.never_enough"


class UnknownEntry(NotFound):
    """Nobody with this id waits here."""

    code = "ticketing.unknown_entry"


class NotRefundable(Refused):
    """By the terms of the purchase nothing is given back any more."""

    code = "ticketing.not_refundable"


class RefundTooHigh(Refused):
    """More would go back than was paid and is still there."""

    code = "ticketing.refund_too_high"


class NeedsApproval(Refused):
    """Tickets of this type are ordered, and their organiser says who may have them."""

    code = "ticketing.needs_approval"


class NotPending(Refused):
    """This order is not one that waits for this."""

    code = "ticketing.not_pending"


class SlotsInUse(Refused):
    """Tickets of these slots are sold, held or waited for: they stay as they are."""

    code = "ticketing.slots_in_use"
