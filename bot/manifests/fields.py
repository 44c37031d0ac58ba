"""The keys of a mapping as a YAML reader sees them: its own, and those that merge keys bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.tree import Node

MERGE_KEY: Final = "<<"
_DEEPEST_MERGE: Final = 50
# YAML 1.2.2, 10.3.2: how a plain scalar says null.
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


class Fields(NamedTuple):
    """The fields of a mapping.

    `values` are the nodes by key, aliases as they stand; what a merge key brings is among them where the mapping does
    not say otherwise. A key that stands twice is not in there, because readers differ about which one counts: `twice`
    has the line of its second place, from 1 within the text that was parsed.
    """

    values: dict[str, Node]
    twice: dict[str, int]


def fields(mapping: Mapping) -> Fields:
    """Read the fields of a mapping. Raises Unreadable where merges are chained deeper than anybody writes them."""
    return _fields(mapping, 0)


def followed(node: Node | None) -> Node | None:
    """Give the node that an alias stands for, and any other node as it is."""
    return node.target if isinstance(node, Alias) else node


def text_of(node: Node | None) -> str:
    """Give the text of a scalar, also behind an alias; "" for anything else."""
    target = followed(node)
    return str(target.value) if isinstance(target, Scalar) else ""


def is_null(node: Node | None) -> bool:
    """Tell whether a node is written as null: nothing, `~` or `null` without quotes, also behind an alias."""
    scalar = followed(node)
    return isinstance(scalar, Scalar) and not scalar.style and scalar.tag is None and scalar.value in _NULLS


def line_of(node: Node) -> int:
    """Tell the line on which a node begins, from 1 within the text that was parsed."""
    mark = node.start_mark if isinstance(node, Scalar) else node.mark
    assert mark is not None
    return int(mark.line) + 1


def _fields(mapping: Mapping, depth: int) -> Fields:
    if mapping.known is None:
        mapping.known = _read(mapping, depth)
    known: Fields = mapping.known
    return known


def _read(mapping: Mapping, depth: int) -> Fields:
    children = mapping.children
    keys = children[::2]
    values = {key.value: value for key, value in zip(keys, children[1::2], strict=True) if isinstance(key, Scalar)}
    twice: dict[str, int] = {}
    if len(values) < len(keys):
        keys = [key.target if isinstance(key, Alias) else key for key in keys]
        values = {key.value: value for key, value in zip(keys, children[1::2], strict=True) if isinstance(key, Scalar)}
        twice = _twice(keys)
    for key in twice:
        del values[key]
    if MERGE_KEY in values:
        _merge(values, values.pop(MERGE_KEY), twice, depth)
    return Fields(values, twice)


def _twice(keys: list[Node]) -> dict[str, int]:
    seen: set[str] = set()
    twice: dict[str, int] = {}
    for key in keys:
        if isinstance(key, Scalar):
            if key.value in seen:
                twice.setdefault(key.value, line_of(key))
            seen.add(key.value)
    return twice


def _merge(values: dict[str, Node], source: Node, twice: dict[str, int], depth: int) -> None:
    """Add what a merge key brings; the mapping's own keys count first, then the earlier of several sources."""
    if depth == _DEEPEST_MERGE:
        message = f"merge keys are chained deeper than {_DEEPEST_MERGE} levels"
        raise Unreadable(SkipReason.TOO_MANY_ALIASES, message, line_of(source))
    for mapping in _sources(source):
        for key, value in _fields(mapping, depth + 1).values.items():
            if key not in twice:
                values.setdefault(key, value)


def _sources(source: Node) -> Iterator[Mapping]:
    node = followed(source)
    for each in node.children if isinstance(node, Sequence) else [node]:
        mapping = followed(each)
        if isinstance(mapping, Mapping):
            yield mapping
