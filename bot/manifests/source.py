"""The bytes of a file, and the way from the characters that YAML marks count to bytes and lines."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_FILE: Final = 5 * 1024 * 1024
MOST_TAG_DIRECTIVES: Final = 100

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TAG_DIRECTIVE: Final = b"%TAG"
_LFS: Final = b"version https://git-lfs.github.com/spec/"


class Position(NamedTuple):
    """Where a character stands: its byte offset in the file and its line, from 1."""

    byte: int
    line: int


class Source:
    """A file that may hold YAML. Raises Unreadable for one that cannot: too large, binary, not UTF-8."""

    def __init__(self, content: bytes) -> None:
        _refuse_at_sight(content)
        self.content = content
        self._mark_length = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
        self.yaml = content[self._mark_length :]
        self._text = None if content.isascii() else _decoded(self.yaml)

    def positions(self, characters: Iterable[int]) -> dict[int, Position]:
        """Find the position of each character index, in one pass over the file whatever their number."""
        found: dict[int, Position] = {}
        before, byte, line = 0, self._mark_length, 1
        for character in sorted(set(characters)):
            after = byte + self._width(before, character)
            line += self.content.count(b"\n", byte, after)
            before, byte = character, after
            found[character] = Position(byte, line)
        return found

    def _width(self, start: int, end: int) -> int:
        return end - start if self._text is None else len(self._text[start:end].encode())


def _refuse_at_sight(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise Unreadable(SkipReason.TOO_LARGE, f"the file is larger than {LARGEST_FILE // 1024**2} MiB")
    if content.startswith(_UTF16_MARKS):
        raise Unreadable(SkipReason.NOT_UTF8, "the file is written in UTF-16; only UTF-8 is edited")
    if b"\0" in content:
        raise Unreadable(SkipReason.BINARY, "the file is binary")
    if content.startswith(_LFS):
        raise Unreadable(SkipReason.LFS_POINTER, "the file is kept in Git LFS")
    # libyaml compares each such directive with all before it: some megabytes of them would take minutes.
    if content.count(_TAG_DIRECTIVE) > MOST_TAG_DIRECTIVES:
        raise Unreadable(SkipReason.TOO_MANY_EVENTS, f"the file holds more than {MOST_TAG_DIRECTIVES} %TAG directives")


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(SkipReason.NOT_UTF8, "the file is not written in UTF-8", line) from error
