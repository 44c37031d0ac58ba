"""The comments of a text that speak of markers, and what each of them stands beside."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.markers.outline import NOTHING
from bot.manifests.markers.syntax import MARKER_KEY
from bot.manifests.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.manifests.markers.outline import Leaf

_BREAKS: Final = "\n\r\x85\u2028\u2029"
_NO_BREAK: Final = rf"[^{_BREAKS}]*+"
_REST_OF_LINE: Final = re.compile(_NO_BREAK)
_BREAK: Final = re.compile(rf"\r\n|[{_BREAKS}]")
_COMMENT_LINES: Final = re.compile(rf"(?:[ \t]*+#{_NO_BREAK}(?:\r\n|[{_BREAKS}]))*+([ \t]*+)")
_SPACE_AND_COMMENTS: Final = re.compile(rf"(?:[ \t{_BREAKS}]++|#{_NO_BREAK})*+")
_PROPERTIES: Final = re.compile(rf"(?:[&!][^ \t{_BREAKS}]*+(?:[ \t{_BREAKS}]++|(?<=[ \t{_BREAKS}])#{_NO_BREAK})*+)*+")
_BLOCK_STYLES: Final = frozenset({"|", ">"})


class Stand(Enum):
    """Where a comment stands."""

    BEHIND = auto()
    """Directly behind a value, or on the line where a block scalar is announced."""
    COMMA = auto()
    """Behind a value and its comma."""
    CLOSING = auto()
    """Behind a bracket that closes a collection."""
    BARE = auto()
    """Behind a key, a dash or an opening bracket: its value begins later."""
    ABOVE = auto()
    """On a line of its own, with nothing but comments between it and what follows."""
    NOWHERE = auto()
    """On a line of its own that a blank line or the end of the text follows."""


class Comment(NamedTuple):
    """A comment, from its `#`, and its line in the text, from 1.

    `leaf` is the last leaf that begins before it. `line_start` and `start` are the characters where its line (behind
    the last leaf on it) and it begin. What follows begins at the character `following`, and not before `bound`;
    `column` is its column, where the comment stands above it. `closed` counts the brackets that are closed between the
    last leaf and the comment and were not opened there.
    """

    text: str
    line: int
    stand: Stand
    leaf: int
    line_start: int
    start: int
    following: int = 0
    column: int = 0
    bound: int = 0
    closed: int = 0


def find_comments(text: str, leaves: Sequence[Leaf], starts: Sequence[int]) -> tuple[list[Comment], list[int]]:
    """Find the comments that name the key of markers, and the block scalars (by number) in whose text it stands.

    `leaves` are all values of the text in order, `starts` the characters where they begin. Time is linear in the text.
    """
    finder = _Finder(text, leaves, starts)
    at = text.find(MARKER_KEY)
    while at >= 0:
        at = text.find(MARKER_KEY, finder.take(at))
    return finder.comments, finder.blocks


def after_space_and_comments(text: str, at: int) -> int:
    """Find the first character at or behind `at` that is neither white space nor in a comment."""
    match = _SPACE_AND_COMMENTS.match(text, at)
    assert match is not None
    return match.end()


class _Finder:
    """Goes once through a text, from one trace of a marker to the next."""

    def __init__(self, text: str, leaves: Sequence[Leaf], starts: Sequence[int]) -> None:
        self.comments: list[Comment] = []
        self.blocks: list[int] = []
        self._text = text
        self._leaves = leaves
        self._starts = starts
        self._behind = 0
        self._counted, self._line = 0, 1
        self._run: tuple[int, int] = (0, 0)
        self._body: tuple[int, int] = (NOTHING, 0)

    def take(self, at: int) -> int:
        """Look at a trace of a marker, and tell from where to look for the next."""
        number = bisect_right(self._starts, at) - 1
        if number != NOTHING and at < self._leaves[number].end:
            self._behind = self._within(number, at)
        else:
            self._behind = self._between(number, at)
        return self._behind

    def _within(self, number: int, at: int) -> int:
        """Look at a trace within the characters of a value: in its text, or in a comment before its text begins."""
        leaf = self._leaves[number]
        body = self._body_of(number)
        if at < body:
            return self._comment(number, max(leaf.start, self._behind), at, is_behind=True)
        if not _is_block(leaf):
            return leaf.end
        if at < self._line_end(body):
            return self._comment(number, body, at, is_behind=True)
        self.blocks.append(number)
        return leaf.end

    def _between(self, number: int, at: int) -> int:
        """Look at a trace between values; all that stands there is indicators, properties, directives and comments."""
        end = self._leaves[number].end if number != NOTHING else 0
        floor = max(end, self._behind)
        line_break = max(self._text.rfind(each, floor, at) for each in _BREAKS)
        if line_break >= 0:
            return self._comment(number, line_break + 1, at)
        is_on_line = number != NOTHING and floor == end and not _is_block(self._leaves[number])
        return self._comment(number, floor, at, is_on_line=is_on_line)

    def _comment(
        self, number: int, line_start: int, at: int, *, is_on_line: bool = False, is_behind: bool = False
    ) -> int:
        start = self._text.find("#", line_start, at)
        if start < 0:
            return at + len(MARKER_KEY)
        end = self._line_end(start)
        comment = Comment(self._text[start:end], self._line_of(start), Stand.BEHIND, number, line_start, start)
        self.comments.append(comment if is_behind else self._stood(comment, end, is_on_line=is_on_line))
        return end

    def _stood(self, comment: Comment, end: int, *, is_on_line: bool) -> Comment:
        """Tell where a comment between two values stands."""
        before = self._text[comment.line_start : comment.start].strip(" \t")
        if not before and not is_on_line:
            following, column = self._after_comment_lines(end)
            stand = Stand.ABOVE if self._text[following : following + 1].strip(_BREAKS) else Stand.NOWHERE
            return comment._replace(stand=stand, following=following, column=column)
        inner = before.rstrip(", \t")
        if inner.endswith(("]", "}")):
            closed = sum(map(before.count, "]}")) - sum(map(before.count, "[{"))
            return comment._replace(stand=Stand.CLOSING, closed=closed)
        if not inner:
            return comment._replace(stand=Stand.COMMA if before else Stand.BEHIND)
        following = after_space_and_comments(self._text, end)
        bound = comment.line_start + _end_of_indicators(self._text[comment.line_start : comment.start])
        return comment._replace(stand=Stand.BARE, following=following, bound=bound)

    def _after_comment_lines(self, end: int) -> tuple[int, int]:
        """Find the character and the column of what follows lines of comments. A run of such lines is read once."""
        if end >= self._run[0]:
            line_break = _BREAK.match(self._text, end)
            match = _COMMENT_LINES.match(self._text, line_break.end() if line_break else end)
            assert match is not None
            self._run = (match.end(), len(match[1]))
        return self._run

    def _body_of(self, number: int) -> int:
        """Find where the text of a value begins, behind its anchor and its tag."""
        leaf = self._leaves[number]
        node = leaf.node
        if not isinstance(node, Scalar) or (node.anchor is None and node.tag is None):
            return leaf.start
        if self._body[0] != number:
            match = _PROPERTIES.match(self._text, leaf.start, leaf.end)
            assert match is not None
            self._body = (number, match.end())
        return self._body[1]

    def _line_end(self, at: int) -> int:
        match = _REST_OF_LINE.match(self._text, at)
        assert match is not None
        return match.end()

    def _line_of(self, at: int) -> int:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line


def _is_block(leaf: Leaf) -> bool:
    return isinstance(leaf.node, Scalar) and leaf.node.style in _BLOCK_STYLES


def _end_of_indicators(before: str) -> int:
    """Find where the indicators of a line end, its last opening bracket and the anchor and tag before it left out."""
    rest = before.rstrip(" \t")
    if rest.endswith(("[", "{")):
        rest = rest[:-1].rstrip(" \t")
    for _ in range(2):
        word = rest[max(rest.rfind(" "), rest.rfind("\t")) + 1 :]
        if word.startswith(("&", "!")):
            rest = rest.removesuffix(word).rstrip(" \t")
    return len(rest)
