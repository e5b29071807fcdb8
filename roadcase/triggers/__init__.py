"""When this happens, and if that is so, do this: declared as data, evaluated where facts are born.

Pure and without business words: which facts there are and what can be done is said by services.
"""

from roadcase.triggers.conditions import Condition, Value, fields_of, holds
from roadcase.triggers.shapes import Action, Fact, Firing, Trigger
from roadcase.triggers.watch import Watch

__all__ = [
    "Action",
    "Condition",
    "Fact",
    "Firing",
    "Trigger",
    "Value",
    "Watch",
    "fields_of",
    "holds",
]
