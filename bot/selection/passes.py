"""The names of one repository's tags in the order of a rule; names that come later are put in their places."""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import merge
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bot.selection.acceptance import barred, ordered
from bot.selection.decision import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from bot.selection.acceptance import Place
    from bot.selection.reading import Family
    from bot.selection.rule import SelectionRule

Key: TypeAlias = tuple[Any, ...]

_FEW: Final = 32
_MANY: Final = 1_000


class Pass:
    """The names of one repository's tags in the order of a rule."""

    def __init__(self, rule: SelectionRule) -> None:
        self._rule = rule
        self._ranked: dict[Family, list[tuple[Place, str]]] = {}
        self._open: dict[Family, list[tuple[Place, str]]] = {}
        self._barred: dict[str, Reason | None] = {}
        self._in_the_way = 0

    def learn(self, names: Collection[str]) -> None:
        """Read names that the pass does not know yet."""
        new: dict[Family, list[tuple[Place, str]]] = {}
        for name in names:
            place = ordered(self._rule, name)
            if not isinstance(place, Reason):
                new.setdefault(place.family, []).append((place, name))
        for family, entries in new.items():
            self._rank(self._ranked.setdefault(family, []), entries)
            self._rank(self._open.setdefault(family, []), entries)

    @staticmethod
    def _rank(ranked: list[tuple[Place, str]], new: list[tuple[Place, str]]) -> None:
        """Put new entries where they belong: a few one by one, so that the others are not sorted again."""
        if len(new) <= _FEW:
            for entry in new:
                insort(ranked, entry, key=_rank)
        else:
            ranked += new
            ranked.sort(key=_rank)

    def accepted(
        self, kept: Callable[[Family], bool], *, last_first: bool, below: Key | None = None
    ) -> Iterator[tuple[Place, str]]:
        """Give the names that the rule accepts, of the families that `kept` takes, from one end of the order.

        `below`: only those whose key is lower.
        """
        self._clear()
        lists = [ranked for family, ranked in self._open.items() if kept(family)]
        if below is not None:
            lists = [ranked[: bisect_left(ranked, below, key=_key)] for ranked in lists]
        return (entry for entry in _merged(lists, last_first=last_first) if not self.is_barred(entry))

    def _clear(self) -> None:
        """Take what is known to be barred out of the way, once there is much of it."""
        if self._in_the_way < _MANY:
            return
        self._in_the_way = 0
        for family, ranked in self._open.items():
            self._open[family] = [entry for entry in ranked if self._barred.get(entry[1]) is None]

    def placed(self, *, last_first: bool) -> Iterator[str]:
        """Give every name that stands in the order, accepted or not, from one end of it."""
        return (name for _, name in _merged(list(self._ranked.values()), last_first=last_first))

    def is_barred(self, entry: tuple[Place, str]) -> bool:
        """Whether the rule leaves a tag of its order out; asked once for each name."""
        place, name = entry
        if name not in self._barred:
            self._barred[name] = barred(self._rule, name, place)
            self._in_the_way += self._barred[name] is not None
        return self._barred[name] is not None


def _merged(lists: list[list[tuple[Place, str]]], *, last_first: bool) -> Iterable[tuple[Place, str]]:
    if len(lists) == 1:
        return reversed(lists[0]) if last_first else lists[0]
    if last_first:
        return merge(*map(reversed, lists), key=_rank, reverse=True)
    return merge(*lists, key=_rank)


def _key(entry: tuple[Place, str]) -> Key:
    return entry[0].key


def _rank(entry: tuple[Place, str]) -> tuple[Any, str]:
    return entry[0].key, entry[1]
