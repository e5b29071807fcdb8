"""Never one too many: the one model of pools, holds, leases and editions, for every service."""

from roadcase.allocation.allocation import Allocation
from roadcase.allocation.edition import Editions
from roadcase.allocation.hold import DROP, EXTENSION, TILL, WEB, Hold, Holds
from roadcase.allocation.lease import Lease, Leases, NodeLease, reclaim_at
from roadcase.allocation.pool import Claim, Impossible, Pool, times, total

__all__ = [
    "DROP",
    "EXTENSION",
    "TILL",
    "WEB",
    "Allocation",
    "Claim",
    "Editions",
    "Hold",
    "Holds",
    "Impossible",
    "Lease",
    "Leases",
    "NodeLease",
    "Pool",
    "reclaim_at",
    "times",
    "total",
]
