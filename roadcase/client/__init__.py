"""Small typed clients: partners sell, hold, confirm and look; organisers plan.

    price = Money(minor=2400, currency="EUR")
    async with Roadcase("127.0.0.1:50051", token) as roadcase:
        order = await roadcase.sell("friday", "order-1", {"standard": 2}, "pay-1", price)

Calls that change something carry an idempotency key, which you may choose. When a server is away
or a deadline passes they are repeated with the same key until `patience` seconds are over, so each
takes effect at most once. A refusal is raised as `Refusal`, with its stable `reason` and facts.
"""

from roadcase.api.v1.common_pb2 import Money
from roadcase.client.client import Roadcase
from roadcase.client.connection import Refusal
from roadcase.client.organiser import Organiser

__all__ = ["Money", "Organiser", "Refusal", "Roadcase"]
