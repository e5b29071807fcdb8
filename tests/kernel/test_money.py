"""Amounts are read exactly or not at all, and parts always add up."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadcase.errors import Invalid
from roadcase.money import ACTIVE, DECIMALS, HIGHEST, LOWEST, WITHDRAWN, Money, allocate, decimals

AMOUNTS = st.integers(LOWEST, HIGHEST)
CURRENCIES = st.sampled_from(sorted(DECIMALS))
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)

READ = [
    ("12.00 EUR", 1200, "EUR"),
    ("0.05 EUR", 5, "EUR"),
    ("-0.05 EUR", -5, "EUR"),
    ("0.00 USD", 0, "USD"),
    ("1200 JPY", 1200, "JPY"),
    ("-7 JPY", -7, "JPY"),
    ("1.234 KWD", 1234, "KWD"),
    ("0.001 BHD", 1, "BHD"),
    ("1.2345 CLF", 12345, "CLF"),
    ("92233720368547758.07 EUR", HIGHEST, "EUR"),
    ("-92233720368547758.08 EUR", LOWEST, "EUR"),
    ("9223372036854775807 JPY", HIGHEST, "JPY"),
]

BAD = [
    ("12.00", "currency is missing"),
    ("12.00 ", "currency is missing"),
    ("", "currency is missing"),
    ("12.00EUR", "currency is missing"),
    ("EUR 12.00", "not an active"),
    ("12.00 eur", "not an active"),
    ("12.00 XYZ", "not an active"),
    ("12.00 EUR ", "not an active"),
    ("12.00  EUR", "not an active"),
    ("12.00 EUR USD", "not an active"),
    ("1.00 XAU", "not an active"),
    ("1.00 XXX", "not an active"),
    ("1.00 BGN", "not an active"),
    ("12 EUR", "2 decimals, not 0"),
    ("12.0 EUR", "2 decimals, not 1"),
    ("12.000 EUR", "2 decimals, not 3"),
    ("12.00 JPY", "0 decimals, not 2"),
    ("12.00 KWD", "3 decimals, not 2"),
    ("12. EUR", "plain decimal"),
    (".50 EUR", "plain decimal"),
    ("NaN EUR", "plain decimal"),
    ("Infinity EUR", "plain decimal"),
    ("1e3 EUR", "plain decimal"),
    ("1e3 JPY", "plain decimal"),
    ("1,200.00 EUR", "plain decimal"),
    ("1.200,00 EUR", "plain decimal"),
    ("1_200.00 EUR", "plain decimal"),
    ("12,00 EUR", "plain decimal"),
    ("+12.00 EUR", "plain decimal"),
    ("--12.00 EUR", "plain decimal"),
    ("012.00 EUR", "plain decimal"),
    ("0x10 JPY", "plain decimal"),
    ("١٢ JPY", "plain decimal"),
    ("12.00\n EUR", "plain decimal"),
    (" 12.00 EUR", "not an active"),
    ("\t12.00 EUR", "plain decimal"),
    ("-0.00 EUR", "zero has no sign"),
    ("92233720368547758.08 EUR", "64 bits"),
    ("-92233720368547758.09 EUR", "64 bits"),
    ("9" * 5_000 + ".00 EUR", "64 bits"),
]


@pytest.mark.parametrize(("text", "minor", "currency"), READ)
def test_an_amount_is_read_exactly_and_written_back_the_same(text, minor, currency):
    assert Money.parse(text) == Money(minor, currency)
    assert str(Money(minor, currency)) == text


@pytest.mark.parametrize(("text", "why"), BAD, ids=[repr(text[:20]) for text, _ in BAD])
def test_anything_else_is_refused_and_says_why(text, why):
    with pytest.raises(Invalid, match=why) as caught:
        Money.parse(text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("currency", "right"), [("EUR", "12.00"), ("JPY", "12"), ("KWD", "12.000")]
)
def test_a_refusal_shows_how_to_write_an_amount_of_that_currency(currency, right):
    with pytest.raises(Invalid, match=f'write "{right} {currency}"'):
        Money.parse(f"12.5 {currency}")


@given(AMOUNTS, CURRENCIES)
def test_every_amount_survives_being_written_and_read(minor, currency):
    money = Money(minor, currency)
    assert Money.parse(str(money)) == money
    assert msgspec.json.decode(msgspec.json.encode(money), type=Money) == money


@given(st.text(alphabet="0123456789.,-+eE _EURJPKWD", max_size=14))
def test_whatever_can_be_read_is_written_back_the_same(text):
    try:
        money = Money.parse(text)
    except Invalid:
        return
    assert str(money) == text


def test_money_is_plain_json_in_an_event():
    assert msgspec.json.encode(Money(1200, "EUR")) == b'{"minor":1200,"currency":"EUR"}'


def test_the_currency_table_is_whole():
    codes = [code for places in ACTIVE.values() for code in places.split()]
    assert len(codes) == len(set(codes)) == len(DECIMALS) == 165
    assert all(len(code) == 3 and code.isupper() and code.isascii() for code in codes)
    assert not set(WITHDRAWN) & set(DECIMALS)
    assert [decimals(code) for code in ("JPY", "EUR", "KWD", "CLF", "XCG")] == [0, 2, 3, 4, 2]


def test_an_old_event_may_name_a_currency_that_was_withdrawn_since():
    assert str(Money(1234, "BGN")) == "12.34 BGN"


@given(AMOUNTS, AMOUNTS)
def test_sums_and_differences_are_exact_or_refused(one, other):
    for result, operation in ((one + other, Money.__add__), (one - other, Money.__sub__)):
        if LOWEST <= result <= HIGHEST:
            assert operation(Money(one, "EUR"), Money(other, "EUR")) == Money(result, "EUR")
        else:
            with pytest.raises(Invalid, match="64 bits"):
                operation(Money(one, "EUR"), Money(other, "EUR"))


def test_amounts_are_negated_multiplied_and_compared():
    assert -Money(5, "EUR") == Money(-5, "EUR")
    assert Money(5, "EUR") * 3 == Money(15, "EUR")
    assert Money(5, "EUR") * -1 == Money(-5, "EUR")
    assert Money(5, "EUR") < Money(6, "EUR") <= Money(6, "EUR")
    assert not Money(6, "EUR") < Money(6, "EUR")
    assert max(Money(5, "EUR"), Money(6, "EUR")) == Money(6, "EUR")
    assert {Money(5, "EUR"), Money(5, "EUR")} == {Money(5, "EUR")}
    with pytest.raises(Invalid, match="64 bits"):
        -Money(LOWEST, "EUR")
    with pytest.raises(Invalid, match="64 bits"):
        Money(HIGHEST, "EUR") * 2


@pytest.mark.parametrize("operation", [Money.__add__, Money.__sub__, Money.__lt__, Money.__le__])
def test_currencies_are_never_mixed(operation):
    with pytest.raises(Invalid, match=r"1\.00 EUR and 100 JPY"):
        operation(Money(100, "EUR"), Money(100, "JPY"))
    assert Money(100, "EUR") != Money(100, "JPY")


def test_minor_units_are_whole_numbers():
    for wrong in (1.0, True, "1", None):
        with pytest.raises(TypeError):
            Money(wrong, "EUR")
    with pytest.raises(TypeError):
        Money(1, "EUR") * 1.5
    with pytest.raises(Invalid):
        Money(1, "euro")


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_parts_always_add_up_and_are_within_one_unit_of_their_share(total, weights):
    if not sum(weights):
        return
    parts = allocate(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert type(part) is int
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or not part


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_a_refund_is_split_as_the_sale_was(total, weights):
    if sum(weights):
        assert allocate(-total, weights) == [-part for part in allocate(total, weights)]


@given(st.integers(0, 10**9), WEIGHTS)
def test_the_units_left_over_go_to_the_largest_remainders_then_the_lower_index(total, weights):
    whole = sum(weights)
    if not whole:
        return
    shares = [Fraction(total * weight, whole) for weight in weights]
    parts = allocate(total, weights)
    got = [i for i in range(len(weights)) if parts[i] > int(shares[i])]
    order = sorted(range(len(weights)), key=lambda i: (int(shares[i]) - shares[i], i))
    assert sorted(order[: len(got)]) == got


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (2, [1, 1, 1], [1, 1, 0]),
        (5, [0, 1, 0, 1], [0, 3, 0, 2]),
        (10, [1, 2], [3, 7]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
        (7, [7], [7]),
        (2**63 - 1, [10**18, 10**18], [2**62, 2**62 - 1]),
    ],
)
def test_these_totals_split_like_this(total, weights, parts):
    assert allocate(total, weights) == parts


@pytest.mark.parametrize(
    ("total", "weights"), [(1, [0, 0]), (-1, [0]), (1, []), (1, [2, -1]), (0, [-1])]
)
def test_a_split_by_nothing_or_by_negative_weights_is_invalid(total, weights):
    with pytest.raises(Invalid, match="weight"):
        allocate(total, weights)


def test_money_splits_into_money():
    assert [str(part) for part in Money.parse("1.00 EUR").split([1, 1, 1])] == [
        "0.34 EUR",
        "0.33 EUR",
        "0.33 EUR",
    ]
