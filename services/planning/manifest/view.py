"""What rules over several fields see: only values that are right by themselves.

So they run on what is good of a manifest whatever else is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from services.planning.manifest.fields import Section
from services.planning.manifest.problems import Guesses, Path
from services.planning.manifest.shape import EACH
from services.planning.manifest.tree import HERE, Node


class Fault(NamedTuple):
    """What a rule found. `at_name`: the name of the field is meant, and not its value."""

    path: Path
    code: str
    message: str
    at_name: bool = False


class View:
    """A manifest of a kind, without the values at and below `bad` paths."""

    def __init__(
        self, tree: Node, model: type[Section], bad: Iterable[Path], guesses: Guesses
    ) -> None:
        self.model = model
        self.data = tree.data
        self.meant = guesses.meant
        self._guesses = guesses
        self._bad = {*bad}
        self._above = {path[:length] for path in self._bad for length in range(len(path) + 1)}

    def get(self, *path: str | int) -> Any:
        """The plain value there, if it is right by itself."""
        return None if self._spoiled(path) else self.raw(*path)

    def raw(self, *path: str | int) -> Any:
        """The plain value there, right or wrong."""
        here = self.data
        for step in path:
            if isinstance(here, dict) and isinstance(step, str):
                here = here.get(step)
            elif isinstance(here, tuple) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return None
        return here

    def text(self, *path: str | int) -> str | None:
        value = self.get(*path)
        return value if isinstance(value, str) else None

    def number(self, *path: str | int) -> int | None:
        value = self.get(*path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def matching(self, pattern: Path) -> Iterator[Path]:
        """Every path that is there for a pattern."""
        yield from matching(self.data, pattern)

    def entries(self, *path: str | int) -> Iterator[Path]:
        """The paths of the entries of a list."""
        yield from self.matching((*path, EACH))

    def whole(self, *path: str | int) -> bool:
        """Whether nothing at, in or above it is wrong."""
        return path not in self._above and not self._spoiled(path)

    def over(self, data: Any, origin: Callable[[Path], Path]) -> View:
        """Of other data, made of these: what is bad stays so where its `origin` is the same."""
        bad = [path for path in self._bad if origin(path) == path]
        return View(Node(HERE, data), self.model, bad, self._guesses)

    def _spoiled(self, path: Path) -> bool:
        return any(path[:length] in self._bad for length in range(1, len(path) + 1))


def matching(here: Any, pattern: Path, path: Path = ()) -> Iterator[Path]:
    """Every path that is there for a pattern, below `path`."""
    if not pattern:
        yield path
        return
    step, rest = pattern[0], pattern[1:]
    if step == EACH:
        if isinstance(here, tuple):
            for number, each in enumerate(here):
                yield from matching(each, rest, (*path, number))
    elif isinstance(here, dict) and step in here:
        yield from matching(here[step], rest, (*path, step))
