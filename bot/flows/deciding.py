"""Decide with every fact the core wants: it names what is missing, a registry tells it, and it decides again."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.bumps import changes, decide, outcome, refusals, standing, wanted
from bot.flows.remarks import differ_in_what_is_told
from bot.images import Tag
from bot.jobs.work import ReportPolicyFile
from bot.selection import Clock, Fact, PinDigest, Reason, Strategy
from bot.store import DecisionRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.bumps import ByDigest, Decisions
    from bot.flows.known_tags import KnownTags
    from bot.flows.parts import Parts
    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile
    from bot.selection import Decision, Restriction

log = structlog.get_logger()

MOST_ROUNDS = 20
MOST_REJECTED = 20
MOST_REASONS = 200
BYTES_OF_A_TAG = 64
"""What a tag weighs when it is asked whether a choice would hold up the doors: some thousand of them do."""

LONGEST_KEPT = 255
"""Characters of a tag with its digest that the store keeps."""

MOST_CREATED = 100
"""Of how many tags one look asks when their images were created; the others follow a minute later."""

READABLE = frozenset({Fact.PLATFORMS, Fact.DIGEST})
"""What every look at a manifest tells."""

NO_NEWS = frozenset(
    {
        Reason.OLDER_THAN_CURRENT,
        Reason.OLDER_THAN_SELECTED,
        Reason.NOT_A_VERSION,
        Reason.NOT_A_NUMBER,
        Reason.FILTERED_OUT,
        Reason.NOT_PINNED,
        Reason.NOT_TRACKED,
        Reason.NOT_REACHED,
    }
)
"""Why most tags of a repository are not chosen: true, and of no interest unless somebody asks."""


class Deciding:
    """The decisions for some policies of a repository's policy file.

    The whole file counts for which occurrence follows which policy; only `policies` are decided.
    """

    def __init__(  # noqa: PLR0917 - what a decision is made of
        self,
        parts: Parts,
        known: KnownTags,
        policy_file: PolicyFile,
        occurrences: Sequence[Occurrence],
        policies: Sequence[ImagePolicy],
        restrictions: Sequence[Restriction] = (),
    ) -> None:
        self._parts = parts
        self._known = known
        self._policy_file = policy_file
        self._occurrences = occurrences
        self._restrictions = restrictions
        self._policies = {policy.name: policy for policy in policies}
        self._read_created = 0

    async def decided(self) -> Decisions:
        """Decide against the ledger's tags; what the ledger lacks is read from the registry.

        After 20 rounds a decision that still wants facts stays undecided, and says so.
        """
        decisions = await self._decide()
        for _ in range(MOST_ROUNDS):
            missing = {
                _Doubt(item.policy, item.tag, _stands(item.tag, item.current))
                for item in wanted(decisions)
                if item.fact in READABLE
            }
            created = await self._learn_created(decisions)
            if not await self._learn(missing) and not created:
                break
            decisions = await self._decide()
        return decisions

    async def decided_afresh(self) -> Decisions:
        """Decide, and read again the tags that were chosen, refused or in use: they may have moved since.

        So an image that is pushed one platform after the other is refused until it is whole, and proposed then; and a
        tag that is followed by its digest is seen to move.
        """
        for policy in self._policies.values():
            if goes_by_push(policy) and policy.image.name in self._known.readers:
                await self._known.learn_push_times(policy.image)
        decisions = await self.decided()
        if await self._learn_what_moved(decisions):
            decisions = await self.decided()
        return await self.decided() if await self._learn(self._doubted(decisions)) else decisions

    def watched(self, decisions: Decisions) -> frozenset[str]:
        """Name the tags that have to be asked for their digests at every poll: an equal list says nothing of them.

        Those that are followed by their digest, and those that were refused until a platform is there.
        """
        followed = {tag for _, tag in self._followed(decisions)}
        unfinished = {refusal.tag for refusal in refusals(decisions) if refusal.reason is Reason.PLATFORM_MISSING}
        return frozenset(followed | unfinished)

    @property
    def readers(self) -> dict[str, str]:
        """Who reads the image of each policy, by the policy's name; without those that nobody can read."""
        known = self._known.readers
        names = {name: policy.image.name for name, policy in self._policies.items()}
        return {name: known[image].id for name, image in names.items() if image in known}

    def wants_more(self, decisions: Decisions) -> bool:
        """Whether a decision waits for more tags than one look may ask about."""
        return any(item.fact is Fact.CREATED_AT for item in wanted(decisions))

    def _followed(self, decisions: Decisions) -> set[tuple[str, str]]:
        """Give the policies and tags whose digests count."""
        return {
            (policy, tag)
            for (policy, current), decision in decisions.items()
            if (tag := _followed_by_digest(self._policies[policy], current, decision)) is not None
        }

    async def _learn_created(self, decisions: Decisions) -> bool:
        """Ask some of the tags that have to be compared when their images were created; False: nothing is new."""
        asked = [
            (self._policies[item.policy].image, item.tag.name)
            for item in wanted(decisions)
            if item.fact is Fact.CREATED_AT
        ]
        some = list(dict.fromkeys(asked))[: MOST_CREATED - self._read_created]
        self._read_created += len(some)
        news = [await self._known.learn_created(image, name) for image, name in some]
        return any(news)

    def _doubted(self, decisions: Decisions) -> set[_Doubt]:
        doubts: set[_Doubt] = set()
        for refusal in refusals(decisions):
            if refusal.reason is Reason.PLATFORM_MISSING:
                doubts |= {_Doubt(refusal.policy, Tag(refusal.tag), in_use=False)}
                doubts |= {_Doubt(refusal.policy, _in_use(refusal.current), in_use=True)}
        for (policy, current), decision in decisions.items():
            if decision.selected is not None and changes(current, decision):
                doubts |= {_Doubt(policy, Tag(decision.selected.name), in_use=False)}
                doubts |= {_Doubt(policy, _in_use(current), in_use=True)}
        return doubts

    async def _learn_what_moved(self, decisions: Decisions) -> bool:
        """Look whether the tags moved whose digests the policies follow; False: none did."""
        followed = sorted(self._followed(decisions))
        news = [await self._known.learn_if_moved(self._policies[policy].image, tag) for policy, tag in followed]
        return any(news)

    async def _decide(self) -> Decisions:
        # Of what nobody can read nothing is known, and nothing is decided.
        images = [policy.image for policy in self._policies.values() if policy.image.name in self._known.readers]
        tags = {image.name: await self._known.of(image) for image in images}
        by_digest = {image.name: self._known.by_digest(image) for image in images}
        size = BYTES_OF_A_TAG * sum(map(len, tags.values()))
        return await self._parts.compute(
            size,
            decided_shortly,
            self._policy_file,
            self._occurrences,
            tags,
            self._restrictions,
            self._parts.clock(),
            by_digest,
            frozenset(self._policies),
        )

    async def _learn(self, doubts: set[_Doubt]) -> bool:
        """Read tags from their registries; False: nothing new is known."""
        # What is in use comes last: where a tag is in use here and wanted there, what it promises counts.
        ordered = sorted(doubts, key=lambda doubt: (doubt.in_use, doubt.policy, doubt.tag.name, doubt.tag.digest or ""))
        news = [
            await self._known.learn(self._policies[doubt.policy].image, doubt.tag, in_use=doubt.in_use)
            for doubt in ordered
        ]
        return any(news)


