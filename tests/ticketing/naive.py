"""A box office as anybody would say it: plain lists, full scans, as slow as it likes.

`Naive.answer` says for a command that is asked at a moment which answer is due: yes, with the
total it costs and the office as it is then, or no, with the refusals that say so truly. It shares
no rule with the product, only the shapes of commands.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from roadcase.decider import Command
from roadcase.money import Money
from services.ticketing import commands as ask
from tests.ticketing.naive_cart import No, One, addons_of, fee_of, ones_of, total, use_voucher
from tests.ticketing.naive_cart import wrong_with as wrong_lines
from tests.ticketing.naive_parts import Allotment, Hold, Wait

MINUTES = {"web": 10, "drop": 5, "till": 3}
HALF_A_DAY = timedelta(hours=12)
WEEK = timedelta(days=7)


class Naive:
    def __init__(self, opening: ask.OpenBoxOffice) -> None:
        self.pools = dict(opening.pools)
        self.types = {of.id: of for of in opening.ticket_types}
        self.opening = opening
        wall = opening.starts_at.replace(tzinfo=ZoneInfo(opening.zone))
        self.starts = wall.astimezone(UTC)
        self.holds: list[Hold] = []
        self.tickets: list[One] = []
        self.vouchers: dict[str, ask.SetVoucher] = {}
        self.lapsed: set[str] = set()
        self.allotments: dict[str, Allotment] = {}
        self.waits: list[Wait] = []
        self.policies: dict[str, ask.SetRefundPolicy] = {}
        self.references: set[tuple[str, str]] = set()

    # what is there

    def living(self) -> list[Hold]:
        return [hold for hold in self.holds if hold.state == "living"]

    def valid(self) -> list[One]:
        return [one for one in self.tickets if not one.void]

    def taken(self) -> list[One]:
        """Tickets that are sold and valid, or held."""
        return [*self.valid(), *(one for hold in self.living() for one in hold.ones)]

    def everything(self) -> list[One]:
        """What was ever sold, and what is held: a level gets nothing back from a void ticket."""
        return [*self.tickets, *(one for hold in self.living() for one in hold.ones)]

    def used(self, code: str) -> list[One]:
        """Whatever this voucher was used for and has not back."""
        gone = [] if self.vouchers[code].returns else [one for one in self.tickets if one.void]
        return [one for one in [*self.taken(), *gone] if one.voucher == code]

    def sold(self, pool: str) -> int:
        return sum(one.type.draws.get(pool, 0) for one in self.valid())

    def held(self, pool: str) -> int:
        ones = [one for hold in self.living() for one in hold.ones]
        return sum(one.type.draws.get(pool, 0) for one in ones)

    def kept_by_voucher(self, code: str) -> dict[str, int]:
        of = self.vouchers[code]
        if not of.keeps or not of.active or code in self.lapsed:
            return {}
        left = max(0, (of.uses or 0) - len(self.used(code)))
        return {pool: n * left for pool, n in self.types[of.ticket_types[0]].draws.items()}

    def kept(self, pool: str) -> int:
        allotted = [a.left for a in self.allotments.values() if a.asked.pool == pool]
        vouchers = [self.kept_by_voucher(code).get(pool, 0) for code in self.vouchers]
        groups = [wait.kept.get(pool, 0) for wait in self.waits]
        return sum(allotted) + sum(vouchers) + sum(groups)

    def free(self, pool: str) -> int:
        return self.pools[pool] - self.sold(pool) - self.held(pool) - self.kept(pool)

    def needs(self, wait: Wait, of: str) -> dict[str, int]:
        return {pool: n * wait.quantity for pool, n in self.types[of].draws.items()}

    def waited_by(self, wait: Wait) -> dict[str, int]:
        """Units that are for nobody behind them: the most that any of its types needs."""
        if wait.passed or wait.state != "waiting":
            return {}
        each = [self.needs(wait, of) for of in wait.types]
        most = {pool: max(one.get(pool, 0) for one in each) for one in each for pool in one}
        return {pool: n - wait.kept.get(pool, 0) for pool, n in most.items()}

    def waited(self, pool: str) -> int:
        return sum(self.waited_by(wait).get(pool, 0) for wait in self.waits)

    def room(self, pool: str) -> int:
        return max(0, self.free(pool) - self.waited(pool))

    # what time does

    def settle(self, at: datetime) -> None:
        for hold in self.living():
            if hold.until <= at:
                self.end(hold, "expired", at)
        for code, of in self.vouchers.items():
            if of.valid_until is not None and of.valid_until <= at:
                self.lapsed.add(code)
        for each in self.allotments.values():
            if each.asked.release_at is not None and each.asked.release_at <= at:
                each.left, each.closed = 0, True
        for wait in self.waits:
            if wait.state == "waiting" and at >= self.starts:
                wait.state, wait.kept = "left", {}
            if wait.until is not None and wait.until <= at and wait.kept:
                wait.kept, wait.passed = {}, True
        self.serve(at)

    def end(self, hold: Hold, why: str, _at: datetime) -> None:
        hold.state = why
        for one in hold.ones if why != "sold" else ():
            self.give_back(one)

    def give_back(self, one: One) -> None:
        """Units that were allotted are so again, where there is room and it is not over.

        What a voucher keeps follows from its uses.
        """
        kind, _, id_ = (one.reserve or "").partition("/")
        if kind == "allotment" and not (allotment := self.allotments[id_]).closed:
            pool = allotment.asked.pool
            allotment.left += max(0, min(one.kept.get(pool, 0), self.free(pool)))

    def serve(self, at: datetime) -> None:
        for wait in sorted(self.waits, key=lambda each: -each.priority):
            if wait.state != "waiting":
                continue
            if not any(self.may_have(wait, of) for of in wait.types):
                wait.state, wait.kept = "left", {}
                continue
            free = {p: max(0, self.free(p) - self.ahead(wait, p)) for p in self.pools}
            for of in wait.types:
                needs = self.needs(wait, of)
                over = {pool: min(0, self.free(pool)) for pool in needs}
                mine = {pool: free[pool] + wait.kept.get(pool, 0) + over[pool] for pool in needs}
                if self.may_have(wait, of) and all(mine[p] >= n > 0 for p, n in needs.items()):
                    self.offer(wait, of, at)
                    break
            else:
                self.keep_for(wait, free, at)

    def ahead(self, wait: Wait, pool: str) -> int:
        order = sorted(self.waits, key=lambda each: -each.priority)
        return sum(self.waited_by(each).get(pool, 0) for each in order[: order.index(wait)])

    def may_have(self, wait: Wait, of: str) -> bool:
        return not self.over_person([One(self.types[of], 0)] * wait.quantity, wait.subject)

    def offer(self, wait: Wait, of: str, at: datetime) -> None:
        wait.state, wait.kept = "offered", {}
        line = ask.Line(ticket_type=of, quantity=wait.quantity)
        ones = self.with_fees(ones_of(self, line, at, []), wait.subject)
        until = at + min(HALF_A_DAY, (self.starts - at) / 2)
        hold = Hold(f"offer-{wait.id}", ones, until, "offer", wait.subject, entry=wait.id)
        self.holds.append(hold)

    def keep_for(self, wait: Wait, free: dict[str, int], at: datetime) -> None:
        if wait.passed:
            return
        more = {pool: min(n, free[pool]) for pool, n in self.waited_by(wait).items()}
        more = {pool: n for pool, n in more.items() if n > 0}
        if more and wait.until is None:
            wait.until = at + min(HALF_A_DAY, (self.starts - at) / 2)
        for pool, n in more.items():
            wait.kept[pool] = wait.kept.get(pool, 0) + n

    # what is asked

    def with_fees(self, ones: list[One], subject: str | None) -> list[One]:
        for one in ones:
            one.fee, one.subject = fee_of(one), subject
            one.policy = self.policies.get(one.type.policy or "")
        return ones

    def over_person(self, ones: Iterable[One], subject: str | None) -> bool:
        ones = [*ones]
        mine = [one for one in self.taken() if one.subject == subject] + ones
        if self.opening.per_person_max and len(mine) > self.opening.per_person_max:
            return True
        for of in {one.type.id for one in ones}:
            most = self.types[of].per_person_max
            if most is not None and sum(one.type.id == of for one in mine) > most:
                return True
        return False

    def cart(self, asked: ask.Buying, at: datetime, *, approving: bool = False) -> list[One]:
        """Every ticket of it at its price, with what it takes from where; or no."""
        why = wrong_lines(self, asked, at, approving)
        ones: list[One] = []
        for (id_, said), quantity in self.wanted(asked).items():
            line = ask.Line(ticket_type=id_, quantity=quantity, price=said)
            ones += ones_of(self, line, at, ones) if id_ in self.types else []
        for one in ones:
            one.subject = asked.subject
        why |= addons_of(self, ones) | self.over_order(asked, ones)
        if self.over_person(ones, asked.subject):
            why.add("person_limit")
        why |= self.by_codes(asked, ones, at)
        self.take_room(ones, why)
        return self.with_fees(ones, asked.subject)

    def wanted(self, asked: ask.Buying) -> Counter[tuple[str, Money | None]]:
        """Ten lines of one are one line of ten."""
        found = Counter[tuple[str, Money | None]]()
        for line in asked.lines:
            found[line.ticket_type, line.price] += line.quantity
        return found

    def over_order(self, asked: ask.Buying, ones: list[One]) -> set[str]:
        for id_ in {line.ticket_type for line in asked.lines} | {one.type.id for one in ones}:
            of = self.types[id_]
            number = sum(line.quantity for line in asked.lines if line.ticket_type == id_)
            number = number if of.bundle else sum(one.type.id == id_ for one in ones)
            if not of.per_order_min <= number <= (of.per_order_max or number):
                return {"order_limit"}
        if self.opening.per_order_max and len(ones) > self.opening.per_order_max:
            return {"order_limit"}
        return set()

    def by_codes(self, asked: ask.Buying, ones: list[One], at: datetime) -> set[str]:
        vouchers = [code for code in dict.fromkeys(asked.codes) if code in self.vouchers]
        known = {code for of in self.types.values() for code in of.unlocked_by}
        known |= {code for of in self.types.values() for each in of.presales for code in each.codes}
        by_code = {code: id_ for id_, a in self.allotments.items() for code in a.asked.codes}
        active = {code for code in vouchers if self.vouchers[code].active}
        unknown = set(asked.codes) - known - active - set(by_code)
        why = {"unknown_code"} if unknown else set()
        why |= {"one_voucher"} if len(vouchers) > 1 else set()
        if why:
            return why
        why = use_voucher(self, vouchers[0], ones, asked, at) if vouchers else set()
        named = asked.allotment or next((by_code[c] for c in asked.codes if c in by_code), None)
        if named is not None:
            why |= self.from_allotment(named, ones)
        return why

    def from_allotment(self, id_: str, ones: list[One]) -> set[str]:
        if id_ not in self.allotments:
            return {"unknown_allotment"}
        allotment = self.allotments[id_]
        pool = allotment.asked.pool
        mine = [one for one in ones if one.reserve is None and one.type.draws.get(pool)]
        if sum(one.type.draws[pool] for one in mine) > allotment.left:
            return {"allotment_empty"}
        for one in mine:
            one.reserve, one.kept = f"allotment/{id_}", {pool: one.type.draws[pool]}
        return set()

    def take_room(self, ones: list[One], why: Iterable[str] = ()) -> None:
        why = {*why}
        for pool in self.pools:
            needs = sum(one.type.draws.get(pool, 0) for one in ones)
            kept = sum(one.kept.get(pool, 0) for one in ones)
            if needs and needs > kept + self.room(pool) + min(0, self.free(pool)):
                why.add("sold_out")  # also of what was kept, where more is taken than there is
        if why:
            raise No(*why)
        for one in ones:
            kind, _, id_ = (one.reserve or "").partition("/")
            if kind == "allotment":
                self.allotments[id_].left -= sum(one.kept.values())

    def answer(self, asked: Command, at: datetime) -> tuple[Naive, int | None]:
        """The office as it is then, and what it costs; or `No`, and it is as it was."""
        from tests.ticketing.naive_asked import DO  # noqa: PLC0415 - it is the other half of this

        then = copy.deepcopy(self)
        then.settle(at)
        cost = DO[type(asked)](then, asked, at)
        then.settle(at)
        return then, cost


__all__ = ["HALF_A_DAY", "MINUTES", "WEEK", "Allotment", "Hold", "Naive", "Wait", "total"]
