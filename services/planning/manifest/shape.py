"""Where in the models fields of a sort are, so that a rule holds for every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, get_args

from pydantic.fields import FieldInfo

from services.planning.manifest.fields import Section
from services.planning.manifest.problems import Path

EACH: Final = "*"  # in a pattern: every entry of a list


def names_in(model: type[Section]) -> list[str]:
    """The names of its fields as they are in YAML."""
    return [named(name, field) for name, field in model.model_fields.items()]


def named(name: str, field: FieldInfo) -> str:
    return field.alias or name


def inside(annotation: Any) -> tuple[type[Section] | None, bool]:
    """The section that an annotation is made of, and whether it is a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation, False
    listed = getattr(annotation, "__origin__", None) is tuple
    for part in get_args(annotation):
        found, deeper = inside(part)
        if found is not None:
            return found, listed or deeper
    return None, False


def section_at(model: type[Section], path: Path) -> type[Section] | None:
    """The section that a path of YAML names leads to."""
    here: type[Section] | None = model
    for step in path:
        if isinstance(step, int):
            continue
        fields = here.model_fields.items() if here else ()
        found = (each for name, each in fields if named(name, each) == step)
        field = next(found, None)
        here = inside(field.annotation)[0] if field else None
    return here


def sections(
    model: type[Section], path: Path = (), within: tuple[type[Section], ...] = ()
) -> Iterator[tuple[Path, type[Section]]]:
    """Every section in it with the pattern of its path, itself first.

    What is made of sections like itself is there once: nothing below it is told.
    """
    yield path, model
    for name, field in model.model_fields.items():
        section, listed = inside(field.annotation)
        if section is not None and section not in within:
            below = (*path, named(name, field), *((EACH,) if listed else ()))
            yield from sections(section, below, (*within, model))


@lru_cache(maxsize=64)
def of_type(model: type[Section], wanted: type) -> tuple[Path, ...]:
    """The patterns of all fields whose value is a `wanted`."""
    return tuple(
        (*path, named(name, field))
        for path, section in sections(model)
        for name, field in section.model_fields.items()
        if _mentions(field.annotation, wanted)
    )


@lru_cache(maxsize=64)
def with_fields(model: type[Section], *names: str) -> tuple[Path, ...]:
    """The patterns of all sections that have fields of these names."""
    return tuple(path for path, each in sections(model) if set(names) <= set(names_in(each)))


def _mentions(annotation: Any, wanted: type) -> bool:
    return annotation is wanted or any(_mentions(part, wanted) for part in get_args(annotation))
