"""The state a decider keeps: its pools, and what draws on them, always in step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from roadcase.allocation.hold import End, Hold, Holds
from roadcase.allocation.lease import COUNTED, Assumption, Lease, Leases, Mode
from roadcase.allocation.pool import Account, Claim, Impossible, Pool, times, total
from roadcase.errors import Invalid

INSTANT: Final = timedelta(microseconds=1)  # a lease is due after its `reclaim_at`, not at it
NOTHING: Final[Mapping[str, int]] = {}
AFTER: Final[Mapping[End, Account]] = {"sold": "sold", "released": "free", "expired": "free"}


@dataclass(slots=True)
class Allocation:
    """Pools by name, and the holds and leases that draw on them.

    Questions are for `decide` and change nothing. Facts are for `evolve`: they apply what an event
    says, in O(pools of the claim + log holds), and raise `Impossible` where it cannot be true.
    """

    pools: dict[str, Pool] = field(default_factory=dict)
    holds: Holds = field(default_factory=Holds)
    leases: Leases = field(default_factory=Leases)
    reserves: dict[str, dict[str, int]] = field(default_factory=dict)  # units kept, by reserve

    # Questions

    def short_of(self, claim: Claim, freed: Claim = NOTHING) -> str | None:
        """The first pool, by name, with too few free units for this claim; None if it fits.

        `freed` are units that the same decision gives back first, such as those of dead holds:
        `freed=total(hold.claim for hold in dead)`. A pool that does not exist is short.
        """
        if not claim or min(claim.values()) < 1:
            raise Invalid("a claim names at least one pool and at least one unit of each")
        first = None
        for name, units in claim.items():
            pool = self.pools.get(name)
            if pool is None or pool.room + freed.get(name, 0) < units:
                first = name if first is None else min(first, name)
        return first

    def available(self, claim: Claim) -> int:
        """How many times this claim fits right now."""
        if self.short_of(claim) is not None:
            return 0
        return min(self.pools[name].free // units for name, units in claim.items())

    def alive(self, hold: str, at: datetime) -> Hold | None:
        """The hold if it can still be sold or extended at `at`."""
        return self.holds.alive(hold, at)

    def dead(self, at: datetime) -> list[Hold]:
        """Holds to end as expired before anything else is decided at `at`, earliest first."""
        return self.holds.dead(at)

    def reclaimable(self, at: datetime) -> list[Lease]:
        """Timed leases to reclaim at `at`, `lease.spare` units of each, earliest first."""
        return self.leases.due(at)

    @property
    def deadline(self) -> datetime | None:
        """When this state wants to be looked at again: a hold dies or a lease can be reclaimed."""
        hold, lease = self.holds.deadlines.earliest, self.leases.deadlines.earliest
        return min(hold, lease) if hold and lease else hold or lease

    # Facts about pools and holds

    def resize(self, pool: str, capacity: int) -> None:
        """A pool came to be, or its capacity changed; below what is taken is allowed."""
        self.pools.setdefault(pool, Pool()).resize(capacity)

    def hold(self, id_: str, claim: Claim, until: datetime) -> None:
        self.holds.start(Hold(id_, dict(claim), until))
        self._move(claim, "free", "held")

    def extend(self, id_: str, until: datetime) -> None:
        self.holds.extend(id_, until)

    def move(self, id_: str, until: datetime) -> None:
        self.holds.move(id_, until)

    def end(self, id_: str, how: End) -> None:
        self._move(self.holds.end(id_).claim, "held", AFTER[how])

    def sell(self, claim: Claim, *, over: bool = False) -> None:
        """Sold without a hold. `over`: an operator's override, counted although it does not fit."""
        if over:
            return self._move(claim, "free", "sold", over=True)
        for name, units in claim.items():
            self._pool(name).sell(units)
        return None

    def give_back(self, claim: Claim) -> None:
        """What was sold is free again: refunded, cancelled, exchanged."""
        self._move(claim, "sold", "free")

    # Facts about reserves

    def keep(self, reserve: str, claim: Claim) -> None:
        """Units are kept aside, in a reserve of this name."""
        self._move(claim, "free", "kept")
        self.reserves[reserve] = total((self.reserves.get(reserve, NOTHING), claim))

    def unkeep(self, reserve: str, claim: Claim) -> None:
        """Units of a reserve are free: for everybody, or for the fact that takes them next."""
        kept = self.reserves.get(reserve, NOTHING)
        left = {pool: units - claim.get(pool, 0) for pool, units in kept.items()}
        if any(units < 0 for units in left.values()) or set(claim) - set(kept):
            raise Impossible(f"{claim} leaves the reserve {reserve}, which has {kept}")
        self._move(claim, "kept", "free")
        self.reserves[reserve] = {pool: units for pool, units in left.items() if units}
        if not self.reserves[reserve]:
            del self.reserves[reserve]

    # Facts about leases

    def lease(self, lease: Lease) -> None:
        """Granted: at most `available(lease.unit)` units; timed ones say when to reclaim them."""
        timed = lease.mode == "timed"
        if lease.id in self.leases.of or timed != (lease.reclaim_at is not None):
            raise Impossible(f"{lease} is granted twice, or has the wrong deadline for its mode")
        self._move(times(lease.unit, lease.granted), "free", "leased")
        self.leases.of[lease.id] = lease
        if lease.reclaim_at:
            self.leases.deadlines.set(lease.id, lease.reclaim_at + INSTANT)

    def renew(self, id_: str, reclaim_at: datetime) -> None:
        lease = self._lease(id_)
        if not lease.renewable:
            raise Impossible(f"{lease} is renewed")
        lease.reclaim_at = max(lease.reclaim_at or reclaim_at, reclaim_at)
        self.leases.deadlines.set(id_, lease.reclaim_at + INSTANT)

    def reclaim(self, id_: str, units: int) -> None:
        """H3: taken back and fenced; the rest stays leased until the node's log closes it."""
        lease = self._lease(id_)
        if not lease.renewable or units > lease.spare:
            raise Impossible(f"{units} units of {lease} are reclaimed")
        lease.fenced, lease.reclaimed = True, units
        self.leases.deadlines.drop(id_)
        self._move(times(lease.unit, units), "leased", "free")

    def sell_leased(self, id_: str, units: int = 1) -> None:
        """The node's log reports sales. However late they are, they fit: see `Lease.unbacked`."""
        lease = self._lease(id_)
        self._take(lease, units, "sold")
        lease.reported += units

    def close_lease(self, id_: str) -> None:
        """The node's log says that it will sell no more of it: the residue is free."""
        lease = self._lease(id_)
        if lease.closed:
            raise Impossible(f"{lease} is closed twice")
        self._recount(lease, "free")
        lease.closed = True
        lease.reclaimed += max(0, lease.residue)

    def write_off(self, id_: str, assumption: Assumption) -> None:
        """H4: an operator gave the node up.

        Late news still corrects what was assumed. Units assumed unsold may turn out to be sold
        and then overcommit the pool: that is the risk the operator took. Impossible while some
        log is known to be missing (`leases.ahead()`): the same units would be counted twice.
        """
        lease = self._lease(id_)
        if not lease.running or self.leases.ahead():
            raise Impossible(f"{lease} is written off")
        self._recount(lease, COUNTED[assumption])

    def send(self, transfer: str, source: str, units: int) -> None:
        """The sender's log: units left its lease for another node. Before or after `receive`."""
        lease = self._lease(source, mode="held")
        if transfer in self.leases.arrived:
            self.leases.arrived.remove(transfer)
            lease.foretold -= units
            return
        self.leases.transit[transfer] = units
        self._pass_on(lease, units)

    def receive(self, transfer: str, source: str, target: str, units: int) -> None:
        """The receiver's log: units came. That also proves that they were sent."""
        lease, other = self._lease(target, mode="held"), self._lease(source, mode="held")
        if lease.unit != other.unit:
            raise Impossible(f"{lease} receives units of {other}")
        if self.leases.transit.pop(transfer, None) is None:
            self.leases.arrived.add(transfer)
            other.foretold += units
            self._pass_on(other, units)
        fills = min(units, max(0, -lease.residue))  # what it already passed on stays in `leased`
        self._move(times(lease.unit, units - fills), "leased", lease.counted)
        lease.received += units

    def _pass_on(self, lease: Lease, units: int) -> None:
        self._take(lease, units, "leased")
        lease.passed_on += units

    def _take(self, lease: Lease, units: int, target: Account) -> None:
        """Units leave a lease: from where its residue is counted, the rest from `leased`."""
        known = min(units, max(0, lease.residue))
        over = lease.counted == "free"  # assumed unsold, and yet it happened
        self._move(times(lease.unit, known), lease.counted, target, over=over)
        self._move(times(lease.unit, units - known), "leased", target)

    def _recount(self, lease: Lease, account: Account) -> None:
        self._move(times(lease.unit, max(0, lease.residue)), lease.counted, account)
        lease.counted = account
        self.leases.deadlines.drop(lease.id)

    def _lease(self, id_: str, mode: Mode | None = None) -> Lease:
        lease = self.leases.of.get(id_)
        if lease is None or mode not in (None, lease.mode):
            raise Impossible(f"{lease or id_} is not a {mode or 'granted'} lease")
        return lease

    def _move(self, claim: Claim, source: Account, target: Account, *, over: bool = False) -> None:
        for name, units in claim.items():
            self._pool(name).move(units, source, target, over=over)

    def _pool(self, name: str) -> Pool:
        if (pool := self.pools.get(name)) is None:
            raise Impossible(f"there is no pool {name}")
        return pool
