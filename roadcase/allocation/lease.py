"""A lease lets a node sell with no network, and never a unit that anyone else could sell too.

The protocol is an escrow: the hub counts leased units as taken, the node spends them, its log
brings the sales home. (O'Neil, "The escrow transactional method", 1986; Balegas et al., "Extending
eventual cooperation with bounded counters", 2015.) `held` leases have no time limit and may pass
units on to other nodes. `timed` leases sell until a deadline, and at most `cap` units that the hub
has not acknowledged; that is what lets the hub take back the rest from a node it cannot reach.

* N1 The node sells iff `sold + moved < granted` and it has not closed the lease; timed ones also
  only before their deadline and while `sold - acked < cap`.
* N2 A deadline is `ttl` after the request or renewal was FIRST sent, on the node's boot-time clock,
  which also runs in suspend. It does not outlive the boot in which that clock was read.
* H1 free + held + sold + the residue of every lease + units in transfer = capacity.
* H2 `reclaim_at` is `ttl` after the grant or renewal, stretched by the worst drift of both clocks.
* H3 After it, once, the hub takes `granted - reported - cap` and fences the lease. The node sold at
  most `acked + cap <= reported + cap` and sells no more, so whatever it reports later still fits.
* H4 What is left of a node that never comes back is released by an operator only.

Assumed: rates drift by 2 % at most, and the hub's clock is slewed and never stepped forwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from roadcase.allocation.ordered import Deadlines
from roadcase.allocation.pool import Account

Mode: TypeAlias = Literal["timed", "held"]
Assumption: TypeAlias = Literal["assume_sold", "assume_unsold"]

DRIFT: Final = 2  # percent by which any clock may run fast or slow
COUNTED: Final[dict[Assumption, Account]] = {"assume_sold": "sold", "assume_unsold": "free"}


def reclaim_at(at: datetime, ttl: timedelta) -> datetime:
    """H2: by then, at the latest, every clock has counted `ttl` from `at`. Rounded up."""
    return at + -(-ttl * (100 + DRIFT) // (100 - DRIFT))


@dataclass(slots=True)
class Lease:
    """What the hub knows of a lease. One leased unit draws `unit` from the pools.

    `counted` is the account in which the pools keep the residue: `leased` while the lease runs,
    `free` once it is closed, what the operator assumed once it is written off. A residue below
    zero is always counted in `leased`, where it cancels the units that are still on their way.
    """

    id: str
    node: str
    unit: dict[str, int]
    mode: Mode
    granted: int
    cap: int = 0
    reclaim_at: datetime | None = None
    reported: int = 0
    reclaimed: int = 0
    received: int = 0
    passed_on: int = 0
    foretold: int = 0  # of those passed on: known from the receiver, not yet from this node
    fenced: bool = False
    closed: bool = False
    counted: Account = "leased"

    @property
    def residue(self) -> int:
        """Units the node may still have.

        Below zero while another node's log is ahead of its own: it passed on units that, for all
        the hub knows, it has yet to receive.
        """
        taken = self.reported + self.reclaimed + self.passed_on
        return self.granted + self.received - taken

    @property
    def running(self) -> bool:
        return self.counted == "leased"

    @property
    def renewable(self) -> bool:
        return self.mode == "timed" and self.running and not self.fenced

    @property
    def spare(self) -> int:
        """H3: units that the node cannot have sold and, past `reclaim_at`, never will."""
        return max(0, self.granted - self.reported - self.cap)

    def unbacked(self, units: int) -> int:
        """How many of `units` reported as sold this lease does not cover; 0 if the node obeys N1.

        They are facts all the same: record them apart, with `Allocation.sell(..., over=True)`.
        """
        return max(0, units - max(0, self.residue + self.foretold))


@dataclass(slots=True)
class Leases:
    """Every lease ever granted, by id, and the units on their way from one to another."""

    of: dict[str, Lease] = field(default_factory=dict)
    deadlines: Deadlines = field(default_factory=Deadlines)
    transit: dict[str, int] = field(default_factory=dict)  # sent, not received: transfer -> units
    arrived: set[str] = field(default_factory=set)  # received, sending not yet reported

    def due(self, at: datetime) -> list[Lease]:
        """Leases to reclaim at `at`, `spare` units of each, earliest first."""
        return [self.of[id_] for id_ in self.deadlines.due(at)]

    def ahead(self) -> list[Lease]:
        """Leases whose residue is below zero: their nodes' logs are missed before any write-off."""
        return [lease for lease in self.of.values() if lease.residue < 0]


@dataclass(slots=True)
class NodeLease:
    """What the node knows of its lease: folded from its own durable log, but for the deadline.

    Seconds are floats of the boot-time clock (Linux CLOCK_BOOTTIME; `time.monotonic` stops while
    the machine sleeps), `boot` names the boot they belong to. Every sale is durable in the node's
    log before its receipt prints.
    """

    id: str
    mode: Mode
    granted: int
    cap: int
    boot: str
    deadline: float | None = None
    sold: int = 0
    acked: int = 0
    moved: int = 0
    closed: bool = False

    def sellable(self, now: float) -> int:
        """N1: how many units may be sold now if nothing more is ever heard."""
        left = 0 if self.closed else self.granted - self.sold - self.moved
        if self.mode == "held":
            return left
        if self.deadline is None or now >= self.deadline:
            return 0
        return min(left, max(0, self.cap - (self.sold - self.acked)))

    @property
    def transferable(self) -> int:
        return 0 if self.closed or self.mode != "held" else self.granted - self.sold - self.moved

    def allow(self, ttl: float, first_sent: float, boot: str) -> None:
        """N2: a grant or renewal came, for what was first sent at `first_sent` in that boot.

        Write both down before sending: a request repeated after a reboot keeps its first stamp,
        and an answer to it starts no deadline. Only the next renewal does.
        """
        if boot == self.boot:
            self.deadline = max(self.deadline or 0.0, first_sent + ttl)

    def restart(self, boot: str) -> None:
        """The process or the machine came back: nothing timed is sold until a renewal."""
        self.boot, self.deadline = boot, None

    def ack(self, reported: int) -> None:
        """The hub has this many sales. Acks come late, twice and in any order."""
        self.acked = max(self.acked, reported)
