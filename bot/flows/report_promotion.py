"""The check run that tells on the commit an image was built from what became of its promotions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotions import in_force, opened_source
from bot.flows.readers import NOBODY, ReaderUnfit
from bot.github import CheckRun, Conclusion, NotFound, Unprocessable
from bot.jobs.performing import performs
from bot.jobs.work import ReportPromotion
from bot.policies import POLICY_PATH
from bot.promotion import verdict_from_json
from bot.promotion.telling import RunFacts, Stage, check_text_of_several
from bot.registries import RegistryError, Unusable
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts
    from bot.store import PromotionRun, Repository

log = structlog.get_logger()

CHECK_NAME: Final = "niro / promotion"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SOURCE: Final = re.compile(r"https?://[^/\s]+/([A-Za-z0-9._-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?")


@performs(ReportPromotion)
async def report_promotion(work: ReportPromotion, parts: Parts) -> None:
    """Write the check on the commit that the image's labels name, if it is of a repository of the same installation.

    Labels are the word of whoever pushed the image: they choose where it is told, and nothing else. A commit that is
    not there is told nothing.
    """
    run = await parts.store.promotions.get(work.run)
    if run is None or run.state is RunState.SUPERSEDED:
        return
    place = await _place(parts, run)
    if place is None:
        return
    run = await _noted(parts, run, place.commit)
    check_run = _check_run(await _told(parts, run), confidential=place.confidential)
    digest = sha256(repr(check_run).encode(errors="replace")).hexdigest()
    if run.told == digest:
        return
    try:
        client = parts.client(place.repository)
        await client.files_at(place.commit, [POLICY_PATH])  # raises where the repository has no such commit
        await client.create_check_run(check_run)
    except (NotFound, Unprocessable) as error:
        log.info("promotion.not_reported", run=run.id, commit=place.commit, reason=str(error))
        return
    await parts.store.promotions.save(replace(run, told=digest), run)
    log.info("promotion.reported", run=run.id, commit=place.commit, state=run.state.value)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a run is told. `confidential`: more people may read that than may read the image."""

    repository: Repository
    commit: str
    confidential: bool


async def _place(parts: Parts, run: PromotionRun) -> _Place | None:
    """Find the repository and the commit that the image says it was built from."""
    found = await in_force(parts, run.repository, run.promotion)
    if found is None:
        return None
    try:
        reader = await opened_source(parts, found)
        if isinstance(reader, Unusable):
            return None
        labels = await parts.registries.labels(run.source_host, run.source_image, run.digest, reader.access)
    except (ReaderUnfit, RegistryError) as error:
        log.info("promotion.not_reported", run=run.id, reason=str(error))
        return None
    source = _SOURCE.fullmatch(labels.get("org.opencontainers.image.source", ""))
    commit = labels.get("org.opencontainers.image.revision", "")
    if source is None or not _COMMIT.fullmatch(commit):
        return None
    repository = await parts.store.repositories.by_name(source[1])
    if repository is None or repository.installation != run.installation or repository.archived:
        return None
    confidential = not repository.private and reader.id != NOBODY
    # The policy file names source and target; who cannot read it is not told of them.
    is_told = not confidential or repository.id == run.repository
    return _Place(repository, commit, confidential) if is_told else None


async def _noted(parts: Parts, run: PromotionRun, commit: str) -> PromotionRun:
    """Remember on which commit a run is told, so that all runs of one commit stand in one check."""
    if run.commit == commit:
        return run
    noted = replace(run, commit=commit)
    return noted if await parts.store.promotions.save(noted, run) else run


async def _told(parts: Parts, run: PromotionRun) -> list[PromotionRun]:
    """Gather what became of every image that was built from the commit of a run, the latest run of each tag."""
    runs = await parts.store.promotions.told_on(run.installation, run.commit)
    latest: dict[tuple[int, str, str], PromotionRun] = {}
    for each in sorted({each.id: each for each in (*runs, run)}.values(), key=lambda each: each.id):
        latest[each.repository, each.promotion, each.tag] = each
    return [each for each in latest.values() if each.state is not RunState.SUPERSEDED]


def _check_run(runs: Sequence[PromotionRun], *, confidential: bool) -> CheckRun:
    told = [(_facts(run), verdict_from_json(run.verdict) if run.verdict else None) for run in runs]
    text = check_text_of_several(told, confidential=confidential)
    is_done = all(run.state is RunState.DONE for run in runs)
    conclusion = Conclusion.SUCCESS if is_done else Conclusion.NEUTRAL
    return CheckRun(runs[0].commit, CHECK_NAME, conclusion, text.title, text.summary)


def _facts(run: PromotionRun) -> RunFacts:
    return RunFacts(
        id=run.id,
        promotion=run.promotion,
        source=f"{run.source_host}/{run.source_image}",
        tag=run.tag,
        digest=run.digest,
        target=f"{run.target_host}/{run.target_image}",
        target_tag=run.target_tag,
        stage=Stage[run.state.name],
        reason=run.reason,
    )
