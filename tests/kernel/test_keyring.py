"""Sealed personal data: found by contact, opened by its tenant, erased for good, or lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from roadcase.errors import Invalid
from roadcase.event_store.connections import connect
from roadcase.keyring import Contact, Erased, KeyLost, Sealed, contact_of, open_keyring
from roadcase.secret import Secret

SECRET = Secret("a secret of this test, of at least 32 characters")
ADA = Contact(email="ada@example.org", name="Ada Lovelace")
AT = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
async def keyring(database):
    async with open_keyring(database, SECRET) as found:
        yield found


async def opened(keyring, sealed: Sealed, tenant: str = "acme"):
    return (await keyring.open_contacts(tenant, [sealed.packed()]))[0]


async def test_what_was_sealed_opens_as_it_was(keyring):
    sealed = await keyring.seal("acme", ADA)
    assert await opened(keyring, sealed) == ADA
    other = await keyring.seal("acme", ADA, b"a note")
    assert (other.kid, await keyring.open("acme", other)) == (sealed.kid, b"a note")
    assert b"ada" not in sealed.packed().lower()


@pytest.mark.parametrize(
    "same",
    [
        ("ada@example.org", " ADA@Example.ORG "),
        ("\uff41\uff44\uff41@example.org", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("+49 170 1234567", "0049-170/1234567"),
        ("+٤٩١٧٠١٢٣٤٥٦٧", "+491701234567"),
    ],
)
async def test_a_person_is_known_again_however_they_write_their_address(keyring, same):
    subjects = {(await keyring.seal("acme", contact_of(each))).kid for each in same}
    assert len(subjects) == 1
    assert await keyring.find("acme", contact_of(same[1])) in subjects


async def test_one_person_has_another_key_with_every_tenant_who_cannot_open_each_others(keyring):
    ours, theirs = await keyring.seal("acme", ADA), await keyring.seal("other", ADA)
    assert ours.kid != theirs.kid
    stolen, missing = await opened(keyring, ours, "other"), Sealed("sub_nobody", ours.blob)
    assert stolen == await opened(keyring, missing, "other") == KeyLost(stolen.why)
    forged = await opened(keyring, Sealed(theirs.kid, ours.blob), "other")
    assert isinstance(forged, KeyLost)
    await keyring.erase("other", ours.kid, AT)
    assert await opened(keyring, ours) == ADA, "erased by somebody whose it is not"


async def test_an_erased_person_is_erased_for_good_and_a_stranger_when_they_return(keyring):
    before = await keyring.seal("acme", ADA)
    await keyring.erase("acme", before.kid, AT)
    assert await opened(keyring, before) == Erased(AT)
    assert await keyring.find("acme", ADA) is None
    after = await keyring.seal("acme", ADA)
    assert after.kid != before.kid
    await keyring.erase("acme", before.kid, AT)  # once more, as a replayed log does
    assert (await opened(keyring, before), await opened(keyring, after)) == (Erased(AT), ADA)


async def test_a_lost_key_is_not_an_erased_one(keyring, database):
    lost = await keyring.seal("acme", ADA)
    await as_owner(database, "DELETE FROM keyring.people")
    async with open_keyring(database, SECRET) as fresh:
        assert isinstance(await opened(fresh, lost), KeyLost)
        await fresh.erase("acme", lost.kid, AT)  # the log knows that it was erased, and says so
        assert await opened(fresh, lost) == Erased(AT)


async def test_another_secret_opens_nothing_and_says_so(keyring, database):
    sealed = await keyring.seal("acme", ADA)
    other = Secret("another secret, which is also at least 32 characters")
    async with open_keyring(database, other) as wrong:
        answer = await opened(wrong, sealed)
    assert isinstance(answer, KeyLost)
    assert "another secret" in answer.why


async def test_every_process_forgets_a_key_that_one_erased(keyring, database):
    sealed = await keyring.seal("acme", ADA)
    async with open_keyring(database, SECRET) as other:
        await until(lambda: other._cache.trusted)
        assert await opened(other, sealed) == ADA
        assert other._cache.subject("acme", sealed.kid), "it would not have to forget anything"
        await keyring.erase("acme", sealed.kid, AT)
        await until(lambda: not other._cache.subject("acme", sealed.kid))
        assert await opened(other, sealed) == Erased(AT)
        assert (await other.seal("acme", ADA)).kid != sealed.kid


async def test_a_process_that_cannot_hear_of_erasures_remembers_nothing(keyring, database):
    await until(lambda: keyring._cache.trusted)
    sealed = await keyring.seal("acme", ADA)
    assert keyring._cache.subject("acme", sealed.kid)
    owner = await connect(database)
    listening = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT 1'"
    await owner.execute(listening + " AND datname = current_database()")
    await until(lambda: not keyring._cache.subject("acme", sealed.kid))
    await owner.close()
    assert await opened(keyring, sealed) == ADA


async def test_a_thousand_new_people_at_once_get_a_key_each_and_the_same_person_one(keyring):
    people = [Contact(email=f"guest{n % 1000}@example.org") for n in range(2000)]
    sealed = await asyncio.gather(*(keyring.seal("acme", each) for each in people))
    assert len({each.kid for each in sealed}) == 1000
    assert [a.kid for a in sealed[:1000]] == [b.kid for b in sealed[1000:]]
    opened_all = await keyring.open_contacts("acme", [each.packed() for each in sealed])
    assert opened_all == people


async def test_two_processes_that_meet_a_person_at_once_agree(keyring, database):
    async with open_keyring(database, SECRET) as other:
        people = [Contact(phone=f"+4917012{n:05}") for n in range(300)]
        both = [each.seal("acme", who) for who in people for each in (keyring, other)]
        kids = [sealed.kid for sealed in await asyncio.gather(*both)]
    assert kids[::2] == kids[1::2]


@pytest.mark.parametrize(
    "contact",
    [
        Contact(),
        Contact(name="only a name"),
        Contact(email="no at sign"),
        Contact(email="two words@example.org"),
        Contact(email="x" * 250 + "@example.org"),
        Contact(email="a@" + "ü" * 70 + ".example"),
        Contact(phone="0170 1234567"),
        Contact(phone="+49 not a number"),
        Contact(email="ada@example.org", name="x" * 201),
        Contact(email="ada@example.org", name="\x1b[2J"),
        Contact(email="ada\ud800@example.org"),
    ],
)
async def test_what_is_no_contact_is_refused_without_repeating_it(keyring, contact):
    with pytest.raises(Invalid) as refused:
        await keyring.seal("acme", contact)
    said = f"{refused.value} {refused.value.facts} {refused.value.__cause__}"
    assert not [
        text for text in (contact.email, contact.phone, contact.name) if text and text in said
    ]


async def test_keys_are_reached_through_functions_by_their_own_role_only(keyring, database):
    await keyring.seal("acme", ADA)
    for role, query in [
        ("keyring_app", "SELECT * FROM keyring.people"),
        ("keyring_app", "DELETE FROM keyring.people"),
        ("ticketing_app", "SELECT * FROM keyring.people"),
        ("ticketing_app", "SELECT keyring.find('acme', '')"),
    ]:
        connection = await connect(database, role)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(query)
        await connection.close()


async def test_neither_contact_nor_key_stand_in_the_keyring_as_they_are(keyring, database):
    sealed = await keyring.seal("acme", ADA)
    rows = await as_owner(database, "SELECT p::text AS row FROM keyring.people p")
    key = (await keyring._keys("acme", {sealed.kid}))[sealed.kid]
    for secret in (b"ada@example.org", b"Lovelace", key):
        assert secret.hex() not in rows[0]["row"]
        assert secret.decode("latin-1") not in rows[0]["row"]
    await keyring.erase("acme", sealed.kid, AT)
    left = await as_owner(database, "SELECT contact, wrapped FROM keyring.people")
    assert [tuple(row) for row in left] == [(None, None)]


@pytest.mark.parametrize("raw", [b"", b"\x01", b"\x02\x01a" + bytes(40), b"\x01\xff" + bytes(20)])
def test_bytes_that_are_not_sealed_are_told_apart(raw):
    with pytest.raises(Invalid):
        Sealed.unpacked(raw)


async def as_owner(database: str, query: str):
    connection = await connect(database)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


async def until(holds) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
