"""From when on a promotion follows its source: what stood there before is not new, whoever reads it from then on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.store import Beginning

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.flows.readers import Reader
    from bot.store import LedgerTag

AT_FIRST: Final = 20
"""So many tags may be the first pushes to a repository that was not there before."""

LATE: Final = timedelta(minutes=10)
"""How far a registry's clock may be behind."""


@dataclass(frozen=True, slots=True)
class Start:
    """Since when a promotion follows its source, and what is new although it was first seen before.

    `is_kept`: the store knows the beginning. `fresh`: tags that came between the last look of another reader and the
    first one of this reader. `listed_at`: when the first list was read of which tags are still there.
    """

    beginning: Beginning
    listed_at: datetime
    is_kept: bool = True
    fresh: frozenset[str] = field(default=frozenset())

    def is_new(self, tag: LedgerTag) -> bool:
        """Whether a tag came after the beginning.

        Of what was listed at once at first, the registry's word on when it was pushed counts too, and of what was
        missing from a list since: that may have been too short. Of what came later it does not: many registries tell
        when the digest was pushed, which an older tag may have brought.
        """
        begun = self.beginning.at
        was_pushed_late = tag.pushed_at is None or tag.pushed_at > begun - LATE
        came_later = tag.first_seen > self.listed_at and not tag.came_back
        is_late = tag.first_seen > begun and (came_later or was_pushed_late)
        return is_late or tag.name in self.fresh


async def start_of(parts: Parts, found: InForce, reader: Reader, listed: Sequence[LedgerTag]) -> Start:
    """Return since when the promotion follows its source as this reader sees it; from now on, where that is new.

    Where nothing was to be seen before and many tags are at once, the source was not new but hidden. Another reader
    goes on where the one before it ended, if it is still known what that one saw.
    """
    promotions, repository, promotion = parts.store.promotions, found.repository.id, found.promotion
    kept = await promotions.beginning(repository, promotion.name)
    place = (promotion.source.host, promotion.source.repository)
    begun = Beginning(repository, promotion.name, *place, reader.id, parts.clock())
    listed_at = min((tag.first_seen for tag in listed), default=begun.at)
    if kept is None or (kept.source_host, kept.source_image) != place:
        await promotions.begin_following(begun)
        return Start(begun, listed_at)
    if kept.reader != reader.id:
        seen = {tag.name for tag in await parts.store.ledger.tags(*place, kept.reader)}
        fresh = frozenset(tag.name for tag in listed if tag.name not in seen) if seen else frozenset[str]()
        return Start(begun, listed_at, is_kept=False, fresh=fresh)
    was_hidden = len(listed) > AT_FIRST and all(tag.first_seen > kept.at for tag in listed)
    if was_hidden and not await promotions.judged(repository, promotion.name, *place):
        await promotions.begin_following(begun)
        return Start(begun, listed_at)
    return Start(kept, listed_at)
