"""How promotions are known: to their check, as followers of an image, and by a hash of all that they say."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.policies import PolicyFile
    from bot.policies.promotions import Promotion

CHECK_NAME: Final = "niro / promotion"
"""The check run that tells of promotions."""

_FOLLOWED_BY: Final = "promotion "
"""How the follower of an image is called that is a promotion; no policy's name has a space."""


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
