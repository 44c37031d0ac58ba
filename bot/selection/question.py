"""What a choice is asked: everything it may look at, gathered in one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.images import Tag
    from bot.selection.listing import Listing
    from bot.selection.rule import Restriction, SelectionRule


@dataclass(frozen=True, slots=True)
class Question:
    """A rule, the repository's tags by name, the tag in the file, the restrictions that are in force, and the time.

    `current.digest` is the digest that stands in the file, not the one that the registry tells. `turned` are those of
    the restrictions that turn a tag down, set apart from the others.
    """

    rule: SelectionRule
    tags: Listing
    current: Tag | None
    restrictions: tuple[Restriction, ...]
    now: datetime
    turned: tuple[Restriction, ...] = ()


def in_force(restrictions: Iterable[Restriction], now: datetime) -> tuple[Restriction, ...]:
    """Leave out the restrictions that have ended."""
    return tuple(each for each in restrictions if each.until is None or each.until > now)
