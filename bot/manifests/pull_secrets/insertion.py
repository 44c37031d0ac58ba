"""How pull secrets are written into a pod spec: the exact bytes, and what a YAML reader must see after that."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.occurrences import Obstacle
from bot.manifests.pull_secrets.spelling import FlowStyle, spelled
from bot.manifests.pull_secrets.wishes import CONTAINER_LISTS, FIELD
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Positions

    from bot.manifests.pull_secrets.wishes import Wish
    from bot.manifests.source import Position

_PROPERTIES: Final = re.compile(rb"(?:[&!][^\s]*+(?:\s|(?<=\s)#[^\r\n]*+)++)*+")
_EXPLICIT_KEY: Final = re.compile(rb"\?[ \t]+\Z")
_BEFORE_A_FIRST_KEY: Final = re.compile(rb" *+(?:[-:] ++)*+")
_BLANKS: Final = re.compile(rb"[ \t]*+")
_TIGHT_COLON: Final = re.compile(rb":\S")
_DASH: Final = re.compile(rb"-( ++)(?=[^\s#])")
_WIDEST_INDENTATION: Final = 2_000
_NO_PLACE: Final = Obstacle(SkipReason.CHECK_FAILED, "the pod spec is laid out in a way that leaves no exact place")


class Sort(Enum):
    """What a YAML reader sees of an insertion."""

    KEY = "a key with its list, in front of another key"
    LIST = "a list instead of a null or of an empty list"
    ENTRIES = "entries in front of another entry"


class Insertion(NamedTuple):
    """Bytes to write in the place of `start` to `end`, mostly in the place of none.

    `node` is the node that the `sort` speaks of, `names` are the Secrets, `is_json` says that all texts are in quotes.
    """

    start: int
    end: int
    written: bytes
    sort: Sort
    node: Node
    names: tuple[str, ...]
    is_json: bool = False


def characters_of(wish: Wish) -> Iterator[int]:
    """List the characters of the parsed text whose positions `insertion` asks for."""
    mapping = wish.pod.node
    yield _start(mapping)
    for child in mapping.children:
        yield _start(child)
        yield _last_character(child)
        if isinstance(child, Sequence) and child.children:
            yield _start(child.children[0])


def insertion(wish: Wish, content: bytes, positions: Positions[int, Position]) -> Insertion | Obstacle:
    """Say what to write for a wish, in the way of the file; an obstacle where it cannot be exact."""
    site = _Site(wish, content, positions)
    if wish.value is None:
        return site.key_in_flow() if site.is_flow(wish.pod.node) else site.key_in_block()
    if isinstance(wish.value, Scalar):
        return site.instead_of_null(wish.value)
    return site.into_list(wish.value)


class _Site:
    """A pod spec in the bytes of its file."""

    def __init__(self, wish: Wish, content: bytes, positions: Positions[int, Position]) -> None:
        self._wish = wish
        self._mapping = wish.pod.node
        self._content = content
        self._positions = positions

    def is_flow(self, collection: Mapping | Sequence) -> bool:
        """Whether a collection is written with brackets."""
        begin = self._opening(collection)
        return self._content[begin : begin + 1] in {b"{", b"["}

    def key_in_flow(self) -> Insertion:
        """Put the key in front of the first one, on a line of its own where that stands on one."""
        key = self._mapping.children[0]
        at = self._before_question_mark(self._byte(key))
        style = self._style(key)
        text = style.key() + style.flow(self._wish.names) + b"," + self._gap(at, style)
        return Insertion(at, at, text, Sort.KEY, key, self._wish.names, style.is_json)

    def key_in_block(self) -> Insertion | Obstacle:
        """Put the key on lines of its own above the first list of containers and the comments that belong to it."""
        index = self._index_of_containers()
        key = self._mapping.children[index]
        at = self._before_question_mark(self._byte(key))
        lead = self._content[self._line_start(at) : at]
        is_first_on_line = not lead.strip(b" ")
        if not is_first_on_line and not (index == 0 and _BEFORE_A_FIRST_KEY.fullmatch(lead)):
            return _NO_PLACE
        indentation, line_end = b" " * len(lead), self._line_end(at)
        text = FIELD.encode() + b":" + self._block_list(index, indentation, line_end) + line_end + indentation
        if is_first_on_line:
            at = self._above_comments(at, index)
        return Insertion(at, at, text, Sort.KEY, key, self._wish.names)

    def instead_of_null(self, value: Scalar) -> Insertion | Obstacle:
        """Put a list in the place of a null, or behind the colon where nothing stands."""
        start, end = self._byte(value), self._positions[_end(value)].byte
        style = self._style(self._own_key())
        text = style.flow(self._wish.names)
        if start == end:
            if self._content[start - 1 : start] != b":":
                return _NO_PLACE
            text = (b"" if style.is_tight else b" ") + text
        return Insertion(start, end, text, Sort.LIST, value, self._wish.names, style.is_json)

    def into_list(self, value: Sequence) -> Insertion | Obstacle:
        """Put entries in front of those that name nothing, or between the brackets of an empty list."""
        if not self.is_flow(value):
            return self._into_block_list(value)
        style = self._style(self._own_key())
        entries = style.entries(self._wish.names)
        if value.children:
            at = self._byte(value.children[0])
            entries += b"," + self._gap(at, style)
            return Insertion(at, at, entries, Sort.ENTRIES, value.children[0], self._wish.names, style.is_json)
        start = self._opening(value) + 1
        end = _end_of(_BLANKS, self._content, start)
        if self._content[end : end + 1] != b"]":
            end = start
        return Insertion(start, end, entries, Sort.LIST, value, self._wish.names, style.is_json)

    def _into_block_list(self, value: Sequence) -> Insertion | Obstacle:
        dash = self._opening(value)
        start = self._line_start(dash)
        lead = self._content[start:dash]
        if lead.strip(b" "):
            return _NO_PLACE
        entries = self._block_entries(value, lead, self._line_end(dash))
        return Insertion(start, start, entries, Sort.ENTRIES, value.children[0], self._wish.names)

    def _byte(self, node: Node) -> int:
        return self._positions[_start(node)].byte

    def _opening(self, collection: Mapping | Sequence) -> int:
        """Find where a collection itself begins, behind its anchor and its tag."""
        return _end_of(_PROPERTIES, self._content, self._byte(collection))

    def _before_question_mark(self, at: int) -> int:
        question_mark = _EXPLICIT_KEY.search(self._content, self._line_start(at), at)
        return question_mark.start() if question_mark else at

    def _line_start(self, at: int) -> int:
        """Find where a line begins; of a longer one than anybody indents, a byte in it will do."""
        furthest = max(0, at - _WIDEST_INDENTATION)
        return max(furthest, self._content.rfind(b"\n", furthest, at) + 1)

    def _line_end(self, at: int) -> bytes:
        """Give the line end of the line of a byte, of the line before where it has none."""
        found = self._content.find(b"\n", at)
        if found < 0:
            found = self._content.rfind(b"\n", 0, at)
        return b"\r\n" if found > 0 and self._content[found - 1 : found] == b"\r" else b"\n"

    def _gap(self, at: int, style: FlowStyle) -> bytes:
        """Give what stands between a new element and the next: a line end where that begins its line."""
        begin = self._line_start(at)
        lead = self._content[begin:at]
        if begin and not lead.strip(b" \t"):
            return self._line_end(begin - 1) + lead
        return b"" if style.is_tight else b" "

    def _style(self, key: Node) -> FlowStyle:
        """Read from a key how its flow collection is written: as JSON does, and without spaces."""
        if not isinstance(key, Scalar) or key.style != '"':
            return FlowStyle(is_json=False, is_tight=False)
        colon = self._positions[_end(key)].byte
        return FlowStyle(is_json=True, is_tight=_TIGHT_COLON.match(self._content, colon) is not None)

    def _own_key(self) -> Node:
        children = self._mapping.children
        return next(key for key, value in zip(children[::2], children[1::2], strict=True) if value is self._wish.value)

    def _index_of_containers(self) -> int:
        """Find the first list of containers among the children, or else the first key."""
        children = self._mapping.children
        for index in range(0, len(children), 2):
            key = children[index]
            if isinstance(key, Scalar) and key.value in CONTAINER_LISTS:
                return index
        return 0

    def _above_comments(self, at: int, index: int) -> int:
        """Climb over the comments that stand directly above a key, at its column."""
        bound = self._positions[_last_character(self._mapping.children[index - 1])].byte if index else 0
        line = self._line_start(at)
        lead = self._content[line:at]
        while line:
            above = self._line_start(line - 1)
            begins = not above or self._content[above - 1 : above] == b"\n"
            if above < bound or not begins or not self._content.startswith(lead + b"#", above):
                break
            line = above
        return line + len(lead)

    def _block_list(self, index: int, indentation: bytes, line_end: bytes) -> bytes:
        """Write the list as the pod spec writes its own: that of the key which follows, or else any with dashes."""
        like = self._list_with_dashes(index)
        if like is None:
            return b" " + FlowStyle(is_json=False, is_tight=False).flow(self._wish.names)
        key, value = like
        further = self._column(self._opening(value)) - self._column(self._byte(key))
        entries = self._block_entries(value, indentation + b" " * further, line_end)
        return line_end + entries.removesuffix(line_end)

    def _list_with_dashes(self, index: int) -> tuple[Node, Sequence] | None:
        children = self._mapping.children
        key, value = children[index : index + 2]
        if isinstance(value, Sequence) and self.is_flow(value):
            return None
        for each_key, each in ((key, value), *zip(children[::2], children[1::2], strict=True)):
            if isinstance(each, Sequence) and not self.is_flow(each):
                return each_key, each
        return None

    def _block_entries(self, like: Sequence, indentation: bytes, line_end: bytes) -> bytes:
        """Write entries with dashes, as far from their text as the first of another list is."""
        dash = _DASH.match(self._content, self._opening(like))
        gap = dash[1] if dash else b" "
        return b"".join(indentation + b"-" + gap + b"name: " + spelled(name) + line_end for name in self._wish.names)

    def _column(self, at: int) -> int:
        return at - self._line_start(at)


def _start(node: Node) -> int:
    mark = node.start_mark if isinstance(node, Scalar) else node.mark
    assert mark is not None
    return int(mark.index)


def _end(node: Scalar | Alias) -> int:
    assert node.end_mark is not None
    return int(node.end_mark.index)


def _last_character(node: Node) -> int:
    """Give the end of the last text below a node; of an empty collection its beginning."""
    while isinstance(node, Mapping | Sequence):
        if not node.children:
            return _start(node)
        node = node.children[-1]
    return _end(node)


def _end_of(expression: re.Pattern[bytes], content: bytes, at: int) -> int:
    """Tell where an expression that matches anything, also nothing, ends."""
    match = expression.match(content, at)
    assert match is not None
    return match.end()
