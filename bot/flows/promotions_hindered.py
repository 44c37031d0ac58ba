"""What keeps images from their next repository, as people are told: credentials, and tags that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flows.looks import is_trouble, mending
from bot.flows.promotion_names import promotions_in
from bot.flows.readers import NOBODY
from bot.registries import Unusable, pusher_for
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flows.parts import Parts
    from bot.flows.readers import Readers
    from bot.policies import PolicyFile
    from bot.policies.promotions import Promotion
    from bot.store import PromotionRun, Repository


STOPPED = (RunState.BLOCKED, RunState.APPROVED)
"""The states of what may have been stopped; with a moment for the next look it was."""


async def promotions_hindered(
    parts: Parts, repository: Repository, policy_file: PolicyFile, readers: Readers
) -> list[str]:
    """Say of each promotion that cannot be carried out why, a line each; nobody outside is asked.

    What a credential read is not told in a public repository: then it is said how to see it.
    """
    said: list[str] = []
    for promotion in promotions_in(policy_file):
        said += _without_credentials(promotion, repository, readers)
        said += await _unread(parts, promotion, repository, readers)
    names = {promotion.name for promotion in promotions_in(policy_file)}
    stopped = [await parts.store.promotions.of(repository.id, state=state) for state in STOPPED]
    runs = (run for found in stopped for run in found if run.promotion in names)
    return said + list(_blocked(run for run in runs if run.target_tag and run.again_at is not None))


def _without_credentials(promotion: Promotion, repository: Repository, readers: Readers) -> Iterator[str]:
    source, target = readers.of(promotion.source), promotion.target
    if isinstance(source, Unusable):
        yield f"{promotion.name}: {source.sentence}"
    writer = pusher_for(target.host, target.repository, repository.full_name, readers.scopes)
    if isinstance(writer, Unusable):
        yield f"{promotion.name}: {writer.sentence}"


async def _unread(parts: Parts, promotion: Promotion, repository: Repository, readers: Readers) -> list[str]:
    reader, source = readers.of(promotion.source), promotion.source
    if isinstance(reader, Unusable):
        return []
    state = await parts.store.ledger.scan_state(source.host, source.repository, reader)
    if state is None or not is_trouble(state, parts.clock()):
        return []
    is_told = repository.private or reader == NOBODY
    why = state.error if is_told else f"it cannot be read with its credential; {mending(state)}"
    return [f"{promotion.name} (from {source.name}): {why}"]


def _blocked(runs: Iterator[PromotionRun]) -> Iterator[str]:
    """Tell of what is stopped at its target; which tag that is, only `niro promotions` tells everybody."""
    for run in runs:
        yield f"{run.promotion}: an image cannot be copied; `niro promotions show {run.id}` tells why"
