"""Who holds a group as a whole: then nothing of it is changed or merged until that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.bumps import laid_sentence
from bot.flows.remarks import laid_of
from bot.selection import RestrictionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.policies import ImagePolicy
    from bot.store import RestrictionRecord

HOLDING: Final = frozenset({RestrictionKind.HOLD, RestrictionKind.SNOOZE, RestrictionKind.QUARANTINE})


def held(laid: Sequence[RestrictionRecord], policies: Sequence[ImagePolicy]) -> str:
    """Say who holds an image of these policies as a whole; "": nobody. A policy that is off holds nothing up.

    What was turned down is no hold: something better is proposed.
    """
    names = {policy.name for policy in policies if policy.enabled}
    for record in laid:
        is_about_tags = any((record.tag, record.digest, record.range, record.beyond))
        if record.policy in names and record.kind in HOLDING and not is_about_tags:
            return laid_sentence(laid_of(record))
    return ""
