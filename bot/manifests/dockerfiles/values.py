"""Values in a Dockerfile: the pieces of the file that a value is made of once its variables are filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.dockerfiles.words import unescaped, without_quotes
from bot.manifests.occurrences import Span  # noqa: TC001 - the fields of a named tuple are read at run time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.manifests.dockerfiles.lines import Joined

# A reference has at most 1,024 characters: what is longer is no image.
LONGEST_VALUE: Final = 2_048
_MOST_FRAGMENTS: Final = 32
_DEEPEST: Final = 8

_VARIABLE: Final = re.compile(r"\$(?:(?P<bare>[A-Za-z_]\w*+)|\{(?P<name>[A-Za-z_]\w*+)(?P<how>:?[-+?]|\}|))", re.ASCII)
_BRACE: Final = re.compile(r"\$\{|\}")


class Written(NamedTuple):
    """A value as it stands in the file, without the quotes around it.

    `span` is None where the bytes are not the text as it is (escapes, several lines). `home` is the index of the
    instruction that holds it, None for a directive. Nothing is filled into a `is_literal` value.
    """

    text: str
    span: Span | None
    line: int
    home: int | None
    is_literal: bool = False


class Fragment(NamedTuple):
    """Some characters of a written value."""

    written: Written
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters."""
        return self.written.text[self.start : self.end]


class Value(NamedTuple):
    """What a value is made of. `is_known` is False where a part of it cannot be told from the file alone."""

    fragments: tuple[Fragment, ...]
    is_known: bool = True

    @property
    def text(self) -> str:
        """The value as far as it is known."""
        return "".join(fragment.text for fragment in self.fragments)


def written_in(text: Joined, start: int, end: int, home: int, escape: bytes) -> Written:
    """Read a part of an instruction as a value: from `start` to `end` in its text."""
    is_literal = text.text[start : start + 1] == b"'"
    start, end = without_quotes(text.text, start, end)
    raw = text.text[start:end]
    line = text.line_at(start)
    if any(sign in raw for sign in (b'"', b"'", escape)):
        return Written(unescaped(raw, escape).decode(), None, line, home)
    return Written(raw.decode(), text.span(start, end), line, home, is_literal)


def filled(written: Written, arguments: Mapping[str, Value]) -> Value:
    """Fill the variables of a value in (`$NAME`, `${NAME}`, `${NAME:-other}`); `arguments` are those that are set.

    A variable that is not set makes the value unknown, for what is given to the build is not written in the file.
    """
    if len(written.text) > LONGEST_VALUE:
        return Value((), is_known=False)
    if written.is_literal or "$" not in written.text:
        return Value((Fragment(written, 0, len(written.text)),) if written.text else ())
    fragments: list[Fragment] = []
    is_known, length = True, 0
    for fragment in _Filling(written, arguments).parts(0, len(written.text), 0):
        if fragment is None:
            is_known = False
        elif fragment.text:
            length += len(fragment.text)
            if length > LONGEST_VALUE or len(fragments) == _MOST_FRAGMENTS:
                return Value(tuple(fragments), is_known=False)
            fragments.append(fragment)
    return Value(tuple(fragments), is_known)


class _Filling:
    """Fills the variables of one value in. It gives None for each part that cannot be told."""

    def __init__(self, written: Written, arguments: Mapping[str, Value]) -> None:
        self._written = written
        self._text = written.text
        self._arguments = arguments

    def parts(self, start: int, end: int, depth: int) -> Iterator[Fragment | None]:
        while start < end:
            dollar = self._text.find("$", start, end)
            stop = end if dollar < 0 else dollar
            yield Fragment(self._written, start, stop)
            if dollar < 0:
                return
            match = _VARIABLE.match(self._text, dollar, end)
            start = self._behind(match, end) if match else dollar + 1
            if match is None or depth == _DEEPEST:
                yield None
            elif match["bare"]:
                yield from self._set(match["bare"])
            else:
                yield from self._braced(match, start - 1, depth)

    def _braced(self, match: re.Match[str], closing: int, depth: int) -> Iterator[Fragment | None]:
        """Fill in `${NAME}`, `${NAME:-other}`, `${NAME-other}` and the like; the colon lets an empty one not count."""
        name, how = match["name"], match["how"]
        value = self._arguments.get(name)
        is_set = value is not None and (not how.startswith(":") or not value.is_known or value.text != "")
        match how[-1:]:
            case "}" | "?":
                yield from self._set(name)
            case "-" if is_set:
                yield from self._set(name)
            case "-":
                yield from self.parts(match.end(), closing, depth + 1)
            case "+" if is_set:
                yield from self.parts(match.end(), closing, depth + 1)
            case "+":
                return
            case _:
                yield None

    def _set(self, name: str) -> Iterator[Fragment | None]:
        value = self._arguments.get(name)
        if value is not None:
            yield from value.fragments
        if value is None or not value.is_known:
            yield None

    def _behind(self, match: re.Match[str], end: int) -> int:
        """Tell where a variable ends, behind its brace; one without a closing brace takes all of the rest."""
        if match["bare"] or match["how"] == "}":
            return match.end()
        depth = 1
        for brace in _BRACE.finditer(self._text, match.end(), end):
            depth += -1 if brace[0] == "}" else 1
            if depth == 0:
                return brace.end()
        return end + 1
