"""A manifest that extends others, written so that it comes to something else than it did."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

from services.planning.manifest.inheritance import Source, escaped, whole
from services.planning.manifest.inheritance.merging import DELETE, PLACES
from services.planning.manifest.problems import Path
from services.planning.manifest.tree import Node, mapped
from services.planning.manifest.writing import text

_VENUE: Final = ("spec", "venue")
_AFTER: Final = PLACES[1]


def edited_file(tree: Node, source: Source, was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The file of `tree`, which came to `was`, so that over what it extends it comes to `now`.

    It says something itself in `spec`, as every series does. What is the same stays as it is
    written there, or comes from `source`. Comments are not kept. Whoever asks must resolve it and
    compare: not everything can be said over documents.
    """
    parts = {name: each for name, each in tree.parts.items() if name != "spec"}
    base = whole(mapped(tree.at, parts, tree.keys), tree.data["kind"], source).tree.data
    filled = (escaped(each.get("spec")) for each in (base, was, now))
    sides = _Sides(tree.data.get("spec"), *filled)
    return text({**tree.data, "metadata": now["metadata"], "spec": _said(sides, ("spec",))})


class _Sides(NamedTuple):
    """A value as the file says it, as it comes from documents, as the whole had it and will have.

    None where there is none.
    """

    own: Any
    base: Any
    was: Any
    now: Any

    def below(self, name: str) -> _Sides:
        return _Sides(*(each.get(name) if isinstance(each, dict) else None for each in self))


def _said(sides: _Sides, path: Path) -> Any:
    """What the file says of it then; None: nothing, it comes from documents."""
    own, base, was, now = sides
    if was == now:
        return own
    if isinstance(now, dict) and isinstance(base, dict) and not _is_another(base, now, path):
        return _map(sides, path)
    lists = _Sides(*map(_by_key, sides))
    return _list(lists, path) if lists.base and lists.now else now


def _is_another(base: Mapping[str, Any], now: Mapping[str, Any], path: Path) -> bool:
    """A venue of another name has nothing of the one before it."""
    return path == _VENUE and "ref" in now and now["ref"] != base.get("ref")


def _by_key(value: Any) -> dict[str, Any]:
    """The entries of a list that is merged by key; of anything else none."""
    if not isinstance(value, tuple):
        return {}
    if not all(isinstance(each, dict) and isinstance(each.get("key"), str) for each in value):
        return {}
    return {each["key"]: each for each in value}


def _map(sides: _Sides, path: Path) -> dict[str, Any]:
    own, base, _, now = sides
    said = {**own} if isinstance(own, dict) else {}
    for name in dict.fromkeys((*said, *base, *now)):
        if name in now:
            new = _said(sides.below(name), (*path, name))
            said |= {} if new is None else {name: new}
        elif name in base:
            said[name] = {DELETE: True}
        else:
            del said[name]
    return said


def _list(sides: _Sides, path: Path) -> tuple[dict[str, Any], ...]:
    """Entries stay where the file puts them, unless others are there, or in another order."""
    own, base, was, now = sides
    gone = [key for key in base if key not in now]
    if stay := [*was] == [*now]:
        places = {key: _places(each) for key, each in own.items()}
    else:
        places = _in_order(base, now)
    said = []
    for key in dict.fromkeys((*own, *base) if stay else (*gone, *now)):
        new = _said(sides.below(key), (*path, key)) if key in now else {DELETE: True}
        if new is not None or places.get(key):
            plain = {name: each for name, each in (new or {}).items() if name not in PLACES}
            said.append({"key": key, **places.get(key, {}), **plain})
    return tuple(said)


def _places(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in PLACES if name in entry}


def _in_order(base: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where entries must be said to be, each after the one before it; nothing if they are so."""
    merged = [*(key for key in base if key in now), *(key for key in now if key not in base)]
    if merged == [*now]:
        return {}
    return {key: {_AFTER: before} for before, key in pairwise(now)}
