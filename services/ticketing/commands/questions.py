"""What may be asked of guests, and what they may answer. The key is the occurrence."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from roadcase.decider import Command
from services.ticketing.commands.fields import Id, Name, OrderId, Part, Sealed

Kind = Literal["text", "choice", "date", "consent"]
ORDER: Final = ""  # in `Answered.given`: what was answered for the whole order
Place = Annotated[str, StringConstraints(pattern=r"^([1-9][0-9]{0,4})?$")]


class Question(Part):
    """Asked once for each order, or for each ticket of `ticket_types` (none named: of all).

    `choices` are what can be chosen, in the words that guests read. A consent that is required
    must be given; one that is not may be left out.
    """

    id: Id
    text: Name
    kind: Kind = "text"
    choices: tuple[Name, ...] = Field(default=(), max_length=100)
    per: Literal["order", "ticket"] = "order"
    ticket_types: tuple[Id, ...] = Field(default=(), max_length=200)
    required: bool = False
    active: bool = True

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices belong to a question of kind choice, which needs some")
        if len(set(self.choices)) < len(self.choices):
            raise ValueError("a choice is named twice")
        if self.ticket_types and self.per == "order":
            raise ValueError("ticket_types belong to a question for each ticket")
        return self


class SetQuestions(Command):
    """Each question as it is from now on, given whole; those that are not named stay as they are.

    What was answered before stays answered.
    """

    occurrence: Id
    questions: tuple[Question, ...] = Field(min_length=1, max_length=100)


class Answered(Part):
    """Answers of an order: which questions were answered, in clear, and what, sealed at the door.

    `given` has the ids of the questions by ticket number, under "" those for the whole order.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(ser_json_bytes="base64")

    given: dict[Place, tuple[Id, ...]] = Field(max_length=10_001)
    answers: Sealed


class AnswerQuestions(Command):
    """All answers of an order anew: they take the place of those it had.

    `by_guest`: until the night begins, and some may be missing, since they answer bit by bit.
    """

    occurrence: Id
    order: OrderId
    answered: Answered
    by_guest: bool = False
