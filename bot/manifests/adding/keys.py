"""Keys with texts, or with mappings of texts, added to a mapping in the way that the file is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bot.manifests.adding.additions import Addition, joined
from bot.manifests.adding.lines import indentation, line_end, line_start, next_line
from bot.manifests.adding.ruler import ruler_of
from bot.manifests.adding.spelling import Block, Style, Tree
from bot.manifests.adding.standing import is_shared
from bot.manifests.fields import MERGE_KEY, fields, is_null
from bot.manifests.markers.syntax import MARKER_KEY
from bot.manifests.tree import Alias, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.manifests.source import Stretch
    from bot.manifests.tree import Node

__all__ = ["Tree", "keys_added"]

_PROPERTIES: Final = re.compile(rb"(?:[&!][^\s]*+(?:\s|(?<=\s)#[^\r\n]*+)++)*+")
_COLON: Final = re.compile(rb"[ \t]*+:")
_EMPTY: Final = re.compile(rb"[ \t]*+\{[ \t]*+\}")
_TIGHT_COLON: Final = re.compile(rb"[ \t]*+:\S")
_BLOCK_STYLES: Final = frozenset({"|", ">"})
_MARKER: Final = MARKER_KEY.encode()
_USUAL_STEP: Final = 2
_WIDEST_STEP: Final = 8


def keys_added(
    path: Sequence[Node], tree: Tree, behind: Sequence[str], content: bytes, stretch: Stretch
) -> Addition | None:
    """Say what to write so that a mapping has some keys more, at any depth; None where that cannot be exact.

    `path` are the nodes from the root to the mapping, `stretch` what they were read from, `content` the whole file. A
    new key stands behind the first of the keys `behind` that its mapping has, else in front of its first one. A text
    takes the place of one that stands there; nothing else is replaced but what is empty. Raises Unreadable where merges
    are chained deeper than anybody writes them.
    """
    mapping = path[-1]
    if not isinstance(mapping, Mapping) or not mapping.children:
        return None
    site = _Site(content, stretch, path, behind)
    # A marker behind a bracket speaks of what stands last between the brackets.
    return None if _MARKER in stretch.yaml and site.is_flow(mapping) else site.added(mapping, tree)


class _Site:
    """The surroundings of a mapping into which keys are written."""

    def __init__(self, content: bytes, stretch: Stretch, path: Sequence[Node], behind: Sequence[str]) -> None:
        self._content = content
        self._yaml = stretch.yaml
        self._ruler = ruler_of(stretch)
        self._behind = behind
        self._step = self._step_along(path)

    def added(self, mapping: Mapping, tree: Tree) -> Addition | None:
        """Add the keys of a tree that a mapping lacks, and go on in the mappings that it has."""
        own, read = _own(mapping), fields(mapping)
        lacking = {key: value for key, value in tree.items() if key not in own}
        if MERGE_KEY in read.twice or any(key in read.twice or (key in lacking and key in read.values) for key in tree):
            return None
        made = [self._into(mapping, own[key], value) for key, value in tree.items() if key in own]
        if lacking:
            made.append(self._beside(mapping, own, lacking))
        additions = [each for each in made if each is not None]
        return joined(self._content, additions) if len(additions) == len(made) else None

    def _step_along(self, path: Sequence[Node]) -> int:
        """Tell how much further a mapping in another one is indented, by the innermost ones of a path."""
        for outer, inner in zip(path[-2::-1], path[:0:-1], strict=True):
            if isinstance(outer, Mapping) and isinstance(inner, Mapping) and outer.children and inner.children:
                step = _column(inner) - _column(outer)
                if 0 < step <= _WIDEST_STEP and not self.is_flow(inner):
                    return step
        return _USUAL_STEP

    def _into(self, mapping: Mapping, index: int, wanted: str | Tree) -> Addition | None:
        """Write what is wanted into, or instead of, the value that stands at a key."""
        value = mapping.children[index + 1]
        if is_shared(value, self._yaml):
            return None
        if isinstance(wanted, str):
            return self._instead_of_text(mapping, index, wanted)
        if isinstance(value, Mapping) and value.children:
            return self.added(value, wanted)
        if is_null(value) or isinstance(value, Mapping):
            return self._instead_of_nothing(mapping, index, wanted)
        return None

    def _instead_of_text(self, mapping: Mapping, index: int, text: str) -> Addition | None:
        value = mapping.children[index + 1]
        if not isinstance(value, Scalar) or value.tag or value.anchor or value.style in _BLOCK_STYLES:
            return None
        start, end = self._byte(value), self._end(value)
        written = self._style(mapping).text(text)
        if start == end:
            colon = self._behind_colon(mapping.children[index])
            return None if colon is None else Addition(colon, colon, b" " + written)
        return None if b"\n" in self._content[start:end] else Addition(start, end, written)

    def _instead_of_nothing(self, mapping: Mapping, index: int, tree: Tree) -> Addition | None:
        """Write a mapping in the place of an empty one or of a null: on lines of its own where no comment follows."""
        key, value = mapping.children[index : index + 2]
        start = self._behind_colon(key)
        end = None if start is None else self._end_of_nothing(start, value)
        if start is None or end is None or isinstance(value, Alias) or value.anchor:
            return None
        stood = self._content[start:end]
        style = self._style(mapping)
        flow = Addition(start, end, (b"" if style.is_tight else b" ") + style.flow(tree))
        if self.is_flow(mapping):
            return flow
        return self._lines_instead(key, Addition(start, end, stood), tree, flow, is_first=not index)

    def _end_of_nothing(self, start: int, value: Node) -> int | None:
        """Find the end of an empty mapping or of a null that stands behind a colon, which may be written as nothing."""
        if isinstance(value, Scalar) and not value.value:
            return start
        if isinstance(value, Scalar):
            end = self._end(value)
            return end if self._content[start:end].strip(b" \t") == str(value.value).encode() else None
        empty = _EMPTY.match(self._content, start)
        return empty.end() if empty else None

    def _lines_instead(
        self, key: Node, empty: Addition, tree: Tree, flow: Addition, *, is_first: bool
    ) -> Addition | None:
        column = indentation(self._content, self._byte(key), is_first=is_first)
        behind = next_line(self._content, empty.end)
        if column is None or behind is None:
            return None
        has_comment = b"#" in self._content[empty.end : behind]
        if has_comment and empty.written:
            return flow
        block = self._block(empty.end)
        lines = block.lines(tree, column + self._step)
        if has_comment:
            return self._at_line(behind, lines, block.line_end)
        return Addition(empty.start, empty.end, block.line_end + lines.removesuffix(block.line_end))

    def _beside(self, mapping: Mapping, own: dict[str, int], tree: Tree) -> Addition | None:
        """Write keys behind the first of those that they are to follow, else in front of all."""
        is_flow = self.is_flow(mapping)
        write_behind = self._behind_in_flow if is_flow else self._below
        indexes = [own[key] for key in self._behind if key in own]
        if indexes:
            made = (write_behind(mapping, tree, index) for index in indexes)
            return next((each for each in made if each is not None), None)
        return self._first_in_flow(mapping, tree) if is_flow else self._above_first(mapping, tree)

    def _below(self, mapping: Mapping, tree: Tree, index: int) -> Addition | None:
        """Put keys on lines of their own below the line of another one."""
        key, value = mapping.children[index : index + 2]
        end = self._end_of_line_value(value)
        column = indentation(self._content, self._byte(key), is_first=not index)
        behind = None if end is None else next_line(self._content, end)
        if column is None or behind is None:
            return None
        block = self._block(self._byte(key))
        return self._at_line(behind, block.lines(tree, column), block.line_end)

    def _above_first(self, mapping: Mapping, tree: Tree) -> Addition | None:
        """Put keys on lines of their own above the first one."""
        at = self._byte(mapping.children[0])
        column = indentation(self._content, at, is_first=False)
        if column is None:
            return None
        block = self._block(at)
        start = at - column
        return Addition(start, start, block.lines(tree, column))

    def _at_line(self, at: int, lines: bytes, end: bytes) -> Addition:
        """Write lines where one begins; behind a last line without an end, one is put before them instead."""
        if self._content[at - 1 : at] == b"\n":
            return Addition(at, at, lines)
        return Addition(at, at, end + lines.removesuffix(end))

    def _first_in_flow(self, mapping: Mapping, tree: Tree) -> Addition | None:
        style, at = self._style(mapping), self._byte(mapping.children[0])
        is_bare = self._content[line_start(self._content, at) : at].rstrip(b" \t")[-1:] in {b"", b"{"}
        return Addition(at, at, style.entries(tree) + b"," + self._gap(at, style)) if is_bare else None

    def _behind_in_flow(self, mapping: Mapping, tree: Tree, index: int) -> Addition | None:
        key, value = mapping.children[index : index + 2]
        style, end = self._style(mapping), self._end_of_line_value(value)
        if end is None:
            return None
        return Addition(end, end, b"," + self._gap(self._byte(key), style) + style.entries(tree))

    def _block(self, at: int) -> Block:
        return Block(self._step, line_end(self._content, at))

    def _gap(self, at: int, style: Style) -> bytes:
        """Give what stands before a key: a line end and its indentation where it begins its line."""
        begin = line_start(self._content, at)
        lead = self._content[begin:at]
        if begin and not lead.strip(b" \t"):
            return line_end(self._content, begin - 1) + lead
        return b"" if style.is_tight else b" "

    def _end_of_line_value(self, value: Node) -> int | None:
        """Give the end of a value that is one word on one line."""
        if isinstance(value, Alias):
            return self._end(value)
        if not isinstance(value, Scalar) or value.style in _BLOCK_STYLES or not value.value:
            return None
        start, end = self._byte(value), self._end(value)
        return None if b"\n" in self._content[start:end] else end

    def _behind_colon(self, key: Node) -> int | None:
        colon = _COLON.match(self._content, self._end(key)) if isinstance(key, Scalar) else None
        return None if colon is None else colon.end()

    def _style(self, mapping: Mapping) -> Style:
        """Read from the first key how a mapping is written: as JSON is, and without spaces."""
        key = mapping.children[0]
        if not isinstance(key, Scalar) or key.style != '"' or not self.is_flow(mapping):
            return Style()
        return Style(is_json=True, is_tight=_TIGHT_COLON.match(self._content, self._end(key)) is not None)

    def is_flow(self, mapping: Mapping) -> bool:
        """Whether a mapping is written with brackets."""
        properties = _PROPERTIES.match(self._content, self._byte(mapping))
        assert properties is not None
        return self._content[properties.end() : properties.end() + 1] == b"{"

    def _byte(self, node: Node) -> int:
        return self._ruler.byte(int(_mark(node).index))

    def _end(self, node: Scalar | Alias) -> int:
        assert node.end_mark is not None
        return self._ruler.byte(int(node.end_mark.index))


def _mark(node: Node) -> Any:
    return node.start_mark if isinstance(node, Scalar) else node.mark


def _column(mapping: Mapping) -> int:
    return int(_mark(mapping.children[0]).column)


def _own(mapping: Mapping) -> dict[str, int]:
    """Give the place among the children of each key that the mapping itself has."""
    children = mapping.children
    return {
        str(children[index].value): index  # type: ignore[union-attr]
        for index in range(0, len(children), 2)
        if isinstance(children[index], Scalar)
    }
