"""Tokens: what is accepted, what is refused and why, how keys rotate and tokens are revoked."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from roadcase.auth import Identity, Signer, Verifier, bearer
from roadcase.errors import Forbidden, Invalid, Unauthenticated

KEY = Ed25519PrivateKey.generate()
OTHER = Ed25519PrivateKey.generate()
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SELL = ["ticketing:sell"]


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def signer(clock: Hands) -> Signer:
    return Signer("k1", KEY, clock)


@pytest.fixture
def verifier(clock: Hands) -> Verifier:
    return Verifier({"k1": KEY.public_key()}, clock)


def claims(**changed: object) -> dict[str, object]:
    at = int(NOON.timestamp())
    whole = {
        "tenant": "acme",
        "sub": "till-1",
        "scopes": SELL,
        "iat": at,
        "exp": at + 60,
        "jti": "j",
    }
    return {name: value for name, value in (whole | changed).items() if value is not None}


def crafted(
    content: object, *, key: object = KEY, alg: str = "EdDSA", kid: object = "k1", **header: object
) -> str:
    payload = content if isinstance(content, bytes) else json.dumps(content).encode()
    return jwt.PyJWS().encode(payload, key, alg, {"kid": kid, **header})


def raw(header: object, payload: bytes = b"{}", signature: bytes = b"x" * 64) -> str:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=") for part in (head, payload, signature)]
    return b".".join(parts).decode()


def test_a_token_tells_who_calls_and_what_they_may(signer: Signer, verifier: Verifier) -> None:
    identity = verifier.verify(signer.sign("acme", "till-1", ["ticketing:sell", "media:read"]))
    assert (identity.tenant, identity.actor) == ("acme", "till-1")
    assert identity.scopes == {"ticketing:sell", "media:read"}
    assert identity.expires - identity.issued == timedelta(hours=24)
    assert identity.token


def test_a_missing_scope_is_named(signer: Signer, verifier: Verifier) -> None:
    identity = verifier.verify(signer.sign("acme", "till-1", SELL))
    identity.require("ticketing:sell")
    with pytest.raises(Forbidden, match="ticketing:refund") as refused:
        identity.require("ticketing:refund")
    assert refused.value.facts == {"scope": "ticketing:refund"}


def test_a_token_without_scopes_may_do_nothing(signer: Signer, verifier: Verifier) -> None:
    identity = verifier.verify(signer.sign("acme", "till-1", []))
    with pytest.raises(Forbidden):
        identity.require("ticketing:sell")


def test_a_token_expires_even_when_it_is_remembered(
    signer: Signer, verifier: Verifier, clock: Hands
) -> None:
    token = signer.sign("acme", "till-1", SELL, timedelta(minutes=1))
    clock.at += timedelta(seconds=59)
    assert verifier.verify(token).actor == "till-1"
    clock.at += timedelta(seconds=1)
    with pytest.raises(Unauthenticated, match="expired"):
        verifier.verify(token)


def test_a_token_from_the_future_is_refused(
    signer: Signer, verifier: Verifier, clock: Hands
) -> None:
    clock.at += timedelta(seconds=60)
    token = signer.sign("acme", "till-1", SELL)
    clock.at = NOON
    with pytest.raises(Unauthenticated, match="not valid yet"):
        verifier.verify(token)
    clock.at += timedelta(seconds=56)  # clocks may differ a little
    assert verifier.verify(token)


def test_a_token_not_valid_before_a_moment_is_refused_until_then(verifier: Verifier) -> None:
    later = int(NOON.timestamp()) + 30
    with pytest.raises(Unauthenticated, match="not valid yet"):
        verifier.verify(crafted(claims(nbf=later)))


@pytest.mark.parametrize(
    ("scopes", "lifetime"),
    [(SELL, timedelta(hours=24)), (["ops:replay", "ticketing:sell"], timedelta(hours=1))],
)
def test_no_token_lives_longer_than_its_scopes_allow(
    signer: Signer, verifier: Verifier, scopes: list[str], lifetime: timedelta
) -> None:
    assert verifier.verify(signer.sign("acme", "ann", scopes, lifetime))
    with pytest.raises(Invalid):
        signer.sign("acme", "ann", scopes, lifetime + timedelta(seconds=1))
    issued = int(NOON.timestamp())
    longer = claims(scopes=scopes, exp=issued + int(lifetime.total_seconds()) + 1)
    with pytest.raises(Unauthenticated, match="longer than"):
        verifier.verify(crafted(longer))


def test_a_token_signed_with_another_key_is_refused(verifier: Verifier) -> None:
    with pytest.raises(Unauthenticated, match="signature"):
        verifier.verify(crafted(claims(), key=OTHER))


def test_a_changed_token_is_refused(signer: Signer, verifier: Verifier) -> None:
    head, _, signature = signer.sign("acme", "till-1", SELL).split(".")
    body = (
        base64.urlsafe_b64encode(json.dumps(claims(tenant="rival")).encode()).rstrip(b"=").decode()
    )
    with pytest.raises(Unauthenticated, match="signature"):
        verifier.verify(f"{head}.{body}.{signature}")


def public_bytes(encoding: serialization.Encoding, form: serialization.PublicFormat) -> bytes:
    return KEY.public_key().public_bytes(encoding, form)


@cache
def confusing_tokens() -> dict[str, str]:
    """Tokens of other algorithms, among them those signed with what everyone knows."""
    pem = public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    plain = public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    content = json.dumps(claims()).encode()
    return {
        "none": raw({"alg": "none", "kid": "k1"}, content, b""),
        "None": raw({"alg": "None", "kid": "k1"}, content, b""),
        "no alg": raw({"kid": "k1"}, content),
        "alg is a list": raw({"alg": ["EdDSA"], "kid": "k1"}, content),
        "HS256 with the public key": hmac_token(content, pem),
        "HS256 with the raw public key": hmac_token(content, plain),
        "RS256": crafted(claims(), key=generate_private_key(65537, 2048), alg="RS256"),
    }


def hmac_token(content: bytes, key: bytes) -> str:
    head = raw({"alg": "HS256", "kid": "k1"}, content, b"").rpartition(".")[0]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        head.encode(), key
    )
    return f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@pytest.mark.parametrize("which", confusing_tokens())
def test_no_other_algorithm_is_accepted(verifier: Verifier, which: str) -> None:
    with pytest.raises(Unauthenticated, match=r"EdDSA|not a token"):
        verifier.verify(confusing_tokens()[which])


def test_another_curve_under_the_same_name_is_refused(verifier: Verifier) -> None:
    with pytest.raises(Unauthenticated, match="signature"):
        verifier.verify(crafted(claims(), key=Ed448PrivateKey.generate()))


def test_a_key_inside_the_token_is_not_used(verifier: Verifier) -> None:
    public = public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    own = {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(public).decode()}
    with pytest.raises(Unauthenticated, match="not trusted"):
        verifier.verify(crafted(claims(), key=OTHER, kid="mine", jwk=own))


@pytest.mark.parametrize("kid", ["unknown", "", "../../k1", None])
def test_an_unknown_key_is_refused(verifier: Verifier, kid: object) -> None:
    token = raw({"alg": "EdDSA"} if kid is None else {"alg": "EdDSA", "kid": kid})
    with pytest.raises(Unauthenticated, match="not trusted"):
        verifier.verify(token)


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "a.b.c",
        "\0\0\0",
        "žluťoučký.kůň.úpěl",
        "\ud800",
        "x" * 4096,
        raw(b"not json"),
        raw(b"[]"),
        raw(b'"EdDSA"'),
        raw(b"null"),
        raw(b"[" * 2500),
        raw({"alg": "EdDSA", "kid": ["k1"]}),
        raw({"alg": "EdDSA", "kid": {}}),
        raw({"alg": "EdDSA", "kid": "k1"}, b"{}", b""),
        raw({"alg": "EdDSA", "kid": "k1", "crit": ["exp"]}),
        raw({"alg": "EdDSA", "kid": "k1", "b64": False, "crit": ["b64"]}),
    ],
)
def test_garbage_is_refused_with_a_plain_reason(verifier: Verifier, garbage: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        verifier.verify(garbage)
    assert str(refused.value).startswith("this ")


def test_a_token_of_8_kilobytes_is_not_even_looked_at(verifier: Verifier) -> None:
    token = crafted(claims(padding="x" * 6000))
    assert len(token) > 8000
    with pytest.raises(Unauthenticated, match="longer than 4096"):
        verifier.verify(token)


@pytest.mark.parametrize("missing", ["tenant", "sub", "scopes", "iat", "exp", "jti"])
def test_every_claim_is_needed(verifier: Verifier, missing: str) -> None:
    with pytest.raises(Unauthenticated, match=missing):
        verifier.verify(crafted(claims(**{missing: None})))


@pytest.mark.parametrize(
    "wrong",
    [
        {"tenant": "UPPER"},
        {"tenant": "acme\n"},
        {"tenant": "a/b"},
        {"tenant": 7},
        {"sub": ""},
        {"sub": "ann smith"},
        {"scopes": "ticketing:sell"},
        {"scopes": ["*"]},
        {"scopes": ["ticketing:sell\n"]},
        {"exp": "tomorrow"},
        {"exp": 1e300},
        {"iat": True},
        {"jti": ""},
        {"jti": "j" * 65},
    ],
    ids=str,
)
def test_a_claim_of_the_wrong_shape_is_refused(
    verifier: Verifier, wrong: dict[str, object]
) -> None:
    with pytest.raises(Unauthenticated, match="claims"):
        verifier.verify(crafted(claims(**wrong)))


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"[" * 2500, b'{"exp": NaN}'])
def test_a_signed_token_that_holds_no_claims_is_refused(verifier: Verifier, content: bytes) -> None:
    with pytest.raises(Unauthenticated, match="claims"):
        verifier.verify(crafted(content))


def test_keys_rotate_without_a_gap(signer: Signer, verifier: Verifier, clock: Hands) -> None:
    old = signer.sign("acme", "till-1", SELL)
    new = Signer("k2", OTHER, clock).sign("acme", "till-1", SELL)
    with pytest.raises(Unauthenticated):
        verifier.verify(new)
    verifier.trust("k2", OTHER.public_key())
    kept = verifier.verify(old)
    assert verifier.verify(new).key_id == "k2"
    verifier.distrust("k1")
    for check in (lambda: verifier.verify(old), lambda: verifier.check(kept)):
        with pytest.raises(Unauthenticated, match="not trusted"):
            check()
    assert verifier.verify(new)


def test_a_revoked_token_is_refused_at_once_and_others_are_not(
    signer: Signer, verifier: Verifier
) -> None:
    first, second = (signer.sign("acme", "till-1", SELL) for _ in range(2))
    identity = verifier.verify(first)
    verifier.revoke(identity.token)
    with pytest.raises(Unauthenticated, match="revoked"):
        verifier.verify(first)
    with pytest.raises(Unauthenticated, match="revoked"):
        verifier.check(identity)
    assert verifier.verify(second)


def test_a_closed_tenant_is_refused_until_it_is_opened_again(
    signer: Signer, verifier: Verifier
) -> None:
    token, stranger = signer.sign("acme", "till-1", SELL), signer.sign("rival", "till-1", SELL)
    verifier.verify(token)
    verifier.close("acme")
    with pytest.raises(Unauthenticated, match="revoked"):
        verifier.verify(token)
    assert verifier.verify(stranger)
    verifier.open("acme")
    assert verifier.verify(token)


@pytest.mark.parametrize("how", ["revoke", "distrust", "close"])
def test_whoever_is_being_answered_is_told_once_and_nobody_else(
    signer: Signer, verifier: Verifier, how: str
) -> None:
    mine = verifier.verify(signer.sign("acme", "till-1", SELL))
    verifier.trust("k2", OTHER.public_key())
    theirs = verifier.verify(Signer("k2", OTHER, signer._clock).sign("rival", "till-1", SELL))
    told: list[str] = []
    with (
        verifier.held(mine, lambda: told.append("mine")),
        verifier.held(theirs, lambda: told.append("theirs")),
    ):
        verifier.revoke("another")
        assert told == []
        why = {"revoke": mine.token, "distrust": mine.key_id, "close": mine.tenant}
        for _ in range(2):
            getattr(verifier, how)(why[how])
        assert told == ["mine"]
    verifier.revoke(theirs.token)
    assert told == ["mine"]
    with verifier.held(theirs, lambda: told.append("refused before")):
        assert told == ["mine", "refused before"]


def test_a_token_on_record_has_its_id_and_begins_when_it_says_but_never_later_than_now(
    signer: Signer, verifier: Verifier, clock: Hands
) -> None:
    clock.at += timedelta(seconds=30)
    early = signer.sign("acme", "ann", SELL, token="tok_1", issued=NOON)
    late = signer.sign("acme", "ann", SELL, issued=NOON + timedelta(hours=1))
    assert verifier.verify(early).token == "tok_1"
    assert verifier.verify(early).issued == NOON
    assert verifier.verify(late).issued == clock.at


def test_revocations_are_kept_as_long_as_a_token_could_live(
    signer: Signer, verifier: Verifier, clock: Hands
) -> None:
    token = signer.sign("acme", "till-1", SELL)
    verifier.revoke(verifier.verify(token).token)
    clock.at += timedelta(hours=24, seconds=-1)
    verifier.revoke("another")
    with pytest.raises(Unauthenticated, match="revoked"):
        verifier.verify(token)
    clock.at += timedelta(hours=48)
    verifier.revoke("a third")
    assert list(verifier._revoked) == ["a third"]


def test_a_signature_is_verified_once_and_few_tokens_are_remembered(
    signer: Signer, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = Verifier({"k1": KEY.public_key()}, clock, remembered=2)
    read: list[str] = []
    real = Verifier._read

    def counted(self: Verifier, token: str) -> Identity:
        read.append(token)
        return real(self, token)

    monkeypatch.setattr(Verifier, "_read", counted)
    tokens = [signer.sign("acme", f"till-{n}", SELL) for n in range(3)]
    for token in tokens * 2:
        verifier.verify(token)
        verifier.verify(token)
    assert len(read) == 6  # each twice: it was forgotten in between, never read twice in a row
    assert len(verifier._known) == 2


@pytest.mark.parametrize(
    "asked",
    [("", "ann", SELL), ("acme", "", SELL), ("acme", "ann", ["sell"]), ("acme", "a\n", SELL)],
)
def test_a_signer_signs_nothing_that_no_verifier_would_accept(
    signer: Signer, asked: tuple[str, str, list[str]]
) -> None:
    with pytest.raises(Invalid):
        signer.sign(*asked)


@pytest.mark.parametrize("lifetime", [timedelta(0) - timedelta(seconds=1), timedelta(days=2)])
def test_a_lifetime_is_a_second_to_a_day(signer: Signer, lifetime: timedelta) -> None:
    with pytest.raises(Invalid):
        signer.sign("acme", "ann", SELL, lifetime)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_a_header_without_a_bearer_token_is_refused(header: str | None) -> None:
    with pytest.raises(Unauthenticated, match="Bearer"):
        bearer(header)


def test_the_word_bearer_may_be_written_in_any_case() -> None:
    assert bearer("bearer abc") == bearer("Bearer abc") == "abc"
