"""Which lines of a comment are commands: whole lines for the bot, not what is quoted, code or hidden."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST_BODY: Final = 65_536
"""Characters of a comment; GitHub takes no longer ones."""

MOST_COMMANDS: Final = 10
"""Commands of one comment; each of them may be work of minutes."""

_COMMAND: Final = re.compile(r"/niro(?=[ \t]|$)")
_ANYWHERE: Final = re.compile(r"(?:\A|[\r\n])/niro(?=[ \t\r\n]|\Z)")
_FOOTNOTE: Final = re.compile(r" {0,3}\[\^[^\]]+\]:")
_BEGINS: Final = "begins_line"
_CONTAINERS: Final = frozenset(
    {"blockquote", "center", "code", "del", "details", "div", "dl", "figure", "ins", "kbd", "ol", "pre", "q", "s"}
    | {"samp", "section", "strike", "summary", "table", "ul", "var"}
)
"""HTML elements that hide what is in them, but for those that need no end tag: these stand in one of these."""

_COMMENTS: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")


@dataclass(frozen=True, slots=True)
class TooMany:
    """A comment with more commands than are taken at once. `count`: how many there are."""

    count: int


def may_hold_commands(body: str) -> bool:
    """Whether it is worth reading a comment: some line begins with the bot's name. Cheap, for every comment."""
    return len(body) <= LONGEST_BODY and _ANYWHERE.search(body) is not None


def commands_in(body: str) -> tuple[str, ...] | TooMany:
    """Return the lines of a comment that are commands, in order, without space at their ends.

    Only lines of paragraphs at the top of the document count, as the CommonMark specification and GitHub's tables have
    it, that begin with "/niro" in the first column: nothing in quotes (nor the lines that lazily continue one), lists,
    code, tables, footnotes, links, HTML comments or between HTML tags. A body that is longer than GitHub takes has no
    commands. It takes up to two seconds for the worst of texts.
    """
    if not may_hold_commands(body):
        return ()
    found = tuple(_commands(body))
    return found if len(found) <= MOST_COMMANDS else TooMany(len(found))


def _commands(body: str) -> Iterator[str]:
    tags = _OpenTags()
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for outer, token in pairwise(_MARKDOWN.parse(body)):
        if outer.type == "html_block":
            tags.feed(outer.content)
        elif outer.type == "paragraph_open" and outer.level == 0 and token.map is not None:
            begin = token.map[0]
            hidden = _continues_footnote(lines, begin)
            for number in _line_beginnings(token, tags):
                line = lines[begin + number]
                if not hidden and _COMMAND.match(line):
                    yield line.strip()


def _line_beginnings(token: Token, tags: _OpenTags) -> Iterator[int]:
    """Number the lines of a paragraph that begin as text: not within code, a link or HTML. From 0."""
    if not tags.open:
        yield 0
    for child in token.children or ():
        if child.type == "html_inline":
            tags.feed(child.content)
        elif child.type == _BEGINS and child.level == 0 and not tags.open:
            yield int(child.meta["line"])


def _continues_footnote(lines: list[str], number: int) -> bool:
    """Whether a paragraph belongs to a footnote, which CommonMark does not know and GitHub does."""
    while number > 0 and lines[number - 1].strip() and not _FOOTNOTE.match(lines[number]):
        number -= 1
    return _FOOTNOTE.match(lines[number]) is not None


class _OpenTags:
    """The HTML elements that are open; one that nobody closes hides the rest of the comment."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    @property
    def open(self) -> bool:
        """Whether what comes now is inside an element."""
        return self._open.total() > 0

    def feed(self, html: str) -> None:
        """Go into and out of the elements whose tags stand in a piece of HTML."""
        for end, name in _TAG.findall(_COMMENTS.sub("", html)):
            tag = name.lower()
            if tag in _CONTAINERS and not end:
                self._open[tag] += 1
            elif self._open[tag]:
                self._open[tag] -= 1


def _begin_line(state: StateInline, silent: bool) -> bool:
    """Mark where a line begins in a paragraph, after a newline or a backslash before one."""
    source, position = state.src, state.pos
    length = 1 if source[position] == "\n" else 2 if source.startswith("\\\n", position) else 0
    if not length:
        return False
    if not silent:
        token = state.push(_BEGINS, "", 0)
        token.meta = {"line": source.count("\n", 0, position + length)}
    state.pos = position + length
    return True


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table").disable("emphasis")
    parser.inline.ruler.before("newline", _BEGINS, _begin_line)
    return parser


_MARKDOWN: Final = _markdown()
