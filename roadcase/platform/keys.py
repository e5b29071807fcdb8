"""Signing keys: each is derived from the installation's secret by its id, and kept nowhere."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from roadcase.secret import Secret

# The scopes that the kernel's own doors ask for. Those of a service stand in its `Service`.
SCOPES: Final = frozenset({"log:watch", "ops:log", "ops:metrics", "people:erase", "people:read"})


def signing_key(secret: Secret, key: str) -> Ed25519PrivateKey:
    """The key of this id."""
    return secret.signing_key(f"tokens/{key}")
