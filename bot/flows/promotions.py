"""A promotion as it stands in force in a repository, and who reads and writes for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.flows.policies import policies_in_force
from bot.flows.promotion_names import promotions_in, revision_of
from bot.flows.readers import opened, readers_of
from bot.registries import Unusable, pusher_for
from bot.store import NewRun

if TYPE_CHECKING:
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.readers import Reader
    from bot.policies.promotions import Promotion
    from bot.store import PromotionRun, Repository


CHANGED: Final = "The promotion was changed or taken away."
"""Why a run ended that nobody asks for any more."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A promotion of a repository's policy file on the default branch, and a hash of all that it says."""

    repository: Repository
    promotion: Promotion
    revision: str


async def in_force(parts: Parts, repository: int, name: str) -> InForce | None:
    """Find a promotion by its name. None: it is not there any more, or nothing is done in its repository now."""
    found = await parts.store.repositories.get(repository)
    if found is None or found.archived or await _is_suspended(parts, found.installation):
        return None
    policy_file = await policies_in_force(parts, found.installation, found.id)
    if policy_file is None:
        return None
    promotion = next((each for each in promotions_in(policy_file) if each.name == name), None)
    return None if promotion is None else InForce(found, promotion, revision_of(promotion))


async def is_gone(parts: Parts, repository: int, name: str) -> bool:
    """Whether a promotion was taken away; not so while its policy file is not understood, or its repository rests."""
    found = await parts.store.repositories.get(repository)
    record = None if found is None else await parts.store.repositories.policy(repository)
    if record is None or record.text is None:
        return found is None or record is None or not record.problems
    if record.problems:
        return False
    policy_file = await policies_in_force(parts, found.installation, repository) if found is not None else None
    return policy_file is not None and all(each.name != name for each in promotions_in(policy_file))


async def _is_suspended(parts: Parts, installation: int) -> bool:
    found = await parts.store.installations.get(installation)
    return found is None or found.suspended


async def source_reader(parts: Parts, found: InForce) -> str | Unusable:
    """Return the id of who reads what a promotion takes from, as the policies' readers are chosen."""
    return (await readers_of(parts, found.repository)).of(found.promotion.source)


async def opened_source(parts: Parts, found: InForce) -> Reader | Unusable:
    """Return who reads what a promotion takes from, with its secret. Raises ReaderUnfit."""
    reader = await source_reader(parts, found)
    return reader if isinstance(reader, Unusable) else await opened(parts, found.promotion.source.host, reader)


async def pusher(parts: Parts, found: InForce) -> str | Unusable:
    """Return the id of the credential that writes what a promotion brings, or say that there is none.

    It is of the repository's own installation, names this repository, and covers the target by a prefix.
    """
    readers, target = await readers_of(parts, found.repository), found.promotion.target
    chosen = pusher_for(target.host, target.repository, found.repository.full_name, readers.scopes)
    return chosen if isinstance(chosen, Unusable) else chosen.id


def new_run(found: InForce, tag: str, digest: str, seen_at: datetime) -> NewRun:
    """Describe the run of an image that a promotion sees for the first time, at `seen_at` (aware)."""
    source, target = found.promotion.source, found.promotion.target
    return NewRun(
        repository=found.repository.id,
        promotion=found.promotion.name,
        revision=found.revision,
        source_host=source.host,
        source_image=source.repository,
        tag=tag,
        digest=digest,
        target_host=target.host,
        target_image=target.repository,
        mode=found.promotion.mode.value,
        seen_at=seen_at,
    )


def is_of(run: PromotionRun, found: InForce) -> bool:
    """Whether a run was begun for the promotion as it is now."""
    return run.revision == found.revision
