"""The fields of an object in a manifest: values of the kinds that are asked for, and complaints at the keys' places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence
from bot.policies.durations import LONGEST
from bot.policies.problems import Problem, shown_key
from bot.policies.tree import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.tree import Node

_MERGE: Final = "<<"
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
# Kubernetes reads the words of YAML 1.1 (sigs.k8s.io/yaml).
_TRUE: Final = frozenset({"true", "yes", "on", "y"})
_FALSE: Final = frozenset({"false", "no", "off", "n"})
_LONGEST_DURATION: Final = 50
_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+")
_DURATION_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(slots=True)
class Report:
    """What is wrong with the objects: `refused` keeps them all from being used, `noted` is only to be told.

    `patterns` are the regular expressions that were looked at so far.
    """

    refused: list[Problem] = field(default_factory=list)
    noted: list[Problem] = field(default_factory=list)
    patterns: set[str] = field(default_factory=set)


class Fields:
    """The keys of one mapping of an object.

    What is null counts as not written, as in Kubernetes; what is of another kind than asked for is refused in the
    report and then counts as not written too. Numbers and words are texts as they stand in the file.
    """

    __slots__ = ("_entries", "_way", "path", "place", "report")

    def __init__(self, path: str, node: Mapping | None, place: Place, report: Report, way: str = "") -> None:
        self.path = path
        self.place = place
        self.report = report
        self._way = way
        self._entries = {} if node is None else self._read(node)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def has(self, key: str) -> bool:
        """Whether something is written at a key."""
        return self._node(key) is not None

    def is_mapping(self, key: str) -> bool:
        """Whether a mapping is written at a key."""
        return isinstance(self._node(key), Mapping)

    def place_of(self, key: str) -> Place:
        """Tell where a key stands; where it does not, the place of the mapping."""
        entry = self._entries.get(key)
        return self.place if entry is None else place_of(entry[0])

    def written(self, key: str) -> str:
        """Give what is written at a key where that is one value, and complain about nothing; else the empty text."""
        node = self._node(key)
        return str(node.value) if isinstance(node, Scalar) else ""

    def text(self, key: str) -> str | None:
        """Give a text as it is written, None where there is none."""
        node = self._node(key)
        if node is None or isinstance(node, Scalar):
            return None if node is None else str(node.value)
        self.refuse(key, "is a text, not a list or a mapping")
        return None

    def required(self, key: str) -> str | None:
        """Give a text, and refuse that there is none."""
        if not self.has(key):
            self.refuse(key, "is missing")
        return self.text(key)

    def flag(self, key: str) -> bool:
        """Give true or false, false where nothing is written."""
        node = self._node(key)
        word = str(node.value).lower() if isinstance(node, Scalar) and _is_plain(node) else ""
        if node is not None and word not in _TRUE | _FALSE:
            self.refuse(key, "is true or false, without quotes")
        return word in _TRUE

    def duration(self, key: str) -> timedelta | None:
        """Give a length of time in Go's way of writing it ("1h30m", "500ms"), at most ten years."""
        text = self.text(key)
        if text is None:
            return None
        if len(text) <= _LONGEST_DURATION and _DURATION.fullmatch(text):
            seconds = sum(float(count) * _SECONDS[unit] for count, unit in _DURATION_PART.findall(text))
            if seconds <= LONGEST.total_seconds():
                return timedelta(seconds=seconds)
        self.refuse(key, f"is a length of time such as 30s, 5m or 1h30m, at most ten years, not {quoted(text)}")
        return None

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Give a list of texts, None where there is none."""
        node = self._node(key)
        items = [followed(item) for item in node.children] if isinstance(node, Sequence) else []
        texts = tuple(str(item.value) for item in items if isinstance(item, Scalar) and not _is_null(item))
        if node is not None and (not isinstance(node, Sequence) or len(texts) < len(items)):
            self.refuse(key, "is a list of texts")
            return None
        return None if node is None else texts

    def section(self, key: str) -> Fields:
        """Give the mapping at a key, one without keys where there is none."""
        node = self._node(key)
        if node is not None and not isinstance(node, Mapping):
            self.refuse(key, "is a mapping of keys")
        return self._within(key, node if isinstance(node, Mapping) else None, self.place_of(key))

    def sections(self, key: str) -> list[Fields]:
        """Give a list of mappings, an empty one where there is none."""
        node = self._node(key)
        items = [followed(item) for item in node.children] if isinstance(node, Sequence) else []
        mappings = [item for item in items if isinstance(item, Mapping)]
        if node is not None and (not isinstance(node, Sequence) or len(mappings) < len(items)):
            self.refuse(key, "is a list of mappings")
        return [self._within(key, mapping, place_of(mapping)) for mapping in mappings]

    def texts_by_key(self, key: str) -> dict[str, str]:
        """Give a mapping of texts; what has no value is the empty text."""
        section = self.section(key)
        return {name: section.text(name) or "" for name in section}

    def refuse(self, key: str, said: str) -> None:
        """Complain about a key so that nothing is loaded. `said` follows the key's name in the sentence."""
        self.report.refused.append(self._problem(key, said))

    def note(self, key: str, said: str) -> None:
        """Tell of a key what cannot be done, without keeping anything else from being done."""
        self.report.noted.append(self._problem(key, said))

    def _problem(self, key: str, said: str) -> Problem:
        place = self.place_of(key)
        return Problem(place.line, place.column, key, f"{shown_key(self._way + key)} {said}", self.path)

    def _within(self, key: str, node: Mapping | None, place: Place) -> Fields:
        return Fields(self.path, node, place, self.report, f"{self._way}{key}.")

    def _node(self, key: str) -> Node | None:
        entry = self._entries.get(key)
        return None if entry is None or _is_null(entry[1]) else entry[1]

    def _read(self, mapping: Mapping) -> dict[str, tuple[Node, Node]]:
        entries: dict[str, tuple[Node, Node]] = {}
        merged: list[Mapping] = []
        for key, value in _pairs(mapping):
            name = str(key.value)
            if name == _MERGE and _is_plain(key):
                merged += _mappings(value)
            elif name in entries:
                place = place_of(key)
                message = f"{shown_key(self._way + name)} stands here a second time"
                self.report.refused.append(Problem(place.line, place.column, name, message, self.path))
            else:
                entries[name] = (key, value)
        for other in merged:
            entries = self._read(other) | entries  # what is written here wins, then what was merged first
        return entries


