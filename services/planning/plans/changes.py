"""What two manifests differ in: values by their paths, entries of lists by keys or dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

Missing: Final = None  # of a value: it is not there
_NAMES: Final = ("key", "on")  # what an entry of a list is known by


class Change(NamedTuple):
    """`path` is like `spec.catalogue.tickets[seat].price`; None: it was not, or is not any more.

    What is added or removed is one change with all that is in it.
    """

    path: str
    old: Any
    new: Any

    @property
    def kind(self) -> str:
        if self.old is Missing:
            return "add"
        return "remove" if self.new is Missing else "change"


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """In the order of the new manifest; what is gone comes last in its section.

    Of a new manifest each section is a change of its own.
    """
    return list(_maps("", old or {"metadata": {}, "spec": {}}, new))


def _maps(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*new, *(name for name in old if name not in new)]:
        here = f"{path}.{name}" if path else name
        yield from _values(here, old.get(name), new.get(name))


def _values(path: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _maps(path, old, new)
    elif name := next((name for name in _NAMES if _all_have(name, old, new)), ""):
        yield from _lists(path, name, old, new)
    else:
        yield Change(path, old, new)


def _lists(path: str, name: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    before = {each[name]: each for each in old}
    after = {each[name]: each for each in new}
    for key in [*after, *(key for key in before if key not in after)]:
        yield from _values(f"{path}[{key}]", before.get(key), after.get(key))
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Change(f"{path} (order)", kept, [key for key in after if key in before])


def _all_have(name: str, *lists: Any) -> bool:
    if not all(isinstance(each, list | tuple) for each in lists):
        return False
    return all(isinstance(each, Mapping) and name in each for found in lists for each in found)
