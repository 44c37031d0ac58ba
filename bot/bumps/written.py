"""Which proposals of a wish came into the files: a place may share its tag with another image, and stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.manifests import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.bumps.planning import Open, Update
    from bot.manifests import Change, Occurrence

    Item = TypeVar("Item", bound=Open | Update)


def as_written(item: Item, changes: Iterable[Change], occurrences: Iterable[Occurrence]) -> Item:
    """Leave in a wish the proposals of which there is a change; its fingerprint stays that of all that was wished.

    `changes` are those that were made for it, at least one, and `occurrences` all that stood in the files before.
    """
    stood: dict[tuple[str, str, str], set[str | None]] = {}
    for each in occurrences:
        stood.setdefault((each.path, each.field, each.text), set()).add(standing_of(each))
    moved = {
        (change.policy, current)
        for change in changes
        for current in stood.get((change.path, change.field, change.old), ())
    }
    proposals = tuple(each for each in item.proposals if (each.policy, each.current) in moved)
    return replace(item, proposals=proposals)
