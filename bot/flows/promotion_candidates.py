"""Which of many tags a promotion may take, told without holding up everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.promotion import candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts
    from bot.policies.promotions import Promotion

_WEIGHT: Final = 100
"""Bytes of manifests that take as long to look through as one name of a tag."""


async def candidates_among(parts: Parts, promotion: Promotion, names: Sequence[str]) -> list[str]:
    """Return the names of tags, in their order, that the promotion's criteria do not exclude."""
    return await parts.compute(_WEIGHT * len(names), candidates, promotion, names)
