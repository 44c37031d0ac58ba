"""YAML as a tree of nodes that remember where they stand, built from events within fixed bounds.

Aliases are kept as what they are and never expanded, so a file that is small on disk stays small in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from bot.manifests.binary_scalars import BINARY, decoded
from bot.manifests.reasons import SkipReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_EVENTS: Final = 200_000
DEEPEST: Final = 100
MOST_ALIASES: Final = 1_000
MOST_EXPANDED: Final = 1_000_000
MOST_FINDINGS: Final = 5_000

# A scalar is the event itself: a node of our own for each would double the time of reading a file.
Scalar: TypeAlias = ScalarEvent


class Unreadable(Exception):
    """A file that cannot be read as YAML. `.reason`, `.message` (a sentence) and `.line` (from 1, or None) say why."""

    def __init__(self, reason: SkipReason, message: str, line: int | None = None) -> None:
        self.reason = reason
        self.message = message
        self.line = line
        super().__init__(message)


class Collection:
    """What mappings and sequences share: children in the order of the file, and the mark where they begin."""

    __slots__ = ("anchor", "begun", "children", "mark")

    def __init__(self, event: Any, begun: int) -> None:
        self.children: list[Node] = []
        self.mark = event.start_mark
        self.anchor: str | None = event.anchor
        self.begun = begun


class Mapping(Collection):
    """A mapping. Its children are key, value, key, value, ... `known` keeps what `bot.manifests.fields` found in it."""

    __slots__ = ("known",)

    def __init__(self, event: Any, begun: int) -> None:
        super().__init__(event, begun)
        self.known: Any = None


class Sequence(Collection):
    """A sequence."""

    __slots__ = ()


class Alias:
    """A `*name` and the node that it stands for."""

    __slots__ = ("end_mark", "mark", "target")

    def __init__(self, event: Any, target: Node) -> None:
        self.mark = event.start_mark
        self.end_mark = event.end_mark
        self.target = target


Node: TypeAlias = Scalar | Mapping | Sequence | Alias


class Budget:
    """What may still be read of one file, however many texts it is read in."""

    __slots__ = ("aliases", "events", "expanded", "findings")

    def __init__(self) -> None:
        self.events = MOST_EVENTS
        self.aliases = MOST_ALIASES
        self.expanded = MOST_EXPANDED
        self.findings = MOST_FINDINGS

    def find(self, count: int) -> None:
        """Count images, markers and notes. Raises Unreadable where they are more than anybody writes in one file."""
        self.findings -= count
        if self.findings < 0:
            message = f"the file holds more than {MOST_FINDINGS:,} images, markers and texts that may hold some"
            raise Unreadable(SkipReason.TOO_MANY_EVENTS, message)


def grow(content: bytes, budget: Budget | None = None) -> Iterator[Node | None]:
    """Read `content` (UTF-8, without a byte order mark) and give the root of each document, None for an empty one.

    Only one document is held at a time. `budget` is lessened by what was read; without one a whole file's is given.
    Raises Unreadable, maybe after some documents, when the file is not YAML or passes a bound on events, depth,
    aliases or expanded size.
    """
    budget = budget or Budget()
    grower = _Grower(budget)
    take = grower.take
    try:
        next_event = _event_source(content)
        while budget.events > 0:
            budget.events -= 1
            event = next_event()
            kind = type(event)
            if kind is DocumentEndEvent:
                yield grower.harvest()
            elif kind is StreamEndEvent:
                return
            else:
                take(event)
    except yaml.YAMLError as error:
        raise _broken(error) from error
    except UnicodeDecodeError as error:
        # libyaml takes a tag for UTF-8 whose percent escapes are none.
        raise Unreadable(SkipReason.BROKEN_YAML, "the file is not YAML: a tag in it is not text") from error
    raise Unreadable(SkipReason.TOO_MANY_EVENTS, f"the file holds more than {MOST_EVENTS:,} pieces of YAML")


def _event_source(content: bytes) -> Callable[[], Any]:
    """Use libyaml where PyYAML was built with it, its own slower parser otherwise."""
    if yaml.__with_libyaml__:
        return yaml.CSafeLoader(content).get_event
    return yaml.SafeLoader(content).get_event


def _broken(error: yaml.YAMLError) -> Unreadable:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    line = mark.line + 1 if mark else None
    return Unreadable(SkipReason.BROKEN_YAML, f"the file is not YAML: {problem}", line)


class _Grower:
    """Takes events one by one and hangs each where it belongs."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._root: Node | None = None
        self._open: list[Collection] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._expanded = 0
        self._handlers: dict[type, Callable[[Any], None]] = {
            MappingStartEvent: lambda event: self._begin(Mapping(event, self._expanded)),
            SequenceStartEvent: lambda event: self._begin(Sequence(event, self._expanded)),
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
        }

    def take(self, event: Any) -> None:
        if type(event) is ScalarEvent:
            self._expanded += 1
            if event.tag == BINARY:
                event = decoded(event)
            if event.anchor is not None:
                self._anchors[event.anchor] = (event, 1)
            self._hang(event)
            return
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def harvest(self) -> Node | None:
        """Hand over the document that has ended and forget it."""
        root, self._root = self._root, None
        self._anchors.clear()
        return root

    def _hang(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node

    def _begin(self, node: Mapping | Sequence) -> None:
        if len(self._open) >= DEEPEST:
            raise Unreadable(
                SkipReason.TOO_DEEP, f"the file is nested deeper than {DEEPEST} levels", node.mark.line + 1
            )
        self._expanded += 1
        self._hang(node)
        self._open.append(node)

    def _end(self, _event: Any) -> None:
        node = self._open.pop()
        if node.anchor is not None:
            assert isinstance(node, Mapping | Sequence)
            self._anchors[node.anchor] = (node, self._expanded - node.begun)

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor not in self._anchors:
            raise Unreadable(SkipReason.BROKEN_YAML, "an alias names an anchor that does not stand before it", line)
        target, size = self._anchors[event.anchor]
        self._budget.aliases -= 1
        self._budget.expanded -= size
        self._expanded += size
        if self._budget.aliases < 0 or self._budget.expanded < 0:
            raise Unreadable(SkipReason.TOO_MANY_ALIASES, "the aliases of the file unfold to too much", line)
        self._hang(Alias(event, target))
