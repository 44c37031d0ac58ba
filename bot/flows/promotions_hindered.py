"""What keeps images from their next repository, as people are told: credentials, tags that are taken or unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flows.looks import is_trouble, mending
from bot.flows.promotion_names import promotions_in
from bot.flows.promotion_runs import is_stopped, is_tried_again
from bot.flows.promotion_sights import unread_in
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


STOPPED = (RunState.BLOCKED, RunState.APPROVED, RunState.COPYING)
"""The states of what may have been stopped."""


async def promotions_hindered(
    parts: Parts, repository: Repository, policy_file: PolicyFile, readers: Readers
) -> list[str]:
    """Say of each promotion that cannot be carried out why, a line each; nobody outside is asked.

    What a credential read is not told in a public repository: then it is said how to see it.
    """
    said: list[str] = []
    told: set[str] = set()
    for promotion in promotions_in(policy_file):
        lines = [*_without_credentials(promotion, repository, readers)]
        lines += await _unread(parts, promotion, repository, readers)
        told |= {promotion.name} if lines else set()
        said += lines + await _unread_tags(parts, promotion, repository)
    names = {promotion.name for promotion in promotions_in(policy_file)}
    stopped = [await parts.store.promotions.of(repository.id, state=state) for state in STOPPED]
    # One order, whatever their states: what only changed its place would be told once more.
    known = sorted((run for found in stopped for run in found if run.promotion in names), key=lambda run: -run.id)
    runs = [run for run in known if is_stopped(run) or await is_tried_again(parts, run)]
    # What is not judged yet waits for what was told of its promotion already.
    return said + list(_blocked(run for run in runs if run.target_tag or run.promotion not in told))


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


async def _unread_tags(parts: Parts, promotion: Promotion, repository: Repository) -> list[str]:
    """Tell how many tags the source does not let be read; which ones, the log tells."""
    count = len(unread_in(await parts.store.promotions.watched(repository.id, promotion.name)))
    if not count:
        return []
    said = f"the registry does not let {count} of its tags be read, which are asked for again every hour"
    return [f"{promotion.name} (from {promotion.source.name}): {said}; the bot's log names them"]


def _blocked(runs: Iterator[PromotionRun]) -> Iterator[str]:
    """Tell of what is stopped; which tag that is, only `niro promotions` tells everybody."""
    for run in runs:
        what = "copied" if run.target_tag else "judged"
        yield f"{run.promotion}: an image cannot be {what}; `niro promotions show {run.id}` tells why"
