"""What an earlier look at a long list of tags has found: the next look only reads the tags that are new.

This changes how long a choice takes and never what it says: everything kept follows from a rule and from names.
"""

from __future__ import annotations

from collections import OrderedDict
from heapq import merge
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from bot.selection.acceptance import barred, ordered
from bot.selection.decision import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.selection.acceptance import Place
    from bot.selection.reading import Family
    from bot.selection.rule import SelectionRule

SHORTEST_LIST: Final = 1_000
"""Shorter lists are read anew: that takes some milliseconds."""

MOST_NAMES: Final = 600_000
"""Names that are kept over all passes: those beyond it, the longest unused, are forgotten."""

_SAMPLES: Final = 16


class Pass:
    """The names of one repository's tags in the order of a rule."""

    def __init__(self, rule: SelectionRule) -> None:
        self.names: set[str] = set()
        self._rule = rule
        self._ranked: dict[Family, list[tuple[Place, str]]] = {}
        self._barred: dict[str, Reason | None] = {}

    def learn(self, names: Iterable[str]) -> None:
        """Read names that are new."""
        touched = set()
        for name in names:
            self.names.add(name)
            place = ordered(self._rule, name)
            if not isinstance(place, Reason):
                self._ranked.setdefault(place.family, []).append((place, name))
                touched.add(place.family)
        for family in touched:
            self._ranked[family].sort(key=_rank)

    def accepted(self, kept: Callable[[Family], bool], *, last_first: bool) -> Iterator[tuple[Place, str]]:
        """Give the names that the rule accepts, of the families that `kept` takes, from one end of the order."""
        lists = [ranked for family, ranked in self._ranked.items() if kept(family)]
        if last_first:
            ends: Iterable[tuple[Place, str]] = merge(*map(reversed, lists), key=_rank, reverse=True)
        else:
            ends = merge(*lists, key=_rank)
        return (entry for entry in ends if not self.is_barred(entry))

    def is_barred(self, entry: tuple[Place, str]) -> bool:
        """Whether the rule leaves a tag of its order out; asked once for each name."""
        place, name = entry
        if name not in self._barred:
            self._barred[name] = barred(self._rule, name, place)
        return self._barred[name] is not None


def _rank(entry: tuple[Place, str]) -> tuple[Any, str]:
    return entry[0].key, entry[1]


_memory: OrderedDict[SelectionRule, list[Pass]] = OrderedDict()
_lock = Lock()


def passed_over(rule: SelectionRule, names: Sequence[str]) -> Pass:
    """Give a pass that knows at least `names`, begun by an earlier call where there was one about such a list."""
    if len(names) < SHORTEST_LIST:
        fresh = Pass(rule)
        fresh.learn(names)
        return fresh
    with _lock:
        known = _remembered(rule, names)
        new = [name for name in names if name not in known.names]
        known.learn(new)
        _forget_oldest()
    return known


def forget() -> None:
    """Forget every pass, as a new process does."""
    with _lock:
        _memory.clear()


def _remembered(rule: SelectionRule, names: Sequence[str]) -> Pass:
    """Find the pass about a list that shares nearly all of a few names with this one, or begin one."""
    passes = _memory.setdefault(rule, [])
    _memory.move_to_end(rule)
    sample = names[:: max(1, len(names) // _SAMPLES)]
    for known in passes:
        shared = sum(name in known.names for name in sample)
        if 4 * shared >= 3 * len(sample) and len(known.names) <= 2 * len(names):
            passes.remove(known)
            passes.append(known)
            return known
    passes.append(Pass(rule))
    return passes[-1]


def _forget_oldest() -> None:
    total = sum(len(known.names) for passes in _memory.values() for known in passes)
    while total > MOST_NAMES:
        rule, passes = next(iter(_memory.items()))
        if len(_memory) == 1 and len(passes) == 1:
            return
        total -= len(passes.pop(0).names)
        if not passes:
            del _memory[rule]
