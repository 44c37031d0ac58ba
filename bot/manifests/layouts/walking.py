"""Follow ways such as `spec.jobs[].template.spec` along a tree of YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import quoted
from bot.manifests.fields import fields
from bot.manifests.places import Note
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence
from bot.manifests.ways import below, element

if TYPE_CHECKING:
    from bot.manifests.tree import Node

_STEP: Final = re.compile(r"\[]|\*|[^.*[\]]+")


class Steps:
    """Some ways as one tree, so that what they have in common is walked once.

    `keys` leads on by the key of a mapping, `values` by each value of a mapping, `elements` by each element of a
    sequence. `ends` says that one of the ways ends here.
    """

    __slots__ = ("elements", "ends", "keys", "values")

    def __init__(self) -> None:
        self.keys: dict[str, Steps] = {}
        self.values: Steps | None = None
        self.elements: Steps | None = None
        self.ends = False

    @classmethod
    def along(cls, *ways: str) -> Steps:
        """Make the steps of ways: keys with dots between them, `[]` for each element, `*` for each value."""
        steps = cls()
        for way in ways:
            at = steps
            for step in _STEP.findall(way):
                at = at.after(step)
            at.ends = True
        return steps

    def after(self, step: str) -> Steps:
        """Give the steps after one more, and make them where no way has led there yet."""
        if step == "[]":
            self.elements = self.elements or Steps()
            return self.elements
        if step == "*":
            self.values = self.values or Steps()
            return self.values
        return self.keys.setdefault(step, Steps())


class Reached(NamedTuple):
    """A node at the end of a way, and the way that led to it in the file ("spec.containers[0].image").

    An alias of a scalar is kept as an alias. `listed` is the nearest element of a sequence on the way, if it is a
    mapping: what stands in `containers[].image` belongs to that container.
    """

    node: Node
    way: str
    listed: Mapping | None


class Walked(NamedTuple):
    """What a walk came to, in the order of the ways, and what could not be followed."""

    reached: list[Reached]
    notes: list[Note]


def walk(root: Node, steps: Steps, way: str = "") -> Walked:
    """Follow steps from a node, which stands at `way` in its document.

    Aliases and merge keys are followed, but no mapping or sequence is entered twice at the same step. Where a key of
    the way stands twice, nobody can say which one counts: it is noted and not followed.
    Raises Unreadable where merges are chained deeper than anybody writes them.
    """
    walking = _Walking()
    walking.go(root, steps, way, None)
    return Walked(walking.reached, walking.notes)


def doubled(key: str, line: int) -> Note:
    """Note that a key stands twice in one mapping, the second time on `line`."""
    return Note(line, SkipReason.DUPLICATE_KEY, f"the key {quoted(key)} stands twice in one mapping")


class _Walking:
    """One walk. It is as deep as the longest way, whatever the file is."""

    def __init__(self) -> None:
        self.reached: list[Reached] = []
        self.notes: list[Note] = []
        self._entered: set[tuple[int, int]] = set()

    def go(self, node: Node, steps: Steps, way: str, listed: Mapping | None) -> None:
        target = node.target if isinstance(node, Alias) else node
        if not isinstance(target, Scalar):
            entering = (id(target), id(steps))
            if entering in self._entered:
                return
            self._entered.add(entering)
        if steps.ends:
            self.reached.append(Reached(node, way, listed))
        if isinstance(target, Mapping):
            self._mapping(target, steps, way, listed)
        elif isinstance(target, Sequence) and steps.elements is not None:
            for index, each in enumerate(target.children):
                mapping = each.target if isinstance(each, Alias) else each
                self.go(each, steps.elements, element(way, index), mapping if isinstance(mapping, Mapping) else None)

    def _mapping(self, mapping: Mapping, steps: Steps, way: str, listed: Mapping | None) -> None:
        values, twice = fields(mapping)
        if twice:
            self.notes += [doubled(key, line) for key, line in twice.items() if steps.values or key in steps.keys]
        for key, after in steps.keys.items():
            value = values.get(key)
            if value is not None:
                self.go(value, after, f"{way}.{key}" if way else key, listed)
        if steps.values is not None:
            for key, value in values.items():
                self.go(value, steps.values, below(way, key), listed)
