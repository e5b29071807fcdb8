"""No plaintext personal data outside the keyring, and none in it: whatever people are called."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from roadcase.api.v1 import common_pb2, people_pb2
from roadcase.client import Refusal, Roadcase
from tests.system.site import Site, _wait_until_ready, environment
from tests.system.test_people import SELLS, opening, shown

EUR12 = common_pb2.Money(minor=1200, currency="EUR")
SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "accents": "àéîõüßñçøåžłğ",
    "greek": "αβγδεζηθικλμνξ",
    "cyrillic": "абвгдежзийклмн",
    "arabic": "ابتثجحخدذرزسش",
    "hebrew": "אבגדהוזחטיכלמנ",
    "devanagari": "कखगघचछजझटठडढ",
    "thai": "กขคงจฉชซญดตถ",
    "han": "王李张刘陈杨黄赵",
    "hangul": "김이박최정강조윤",
    "kana": "あいうえおかきくけこ",
    "emoji": "🎬🎹🎟🧡🌙⭐🎪🎭",
}
CONTROL = "a-payment-that-is-not-personal"


async def test_nothing_personal_is_anywhere_in_the_clear(tmp_path):
    seed = os.urandom(4).hex()
    chance = random.Random(seed)
    contacts = [contact(chance, script) for script in SCRIPTS for _ in range(3)]
    said = tmp_path / "said"
    with loud(tmp_path / "data", said) as site:
        await through_the_doors(site, contacts)
        needles = [needle for each in contacts for needle in needles_of(each)]
        assert not found(tmp_path, needles), f"seed {seed}"
    assert not found(tmp_path, needles), f"after it stopped, seed {seed}"
    assert {Path(each).parts[-2] for each in found(tmp_path, [CONTROL.encode()])} >= {
        "pg_wal",
        "msgs",
    }, "what is not personal is found, so the search works"


async def through_the_doors(site: Site, contacts: list[people_pb2.Contact]) -> None:
    """Sold, held, refused, retried, listed, exported, erased."""
    scopes = (*SELLS, "people:erase")
    async with Roadcase(site.grpc, site.token(*scopes)) as client:
        await opening(client, "night", per_person=2)
        for n, each in enumerate(contacts):
            await client.hold("night", f"h{n}", {"standard": 1}, contact=each)
            await client.confirm("night", f"c{n}", f"h{n}", CONTROL, EUR12, contact=each)
            for _ in range(2):
                await client.sell(
                    "night", f"s{n}", {"standard": 1}, CONTROL, EUR12, contact=each, key=f"k{n}"
                )
            for wrong in (each, people_pb2.Contact(email=f"{each.name} {each.email}")):
                with pytest.raises(Refusal) as refused:
                    await client.hold("night", "x", {"standard": 1}, contact=wrong)
                assert each.name not in f"{refused.value} {refused.value.facts}"
        rows = await shown(site, "night", "people:read", orders=2 * len(contacts))
        assert {row["contact"]["name"] for row in rows} == {each.name for each in contacts}
        for each in contacts[::2]:
            await client.erase_person(people_pb2.ErasePersonRequest(email=each.email))
        site.cli("people", "erase", "acme", contacts[1].email)
    site.cli("projection", "rebuild", "all")
    assert site.cli("log", "verify")["ok"]


def contact(chance: random.Random, script: str) -> people_pb2.Contact:
    def word(letters: str) -> str:
        return "".join(chance.choices(letters, k=12))

    letters = SCRIPTS[script]
    local = word(SCRIPTS["latin"] if script == "emoji" else letters)
    phone = f"+49{chance.randrange(10**9, 10**10)}"
    return people_pb2.Contact(email=f"{local}@Example.org", name=word(letters), phone=phone)


def needles_of(contact: people_pb2.Contact) -> Iterator[bytes]:
    """Every personal part in each spelling in which it might have been kept by mistake."""
    local = contact.email.partition("@")[0]
    for text in (contact.name, local, local.upper(), contact.phone):
        raw = text.encode()
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for ahead in range(3):  # where it begins among the three bytes of a group
            coded = base64.b64encode(bytes(ahead) + raw)
            yield coded[4 if ahead else 0 :].rstrip(b"=")[:-1]
        yield json.dumps(text)[1:-1].encode()


def found(folder: Path, needles: list[bytes]) -> list[str]:
    """Files below a folder that hold any of these bytes: tables, WAL, streams, server logs."""
    assert all(len(each) > 8 and b"\n" not in each for each in needles)
    patterns = folder.parent / f"{folder.name}.needles"
    patterns.write_bytes(b"\n".join(needles))
    done = subprocess.run(
        ["grep", "-r", "-l", "-a", "-F", "-f", str(patterns), str(folder)],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
    )
    assert done.returncode < 2 or "No such file" in done.stderr, done.stderr
    return done.stdout.splitlines()


def lines(file: Path) -> Iterator[str]:
    """The lines of a file that grows."""
    until = time.monotonic() + 60
    with file.open() as read:
        while time.monotonic() < until:
            if line := read.readline():
                yield line
            else:
                time.sleep(0.05)


@contextmanager
def loud(data: Path, said: Path) -> Iterator[Site]:
    """An installation that tells all it can into a file."""
    command = [sys.executable, "-m", "roadcase", "up", "--http-port", "0", "--grpc-port", "0"]
    loudly = environment(data) | {"ROADCASE_LOG_LEVEL": "DEBUG", "PYTHONASYNCIODEBUG": "0"}
    with said.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=loudly)
    try:
        yield Site(data, process, *_wait_until_ready(SimpleNamespace(stdout=lines(said))))
    finally:
        process.terminate()
        process.wait(30)
