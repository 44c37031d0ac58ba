"""Lines for a terminal: aligned, wrapped between words, and free of what strangers could do to it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from bot.explaining.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

UNWRAPPED: Final = 10**9
"""The width of what is no terminal: lines stay whole, so that they can be searched."""

_NARROWEST_COLUMN: Final = 24
_WIDEST_FIRST_COLUMN: Final = 36
_WIDEST_GRID: Final = 80
_INDENT: Final = 2


class Page:
    """A text that grows by lines. `width` is that of the terminal in columns."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lines: list[str] = []

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def blank(self) -> None:
        """Leave a line empty, but never two, and not the first."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def line(self, text: str, depth: int = 0) -> None:
        """Write a paragraph, `depth` steps to the right."""
        self._lines += self._wrapped(shown(text), " " * _INDENT * depth, " " * _INDENT * depth)

    def rows(self, rows: Iterable[tuple[str, str]], depth: int = 1, narrowest: int = 0) -> None:
        """Write two columns; the first is as wide as its widest text, but for very long ones, which stand alone."""
        clean = [(shown(first), shown(second)) for first, second in rows]
        widths = [len(first) for first, _ in clean if len(first) <= _WIDEST_FIRST_COLUMN]
        column = max([narrowest, *widths], default=0)
        for first, second in clean:
            self._lines += self._row(first, second, column, " " * _INDENT * depth)

    def grid(self, words: Sequence[str], depth: int) -> None:
        """Write short texts in columns of one width, line by line."""
        clean = [shown(word) for word in words]
        column = max(map(len, clean), default=0) + _INDENT
        room = min(self._width, _WIDEST_GRID) - _INDENT * depth
        in_a_line = max(1, (room + _INDENT) // column)
        for start in range(0, len(clean), in_a_line):
            cells = "".join(f"{word:<{column}}" for word in clean[start : start + in_a_line])
            self._lines.append(f"{' ' * _INDENT * depth}{cells}".rstrip())

    def _row(self, first: str, second: str, column: int, indent: str) -> Iterator[str]:
        below = f"{indent}{' ' * column}  "
        if not second:
            yield f"{indent}{first}"
        elif len(first) > column:
            yield f"{indent}{first}"
            yield from self._wrapped(second, below, below)
        else:
            yield from self._wrapped(second, f"{indent}{first:<{column}}  ", below)

    def _wrapped(self, text: str, first: str, following: str) -> Sequence[str]:
        width = max(self._width, len(following) + _NARROWEST_COLUMN)
        if len(first) + len(text) <= width:
            return [f"{first}{text}".rstrip()]
        return textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        )
