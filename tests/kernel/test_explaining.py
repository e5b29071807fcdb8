"""What callers are told of a request that is wrong."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError, field_validator, model_validator

from roadcase.doors import explain
from roadcase.errors import Invalid


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
        ({"zone": "Mars", "few": "y"}, "zone: is not a time zone; few: Input should be a valid"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_and_in_our_words(fields, told):
    with pytest.raises(ValidationError) as found:
        Ask(**fields)
    failure = explain(found.value)
    assert (failure.kind, failure.message[: len(told)]) == (Invalid, told)
