"""Never one too many: the one model of pools, holds, leases and editions, for every service."""

from roadcase.allocation.allocation import Allocation
from roadcase.allocation.hold import DROP, EXTENSION, TILL, WEB, Hold, Holds
from roadcase.allocation.pool import Claim, Impossible, Pool, times, total

__all__ = [
    "DROP",
    "EXTENSION",
    "TILL",
    "WEB",
    "Allocation",
    "Claim",
    "Hold",
    "Holds",
    "Impossible",
    "Pool",
    "times",
    "total",
]
