"""Has copied what a promotion's map on the default branch names, and its target has not yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_names import CHECK_NAME
from bot.flows.promotion_proposals import map_in, map_text
from bot.flows.promotion_runs import moved_to
from bot.flows.promotions import in_force, new_run
from bot.github import Annotation, CheckRun, Conclusion, Level
from bot.jobs.performing import performs
from bot.jobs.work import CopyPromoted, IndexRepository, PromoteImage, ProposePromotions
from bot.policies.promotions import PromotionMode
from bot.promotion.promoted_map import MapError, PromotedMap, path_of
from bot.safe_text import prose
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.github import Head, RepositoryClient
    from bot.store import PromotionRun

log = structlog.get_logger()

MOST_RUNS: Final = 5_000
"""Of so many runs of a promotion, the newest, it is known which entries of the map they were for."""


@performs(CopyPromoted)
async def copy_promoted(work: CopyPromoted, parts: Parts) -> None:
    """Ask for the copy of each entry that was not copied yet; what people wrote by hand counts as what was proposed.

    Who may merge into the default branch says what is promoted. Doing it twice is doing it once.
    """
    found = await in_force(parts, work.repository, work.promotion)
    if found is None or found.promotion.mode is not PromotionMode.PULL_REQUEST:
        return
    if found.repository.installation != work.installation:
        return
    client = parts.client(found.repository)
    head = await client.head()
    if head is None:
        return
    policy = await parts.store.repositories.policy(found.repository.id)
    if policy is None or policy.blob != (head.policy.oid if head.policy else None):
        # What this head promotes is what its own policy file says; the index reads that first, and asks again.
        await parts.ask(IndexRepository(work.installation, work.repository))
        return
    try:
        promoted = await _map_at(parts, client, head, found.promotion.name)
    except MapError as error:
        log.warning(
            "promotion.map_not_understood", repository=client.full_name, promotion=work.promotion, line=error.line
        )
        await _tell(client, head, found, error)
        return
    runs = await parts.store.promotions.of(found.repository.id, found.promotion.name, limit=MOST_RUNS)
    await _copy(parts, found, promoted, runs)
    proposed = [run for run in runs if run.state is RunState.PROPOSED]
    if any(not promoted.holds(run.digest, run.target_tag) for run in proposed):
        # The base of their pull request has moved, or people merged it without them.
        await parts.ask(ProposePromotions(work.installation, work.repository, work.promotion))


async def _map_at(parts: Parts, client: RepositoryClient, head: Head, promotion: str) -> PromotedMap:
    path = path_of(promotion)
    found = await client.files_at(head.commit, [path])
    return await map_in(parts, map_text(found.get(path)))


async def _copy(parts: Parts, found: InForce, promoted: PromotedMap, runs: Iterable[PromotionRun]) -> None:
    target = (found.promotion.target.host, found.promotion.target.repository)
    ours = [run for run in runs if (run.target_host, run.target_image) == target and run.target_tag]
    best_last = sorted(ours, key=lambda run: (run.state is RunState.DONE, run.revision == found.revision, run.id))
    known = {(run.digest, run.target_tag): run for run in best_last}
    for digest, tag in promoted.pairs():
        run = known.get((digest, tag))
        if run is not None and (run.state is RunState.DONE or _is_under_way(run, found)):
            continue
        if run is None or run.revision != found.revision:
            run = await _written_by_hand(parts, found, digest, tag)
        log.info("promotion.approved", repository=found.repository.full_name, promotion=run.promotion, tag=tag)
        await _approve(parts, run, tag)


def _is_under_way(run: PromotionRun, found: InForce) -> bool:
    """Whether a run was approved before: what is in its way, or goes on with it, is known where it is copied."""
    return run.state is RunState.APPROVED and run.revision == found.revision


async def _written_by_hand(parts: Parts, found: InForce, digest: str, tag: str) -> PromotionRun:
    """Begin the run of an entry that none was begun for, beside one of the same name that goes to another tag.

    Nobody judged it. No tag of the source begins with `@`.
    """
    run, _ = await parts.store.promotions.begin(new_run(found, tag, digest, parts.clock()))
    if run.target_tag not in {"", tag}:
        run, _ = await parts.store.promotions.begin(new_run(found, f"@{tag}", digest, parts.clock()))
    return run


async def _approve(parts: Parts, run: PromotionRun, tag: str) -> None:
    """Have a run copied to a tag: it was proposed, or ended otherwise, and people merged that it is promoted.

    Raises RunMoved.
    """
    if run.state is not RunState.DONE:
        at = run.decided_at or parts.clock()
        approved = replace(run, state=RunState.APPROVED, target_tag=tag, decided_at=at, ended_at=None)
        run = await moved_to(parts, approved, run)
    await parts.ask(PromoteImage(run.installation, run.repository, run.id))


async def _tell(client: RepositoryClient, head: Head, found: InForce, error: MapError) -> None:
    """Say on the commit that its map is not understood, once."""
    path = path_of(found.promotion.name)
    about = f"map {found.promotion.name} line {error.line}"
    if about in await client.checks_about(head.commit, CHECK_NAME):
        return
    title = f"{path}, line {error.line}, is not understood"
    summary = f"Nothing that `{path}` names is copied: line {error.line}: {prose(error.reason)}."
    note = Annotation(path, error.line, error.line, Level.FAILURE, error.reason)
    check = CheckRun(head.commit, CHECK_NAME, Conclusion.FAILURE, title, summary, annotations=(note,), about=about)
    await client.create_check_run(check)
