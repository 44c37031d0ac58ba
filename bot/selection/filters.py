"""Which tags are looked at, and which part of them is compared: a pattern, and Go's template of its groups."""

from __future__ import annotations

from dataclasses import dataclass

from bot.selection import patterns


@dataclass(frozen=True, slots=True)
class TagFilter:
    """A pattern of RE2 that is searched anywhere in a tag, and a template in the way of Go's Regexp.Expand.

    Without a template ("") the whole tag is compared. Raises InvalidPattern when made with a pattern that RE2 refuses.
    """

    pattern: str
    extract: str = ""

    def __post_init__(self) -> None:
        patterns.check(self.pattern)
