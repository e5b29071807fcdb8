"""Short codes that people can read out and type: `K7RWM-4XQPB`.

Nine characters of chance and a check character, of an alphabet without 0, o, 1, i and l. It has 31
characters, and 31 is prime: with the weights 10 to 1 every single typo and every swap of two
characters gives another remainder, so none of them is taken for another code.

The chance is a hash of the ticket's id and a secret of the door that dispatch and log
never see: a retry gets the same codes, and who knows an order still cannot guess them. Each
character has at least 4.83 bits (a byte has 256 values, 31 does not divide that), nine 43 bits.
Two tickets may hash to one code; then the later one takes its next candidate.
"""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache
from hashlib import blake2b
from operator import mul
from typing import Final

from roadcase.errors import Invalid

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 10
ELSEWHERE: Final = "ticketing/codes-from-elsewhere"  # the use of the key of `elsewhere`
LONGEST: Final = 64  # characters that somebody types, spaces and hyphens among them
_PRIME: Final = len(ALPHABET)
_WEIGHTS: Final = range(LENGTH, 0, -1)
_VALUE: Final = {char: value for value, char in enumerate(ALPHABET)}
_CHANCE: Final = blake2b(digest_size=LENGTH - 1)
_TO_CHAR: Final = bytes(ord(ALPHABET[byte % _PRIME]) for byte in range(256))


class InvalidCode(Invalid):
    """This is not the code of a ticket."""

    code = "ticketing.invalid_code"


def seed(secret: bytes, tenant: str, occurrence: str, order: str) -> str:
    """What the door gives a command: the same at every retry of the order, secret to all else."""
    begun = _keyed(secret).copy()  # half the cost of a keyed one
    begun.update(f"{tenant}/{occurrence}/{order}".encode())
    return begun.hexdigest()


@lru_cache(maxsize=8)
def _keyed(secret: bytes) -> blake2b:
    return blake2b(key=secret[:64], digest_size=16)


def fresh(seed: str, ticket: str, taken: Container[str], own: Container[str]) -> str:
    """The ticket's first candidate that nobody has, nor another ticket of its own order."""
    attempt = 0
    while (code := candidate(seed, ticket, attempt)) in taken or code in own:
        attempt += 1
    return code


def candidate(seed: str, ticket: str, attempt: int = 0) -> str:
    chance = _CHANCE.copy()  # two thirds of the cost of a new one
    chance.update(f"{seed}/{ticket}/{attempt}".encode())
    drawn = chance.digest()
    a, b, c, d, e, f, g, h, i = drawn  # each as good as its remainder: half the cost of a loop
    check = -(10 * a + 9 * b + 8 * c + 7 * d + 6 * e + 5 * f + 4 * g + 3 * h + 2 * i) % _PRIME
    return drawn.translate(_TO_CHAR).decode() + ALPHABET[check]


def show(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


def looks_like_one(typed: str) -> bool:
    """Whether somebody meant a code, though it may not be one."""
    return len(typed.replace(" ", "").replace("-", "")) == LENGTH


def parse(typed: str) -> str:
    """The code as it is stored, from what a person typed: any case, any spaces and hyphens."""
    code = typed.replace(" ", "").replace("-", "")
    code = code.upper() if code.isascii() else ""
    if len(code) != LENGTH or any(char not in _VALUE for char in code):
        raise InvalidCode("a code has ten letters and digits, and never 0, O, 1, I or L")
    if sum(map(mul, map(_VALUE.__getitem__, code), _WEIGHTS)) % _PRIME:
        raise InvalidCode("this code has a typing error")
    return code


def elsewhere(secret: bytes, tenant: str, code: str) -> str:
    """What is kept of a code that a ticket has where it was sold: it lets in, so only a hash."""
    return blake2b(f"{tenant}/{code}".encode(), key=secret[:64], digest_size=32).hexdigest()
