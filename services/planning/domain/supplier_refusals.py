"""Why a supplier or a stall is refused."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class NoSupplier(NotFound):
    """There is no supplier of this id: add them first."""

    code = "planning.no_supplier"


class SupplierTwice(Refused):
    """This business is on the list already, as `first`: change what is told of that one instead."""

    code = "planning.supplier_twice"


class NoSupplierDocument(NotFound):
    """This supplier has no such document."""

    code = "planning.no_supplier_document"


class SupplierNotFit(Refused):
    """This supplier may not have that stall. `reasons` says why: each a code, and of what."""

    code = "planning.supplier_not_fit"


class NoStall(NotFound):
    """There is no stall of this key: its occurrence has no such one in its manifest."""

    code = "planning.no_stall"


class StallTaken(Refused):
    """Another supplier has this stall, or is to have it by the manifest."""

    code = "planning.stall_taken"


class StallFree(Refused):
    """Nobody has this stall."""

    code = "planning.stall_free"


class StallCharged(Refused):
    """Its fee was charged: who has it stays who had it that night. Waive the fee instead."""

    code = "planning.stall_charged"


class TakingsCurrency(Refused):
    """Takings are in the currency of the market."""

    code = "planning.takings_currency"
