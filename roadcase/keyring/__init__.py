"""Sealed personal data: the only place where keys of people are, and where they are erased."""

from roadcase.keyring.contact import Contact, contact_of
from roadcase.keyring.keyring import Keyring, open_keyring
from roadcase.keyring.sealed import Erased, KeyLost, Sealed

__all__ = ["Contact", "Erased", "KeyLost", "Keyring", "Sealed", "contact_of", "open_keyring"]
