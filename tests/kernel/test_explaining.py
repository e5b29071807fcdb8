"""What callers are told of a request that is wrong."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from roadcase.doors import explain
from roadcase.errors import Invalid
from roadcase.fields import Id


class Ask(BaseModel):
    zone: str = "x"
    few: int = 1

    @field_validator("zone")
    @classmethod
    def _zone(cls, zone: str) -> str:
        if zone == "Mars":
            raise ValueError("is not a time zone")
        return zone

    @model_validator(mode="after")
    def _whole(self) -> Ask:
        if self.few > 2:
            raise ValueError("that is too many")
        return self


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"zone": "Mars"}, "zone: is not a time zone"),
        ({"few": 3}, "that is too many"),
        ({"zone": "Mars", "few": "y"}, "zone: is not a time zone; few: is a whole number"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_and_in_our_words(fields, told):
    with pytest.raises(ValidationError) as found:
        Ask(**fields)
    failure = explain(found.value)
    assert (failure.kind, failure.message[: len(told)]) == (Invalid, told)


class Order(BaseModel, extra="forbid"):
    id: Id = "x"
    seats: int = Field(1, ge=1, le=10)
    why: str = Field("x", min_length=1, max_length=5)
    to: Literal["door", "bar"] = "bar"
    lines: list[int] = Field([1], min_length=1)
    code: str = Field("x", pattern="^[a-z]$")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id": ""}, "id: is 1 to 64 of A-Z, a-z, 0-9, _ and -"),
        ({"seats": 0}, "seats: is at least 1"),
        ({"seats": 11}, "seats: is at most 10"),
        ({"seats": 1.5}, "seats: is a whole number"),
        ({"why": ""}, "why: is missing"),
        ({"why": "because"}, "why: has at most 5 characters"),
        ({"to": "hall"}, "to: is one of 'door' or 'bar'"),
        ({"lines": []}, "lines: has at least 1 entries"),
        ({"code": "A"}, "code: does not have the form ^[a-z]$"),
        ({"sets": 2}, "sets: there is no such field here"),
    ],
)
def test_what_pydantic_finds_is_told_in_words_of_ours(fields, told):
    with pytest.raises(ValidationError) as found:
        Order(**fields)
    assert explain(found.value).message == told
