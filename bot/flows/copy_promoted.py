"""Has copied what a promotion's map on the default branch names, and its target has not yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_names import CHECK_NAME
from bot.flows.promotion_proposals import Proposed, Step, last_proposed, map_in, map_text, note_proposed
from bot.flows.promotion_runs import ended, is_approved, moved_to
from bot.flows.promotions import in_force, new_run
from bot.github import Annotation, CheckRun, Conclusion, Level
from bot.jobs.performing import performs
from bot.jobs.work import CopyPromoted, IndexRepository, PromoteImage, ProposePromotions, ReportPromotion
from bot.policies.promotions import PromotionMode
from bot.promotion.promoted_map import MapError, PromotedMap, path_of
from bot.safe_text import prose
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.github import Head, RepositoryClient
    from bot.store import PromotionRun

log = structlog.get_logger()

MOST_RUNS: Final = 5_000
"""Of so many runs of a promotion, the newest, it is known which entries of the map they were for."""

SOON: Final = timedelta(minutes=1)
"""When a map is read once more that names less than before: GitHub may have answered with an older one."""


@performs(CopyPromoted)
async def copy_promoted(work: CopyPromoted, parts: Parts) -> None:
    """Ask for the copy of each entry that was not copied yet; what people wrote by hand counts as what was proposed.

    Who may merge into the default branch says what is promoted, and what is not any more as long as it is not copied.
    Doing it twice is doing it once.
    """
    found = await in_force(parts, work.repository, work.promotion)
    if found is None or found.promotion.mode is not PromotionMode.PULL_REQUEST:
        return
    if found.repository.installation != work.installation:
        return
    client = parts.client(found.repository)
    # Before the map: of what is approved meanwhile an older map says nothing.
    runs = await parts.store.promotions.of(found.repository.id, found.promotion.name, limit=MOST_RUNS)
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
    await _take_out(parts, work, promoted, runs)
    await _copy(parts, found, promoted, runs)
    proposed = [run for run in runs if run.state is RunState.PROPOSED]
    if any(not promoted.holds(run.digest, run.target_tag) for run in proposed):
        # The base of their pull request has moved, or people merged it without them.
        await parts.ask(ProposePromotions(work.installation, work.repository, work.promotion))


async def _map_at(parts: Parts, client: RepositoryClient, head: Head, promotion: str) -> PromotedMap:
    path = path_of(promotion)
    found = await client.files_at(head.commit, [path])
    return await map_in(parts, map_text(found.get(path)))


async def _take_out(parts: Parts, work: CopyPromoted, promoted: PromotedMap, runs: Iterable[PromotionRun]) -> None:
    """What people merged and took out again before it was copied is not copied: that is a no. Raises RunMoved."""
    over = [run for run in runs if is_approved(run) and not promoted.holds(run.digest, run.target_tag)]
    for run in over:
        last = await last_proposed(parts, run.id)
        if last is not None and last.step is Step.OPEN:
            await note_proposed(parts, run.id, Proposed(Step.TURNED_DOWN, last.number))
        said = f"It was taken out of {path_of(work.promotion)} before it was copied."
        await ended(parts, run, RunState.DENIED, said)
        await parts.ask(ReportPromotion(run.installation, run.repository, run.id))
    if over:
        await parts.ask_later(work, parts.clock() + SOON)


async def _copy(parts: Parts, found: InForce, promoted: PromotedMap, runs: Iterable[PromotionRun]) -> None:
    target = (found.promotion.target.host, found.promotion.target.repository)
    ours = [run for run in runs if (run.target_host, run.target_image) == target and run.target_tag]
    standing = _standing(ours)
    best_last = sorted(ours, key=lambda run: (_stands(run, standing), run.revision == found.revision, run.id))
    known = {(run.digest, run.target_tag): run for run in best_last}
    for digest, tag in promoted.pairs():
        run = known.get((digest, tag))
        if run is not None and (_stands(run, standing) or _is_under_way(run, found)):
            continue
        if run is None or run.revision != found.revision:
            run = await _written_by_hand(parts, found, digest, tag)
        log.info("promotion.approved", repository=found.repository.full_name, promotion=run.promotion, tag=tag)
        if not _stands(run, standing):
            run = await _approved(parts, run, tag)
        await parts.ask(PromoteImage(run.installation, run.repository, run.id))


def _standing(runs: Sequence[PromotionRun]) -> dict[str, str]:
    """Say which digest the map brought to each tag of the target last (tag -> digest)."""
    done = [run for run in runs if run.state is RunState.DONE and run.ended_at and _is_by_map(run)]
    return {run.target_tag: run.digest for run in sorted(done, key=lambda run: (run.ended_at, run.id))}


def _is_by_map(run: PromotionRun) -> bool:
    return run.mode == PromotionMode.PULL_REQUEST.value


def _stands(run: PromotionRun, standing: Mapping[str, str]) -> bool:
    """Whether a run was copied, and the map gave its tag to no other image since: a revert brings the earlier back."""
    return run.state is RunState.DONE and standing.get(run.target_tag, run.digest) == run.digest


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


async def _approved(parts: Parts, run: PromotionRun, tag: str) -> PromotionRun:
    """Have a run copied to a tag: it was proposed, or ended otherwise, and people merged that it is promoted.

    Raises RunMoved.
    """
    at, reason = run.decided_at or parts.clock(), "" if run.ended_at else run.reason
    wanted = replace(run, state=RunState.APPROVED, target_tag=tag, decided_at=at, ended_at=None, reason=reason)
    return await moved_to(parts, wanted, run)


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
