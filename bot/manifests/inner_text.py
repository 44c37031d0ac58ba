"""The text that a block scalar holds, as a text of its own that knows where in the file each character stands."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from bot.manifests.source import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.manifests.source import Text
    from bot.manifests.tree import Scalar

_LITERAL: Final = "|"
_BYTE_ORDER_MARK: Final = "\ufeff"
# Anchor and tag, then the header of YAML 1.2.2, section 8.1.1, with the comment behind it.
_HEADER: Final = re.compile(rb"(?:[&!]\S*\s+){0,2}\|[^\r\n]*\r?\n")


class BlockText:
    """The text of a literal block scalar. Its lines end in line feeds, whatever those of the file end in.

    `starts` are the characters of `yaml` with which its lines begin, `places` the bytes of the file where they stand,
    `line` the file's line of the first one, from 1.
    """

    __slots__ = ("_line", "_places", "_starts", "_text", "yaml")

    def __init__(self, text: str, starts: array[int], places: array[int], line: int) -> None:
        self.yaml = text.encode()
        self._text = text
        self._starts = starts
        self._places = places
        self._line = line

    def positions(self, characters: Iterable[int]) -> dict[int, Position]:
        """Find where in the file each character stands."""
        found: dict[int, Position] = {}
        row, before, byte = -1, 0, 0
        for character in sorted(set(characters)):
            after = bisect_right(self._starts, character) - 1
            if after != row:
                row, before, byte = after, self._starts[after], self._places[after]
            byte += len(self._text[before:character].encode())
            before = character
            found[character] = Position(byte, self._line + row)
        return found

    def line_in_file(self, line: int) -> int:
        """Turn a line of the text into the line of the file."""
        return self._line + min(line, len(self._starts)) - 1


class Unplaced:
    """The text of a scalar whose lines are not those of the file (quoted, folded): read, and never edited.

    All of it stands where the scalar does. Its bytes are found nowhere, so that no value in it has any.
    """

    __slots__ = ("_begin", "yaml")

    def __init__(self, scalar: Scalar, outer: Text) -> None:
        self.yaml = str(scalar.value).encode()
        start, _ = _marks(scalar)
        self._begin = Position(0, outer.positions([start])[start].line)

    def positions(self, characters: Iterable[int]) -> dict[int, Position]:
        """Give the place of the scalar for every character."""
        return dict.fromkeys(characters, self._begin)

    def line_in_file(self, line: int) -> int:  # noqa: ARG002 - all lines stand on one
        """Give the line of the scalar."""
        return self._begin.line


def inner_text(scalar: Scalar, outer: Text, content: bytes) -> Text | None:
    """Give the text of a literal block scalar (`|`) of `outer`; `content` are the bytes of the whole file.

    None where the lines of the file, without their indentation, are not exactly those of the text: folded, quoted and
    plain scalars, blocks that a reader reads in another way, and blocks without a letter.
    """
    return next(iter(inner_texts([scalar], outer, content)))


def inner_texts(scalars: Sequence[Scalar], outer: Text, content: bytes) -> Iterator[Text | None]:
    """Give the text of each scalar as `inner_text` does, with one look at `outer` for all of them."""
    literal = [scalar for scalar in scalars if scalar.style == _LITERAL]
    positions = outer.positions(mark for scalar in literal for mark in _marks(scalar))
    for scalar in scalars:
        yield _read(scalar, positions, content) if scalar.style == _LITERAL else None


def _marks(scalar: Scalar) -> tuple[int, int]:
    assert scalar.start_mark is not None
    assert scalar.end_mark is not None
    return int(scalar.start_mark.index), int(scalar.end_mark.index)


def _read(scalar: Scalar, positions: dict[int, Position], content: bytes) -> BlockText | None:
    start, end = (positions[mark] for mark in _marks(scalar))
    header = _HEADER.match(content, start.byte, end.byte)
    if header is None:
        return None
    line = start.line + content.count(b"\n", start.byte, header.end())
    return _aligned(str(scalar.value), content[header.end() : end.byte].decode(), Position(header.end(), line))


def _aligned(text: str, block: str, begin: Position) -> BlockText | None:
    """Lay the lines of the text beside those of the block; None where they differ in more than the indentation."""
    shown_lines, written_lines = text.split("\n"), block.split("\n")
    indentation = _indentation(shown_lines, written_lines)
    if indentation is None or len(shown_lines) > len(written_lines) or text.startswith(_BYTE_ORDER_MARK):
        return None
    starts, places = array("Q"), array("Q")
    start, byte = 0, begin.byte
    for shown, written in zip(shown_lines, written_lines, strict=False):
        line = written.removesuffix("\r")
        if line[indentation:] != shown or line[:indentation].strip(" "):
            return None
        starts.append(start)
        places.append(byte + min(indentation, len(line)))
        start += len(shown) + 1
        byte += len(written.encode()) + 1
    return BlockText(text, starts, places, begin.line)


def _indentation(shown_lines: Sequence[str], written_lines: Sequence[str]) -> int | None:
    """Count the spaces before the first line that is not empty: what the header says depends on what is around it."""
    for shown, written in zip(shown_lines, written_lines, strict=False):
        if shown:
            spaces = len(written.removesuffix("\r")) - len(shown)
            return spaces if spaces >= 0 else None
    return None
