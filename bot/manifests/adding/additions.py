"""Bytes to write into a file, and several of these as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Addition(NamedTuple):
    """Bytes to write in the place of `start` to `end`, which are offsets in the file; mostly in the place of none."""

    start: int
    end: int
    written: bytes


def joined(content: bytes, additions: Iterable[Addition]) -> Addition | None:
    """Make one of several that do not overlap; what stands between them stays as it is. None of none."""
    ordered = sorted(additions)
    if not ordered:
        return None
    written, at = b"", ordered[0].start
    for each in ordered:
        written += content[at : each.start] + each.written
        at = each.end
    return Addition(ordered[0].start, at, written)
