"""The bytes of a file, and the way from the characters that YAML marks count to bytes and lines."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_FILE: Final = 5 * 1024 * 1024
MOST_TAG_DIRECTIVES: Final = 100

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TAG_DIRECTIVE: Final = b"%TAG"
_JSON_BEGINS: Final = (b"{", b"[")
# Half of a letter: an escape whose backslash is not itself behind one, that is behind an even number of them.
_HALF: Final = re.compile(rb"(?<!\\)((?:\\\\)*+)\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_REPLACEMENT: Final = rb"\1\\ufffd"
_LFS: Final = b"version https://git-lfs.github.com/spec/"


class Position(NamedTuple):
    """Where a character stands: its byte offset in the file and its line there, from 1."""

    byte: int
    line: int


class Text(Protocol):
    """A part of a file that is parsed by itself: one document, or the text that a scalar holds.

    `yaml` is its UTF-8 without a byte order mark; the marks of its nodes count its characters.
    """

    @property
    def yaml(self) -> bytes:
        """The bytes to parse."""

    def positions(self, characters: Iterable[int]) -> dict[int, Position]:
        """Find where in the file each character of `yaml` stands, in one pass whatever their number."""

    def line_in_file(self, line: int) -> int:
        """Turn a line of `yaml`, from 1, into the line of the file."""


class Stretch:
    """Consecutive whole lines of a file. `byte` and `line` are where they begin: bytes, and lines before them."""

    __slots__ = ("_text", "byte", "line", "yaml")

    def __init__(self, yaml: bytes, byte: int, line: int) -> None:
        self.yaml = yaml
        self.byte = byte
        self.line = line
        self._text: str | None = None

    def positions(self, characters: Iterable[int]) -> dict[int, Position]:
        """Find where in the file each character stands."""
        if self._text is None and not self.yaml.isascii():
            self._text = self.yaml.decode()
        found: dict[int, Position] = {}
        before, byte, line = 0, 0, self.line + 1
        for character in sorted(set(characters)):
            after = byte + self._width(before, character)
            line += self.yaml.count(b"\n", byte, after)
            before, byte = character, after
            found[character] = Position(self.byte + byte, line)
        return found

    def line_in_file(self, line: int) -> int:
        """Turn a line of the stretch into the line of the file."""
        return self.line + line

    def _width(self, start: int, end: int) -> int:
        return end - start if self._text is None else len(self._text[start:end].encode())


class Source:
    """A file that may hold YAML. Raises Unreadable for one that cannot: too large, binary, not UTF-8.

    `content` are its bytes, `yaml` those that are parsed, without a byte order mark. JSON writes a letter outside of
    the basic plane as two escapes (RFC 8259, section 7), which YAML does not know: each stands in `yaml` as the escape
    of U+FFFD, so that no byte moves.
    """

    def __init__(self, content: bytes) -> None:
        _refuse_at_sight(content)
        self.content = content
        self._mark_length = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
        self.yaml = content[self._mark_length :]
        if not content.isascii():
            _refuse_other_letters(self.yaml)
        if _is_json_with_halves(self.yaml):
            self.yaml = _HALF.sub(_REPLACEMENT, self.yaml)

    def whole(self) -> Stretch:
        """Give the whole file, without its byte order mark, as one stretch."""
        return Stretch(self.yaml, self._mark_length, 0)


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


def _refuse_other_letters(content: bytes) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(SkipReason.NOT_UTF8, "the file is not written in UTF-8", line) from error


def _is_json_with_halves(content: bytes) -> bool:
    return (rb"\ud" in content or rb"\uD" in content) and content.lstrip().startswith(_JSON_BEGINS)
