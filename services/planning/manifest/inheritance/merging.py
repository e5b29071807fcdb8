"""One manifest over another: maps merge, lists whose entries have keys merge by key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from services.planning.manifest.inheritance.telling import Telling
from services.planning.manifest.problems import Path, meant, quoted
from services.planning.manifest.tree import Node, Place, listed, mapped

DELETE: Final = "$delete"
PLACES: Final = ("$before", "$after")
DIRECTIVES: Final = (DELETE, *PLACES)
_VENUE: Final = ("spec", "venue")
Gone = dict[str, tuple[Node, Node]]
Wrong = tuple[Node, Path, str, str]


def over(base: Node | None, top: Node, path: Path, telling: Telling) -> Node:
    """What is in `top` put over `base`. What is wrong is told where it stands in `top`."""
    if isinstance(top.data, dict):
        if base is None or not isinstance(base.data, dict) or _is_another(base, top, path):
            return _over_map(None, top, path, telling, replaced=base)
        return _over_map(base, top, path, telling)
    if isinstance(top.data, tuple):
        keyed = _keyed(top)
        if base is not None and keyed and _keyed(base):
            return _Merged(base, telling, path).over(top)
        if keyed and _says_anything(top):
            return _Merged(None, telling, path, replaced=base).over(top)
    return top if base is None else top.replacing(base)


def _is_another(base: Node, top: Node, path: Path) -> bool:
    """A venue of another name has nothing of the one before it."""
    return path == _VENUE and "ref" in top.data and top.data["ref"] != base.data.get("ref")


def _says_anything(top: Node) -> bool:
    return any(isinstance(each.data, dict) and _inside(each) for each in top.parts.values())


def _inside(node: Node) -> bool:
    """Whether anything in it says what becomes of something else."""
    if any(name in DIRECTIVES for name in node.parts):
        return True
    return any(_inside(each) for each in node.parts.values() if each.parts)


def _keyed(node: Node) -> bool:
    if not isinstance(node.data, tuple) or not node.data:
        return False
    return all(isinstance(each, dict) and isinstance(each.get("key"), str) for each in node.data)


def _deletes(node: Node, path: Path, telling: Telling) -> bool:
    """Whether it is `$delete: true`, alone or with its key."""
    said = node.parts.get(DELETE)
    if said is None:
        return False
    if said.data is not True:
        telling.add(said, (*path, DELETE), "directive", "is written as $delete: true")
    elif others := [name for name in node.parts if name not in (DELETE, "key")]:
        what = f"what is deleted has nothing else: leave {others[0]} out"
        telling.add(said, (*path, DELETE), "directive", what)
    return True


def _miss(step: str, there: Iterable[str | int], gone: Gone, at: Node, path: Path) -> Wrong:
    """What is to be deleted is not there; perhaps it was before."""
    if step in gone:
        deleted = gone[step][1].at
        where = f"{deleted.file}:{deleted.line}" if deleted.file else f"line {deleted.line}"
        return at, path, "deleted_twice", f"was deleted already, in {where}"
    similar = meant(step, map(str, there))
    what = f"there is no {quoted(step)} that could be deleted{similar}"
    return at, path, "nothing_to_delete", what


def _over_map(
    base: Node | None, top: Node, path: Path, telling: Telling, replaced: Node | None = None
) -> Node:
    parts = {**base.parts} if base else {}
    keys = {**base.keys} if base else {}
    gone = {**base.gone} if base else {}
    for step, each in top.parts.items():
        name, below = str(step), (*path, step)
        if name in DIRECTIVES:
            what = f"{name} is said of an entry of a list that is extended, or of a name"
            telling.add(each, below, "directive", what)
        elif isinstance(each.data, dict) and _deletes(each, below, telling):
            if name in parts:
                gone[name] = (parts.pop(name), each)
            else:
                telling.add(*_miss(name, parts, gone, each, below))
        else:
            parts[name] = over(parts.get(name), each, below, telling)
            keys[name] = top.keys.get(step, each.at)
            gone.pop(name, None)
    return mapped(top.at, parts, keys, before=replaced, gone=gone)


class _Merged:
    """A list whose entries have keys, with another one over it."""

    def __init__(
        self, base: Node | None, telling: Telling, path: Path, *, replaced: Node | None = None
    ) -> None:
        self._replaced = replaced
        self._telling = telling
        self._path = path
        self._entries: dict[str, Node] = {}
        self._gone = {**base.gone} if base else {}
        self._seen: dict[str, Place] = {}
        self._after: dict[str, str] = {}
        for number, each in base.parts.items() if base else ():
            key = each.data["key"]
            if key in self._entries:
                self._twice(each, (*path, number), self._entries[key].at)
            self._entries.setdefault(key, each)

    def over(self, top: Node) -> Node:
        for number, each in top.parts.items():
            self._entry(each, (*self._path, number))
        for number, each in top.parts.items():
            self._put(each, (*self._path, number))
        entries = [*self._entries.values()]
        return listed(top.at, entries, before=self._replaced, gone=self._gone)

    def _twice(self, each: Node, path: Path, first: Place, code: str = "duplicate_key") -> None:
        what = f"{quoted(each.data['key'])} is in line {first.line} already"
        self._telling.add(each.parts["key"], (*path, "key"), code, what)

    def _entry(self, each: Node, path: Path) -> None:
        key = each.data["key"]
        deleting = _deletes(each, path, self._telling)
        if key in self._seen:
            twice = deleting and key not in self._entries
            self._twice(each, path, self._seen[key], "deleted_twice" if twice else "duplicate_key")
            return
        self._seen[key] = each.at
        if deleting:
            if key in self._entries:
                self._gone[key] = (self._entries.pop(key), each)
            else:
                at = each.parts["key"], (*path, "key")
                self._telling.add(*_miss(key, self._entries, self._gone, *at))
            return
        self._entries[key] = over(self._entries.get(key), _plain(each), path, self._telling)
        self._gone.pop(key, None)

    def _put(self, each: Node, path: Path) -> None:
        """Where it says that it is. What comes after the same entry stays in its order."""
        said = [name for name in PLACES if name in each.parts]
        key = each.data["key"]
        if not said or key not in self._entries or DELETE in each.parts:
            return
        node = each.parts[said[-1]]
        if len(said) > 1:
            what = "is either before or after something"
            self._telling.add(node, (*path, said[-1]), "directive", what)
            return
        anchor = node.data
        if not isinstance(anchor, str) or anchor == key or anchor not in self._entries:
            others = [one for one in self._entries if one != key]
            word = anchor if isinstance(anchor, str) else ""
            what = f"there is no other entry {quoted(anchor)} in this list{meant(word, others)}"
            self._telling.add(node, (*path, said[-1]), "unknown_place", what)
            return
        moved = self._entries.pop(key)
        order = [*self._entries]
        if said[-1] == "$before":
            place = order.index(anchor)
        else:
            last = self._after.get(anchor, anchor)
            place = order.index(last if last in self._entries else anchor) + 1
            self._after[anchor] = key
        order.insert(place, key)
        self._entries = {one: moved if one == key else self._entries[one] for one in order}


def _plain(entry: Node) -> Node:
    """Without where it is to be."""
    if not any(name in PLACES for name in entry.parts):
        return entry
    parts = {name: each for name, each in entry.parts.items() if name not in PLACES}
    return mapped(entry.at, parts, entry.keys)
