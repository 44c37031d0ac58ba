"""Whether a file reads after an edit as it did before, but for the values that were moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.manifests.holding import written_as
from bot.manifests.splicing import scalars
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Wishes
    from collections.abc import Sequence as Several

    from bot.manifests.occurrences import Held, Occurrence
    from bot.manifests.reading import Reading
    from bot.manifests.tree import Node


def reads_as_meant(before: Reading, after: Reading, wishes: Wishes[int, Several[Held]]) -> bool:
    """Compare two readings of a file: `wishes` are the parts of the occurrences that moved, by index in `before`.

    Every image must stand where it stood, the moved ones at their new values, and in the trees nothing else may differ.
    """
    expected = [
        (_place(found.occurrence), written_as(wishes[index]) if index in wishes else found.occurrence.text)
        for index, found in enumerate(before.found)
    ]
    told = [(_place(found.occurrence), found.occurrence.text) for found in after.found]
    return told == expected and after.skipped == before.skipped and _trees_agree(before, after, wishes)


def _place(occurrence: Occurrence) -> tuple[object, ...]:
    """Tell where an image stands. The names around it are left to the trees: one of them may be what was moved."""
    obstacle = occurrence.obstacle.reason if occurrence.obstacle else None
    return occurrence.document, occurrence.field, occurrence.line, occurrence.marker, obstacle


def _trees_agree(before: Reading, after: Reading, wishes: Wishes[int, Several[Held]]) -> bool:
    """Whether the trees differ in no scalar but those that were written."""
    if len(before.trees) != len(after.trees):
        return False
    moves = {
        (held.text, after)
        for index, wish in wishes.items()
        for held in before.found[index].held
        for span, after in scalars(wish, before.found[index].held).items()
        if held.span == span
    }
    for one, other in zip(before.trees, after.trees, strict=True):
        for old, new in _differences(one, other):
            if old is None or new is None or not _is_meant(old, new, moves):
                return False
    return True


def _is_meant(old: Scalar, new: Scalar, moves: set[tuple[str, str]]) -> bool:
    """Whether a scalar changed as an image in it was to move, or is a text with lines that did."""
    if (old.value.rstrip("\n"), new.value.rstrip("\n")) in moves:
        return True
    lines, lines_after = old.value.split("\n"), new.value.split("\n")
    if not old.style == new.style == "|" or len(lines) != len(lines_after):
        return False
    pairs = zip(lines, lines_after, strict=True)
    return all(any(o in line and n in after for o, n in moves) for line, after in pairs if line != after)


def _differences(one: Node | None, other: Node | None) -> Iterator[tuple[Scalar | None, Scalar | None]]:
    """Give the scalars in which two trees differ; (None, None) where their shape does."""
    waiting = [(one, other)]
    while waiting:
        old, new = waiting.pop()
        if isinstance(old, Scalar) and isinstance(new, Scalar):
            if (old.value, old.tag, old.anchor) != (new.value, new.tag, new.anchor):
                yield old, new
        elif isinstance(old, Alias) and isinstance(new, Alias):
            continue
        elif isinstance(old, Mapping | Sequence) and type(old) is type(new) and _same_size(old, new):
            waiting += zip(old.children, new.children, strict=True)
        elif old is not None or new is not None:
            yield None, None


def _same_size(old: Mapping | Sequence, new: Node | None) -> bool:
    return isinstance(new, Mapping | Sequence) and len(old.children) == len(new.children) and old.anchor == new.anchor
