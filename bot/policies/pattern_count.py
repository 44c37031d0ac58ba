"""How many patterns a file holds: each takes time to be made ready, before anything can be said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.policies.problems import Problem, problem_at
from bot.policies.tree import ListNode, MappingNode, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.policies.tree import Node

MOST_PATTERNS: Final = 2_000
"""Different ones. The heaviest that are taken need half a millisecond each."""

_KEYS: Final = frozenset({"exclude", "pattern", "matches"})


def too_many_patterns(root: Node) -> Problem | None:
    """Tell where a file holds one pattern too many; it is not read any further then."""
    known: set[str] = set()
    for scalar in _patterns(root):
        known.add(scalar.text)
        if len(known) > MOST_PATTERNS:
            return problem_at(scalar.place, "", f"the file holds more than {MOST_PATTERNS} different patterns")
    return None


def _patterns(node: Node) -> Iterator[Scalar]:
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _patterns(item)
    elif isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            yield from _scalars(entry.value) if key in _KEYS else _patterns(entry.value)


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _scalars(item)
