"""What guests of the naive model's night ask for."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.ticketing.naive_night import CODES, TYPES, line

PEOPLE = st.sampled_from(["ana", "bob", "cyd"])
PRICES = st.sampled_from([None, 100, 200, 350])
WANTED = st.lists(
    st.builds(line, st.tuples(st.sampled_from(TYPES), st.integers(1, 3)), PRICES),
    min_size=1,
    max_size=3,
)
PLAIN = st.sampled_from(["standard", "lounge", "adult", "kid", "child", "family"])
EASY = st.lists(
    st.builds(line, st.tuples(PLAIN, st.sampled_from([1, 1, 2, 3, 4])), st.none()),
    min_size=1,
    max_size=2,
)
BUYING = st.one_of(  # most purchases are such as may well be made
    st.fixed_dictionaries({"lines": EASY, "subject": PEOPLE}),
    st.fixed_dictionaries({"lines": EASY, "subject": PEOPLE, "codes": st.just(["V"])}),
    st.fixed_dictionaries({"lines": EASY, "subject": PEOPLE, "codes": st.just(["KEEP"])}),
    st.fixed_dictionaries(
        {"lines": WANTED, "subject": PEOPLE},
        optional={
            "codes": st.lists(st.sampled_from(CODES), min_size=1, max_size=2),
            "member": st.just(True),
            "allotment": st.sampled_from(["A", "B"]),
        },
    ),
)
N = st.integers(0, 99)
TERMS = st.sampled_from(
    [
        {"effect": "subtract", "amount": "5.00 EUR"},
        {"effect": "set", "amount": "4.00 EUR"},
        {"effect": "percent", "permille": 333},
        {"effect": "subtract", "amount": "7.00 EUR", "budget": "10.00 EUR"},
    ]
)
