"""The one secret of an installation, and the keys that are derived from it, one for each use."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from roadcase.settings import Settings


class Secret:
    """Derives independent keys by HKDF-SHA256 (RFC 5869). Never printed, never logged."""

    def __init__(self, text: str) -> None:
        self._master = text.encode()

    def __repr__(self) -> str:
        return "Secret(…)"

    def key(self, use: str) -> bytes:
        """32 bytes for one use, such as `requests/ticketing`."""
        derive = HKDF(hashes.SHA256(), 32, salt=None, info=f"roadcase/{use}".encode())
        return derive.derive(self._master)

    def signing_key(self, use: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.key(use))


def find_secret(settings: Settings) -> Secret:
    """The secret of the settings, or the one kept in the data folder, made at the first time."""
    if settings.secret:
        return Secret(settings.secret)
    file = settings.data / "secret"
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_once(file)
    return Secret(file.read_text("ascii").strip())


def _make_once(file: Path) -> None:
    """Two processes that start at once must end with one secret: the first one's."""
    temporary = file.with_name(f"secret.{os.getpid()}")
    if file.exists():
        return
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_urlsafe(48))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(temporary, file)
    except FileExistsError:
        return
    finally:
        temporary.unlink()
