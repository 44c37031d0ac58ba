"""Go's text/template as a row of tokens: literal text with the trim markers applied, and actions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE: Final = " \t\r\n"
_COMMENT = re.compile(r"\{\{(?:-[ \t\r\n])?/\*.*?\*/(?:[ \t\r\n]-)?\}\}", re.DOTALL)
_ACTION = re.compile(r'\{\{(?!(?:-[ \t\r\n])?/\*)(?:"(?:\\.|[^"\\\n])*+"|`[^`]*+`|[^"`}]|\}(?!\}))*+\}\}')


class UnreadableTemplate(ValueError):
    """A part of a template that is not understood. `.part` is its text."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(part)


@dataclass(frozen=True, slots=True)
class Text:
    """Text that stands in the template as it is to come out."""

    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """What stands between {{ and }}, without the trim markers and the white space around it. `part` is all of it."""

    body: str
    part: str

    @property
    def word(self) -> str:
        """The first word: "range", "end", ".Values.x"."""
        return self.body.split(maxsplit=1)[0] if self.body else ""


Token = Text | Action


def tokens(template: str) -> list[Token]:
    """Cut a template into its tokens. Comments are left out. Raises UnreadableTemplate for what is never closed."""
    found: list[Token] = []
    trim = False
    for text, part in _pieces(template):
        left, body, right = _inner(part)
        text = text.lstrip(_SPACE) if trim else text  # noqa: PLW2901
        found.append(Text(text.rstrip(_SPACE) if left else text))
        if part and not body.startswith("/*"):
            found.append(Action(body, part))
        trim = right
    return [token for token in found if token != Text("")]


def _pieces(template: str) -> Iterator[tuple[str, str]]:
    """Give each text with the action or comment that follows it, "" after the last one."""
    at = 0
    while True:
        begin = template.find("{{", at)
        if begin < 0:
            yield template[at:], ""
            return
        match = _COMMENT.match(template, begin) or _ACTION.match(template, begin)
        if match is None:
            raise UnreadableTemplate(template[begin:])
        yield template[at:begin], match[0]
        at = match.end()


def _inner(part: str) -> tuple[bool, str, bool]:
    """Tell whether an action trims what stands before it, what it holds, whether it trims what follows."""
    inner = part[2:-2]
    left = len(inner) > 1 and inner[0] == "-" and inner[1] in _SPACE
    inner = inner[1:] if left else inner
    right = len(inner) > 1 and inner[-1] == "-" and inner[-2] in _SPACE
    return left, (inner[:-1] if right else inner).strip(_SPACE), right
