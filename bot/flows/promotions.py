"""A promotion as it stands in force in a repository, and who reads and writes for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.flows.policies import policies_in_force
from bot.flows.readers import opened, readers_of
from bot.registries import Unusable, pusher_for

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.readers import Reader
    from bot.policies import PolicyFile
    from bot.policies.promotions import Promotion
    from bot.store import PromotionRun, Repository

_FOLLOWED_BY: Final = "promotion "
"""How the follower of an image is called that is a promotion; no policy's name has a space."""


CHANGED: Final = "The promotion was changed or taken away."
"""Why a run ended that nobody asks for any more."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A promotion of a repository's policy file on the default branch, and a hash of all that it says."""

    repository: Repository
    promotion: Promotion
    revision: str


async def in_force(parts: Parts, repository: int, name: str) -> InForce | None:
    """Find a promotion by its name. None: the repository, the policy file or the promotion is not there any more."""
    found = await parts.store.repositories.get(repository)
    if found is None or found.archived:
        return None
    policy_file = await policies_in_force(parts, found.installation, found.id)
    if policy_file is None:
        return None
    promotion = next((each for each in promotions_in(policy_file) if each.name == name), None)
    return None if promotion is None else InForce(found, promotion, revision_of(promotion))


def promotions_in(policy_file: PolicyFile) -> tuple[Promotion, ...]:
    """List the promotions that something is done for."""
    return policy_file.promotions if policy_file.enabled else ()


def revision_of(promotion: Promotion) -> str:
    """Return a hash of all that a promotion says, wherever it stands in its file."""
    return sha256(repr(replace(promotion, line=0)).encode()).hexdigest()[:16]


def follower_of(promotion: Promotion) -> str:
    """Name what follows the image that a promotion takes from."""
    return f"{_FOLLOWED_BY}{promotion.name}"


def promotion_of(follower: str) -> str | None:
    """Name the promotion that follows an image under this name; None: it is an image policy."""
    return follower.removeprefix(_FOLLOWED_BY) if follower.startswith(_FOLLOWED_BY) else None


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


def is_of(run: PromotionRun, found: InForce) -> bool:
    """Whether a run was begun for the promotion as it is now."""
    return run.revision == found.revision
