"""Decide with every fact the core wants: it names what is missing, a registry tells it, and it decides again."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.bumps import decide, refusals, wanted
from bot.images import Platform, Tag
from bot.registries import ImageNotFound
from bot.selection import Reason
from bot.store import DecisionRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.bumps import Decisions
    from bot.flows.parts import Parts
    from bot.images import ImageReference
    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile
    from bot.selection import Decision
    from bot.store import LedgerTag

log = structlog.get_logger()

UNTAGGED = "latest"
"""What an image without a tag stands for."""

MOST_ROUNDS = 20
MOST_REJECTED = 20
MOST_REASONS = 200
BYTES_OF_A_TAG = 64
"""What a tag weighs when it is asked whether a choice would hold up the doors: some thousand of them do."""

NO_NEWS = frozenset({Reason.OLDER_THAN_CURRENT, Reason.OLDER_THAN_SELECTED, Reason.NOT_A_VERSION})
"""Why most tags of a repository are not chosen: true, and of no interest unless somebody asks."""


class KnownTags:
    """What is known of images' tags during one piece of work: the ledger's rows, and what a registry told since.

    Shared by all repositories of one scan, so that each tag is read once however many follow it.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tags: dict[str, dict[str, Tag]] = {}
        self._read: set[tuple[str, str, bool]] = set()

    async def of(self, image: ImageReference) -> list[Tag]:
        """List the tags of an image."""
        return list((await self._ledger(image)).values())

    async def learn(self, image: ImageReference, tag: str, *, in_use: bool) -> bool:
        """Read a tag from its registry, unless that was done already; False: it was, or nothing could be learned.

        `in_use`: it stands in a file, so what it promises to run on counts, whole or not.
        """
        if (image.name, tag, in_use) in self._read:
            return False
        self._read.add((image.name, tag, in_use))
        known = await self._ledger(image)
        read = await _read(self._parts, image, tag, listed=tag in known, in_use=in_use)
        if known and read is not None:
            known[tag] = read
        return read is not None

    async def _ledger(self, image: ImageReference) -> dict[str, Tag]:
        if image.name not in self._tags:
            rows = await self._parts.store.ledger.tags(image.host, image.repository)
            self._tags[image.name] = {row.name: _tag(row) for row in rows}
        return self._tags[image.name]


class Deciding:
    """The decisions for some policies of a repository's policy file.

    The whole file counts for which occurrence follows which policy; only `policies` are decided.
    """

    def __init__(
        self,
        parts: Parts,
        known: KnownTags,
        policy_file: PolicyFile,
        occurrences: Sequence[Occurrence],
        policies: Sequence[ImagePolicy],
    ) -> None:
        self._parts = parts
        self._known = known
        self._policy_file = policy_file
        self._occurrences = occurrences
        self._images = {policy.name: policy.image for policy in policies}

    async def decided(self) -> Decisions:
        """Decide against the ledger's tags; what the ledger lacks is read from the registry.

        After 20 rounds a decision that still wants facts stays undecided, and says so.
        """
        decisions = await self._decide()
        for _ in range(MOST_ROUNDS):
            missing = {
                _Doubt(item.policy, item.tag.name, _stands(item.tag.name, item.current)) for item in wanted(decisions)
            }
            if not await self._learn(missing):
                break
            decisions = await self._decide()
        return decisions

    async def decided_afresh(self) -> Decisions:
        """Decide, and read again the tags that were chosen, refused or in use: they may have moved since.

        So an image that is pushed one platform after the other is refused until it is whole, and proposed then.
        """
        decisions = await self.decided()
        refused = refusals(decisions)
        doubts = {_Doubt(refusal.policy, refusal.tag, in_use=False) for refusal in refused}
        doubts |= {_Doubt(refusal.policy, refusal.current or UNTAGGED, in_use=True) for refusal in refused}
        for (policy, current), decision in decisions.items():
            if decision.selected is not None and decision.selected.name != current:
                doubts |= {_Doubt(policy, decision.selected.name, in_use=False)}
                doubts |= {_Doubt(policy, current or UNTAGGED, in_use=True)}
        await self._learn(doubts)
        return await self.decided()

    async def _decide(self) -> Decisions:
        tags = {image.name: await self._known.of(image) for image in self._images.values()}
        size = BYTES_OF_A_TAG * sum(map(len, tags.values()))
        return await self._parts.compute(
            size, decided_shortly, self._policy_file, self._occurrences, tags, self._parts.clock()
        )

    async def _learn(self, doubts: set[_Doubt]) -> bool:
        """Read tags from their registries; False: nothing new is known."""
        # What is in use comes last: where a tag is in use here and wanted there, what it promises counts.
        ordered = sorted(doubts, key=lambda doubt: (doubt.in_use, doubt.policy, doubt.tag))
        news = [
            await self._known.learn(self._images[doubt.policy], doubt.tag, in_use=doubt.in_use) for doubt in ordered
        ]
        return any(news)


