"""The lines of a Dockerfile put together to instructions that know where in the file each of their bytes stands.

The rules are those of BuildKit (moby/buildkit, frontend/dockerfile/parser) and of
https://docs.docker.com/reference/dockerfile.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.dockerfiles.words import heredocs_in
from bot.manifests.occurrences import Span
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.manifests.dockerfiles.words import Heredoc
    from bot.manifests.source import Source

MOST_INSTRUCTIONS: Final = 20_000
MOST_LINES: Final = 500_000
# BuildKit takes lines of up to 64 KiB; an instruction may have several.
LONGEST_INSTRUCTION: Final = 256 * 1024

_SPACE: Final = b" \t\v\f\r"
_LINE_END: Final = b"\r\n"
_SHEBANG: Final = b"#!"
_ESCAPES: Final = frozenset({b"\\", b"`"})
_DIRECTIVE: Final = re.compile(rb"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S.*)", re.DOTALL)
_DIRECTIVES: Final = frozenset({b"syntax", b"escape", b"check"})
_KEYWORD: Final = re.compile(rb"\s*(\S+)\s*")
_TRIGGER: Final = "ONBUILD"
_WITH_HEREDOCS: Final = frozenset({"RUN", "COPY", "ADD"})


class Line(NamedTuple):
    """A line of the file, or a part of one: its text, the byte of the file where that begins, its number from 1."""

    text: bytes
    byte: int
    number: int


class Joined:
    """Lines that make one text."""

    __slots__ = ("_lines", "_starts", "text")

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._starts: list[int] = []
        length = 0
        for line in lines:
            self._starts.append(length)
            length += len(line.text)
        self.text = lines[0].text if len(lines) == 1 else b"".join(line.text for line in lines)

    def span(self, start: int, end: int) -> Span | None:
        """Give the bytes of the file that hold a part of the text; None where it is spread over several lines."""
        index = self._index(start)
        line, begin = self._lines[index], start - self._starts[index]
        if begin + end - start > len(line.text):
            return None
        return Span(line.byte + begin, line.byte + begin + end - start)

    def line_at(self, at: int) -> int:
        """Tell the line of the file, from 1, on which a byte of the text stands."""
        return self._lines[self._index(at)].number

    def _index(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction: its keyword in capitals, and its text, in which what follows the keyword starts at `begin`.

    `is_trigger` says that it stands behind ONBUILD. `comments` are the lines that may hold markers, without their `#`,
    directly above the instruction and within it.
    """

    keyword: str
    text: Joined
    begin: int
    is_trigger: bool = False
    comments: tuple[Line, ...] = ()


@dataclass(slots=True)
class Script:
    """What a Dockerfile holds.

    `syntax` is the value of `# syntax=`. `loose` are comments that may hold markers and stand above no instruction,
    `endless` the lines of instructions whose inline text does not end.
    """

    escape: bytes = b"\\"
    syntax: Line | None = None
    instructions: list[Instruction] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)
    endless: list[int] = field(default_factory=list)


def script_in(source: Source, trace: bytes) -> Script:
    """Read the instructions of a Dockerfile. Of its comments those with `trace` in them are kept.

    Raises Unreadable for more or longer instructions, or more lines, than anybody writes.
    """
    if source.yaml.count(b"\n") >= MOST_LINES:
        raise Unreadable(SkipReason.TOO_MANY_EVENTS, f"the file has more than {MOST_LINES:,} lines")
    return _Reader(source, trace).read()


