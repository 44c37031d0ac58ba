"""Routes that lead in a circle: an image promoted along them would come back to where it was."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def loops(routes: Sequence[tuple[str, str]]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Find the routes, pairs of a beginning and an end, that close a circle with routes before them.

    Gives the index of each, and the indices of the circle in the order in which it is walked, that route last. A route
    that closes a circle is left out of further ones, so that each circle is told once.
    """
    leaving: defaultdict[str, list[int]] = defaultdict(list)
    for index, (begin, end) in enumerate(routes):
        way = _way(routes, leaving, end, begin)
        if way is None:
            leaving[begin].append(index)
        else:
            yield index, (*way, index)


def _way(
    routes: Sequence[tuple[str, str]], leaving: Mapping[str, Sequence[int]], begin: str, end: str
) -> tuple[int, ...] | None:
    """Find a shortest way from `begin` to `end`: the indices of its routes, none where they are one place."""
    ways: dict[str, tuple[int, ...]] = {begin: ()}
    waiting = [begin]
    for place in waiting:
        for index in leaving.get(place, ()):
            reached = routes[index][1]
            if reached not in ways:
                ways[reached] = (*ways[place], index)
                waiting.append(reached)
    return ways.get(end)
