"""From the characters that YAML marks count to the bytes of the file, for many questions about one text."""

from __future__ import annotations

from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.manifests.source import Stretch

_NOTCH: Final = 4096
_KEPT: Final = 4


class Ruler:
    """Where the characters of a stretch stand in its file."""

    __slots__ = ("_begin", "_notches", "_text")

    def __init__(self, stretch: Stretch) -> None:
        self._begin = stretch.byte
        self._text = None if stretch.yaml.isascii() else stretch.yaml.decode()
        self._notches = array("Q", [0])
        if self._text is not None:
            for start in range(0, len(self._text), _NOTCH):
                self._notches.append(self._notches[-1] + len(self._text[start : start + _NOTCH].encode()))

    def byte(self, character: int) -> int:
        """Give the byte of the file at which a character stands, its byte order mark counted."""
        if self._text is None:
            return self._begin + character
        notch = character // _NOTCH
        return self._begin + self._notches[notch] + len(self._text[notch * _NOTCH : character].encode())


@lru_cache(maxsize=_KEPT)
def ruler_of(stretch: Stretch) -> Ruler:
    """Give the ruler of a stretch: one for all questions about it."""
    return Ruler(stretch)
