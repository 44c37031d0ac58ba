"""The names of long lists of tags, remembered: of the next such list only the names that are new are read.

This changes how long a choice takes and never what it says: everything kept follows from names and rules alone.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from threading import local
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.selection.passes import Pass

if TYPE_CHECKING:
    from bot.selection.rule import SelectionRule

SHORTEST_LIST: Final = 1_000
"""Shorter lists are read anew: that takes some milliseconds."""

MOST_NAMES: Final = 600_000
"""Names kept over all rolls, and over all passes of one roll: the longest unused beyond it are forgotten."""

_SAMPLES: Final = 16
_MOST_CHANGED: Final = 5_000
_STEP: Final = 4_096


class Roll:
    """Every name that was in a repository's list, and what rules made of them.

    `last` is the list as it came last, no name in it twice.
    """

    def __init__(self, names: list[str]) -> None:
        self.last = names
        self.ever = set(names)
        self._in_order = list(names)
        self._passes: OrderedDict[SelectionRule, tuple[Pass, int]] = OrderedDict()

    def read(self, rule: SelectionRule) -> Pass:
        """Give the pass of a rule over every name; names that came since the last time are read now."""
        known, count = self._passes.pop(rule) if rule in self._passes else (Pass(rule), 0)
        known.learn(self._in_order[count:])
        self._passes[rule] = known, len(self._in_order)
        while len(self._passes) * len(self.ever) > MOST_NAMES and len(self._passes) > 1:
            self._passes.popitem(last=False)
        return known

    def follow(self, names: list[str]) -> bool:
        """Take over a list that differs from the last one in a few names.

        False: it differs too much, or repeats a name; then the roll is of no use any more.
        """
        if names is self.last:
            return True
        change = changed(self.last, names)
        added = names[change.start : change.end_of_new]
        gone = change.end_of_old - change.start
        if len(added) > _MOST_CHANGED or gone > _MOST_CHANGED or len(set(added)) < len(added):
            return False
        came = set(added) - set(self.last[change.start : change.end_of_old])
        if not came.isdisjoint(self.ever):
            return False
        self._in_order += [name for name in added if name in came]
        self.ever |= came
        self.last = names
        return True


class Change(NamedTuple):
    """Where two lists differ: both agree before `start`, and behind `end_of_old` and `end_of_new`."""

    start: int
    end_of_old: int
    end_of_new: int


def changed(old: list[str], new: list[str]) -> Change:
    """Find the one stretch in which two lists differ, comparing many items at once."""
    start = _agreeing(old, new)
    end = min(_agreeing(old[::-1], new[::-1]), min(len(old), len(new)) - start)
    return Change(start, len(old) - end, len(new) - end)


def _agreeing(old: list[str], new: list[str]) -> int:
    """Count the items in which two lists agree from their beginning."""
    shorter = min(len(old), len(new))
    at = 0
    while at < shorter and old[at : at + _STEP] == new[at : at + _STEP]:
        at += _STEP
    while at < shorter and old[at] == new[at]:
        at += 1
    return min(at, shorter)


class _Memory(local):
    """What one thread remembers: threads share nothing, so that none waits for another."""

    def __init__(self) -> None:
        self.rolls: list[Roll] = []


_memory = _Memory()


def enrolled(names: list[str]) -> Roll | None:
    """Give the roll of a list of names, an earlier one where there was one.

    None: the list is short, or repeats a name.
    """
    if len(names) < SHORTEST_LIST:
        return None
    rolls = _memory.rolls
    known = next((roll for roll in reversed(rolls) if _resembles(roll, names)), None)
    if known is not None:
        rolls.remove(known)
        known = known if known.follow(names) else None
    if known is None and len(set(names)) < len(names):
        return None
    known = known or Roll(names)
    rolls.append(known)
    while len(rolls) > 1 and sum(len(roll.ever) for roll in rolls) > MOST_NAMES:
        rolls.pop(0)
    return known


def forget() -> None:
    """Forget every list, as a new process does."""
    _memory.rolls.clear()


def _resembles(roll: Roll, names: list[str]) -> bool:
    """Whether nearly all of a few of the names are known, and not very many others."""
    sample = list(islice(names, 0, None, max(1, len(names) // _SAMPLES)))
    shared = sum(name in roll.ever for name in sample)
    return 4 * shared >= 3 * len(sample) and len(roll.ever) <= 2 * len(names)