def decided_shortly(  # noqa: PLR0917 - as `decide`
    policy_file: PolicyFile,
    occurrences: Sequence[Occurrence],
    tags: Mapping[str, Sequence[Tag]],
    restrictions: Sequence[Restriction],
    now: datetime,
    by_digest: ByDigest,
    only: frozenset[str],
) -> Decisions:
    """Decide, and keep the reasons that somebody may want to read: small enough to come from another process."""
    decisions = decide(policy_file, occurrences, tags, restrictions, now, by_digest, only)
    return {key: decision.shortened(MOST_REASONS) for key, decision in decisions.items()}


class _Doubt(NamedTuple):
    """A tag to be read, for a policy."""

    policy: str
    tag: Tag
    in_use: bool


def _in_use(current: str) -> Tag:
    """Name the image that stands in a file: its tag, and its digest if one stands there."""
    here = standing(current)
    return Tag(here.meant, here.digest)


def _stands(tag: Tag, current: str) -> bool:
    return (tag.name, tag.digest) == (standing(current).meant, standing(current).digest)


def goes_by_push(policy: ImagePolicy) -> bool:
    """Whether it counts for a policy when tags were pushed."""
    rule = policy.rule
    newest = rule.strategy is Strategy.NEWEST_BUILD and rule.clock is Clock.PUSH
    return newest or bool(rule.min_age)


def _followed_by_digest(policy: ImagePolicy, current: str, decision: Decision) -> str | None:
    """Tell which tag has to be asked for its digest at every look; None: a tag that stands is not followed further."""
    if policy.rule.strategy is Strategy.DIGEST:
        return policy.rule.track or standing(current).meant
    if policy.rule.pin_digest is PinDigest.ALWAYS:
        return decision.selected.name if decision.selected is not None else standing(current).meant
    return None


async def remember(
    parts: Parts, installation: int, repository: int, decisions: Decisions, readers: Mapping[str, str]
) -> None:
    """Keep the latest decisions with the tags that were refused, for whoever asks why, and tell what is news.

    `readers`: who read the tags that each policy was decided from, by the policy's name.
    """
    if await differ_in_what_is_told(parts, repository, decisions):
        await parts.ask(ReportPolicyFile(installation, repository))
    for (policy, current), decision in decisions.items():
        refused, selected = notable(decision), outcome(decision)
        await parts.store.decisions.save(
            DecisionRecord(
                repository=repository,
                policy=policy,
                current=_kept(current),
                selected=None if selected is None else _kept(selected),
                reason=decision.reason.value,
                sentence=decision.sentence,
                rejected=json.dumps([{"tag": tag, "sentence": sentence} for tag, sentence in refused]),
                at=parts.clock(),
                reader=readers[policy],
            )
        )
        log.info(
            "tag.decided",
            repository=repository,
            policy=policy,
            current=current,
            selected=selected,
            reason=decision.reason.value,
            sentence=decision.sentence,
        )
        for tag, sentence in refused:
            log.info("tag.refused", repository=repository, policy=policy, tag=tag, sentence=sentence)


def _kept(stands: str) -> str:
    """Cut a tag with its digest to what the store holds; the digest at its end tells it from others."""
    return stands[-LONGEST_KEPT:]


def notable(decision: Decision) -> list[tuple[str, str]]:
    """List tags that were refused although somebody might have expected them, with the sentence that says why."""
    news = ((tag.name, why.sentence) for tag, why in decision.rejected if why.reason not in NO_NEWS)
    return list(islice(news, MOST_REJECTED))
