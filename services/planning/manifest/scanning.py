"""ruamel.yaml's own reader, scanner and parser, with shortcuts for what manifests mostly are.

Each shortcut gives what the long way gives, for plain text on one line and for tokens that are
there already; everything else takes the long way. A manifest is read in half the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import FileMark
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

# A name and its colon; text up to the end of a line, the next of which does not go on with it.
# Possessive are only runs of one class: others match too much before Python 3.11.5
# (https://github.com/python/cpython/issues/106052), as Debian 12 has it.
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?=:[ \n])")
_WORDS: Final = re.compile(
    r"((?:[^\s:#\x00]++|:(?![\s\x00])| ++(?=[^\s#\x00]))+)\n( *+)(?=[^\s#\x00])"
)
_LONG_WAY: Final = frozenset("#\r\n\t\ufeff")


def events(text: str) -> Iterator[Any]:
    """What the parser finds. Raises what ruamel.yaml raises."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Reader, yaml.Scanner, yaml.Parser = _Reader, _Scanner, _Parser
    yield from yaml.parse(text)


class _Reader(Reader):
    def get_mark(self) -> FileMark:
        return FileMark(None, self.index, self.line, self.column)

    def skip(self, length: int) -> None:
        """Go forward over characters none of which ends a line."""
        self.pointer += length
        self.index += length
        self.column += length


class _Scanner(Scanner):
    @cached_property
    def reader(self) -> Any:
        return super().reader

    def need_more_tokens(self) -> bool:
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def check_token(self, *choices: Any) -> bool:
        if not self.tokens or self.possible_simple_keys:
            while self.need_more_tokens():
                self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def get_token(self) -> Any:
        if not self.tokens or self.possible_simple_keys:
            return super().get_token()
        self.tokens_taken += 1
        return self.tokens.pop(0)

    def scan_to_next_token(self) -> Any:
        reader = self.reader
        there, first = reader.buffer, reader.pointer
        after = first
        while there[after] == " ":
            after += 1
        reader.skip(after - first)
        return super().scan_to_next_token() if there[after] in _LONG_WAY else None

    def scan_plain(self) -> Any:
        if self.flow_level:
            return super().scan_plain()
        reader = self.reader
        if found := _NAME.match(reader.buffer, reader.pointer):
            return self._token(found[0])
        found = _WORDS.match(reader.buffer, reader.pointer)
        if found is None or len(found[2]) > self.indent:
            return super().scan_plain()
        token = self._token(found[1])
        reader.forward(1)
        reader.skip(len(found[2]))
        self.allow_simple_key = True
        return token

    def _token(self, text: str) -> ScalarToken:
        starts = self.reader.get_mark()
        self.reader.skip(len(text))
        self.allow_simple_key = False
        return ScalarToken(text, True, starts, self.reader.get_mark())  # noqa: FBT003


class _Parser(Parser):
    @cached_property
    def scanner(self) -> Any:
        return super().scanner
