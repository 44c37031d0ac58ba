"""A YAML document as it was written: every value with its place, every scalar with its text, nothing interpreted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """Where something begins in the file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. `text` is what stands in the file, without quotes and escapes; `plain` tells that it had no quotes."""

    place: Place
    text: str
    plain: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written, or YAML's word for it."""
        return self.plain and self.text in {"", "~", "null"}


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list. `size` counts everything in it, what aliases stand for included."""

    place: Place
    items: tuple[Node, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping and its value."""

    place: Place
    value: Node


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping. `size` counts everything in it, what aliases stand for included."""

    place: Place
    entries: dict[str, Entry]
    size: int


Node = Scalar | ListNode | MappingNode


def size_of(node: Node) -> int:
    """Count a node and everything in it."""
    return 1 if isinstance(node, Scalar) else node.size


def plain_data(node: Node) -> object:
    """Give a node as lists and dictionaries; scalars stay what they are."""
    if isinstance(node, MappingNode):
        return {key: plain_data(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, ListNode):
        return [plain_data(item) for item in node.items]
    return node


def place_of_value(root: Node, location: Sequence[str | int]) -> Place:
    """Tell where the value at `location` begins, or the last thing on the way to it that exists."""
    place, _ = _walk(root, location)
    return place


def place_of_key(root: Node, location: Sequence[str | int]) -> Place:
    """Tell where the key at the end of `location` stands; for the item of a list, where the item begins."""
    _, place = _walk(root, location)
    return place


def _walk(root: Node, location: Sequence[str | int]) -> tuple[Place, Place]:
    node, key_place = root, root.place
    for step in location:
        if isinstance(node, MappingNode) and isinstance(step, str) and step in node.entries:
            entry = node.entries[step]
            node, key_place = entry.value, entry.place
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            key_place = node.place
        else:
            break
    is_blank = isinstance(node, Scalar) and node.plain and not node.text
    return key_place if is_blank else node.place, key_place
