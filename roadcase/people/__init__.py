"""People's right to be forgotten: the fact that it was asked for, and what follows from it."""

from roadcase.people.applying import Erasures
from roadcase.people.elsewhere import know_erasures
from roadcase.people.erasing import NOBODY, PEOPLE, ErasePerson, NobodyKnown, PersonErased
from roadcase.people.rpc import PeopleRpc, forget
from roadcase.people.showing import People

__all__ = [
    "NOBODY",
    "PEOPLE",
    "ErasePerson",
    "Erasures",
    "NobodyKnown",
    "People",
    "PeopleRpc",
    "PersonErased",
    "forget",
    "know_erasures",
]
