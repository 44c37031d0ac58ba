"""From YAML events to a tree: aliases followed, merge keys applied, duplicate keys found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.policies.events import place_at, read_events
from bot.policies.problems import Problem, shown_key
from bot.policies.scanner import UnreadableYaml
from bot.policies.tree import Entry, ListNode, MappingNode, Node, Place, Scalar, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ALIASED: Final = 50_000
_MERGE: Final = "<<"
_CONTENT: Final = (AliasEvent, ScalarEvent, SequenceStartEvent, MappingStartEvent)


def compose(text: str) -> tuple[Node | None, list[Problem]]:
    """Read `text` into a tree, None where it holds no value, with the problems that did not stop the reading.

    Raises UnreadableYaml where the text is not YAML, or goes beyond the bounds of a text and its aliases.
    """
    events = read_events(text)
    composer = _Composer(events)
    first = next((event for event in events if isinstance(event, _CONTENT)), None)
    root = None if first is None else composer.node(first)
    for _ in events:  # read to the end: what follows the value may be an error
        pass
    return root, composer.problems


class _Composer:
    def __init__(self, events: Iterator[Event]) -> None:
        self.problems: list[Problem] = []
        self._events = events
        self._anchors: dict[str, Node] = {}
        self._aliased = 0

    def node(self, event: Event) -> Node:
        """Compose the value that begins with `event`; nested as deep as the events are allowed to be."""
        if isinstance(event, AliasEvent):
            return self._named(event)
        node = self._written(event)
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _written(self, event: Event) -> Node:
        place = place_at(event.start_mark)
        if isinstance(event, MappingStartEvent):
            return self._mapping(place)
        if isinstance(event, SequenceStartEvent):
            return self._list(place)
        if isinstance(event, ScalarEvent):
            return Scalar(place, event.value, event.style is None)
        raise UnreadableYaml(place, "a value is missing here")

    def _named(self, event: AliasEvent) -> Node:
        """Follow an alias, which counts as all it stands for."""
        node = self._anchors.get(event.anchor)
        if node is None:
            raise UnreadableYaml(place_at(event.start_mark), "this alias names no anchor that was complete before it")
        self._aliased += size_of(node)
        if self._aliased > MOST_ALIASED:
            raise UnreadableYaml(place_at(event.start_mark), f"aliases stand for more than {MOST_ALIASED} values")
        return node

    def _list(self, start: Place) -> ListNode:
        items: list[Node] = []
        size = 1
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                break
            item = self.node(event)
            items.append(item)
            size += size_of(item)
        return ListNode(start, tuple(items), size)

    def _mapping(self, start: Place) -> MappingNode:
        entries: dict[str, Entry] = {}
        merged: list[MappingNode] = []
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            place = place_at(event.start_mark)
            key = self.node(event)
            value = self.node(next(self._events))
            if isinstance(key, Scalar) and key.plain and key.text == _MERGE:
                merged += self._merged(value, place)
            else:
                self._enter(entries, key, Entry(place, value))
        for mapping in merged:
            entries = mapping.entries | entries  # what is written here wins, then what was merged first
        return MappingNode(start, entries, 1 + sum(size_of(entry.value) for entry in entries.values()))

    def _enter(self, entries: dict[str, Entry], key: Node, entry: Entry) -> None:
        place = entry.place
        if not isinstance(key, Scalar):
            self._problem(place, "", "a key is a text, not a list or a mapping")
        elif key.text in entries:
            first = entries[key.text].place.line
            self._problem(place, key.text, f"{shown_key(key.text)} stands here a second time, first in line {first}")
        else:
            entries[key.text] = entry

    def _merged(self, value: Node, place: Place) -> list[MappingNode]:
        nodes = list(value.items) if isinstance(value, ListNode) else [value]
        mappings = [node for node in nodes if isinstance(node, MappingNode)]
        if len(mappings) < len(nodes):
            self._problem(place, _MERGE, f"`{_MERGE}` merges mappings, and this is none")
        return mappings

    def _problem(self, place: Place, key: str, message: str) -> None:
        self.problems.append(Problem(place.line, place.column, key, message))