class _Reader:
    def __init__(self, source: Source, trace: bytes) -> None:
        self._trace = trace
        self._lines = _lines_of(source)
        self._script = Script()
        self._pending: list[Line] = []
        self._directives: set[bytes] | None = set()

    def read(self) -> Script:
        for line in self._lines:
            text = line.text.lstrip(_SPACE)
            if text.startswith(b"#"):
                self._comment(line, text)
                continue
            self._directives = None
            if text:
                self._instruction(line._replace(text=text, byte=line.byte + len(line.text) - len(text)))
            else:
                self._let_loose()
        self._let_loose()
        return self._script

    def _let_loose(self) -> None:
        self._script.loose += self._pending
        self._pending = []

    def _comment(self, line: Line, text: bytes) -> None:
        if not (self._directives is not None and self._directive(line, text)):
            self._directives = None
            self._keep(line, text)

    def _keep(self, line: Line, text: bytes) -> None:
        if self._trace in text:
            self._pending.append(Line(text.lstrip(b"#").strip(), line.byte, line.number))

    def _directive(self, line: Line, text: bytes) -> bool:
        """Read a parser directive: they stand before everything else, each once."""
        assert self._directives is not None
        if line.number == 1 and text.startswith(_SHEBANG):
            return True
        match = _DIRECTIVE.match(text.rstrip())
        name = match[1].lower() if match else b""
        if match is None or name not in _DIRECTIVES or name in self._directives:
            return False
        self._directives.add(name)
        if name == b"escape" and match[2] in _ESCAPES:
            self._script.escape = match[2]
        if name == b"syntax":
            begin = line.byte + len(line.text) - len(text) + match.start(2)
            self._script.syntax = Line(match[2].partition(b" ")[0], begin, line.number)
        return True

    def _instruction(self, first: Line) -> None:
        text = Joined(list(self._joined(first)))
        comments, self._pending = tuple(self._pending), []
        match = _KEYWORD.match(text.text)
        keyword = _keyword(match)
        is_trigger = keyword == _TRIGGER
        if match and is_trigger:
            match = _KEYWORD.match(text.text, match.end())
            keyword = _keyword(match)
        if match is None:
            self._script.loose += comments
            return
        self._add(Instruction(keyword, text, match.end(), is_trigger, comments), first.number)

    def _add(self, instruction: Instruction, number: int) -> None:
        if len(self._script.instructions) == MOST_INSTRUCTIONS:
            message = f"the file has more than {MOST_INSTRUCTIONS:,} instructions"
            raise Unreadable(SkipReason.TOO_MANY_EVENTS, message)
        if len(instruction.text.text) > LONGEST_INSTRUCTION:
            message = f"an instruction is longer than {LONGEST_INSTRUCTION // 1024} KiB"
            raise Unreadable(SkipReason.TOO_LARGE, message, number)
        self._script.instructions.append(instruction)
        if instruction.keyword in _WITH_HEREDOCS:
            self._pass_over(heredocs_in(instruction.text.text), number)

    def _joined(self, first: Line) -> Iterator[Line]:
        """Give the lines of an instruction without what joins them. Comments and empty lines between do not count."""
        text, goes_on = self._continued(first.text)
        yield first._replace(text=text)
        while goes_on:
            line = next(self._lines, None)
            if line is None:
                return
            stripped = line.text.lstrip(_SPACE)
            if stripped.startswith(b"#"):
                self._keep(line, stripped)
            elif stripped:
                text, goes_on = self._continued(line.text)
                yield line._replace(text=text)

    def _continued(self, text: bytes) -> tuple[bytes, bool]:
        """Cut off the escape character at the end of a line; two of them do not continue it."""
        before = text.rstrip(b" \t")
        if not before.endswith(self._script.escape) or before[:-1].endswith(self._script.escape):
            return text, False
        return before[:-1], True

    def _pass_over(self, heredocs: Sequence[Heredoc], number: int) -> None:
        """Leave out the texts that follow an instruction, each up to the line that ends it."""
        for heredoc in heredocs:
            for line in self._lines:
                if heredoc.is_ended_by(line.text):
                    break
            else:
                self._script.endless.append(number)
                return


def _lines_of(source: Source) -> Iterator[Line]:
    byte = len(source.content) - len(source.yaml)
    for number, text in enumerate(source.yaml.split(b"\n"), 1):
        yield Line(text.rstrip(_LINE_END), byte, number)
        byte += len(text) + 1


def _keyword(match: re.Match[bytes] | None) -> str:
    return match[1].decode(errors="replace").upper() if match else ""