def decided_shortly(
    policy_file: PolicyFile, occurrences: Sequence[Occurrence], tags: Mapping[str, Sequence[Tag]], now: datetime
) -> Decisions:
    """Decide, and keep the reasons that somebody may want to read: small enough to come from another process."""
    decisions = decide(policy_file, occurrences, tags, (), now)
    return {key: decision.shortened(MOST_REASONS) for key, decision in decisions.items()}


class _Doubt(NamedTuple):
    """A tag to be read, for a policy."""

    policy: str
    tag: str
    in_use: bool


def _stands(tag: str, current: str) -> bool:
    return tag == (current or UNTAGGED)


async def _read(parts: Parts, image: ImageReference, name: str, *, listed: bool, in_use: bool) -> Tag | None:
    """Ask the registry for a tag's digest and platforms, and write into the ledger what is whole.

    A candidate whose index points at manifests that are not there (yet) runs nowhere. A tag in use runs on all that it
    promises; only one that the registry does not list any more promises nothing. None: nothing could be learned.
    """
    try:
        manifest = await parts.registries.manifest(image.host, image.repository, name, verify_children=True)
        if in_use and not manifest.complete:
            manifest = await parts.registries.manifest(image.host, image.repository, name)
            return Tag(name, manifest.digest, None, manifest.platforms, parts.clock())
    except ImageNotFound:
        log.info("tag.gone", image=image.name, tag=name, listed=listed)
        return None if listed and in_use else Tag(name, None, None, frozenset(), parts.clock())
    platforms = manifest.platforms if manifest.complete else frozenset[Platform]()
    names = sorted(map(str, platforms))
    await parts.store.ledger.describe(image.host, image.repository, name, digest=manifest.digest, platforms=names)
    return Tag(name, manifest.digest, None, platforms, parts.clock())


def _tag(row: LedgerTag) -> Tag:
    platforms = None if row.platforms is None else frozenset(Platform.parse(name) for name in row.platforms)
    return Tag(row.name, row.digest, row.pushed_at, platforms, row.first_seen)


async def remember(parts: Parts, repository: int, decisions: Decisions) -> None:
    """Keep the latest decisions with the tags that were refused, for whoever asks why."""
    for (policy, current), decision in decisions.items():
        refused = notable(decision)
        await parts.store.decisions.save(
            DecisionRecord(
                repository=repository,
                policy=policy,
                current=current,
                selected=decision.selected.name if decision.selected else None,
                reason=decision.reason.value,
                sentence=decision.sentence,
                rejected=json.dumps([{"tag": tag, "sentence": sentence} for tag, sentence in refused]),
                at=parts.clock(),
            )
        )
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


def notable(decision: Decision) -> list[tuple[str, str]]:
    """List tags that were refused although somebody might have expected them, with the sentence that says why."""
    news = ((tag.name, why.sentence) for tag, why in decision.rejected if why.reason not in NO_NEWS)
    return list(islice(news, MOST_REJECTED))
