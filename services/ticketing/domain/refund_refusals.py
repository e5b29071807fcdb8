"""Why the box office says no when a guest wants less of an order than was quoted."""

from __future__ import annotations

from roadcase.errors import Refused


class RefundChanged(Refused):
    """What comes back is not what was said: look at the quote once more and confirm its amount."""

    code = "ticketing.refund_changed"
