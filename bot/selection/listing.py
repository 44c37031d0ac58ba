"""A repository's tags by name: of very many that were looked at before, only what changed is looked at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from bot.selection.rolls import Roll, enrolled

if TYPE_CHECKING:
    from datetime import datetime

    from bot.images import Tag

_NAME: Final = attrgetter("name")
_PUSHED_AT: Final = attrgetter("pushed_at")
_FEW_LOOKUPS: Final = 8


class Listing(Mapping[str, "Tag"]):
    """Tags by name. Of two tags of one name the same one is taken in whatever order they come.

    `tags` and `names` are the same tags in the same order. `roll` is what is remembered of such a list, None for a
    short one.
    """

    def __init__(self, tags: Sequence[Tag]) -> None:
        self.tags: Sequence[Tag] = tags
        self.names = list(map(_NAME, tags))
        self.roll: Roll | None = enrolled(self.names)
        self._lookups = 0
        self._by_name: dict[str, Tag] | None = None
        self._births: list[datetime | None] | None = None
        if self.roll is None:
            self._leave_out_repeated()

    def __reduce__(self) -> tuple[type[Listing], tuple[Sequence[Tag]]]:
        """Be made again from the tags: what is remembered stays in its process."""
        return type(self), (self.tags,)

    def __getitem__(self, name: str) -> Tag:
        if self._by_name is None and self._lookups < _FEW_LOOKUPS:
            self._lookups += 1
            try:
                return self.tags[self.names.index(name)]
            except ValueError:
                raise KeyError(name) from None
        return self._index()[name]

    @property
    def births(self) -> list[datetime | None]:
        """When each tag came, in the order of `tags`: when it was pushed, else when it was first seen."""
        if self._births is None:
            pushed = list(map(_PUSHED_AT, self.tags))
            self._births = pushed if all(pushed) else [tag.pushed_at or tag.first_seen for tag in self.tags]
        return self._births

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def _leave_out_repeated(self) -> None:
        counts = Counter(self.names)
        if len(counts) == len(self.names):
            return
        repeated = sorted((tag for tag in self.tags if counts[tag.name] > 1), key=_facts)
        self._by_name = {tag.name: tag for tag in self.tags} | {tag.name: tag for tag in repeated}
        self.names, self.tags = list(self._by_name), list(self._by_name.values())
        self.roll = enrolled(self.names)

    def _index(self) -> dict[str, Tag]:
        """Put all tags into a dictionary, which takes longer than to search a few of them in the list."""
        if self._by_name is None:
            self._by_name = dict(zip(self.names, self.tags, strict=True))
        return self._by_name


def _facts(tag: Tag) -> tuple[object, ...]:
    """Give all that is known of a tag in an order: what is not known comes first."""
    offered = None if tag.platforms is None else sorted(map(str, tag.platforms))
    times = (tag.pushed_at, tag.first_seen, tag.created_at)
    return tuple((fact is not None, fact) for fact in (tag.digest, offered, *times))
