"""How a place in a file is known again in another version of the file, where lines and values have moved."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.manifests import Occurrence

_INDEX: Final = re.compile(r"\[[0-9]+\]")

_Label = tuple[str, str, str, str, str, str, str]


class Place(NamedTuple):
    """One image of a file: what it belongs to, and which it is of those that nothing tells apart.

    `label` holds the path, the object, the container, the field without the numbers of items, and the image's name.
    `number` counts from 0 and `of` how many there are: where one more was put beside them, none is known again.
    """

    label: _Label
    number: int
    of: int


def places(occurrences: Iterable[Occurrence]) -> dict[Place, Occurrence]:
    """Give each image of some files under the place by which it is known again, in the order of `occurrences`."""
    labelled = [(_label(each), each) for each in occurrences]
    counts = Counter(label for label, _ in labelled)
    seen: Counter[_Label] = Counter()
    found: dict[Place, Occurrence] = {}
    for label, each in labelled:
        found[Place(label, seen[label], counts[label])] = each
        seen[label] += 1
    return found


def _label(occurrence: Occurrence) -> _Label:
    return (
        occurrence.path,
        occurrence.kind,
        occurrence.namespace,
        occurrence.name,
        occurrence.container,
        _INDEX.sub("[]", occurrence.field),
        occurrence.reference.name if occurrence.reference is not None else "",
    )
