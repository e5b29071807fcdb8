"""Signed tickets: what they say survives a QR code, and nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import segno
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from roadcase.errors import Invalid
from services.ticketing.signed_ticket import (
    PREFIX,
    InvalidTicket,
    SignedTicket,
    from_base45,
    sign,
    to_base45,
    verify,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYS = {"k1": KEY.public_key(), "k2": OTHER.public_key()}
DOORS = datetime(2026, 6, 5, 18, tzinfo=UTC)
TICKET = SignedTicket(
    key_id="k1",
    ticket="ord_06dv2k8c1s7rvf6k0q0e2m9a1b-1",
    occurrence="occ_06dv2k8c1s7rvf6k0q0e2m9a1b",
    valid_from=DOORS,
    valid_until=DOORS + timedelta(hours=5),
)
TEXT = sign(TICKET, KEY)
IDS = st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z")
TIMES = st.none() | st.datetimes(
    datetime.fromisoformat("1970-01-02"),
    datetime.fromisoformat("2106-01-01"),
    timezones=st.just(UTC),
).map(lambda time: time.replace(microsecond=0))


def reason(text, keys=KEYS):
    with pytest.raises(InvalidTicket) as error:
        verify(text, keys)
    assert error.value.code == "ticketing.invalid_ticket"
    return error.value.facts["reason"]


def test_a_ticket_says_what_was_signed():
    assert verify(TEXT, KEYS) == TICKET
    assert verify(TEXT + "\r\n", KEYS) == TICKET


@given(IDS, IDS, TIMES, TIMES)
def test_any_ticket_says_what_was_signed(ticket, occurrence, first, last):
    signed = SignedTicket(
        key_id="k2", ticket=ticket, occurrence=occurrence, valid_from=first, valid_until=last
    )
    assert verify(sign(signed, OTHER), KEYS) == signed


def test_a_ticket_fits_a_small_qr_code_and_is_read_from_its_picture():
    code = segno.make(TEXT, error="m", boost_error=False)
    assert (code.mode, code.version) == ("alphanumeric", 8)
    picture = BytesIO()
    code.save(picture, kind="png", scale=4)
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(picture))] == [TEXT]


def test_the_longest_ticket_is_not_too_long():
    longest = SignedTicket(key_id="k" * 64, ticket="t" * 64, occurrence="o" * 64)
    text = sign(longest, KEY)
    assert len(text) == 333
    assert verify(text, {"k" * 64: KEY.public_key()}) == longest


def test_every_flipped_bit_is_found():
    raw = from_base45(TEXT.removeprefix(PREFIX))
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        assert reason(PREFIX + to_base45(bytes(flipped))) in {"forged", "garbled", "unknown_key"}


def test_every_other_character_is_found():
    for at in range(len(TEXT)):
        for char in "A0:é":
            if char != TEXT[at]:
                reason(TEXT[:at] + char + TEXT[at + 1 :])


def test_every_truncated_or_longer_ticket_is_found():
    assert reason("") == reason("\r\n") == "empty"
    assert reason(PREFIX) == "garbled"
    for length in range(1, len(TEXT)):
        assert reason(TEXT[:length]) in {"not_a_ticket", "garbled", "forged", "unknown_key"}
    assert reason(TEXT + "0") in {"garbled", "forged"}
    assert reason(TEXT + TEXT) in {"garbled", "too_long"}


def test_what_is_not_a_ticket_is_refused_in_one_way():
    assert reason("x" * 4096) == "too_long"
    assert reason(PREFIX + "A" * 4096) == "too_long"
    for text in (
        "https://example.org/t/1",
        TEXT.lower(),
        " " + TEXT,
        "\x00",
        "😀",
        "RC2:" + TEXT[4:],
    ):
        assert reason(text) == "not_a_ticket"
    for text in ("ü" * 20, ":::", "A", "::", "€€€"):
        assert reason(PREFIX + text) == "garbled"


@given(st.text(max_size=500))
def test_any_text_is_refused_in_one_way(text):
    assert reason(text)
    assert reason(PREFIX + text)


@given(st.binary(max_size=250))
def test_any_bytes_are_refused_in_one_way(raw):
    assert reason(PREFIX + to_base45(raw))
    assert from_base45(to_base45(raw)) == raw


def test_a_key_that_is_not_ours_or_no_longer_trusted_is_refused():
    assert reason(TEXT, {}) == "unknown_key"
    assert reason(sign(TICKET, OTHER)) == "forged"


def test_there_is_one_way_to_write_a_ticket():
    raw = from_base45(TEXT.removeprefix(PREFIX))
    padded = bytearray(raw)
    padded[2] |= 1  # the unused bits after "k1"
    assert reason(PREFIX + to_base45(bytes(padded))) == "garbled"


def test_only_ids_and_times_that_fit_are_signed():
    for wrong in (
        {"ticket": "a/b"},
        {"ticket": ""},
        {"key_id": "k" * 65},
        {"valid_from": datetime(1960, 1, 1, tzinfo=UTC)},
        {"valid_until": datetime(2107, 1, 1, tzinfo=UTC)},
    ):
        fields = {name: getattr(TICKET, name) for name in TICKET.__struct_fields__}
        with pytest.raises(Invalid):
            sign(SignedTicket(**fields | wrong), KEY)


@pytest.mark.parametrize("text", ["A", "BB8A", ":::", "GGW", "::", "V5", "ab", "=="])
def test_only_what_base45_writes_is_read(text):
    with pytest.raises(ValueError, match=r"base45|last byte"):
        from_base45(text)


@pytest.mark.parametrize(
    ("raw", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")]
)
def test_base45_is_the_one_of_the_rfc(raw, text):
    assert (to_base45(raw), from_base45(text)) == (text, raw)