def place_of(node: Node) -> Place:
    """Tell where a node begins, counted from 1."""
    mark = node.start_mark if isinstance(node, Scalar) else node.mark
    assert mark is not None
    return Place(mark.line + 1, mark.column + 1)


def glimpse(node: Node, key: str) -> Node | None:
    """Give the value at a key of what may be a mapping, without any complaint; None where there is none."""
    if not isinstance(node, Mapping):
        return None
    return next((value for name, value in _pairs(node) if name.value == key), None)


def _pairs(mapping: Mapping) -> Iterator[tuple[Scalar, Node]]:
    """Give the keys that are texts, each with its value, aliases followed."""
    children = mapping.children
    for index in range(0, len(children) - 1, 2):
        key = followed(children[index])
        if isinstance(key, Scalar):
            yield key, followed(children[index + 1])


def _mappings(node: Node) -> list[Mapping]:
    nodes = [followed(item) for item in node.children] if isinstance(node, Sequence) else [node]
    return [each for each in nodes if isinstance(each, Mapping)]


def followed(node: Node) -> Node:
    """Give what an alias stands for, and any other node as it is."""
    return node.target if isinstance(node, Alias) else node


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and _is_plain(node) and node.value in _NULLS


def _is_plain(scalar: Scalar) -> bool:
    return bool(scalar.implicit[0])
