"""Short codes: typed by people, so every typo is found and no case or hyphen matters."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ticketing import codes
from services.ticketing.codes import ALPHABET, InvalidCode
from services.ticketing.events import TicketSold
from tests.ticketing.night import SEED, after, become, opening, selling

TICKETS = st.from_regex(r"\A[a-z]{1,20}-[0-9]{1,4}\Z")


def bad(code):
    with pytest.raises(InvalidCode):
        codes.parse(code)
    return True


def test_a_code_has_no_characters_that_look_alike():
    assert len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("0OoIiLl1")
    made = "".join(codes.candidate(SEED, f"o-{n}") for n in range(2_000))
    assert set(made) == set(ALPHABET)


@given(TICKETS)
def test_a_code_is_read_in_any_case_with_any_spaces_and_hyphens(ticket):
    code = codes.candidate(SEED, ticket)
    shown = codes.show(code)
    assert len(shown) == 11
    for typed in (code, shown, shown.lower(), f" {code[:3]} {code[3:]} "):
        assert codes.parse(typed) == code


@given(TICKETS)
def test_every_single_typo_is_found(ticket):
    code = codes.candidate(SEED, ticket)
    for at, char in enumerate(code):
        assert all(bad(code[:at] + other + code[at + 1 :]) for other in ALPHABET if other != char)


@given(TICKETS)
def test_every_swap_of_two_characters_is_found(ticket):
    code = codes.candidate(SEED, ticket)
    for one, two in combinations(range(len(code)), 2):
        chars = list(code)
        chars[one], chars[two] = chars[two], chars[one]
        assert chars == list(code) or bad("".join(chars))


@given(st.text(max_size=30))
def test_anything_else_is_refused_in_one_way(typed):
    with suppress(InvalidCode):
        assert codes.parse(typed)


@pytest.mark.parametrize(
    "typed", ["", "-", "x" * 4096, "\u017f" * 10, "K" * 9 + "\u212a", "0OIL1-0OIL1"]
)
def test_what_is_no_code_is_refused(typed):
    assert bad(typed)


def test_a_code_depends_on_the_secret_the_ticket_and_the_attempt():
    made = {
        codes.candidate(codes.seed(secret, tenant, "n1", order), f"{order}-{n}", attempt)
        for secret in (b"one", b"two")
        for tenant in ("a", "b")
        for order in ("o1", "o2")
        for n in (1, 2)
        for attempt in (0, 1)
    }
    assert len(made) == 32
    assert codes.seed(b"one", "a", "n1", "o1") == codes.seed(b"one", "a", "n1", "o1")


def test_a_code_that_is_taken_is_passed_over():
    first, second, third = (codes.candidate(SEED, "o1-1", n) for n in range(3))
    assert codes.fresh(SEED, "o1-1", set(), set()) == first
    assert codes.fresh(SEED, "o1-1", {first}, set()) == second
    assert codes.fresh(SEED, "o1-1", {first}, {second}) == third


def test_two_tickets_of_an_occurrence_never_have_the_same_code(monkeypatch):
    real = codes.candidate
    monkeypatch.setattr(
        codes, "candidate", lambda seed, _ticket, attempt=0: real(seed, "same", attempt)
    )
    night = after(opening(pools={"hall": 9}), selling("o1", ("standard", 2), amount="24.00 EUR"))
    events = become(night.when(selling("o2", ("standard", 2), amount="24.00 EUR")))
    sold = [each.code for each in (*night.history, *events) if isinstance(each, TicketSold)]
    assert sold == [real(SEED, "same", attempt) for attempt in range(4)]


def test_a_retry_gets_the_same_codes():
    night = after(opening())
    assert become(night.when(selling("o1"))) == become(night.when(selling("o1")))
