"""Decide with every fact the core wants: it names what is missing, a registry tells it, and it decides again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import structlog

from bot.bumps import decide, refusals, wanted
from bot.images import Platform, Tag
from bot.registries import ImageNotFound
from bot.selection import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.bumps import Decisions
    from bot.flows.parts import Parts
    from bot.images import ImageReference
    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile
    from bot.selection import Decision
    from bot.store import LedgerTag

log = structlog.get_logger()

MOST_ROUNDS = 20
MOST_REJECTED = 20
NO_NEWS = frozenset({Reason.OLDER_THAN_CURRENT, Reason.OLDER_THAN_SELECTED, Reason.NOT_A_VERSION})
"""Why most tags of a repository are not chosen: true, and of no interest unless somebody asks."""


async def decided(
    parts: Parts, policy_file: PolicyFile, occurrences: Sequence[Occurrence], policies: Sequence[ImagePolicy]
) -> Decisions:
    """Decide these policies of the file against the ledger's tags; what the ledger lacks is read from the registry.

    The whole file counts for which occurrence follows which policy. After 20 rounds a decision that still wants facts
    stays undecided, and says so.
    """
    images = {policy.name: policy.image for policy in policies}
    for _ in range(MOST_ROUNDS):
        decisions = decide(policy_file, occurrences, await _tags(parts, images.values()), (), parts.clock())
        missing = {(item.policy, item.tag.name) for item in wanted(decisions)}
        if not missing:
            return decisions
        for policy, tag in sorted(missing):
            await _learn(parts, images[policy], tag)
    return decide(policy_file, occurrences, await _tags(parts, images.values()), (), parts.clock())


async def _tags(parts: Parts, images: Iterable[ImageReference]) -> dict[str, list[Tag]]:
    return {
        image.name: [_tag(row) for row in await parts.store.ledger.tags(image.host, image.repository)]
        for image in images
    }


def _tag(row: LedgerTag) -> Tag:
    platforms = None if row.platforms is None else frozenset(Platform.parse(name) for name in row.platforms)
    return Tag(row.name, row.digest, row.pushed_at, platforms, row.first_seen)


async def _learn(parts: Parts, image: ImageReference, tag: str) -> bool:
    """Write a tag's digest and platforms into the ledger; returns whether they were other than remembered.

    A tag that is gone, or whose index points at manifests that are not there yet, runs nowhere: it has no platforms.
    """
    try:
        manifest = await parts.registries.manifest(image.host, image.repository, tag, verify_children=True)
    except ImageNotFound:
        digest, platforms = None, frozenset[Platform]()
    else:
        digest, platforms = manifest.digest, manifest.platforms if manifest.complete else frozenset()
    names = tuple(sorted(map(str, platforms)))
    return await parts.store.ledger.describe(image.host, image.repository, tag, digest=digest, platforms=names)


async def learned_again(parts: Parts, policies: Sequence[ImagePolicy], decisions: Decisions) -> bool:
    """Read again the tags that were chosen, or refused for their platforms: a tag may have moved since it was read.

    Returns whether the ledger learned anything new. So an image that is pushed one platform after the other is
    refused until it is whole, and proposed then.
    """
    images = {policy.name: policy.image for policy in policies}
    doubtful = {(refusal.policy, refusal.tag) for refusal in refusals(decisions)}
    doubtful |= {(policy, decision.selected.name) for (policy, _), decision in decisions.items() if decision.selected}
    news = [await _learn(parts, images[policy], tag) for policy, tag in sorted(doubtful)]
    return any(news)


async def remember(parts: Parts, repository: int, decisions: Mapping[tuple[str, str], Decision]) -> None:
    """Keep the latest decisions with the tags that were refused, for whoever asks why."""
    for (policy, current), decision in decisions.items():
        refused = notable(decision)
        await parts.store.decisions.save(
            repository=repository,
            policy=policy,
            current=current,
            selected=decision.selected.name if decision.selected else None,
            reason=decision.reason.value,
            sentence=decision.sentence,
            rejected=json.dumps([{"tag": tag, "sentence": sentence} for tag, sentence in refused]),
            at=parts.clock(),
        )
        _tell(repository, policy, current, decision, refused)


def notable(decision: Decision) -> list[tuple[str, str]]:
    """Tags that were refused although somebody might have expected them, with the sentence that says why."""
    rejected = ((tag.name, why.sentence) for tag, why in decision.rejected if why.reason not in NO_NEWS)
    return [pair for pair, _ in zip(rejected, range(MOST_REJECTED), strict=False)]


def _tell(repository: int, policy: str, current: str, decision: Decision, refused: Sequence[tuple[str, str]]) -> None:
    log.info(
        "tag.decided",
        repository=repository,
        policy=policy,
        current=current,
        selected=decision.selected.name if decision.selected else None,
        reason=decision.reason.value,
        sentence=decision.sentence,
    )
    for tag, sentence in refused:
        log.info("tag.refused", repository=repository, policy=policy, tag=tag, sentence=sentence)
