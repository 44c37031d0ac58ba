"""The words of an instruction in a Dockerfile, as BuildKit splits them: flags, assignments and inline texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECIMALS_AND_SIGN: Final = re.compile(rb"[0-9]*<<(-?)\s*([^<]+)", re.DOTALL)
_SHELL_WORD: Final = re.compile(
    rb"""(?:<<[ \t\r]*|[^\s'"\\]|\\.|"(?:[^"\\]|\\.)*+"|'[^']*+')++|(?P<open>['"])""", re.DOTALL
)
_QUOTING: Final = re.compile(rb"""\\(.)|['"]""", re.DOTALL)

_FLAG: Final = re.compile(
    rb"""--([A-Za-z-]++)(?:=((?:[^\s'"\\]|\\.|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')*+))?(?:\s++|\Z)""", re.DOTALL
)
_WORDS: Final = {
    escape: re.compile(
        rb"""(?:[^\s'"E]|E.?|"(?:[^"E]|E.)*+"|'[^']*+'|['"].*+)++""".replace(b"E", re.escape(escape)), re.DOTALL
    )
    for escape in (b"\\", b"`")
}
_NAME: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*+")


class Heredoc(NamedTuple):
    """A text that follows an instruction up to the line `name`, which tabs may precede where `takes_tabs` says so."""

    name: bytes
    takes_tabs: bool

    def is_ended_by(self, line: bytes) -> bool:
        """Whether a line, without its line end, is the one behind the text."""
        return (line.lstrip(b"\t") if self.takes_tabs else line) == self.name


class Piece(NamedTuple):
    """A named part of an instruction's text: a flag or an assignment. The value stands from `start` to `end`."""

    name: str
    start: int
    end: int


def heredocs_in(text: bytes) -> list[Heredoc]:
    """List the inline texts that an instruction announces (`<<EOF`, `<<-EOF`, `3<<"EOF"`), in their order.

    Where a quote is not closed there are none: so does BuildKit read it.
    """
    if b"<<" not in text:
        return []
    found: list[Heredoc] = []
    for word in _SHELL_WORD.finditer(text):
        if word["open"]:
            return []
        match = _DECIMALS_AND_SIGN.fullmatch(word[0])
        if match:
            found.append(Heredoc(_QUOTING.sub(rb"\1", match[2]), match[1] == b"-"))
    return found


def flags_in(text: bytes, begin: int) -> tuple[list[Piece], int]:
    """List the flags (`--name=value`) at the beginning of an instruction, and tell where what follows them starts."""
    found: list[Piece] = []
    while match := _FLAG.match(text, begin):
        start, end = match.span(2)
        if start >= 0:
            found.append(Piece(match[1].decode(), start, end))
        begin = match.end()
    return found, begin


def assignments_in(text: bytes, begin: int, escape: bytes) -> Iterator[Piece]:
    """Give the assignments (`NAME=value`) of an instruction."""
    for word in _WORDS[escape].finditer(text, begin):
        name = _NAME.match(text, word.start(), word.end())
        if name and text[name.end() : name.end() + 1] == b"=":
            yield Piece(name[0].decode(), name.end() + 1, word.end())


def fields_in(text: bytes, start: int, end: int) -> Iterator[Piece]:
    """Give the fields of a list (`type=bind,from=alpine`), whose names are written in any case."""
    start, end = without_quotes(text, start, end)
    while start < end:
        comma = text.find(b",", start, end)
        stop = end if comma < 0 else comma
        inner_start, inner_end = without_quotes(text, start, stop)
        equals = text.find(b"=", inner_start, inner_end)
        if equals >= 0:
            yield Piece(text[inner_start:equals].decode(errors="replace").lower(), equals + 1, inner_end)
        start = stop + 1


def without_quotes(text: bytes, start: int, end: int) -> tuple[int, int]:
    """Leave out the quotes around a part of a text, if it stands in quotes as a whole."""
    quote = text[start : start + 1]
    is_quoted = quote in {b'"', b"'"} and end - start > 1 and text.find(quote, start + 1, end) == end - 1
    return (start + 1, end - 1) if is_quoted else (start, end)


def unescaped(raw: bytes, escape: bytes) -> bytes:
    """Take quotes and escapes out of a word that is not written as it reads."""
    return re.sub(rb"""E(.)|['"]""".replace(b"E", re.escape(escape)), rb"\1", raw, flags=re.DOTALL)
