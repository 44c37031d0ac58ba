"""What was said about a policy where the bot works: by people, and by the bot of its pull requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.explaining.mistakes import Mistake
from bot.explaining.shown import shown

if TYPE_CHECKING:
    from datetime import datetime

    from bot.policies import ImagePolicy
    from bot.selection import Restriction
    from bot.store import BumpRecord, GroupNote, MergeOrderRecord, RestrictionRecord, Store


@dataclass(frozen=True, slots=True)
class SaidOfPolicy:
    """What was said about one policy: its restrictions, and its group's pull request, note and merge order."""

    repository: str
    restrictions: tuple[RestrictionRecord, ...] = ()
    pull_request: BumpRecord | None = None
    note: GroupNote | None = None
    order: MergeOrderRecord | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in a repository. `laid` are the restrictions once more, as they count in a decision."""

    repository: str
    restrictions: tuple[RestrictionRecord, ...] = ()
    laid: tuple[Restriction, ...] = ()
    pull_requests: tuple[BumpRecord, ...] = ()
    notes: tuple[GroupNote, ...] = ()
    orders: tuple[MergeOrderRecord, ...] = ()

    def about(self, policy: ImagePolicy) -> SaidOfPolicy:
        """Pick out what is about one policy or its group."""
        return SaidOfPolicy(
            self.repository,
            tuple(each for each in self.restrictions if each.policy == policy.name),
            next((each for each in self.pull_requests if each.group == policy.group), None),
            next((each for each in self.notes if each.group == policy.group), None),
            next((each for each in self.orders if each.group == policy.group), None),
        )


async def read_said(store: Store, full_name: str, now: datetime) -> Said:
    """Read what was said in a repository, `owner/name`. Raises Mistake when the store does not know it."""
    repository = await store.repositories.by_name(full_name)
    if repository is None:
        raise Mistake(
            f"the bot knows of no repository {shown(full_name)}: it works there once the App is installed on it; "
            "NIRO_DATABASE_URL says whose store is read"
        )
    return Said(
        repository.full_name,
        tuple(await store.restrictions.of(repository.id, now)),
        tuple(await store.restrictions.restrictions_for(repository.id, now)),
        tuple(await store.bumps.open_of(repository.id)),
        tuple(await store.notes.of(repository.id)),
        tuple(await store.orders.of(repository.id)),
    )
