"""The check run that tells on the commit an image was built from what became of its promotions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_facts import facts_of, verdict_of
from bot.flows.promotion_names import CHECK_NAME
from bot.flows.promotions import in_force, opened_source, source_reader
from bot.flows.readers import NOBODY, ReaderUnfit
from bot.github import CheckRun, Conclusion, NotFound, Unprocessable
from bot.jobs.performing import performs
from bot.jobs.work import ReportPromotion
from bot.policies import POLICY_PATH
from bot.promotion.telling import check_text
from bot.registries import RegistryError, Unusable
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.store import PromotionRun, Repository

log = structlog.get_logger()

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SOURCE: Final = re.compile(r"https?://[^/\s]+/([A-Za-z0-9._-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?")


@performs(ReportPromotion)
async def report_promotion(work: ReportPromotion, parts: Parts) -> None:
    """Write the check on the commit that the image's labels name, if it is of a repository of the same installation.

    Labels are the word of whoever pushed the image: they choose where it is told, and nothing else. A commit that is
    not there is told nothing.
    """
    run = await parts.store.promotions.get(work.run)
    if run is None or run.state is RunState.COPYING:
        return  # what a copy came to is told at its end, and nobody writes into its run meanwhile
    place = await _place(parts, run)
    if place is None:
        return
    run = await _noted(parts, run, place)
    runs = await _told(parts, run, place)
    if run not in runs:
        return  # nobody may be told of it there, or a later one stands in its place
    check_run = _check_run(runs, place)
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
    """Where runs are told."""

    repository: Repository
    commit: str


async def _place(parts: Parts, run: PromotionRun) -> _Place | None:
    """Find where a run is told; one that was overtaken, only where a check stands for it already."""
    if run.state is not RunState.SUPERSEDED:
        return await _named_place(parts, run)
    if not run.told or run.told_in is None:
        return None
    repository = await parts.store.repositories.get(run.told_in)
    return _place_in(repository, run, run.commit)


async def _named_place(parts: Parts, run: PromotionRun) -> _Place | None:
    """Find the repository and the commit that the image says it was built from."""
    labels = await _labels(parts, run)
    source = _SOURCE.fullmatch(labels.get("org.opencontainers.image.source", ""))
    commit = labels.get("org.opencontainers.image.revision", "")
    if source is None or not _COMMIT.fullmatch(commit):
        return None
    return _place_in(await parts.store.repositories.by_name(source[1]), run, commit)


async def _labels(parts: Parts, run: PromotionRun) -> Mapping[str, str]:
    """Read the labels of an image; without any where it cannot be read."""
    found = await in_force(parts, run.repository, run.promotion)
    if found is None:
        return {}
    try:
        reader = await opened_source(parts, found)
        if isinstance(reader, Unusable):
            return {}
        return await parts.registries.labels(run.source_host, run.source_image, run.digest, reader.access)
    except (ReaderUnfit, RegistryError) as error:
        log.info("promotion.not_reported", run=run.id, reason=str(error))
        return {}


def _place_in(repository: Repository | None, run: PromotionRun, commit: str) -> _Place | None:
    if repository is None or repository.installation != run.installation or repository.archived:
        return None
    return _Place(repository, commit)


async def _noted(parts: Parts, run: PromotionRun, place: _Place) -> PromotionRun:
    """Remember on which commit a run is told, so that all runs of one commit stand in one check."""
    if (run.told_in, run.commit) == (place.repository.id, place.commit):
        return run
    noted = replace(run, commit=place.commit, told_in=place.repository.id)
    return noted if await parts.store.promotions.save(noted, run) else run


async def _told(parts: Parts, run: PromotionRun, place: _Place) -> list[PromotionRun]:
    """Gather what became of every image of a commit that may be told there, the latest run of each tag."""
    runs = await parts.store.promotions.told_on(run.installation, place.repository.id, place.commit)
    latest: dict[tuple[int, str, str], PromotionRun] = {}
    for each in sorted({each.id: each for each in (*runs, run)}.values(), key=lambda each: each.id):
        latest[each.repository, each.promotion, each.tag] = each
    promotions = {(each.repository, each.promotion) for each in latest.values()}
    told = {key for key in promotions if await _may_be_told(parts, *key, place.repository)}
    return [each for each in latest.values() if (each.repository, each.promotion) in told]


async def _may_be_told(parts: Parts, repository: int, promotion: str, place: Repository) -> bool:
    """Whether the runs of a repository's promotion may be told in a repository, which the images' labels chose.

    In its own, always. In another where both are private, or where both are public and everybody may read the image:
    who cannot read the policy file is not told what it names.
    """
    if repository == place.id:
        return True
    own = await parts.store.repositories.get(repository)
    if own is None or own.private != place.private:
        return False
    if own.private:
        return True
    found = await in_force(parts, repository, promotion)
    return found is not None and await source_reader(parts, found) == NOBODY


def _check_run(runs: Sequence[PromotionRun], place: _Place) -> CheckRun:
    # In public, no more is told than how far the images of a promotion came: what was seen of them, and of the target,
    # was seen with credentials, as each that pushes is.
    told = [(facts_of(run), verdict_of(run)) for run in runs]
    text = check_text(told, confidential=not place.repository.private)
    is_done = all(run.state is RunState.DONE for run in runs)
    conclusion = Conclusion.SUCCESS if is_done else Conclusion.NEUTRAL
    return CheckRun(place.commit, CHECK_NAME, conclusion, text.title, text.summary)
