"""Signed checkpoints: what the head of a log was, kept where who changes the log cannot reach.

The file has one JSON object per line. Whoever holds it, and the public key, finds out that a log
was cut off or written anew, which its own chain cannot show.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from roadcase.errors import LogCorrupt
from roadcase.event_store.records import Head


class CheckpointRefused(LogCorrupt):
    """A checkpoint was not signed by a key that is trusted here."""

    code = "roadcase.checkpoint_refused"


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a log at a moment, signed with Ed25519 by the key named `kid`."""

    service: str
    position: int
    hash: bytes
    at: datetime
    kid: str
    signature: bytes = b""

    def signed_bytes(self) -> bytes:
        """Six lines of text, so that a stranger can check the signature, too."""
        at = self.at.isoformat()
        fields = (self.service, str(self.position), self.hash.hex(), at, self.kid)
        return "\n".join(("roadcase checkpoint 1", *fields)).encode()


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """A checkpoint in its file: bytes are in hex, as psql shows them."""

    service: str
    position: int
    hash: str
    at: datetime
    kid: str
    signature: str


def sign(service: str, head: Head, kid: str, key: Ed25519PrivateKey) -> Checkpoint:
    """A checkpoint of this head. A line break in a name would make two texts alike: ValueError."""
    if "\n" in service + kid:
        raise ValueError("the names of services and keys have no line breaks")
    position, digest, at = head
    new = Checkpoint(service=service, position=position, hash=digest, at=at, kid=kid)
    return msgspec.structs.replace(new, signature=key.sign(new.signed_bytes()))


def check(checkpoint: Checkpoint, keys: Mapping[str, Ed25519PublicKey]) -> None:
    """Raises CheckpointRefused unless the key that it names is one of these, and has signed it."""
    facts = {"position": checkpoint.position, "kid": checkpoint.kid}
    key = keys.get(checkpoint.kid)
    if key is None:
        raise CheckpointRefused(
            f"The checkpoint at position {checkpoint.position} is signed with {checkpoint.kid!r}, "
            "a key that is not known here.",
            **facts,
        )
    try:
        key.verify(checkpoint.signature, checkpoint.signed_bytes())
    except InvalidSignature:
        raise CheckpointRefused(
            f"The signature of the checkpoint at position {checkpoint.position} is wrong: "
            "it was altered or forged.",
            **facts,
        ) from None


def append_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Add a line to the file, on the disk when this returns. Mends what a crash left half-written.

    One writer at a time.
    """
    new = not path.exists()
    with path.open("ab+") as file:
        _cut_half_line(file.fileno(), file.tell())
        file.write(to_line(checkpoint))
        file.flush()
        os.fsync(file.fileno())
    if new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read_checkpoints(path: Path, keys: Mapping[str, Ed25519PublicKey]) -> list[Checkpoint]:
    """All checkpoints of a file, each checked. A last line without its end is a crash's: skipped.

    Raises CheckpointRefused for one that is not signed by these keys, or a line that is none.
    """
    *lines, _half = path.read_bytes().split(b"\n")
    checkpoints = [from_line(path, number, line) for number, line in enumerate(lines, 1)]
    for checkpoint in checkpoints:
        check(checkpoint, keys)
    return checkpoints


def to_line(checkpoint: Checkpoint) -> bytes:
    """A checkpoint as one line of a file; bytes are in hex."""
    fields = msgspec.structs.asdict(checkpoint)
    fields |= {"hash": checkpoint.hash.hex(), "signature": checkpoint.signature.hex()}
    return msgspec.json.encode(_Line(**fields)) + b"\n"


def from_line(path: Path | str, number: int, line: bytes) -> Checkpoint:
    """The checkpoint in a line, not checked yet. Raises CheckpointRefused when it is none."""
    try:
        fields = msgspec.structs.asdict(msgspec.json.decode(line, type=_Line))
        for name in ("hash", "signature"):
            fields[name] = bytes.fromhex(fields[name])
    except ValueError as error:
        raise CheckpointRefused(f"Line {number} of {path} is no checkpoint: {error}") from error
    return Checkpoint(**fields)


def _cut_half_line(descriptor: int, size: int) -> None:
    kept = os.pread(descriptor, size, 0).rfind(b"\n") + 1
    if kept < size:
        os.ftruncate(descriptor, kept)
