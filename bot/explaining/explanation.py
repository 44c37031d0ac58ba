"""What `niro explain` shows: where a policy's images stand in a folder, what is decided, and what would be written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.bumps import Base, Open, decide, plan
from bot.explaining.following import left_alone, places
from bot.explaining.not_done_yet import not_done_yet
from bot.explaining.rounds import decided
from bot.explaining.unread import unread
from bot.explaining.verdicts import notes, verdict
from bot.manifests import SkipReason, update
from bot.registries import RegistryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.bumps import ByDigest, Decisions
    from bot.explaining.facts import Facts
    from bot.explaining.folder import NotRead
    from bot.explaining.following import NotUnderstood, Place
    from bot.explaining.policy_files import FoundPolicy
    from bot.explaining.said import Said, SaidOfPolicy
    from bot.explaining.verdicts import Verdict
    from bot.images import Tag
    from bot.manifests import Change, Occurrence, Skipped, Update
    from bot.policies import ImagePolicy, PolicyFile
    from bot.selection import Restriction

_OF_OTHERS = frozenset({SkipReason.OUT_OF_PATHS, SkipReason.NOT_MARKED, SkipReason.OTHER_POLICY})

BRANCH = "main"
"""Stands for the default branch, whose name a folder does not tell."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder as it was read. In its policy file a policy about a glob is one for each image already."""

    directory: str
    policy_file: PolicyFile
    files: Mapping[str, bytes]
    occurrences: Sequence[Occurrence]
    not_read: tuple[NotRead, ...]


@dataclass(frozen=True, slots=True)
class AtTag:
    """The places where a policy's image stands at one tag, the decision about them, and what would be written.

    `verdict` is None where nothing is decided, because the policy is paused or the registry cannot be read.
    """

    current: str
    occurrences: tuple[Occurrence, ...]
    verdict: Verdict | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedPolicy:
    """One policy about one image. `listed` is the number of its tags, None where nobody asked.

    `unread` says why nothing is decided, where a registry cannot be read; `said` is None where it was not asked for.
    """

    found: FoundPolicy
    at_tags: tuple[AtTag, ...]
    left_alone: tuple[Skipped | NotUnderstood, ...]
    listed: int | None = None
    notes: tuple[str, ...] = ()
    unread: str | None = None
    said: SaidOfPolicy | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a policy's name stands for: one policy, or several where it is about a glob."""

    directory: str
    name: str
    at: datetime
    policies: tuple[ExplainedPolicy, ...]
    not_read: tuple[NotRead, ...] = ()
    problems: tuple[str, ...] = ()


async def explain(
    checkout: Checkout,
    name: str,
    found: Sequence[FoundPolicy],
    facts: Facts,
    now: datetime,
    *,
    said: Said | None = None,
) -> Explanation:
    """Explain the policies that were found under a name; one whose registry cannot be read says so.

    What was `said` in the folder's repository counts in the decisions, and is shown beside them.
    """
    explained = [await _explained(checkout, each, facts, now, said) for each in found]
    return Explanation(checkout.directory, name, now, tuple(explained), checkout.not_read)


async def _explained(
    checkout: Checkout, found: FoundPolicy, facts: Facts, now: datetime, said: Said | None
) -> ExplainedPolicy:
    policy = found.policy
    standing = places(checkout.policy_file, policy.image, checkout.occurrences, now)
    at_tags = tuple(_by_tag(policy, standing))
    alone = tuple(left_alone(policy, checkout.files, checkout.occurrences, standing))
    about = None if said is None else said.about(policy)
    undecided = ExplainedPolicy(found, at_tags, alone, notes=not_done_yet(found), said=about)
    if found.paused or not at_tags:
        return undecided
    try:
        decisions = await _decisions(checkout, policy, facts, now, () if said is None else said.laid)
    except RegistryError as error:
        return replace(undecided, unread=unread(error))
    done = _written(checkout, policy, decisions, now)
    listed = facts.listed(policy.image)
    verdicts = {
        each.current: verdict(each.current, decisions[policy.name, each.current], listed, policy.rule, now)
        for each in at_tags
    }
    return replace(
        undecided,
        at_tags=tuple(_with_verdict(each, verdicts[each.current], done) for each in at_tags),
        left_alone=tuple(dict.fromkeys((*alone, *_failed(at_tags, done)))),
        listed=len(listed),
        notes=(*undecided.notes, *notes(policy.rule, listed)),
    )


def _by_tag(policy: ImagePolicy, standing: Sequence[Place]) -> list[AtTag]:
    currents = sorted({place.current or "" for place in standing if place.policy == policy.name})
    return [
        AtTag(
            current,
            tuple(each.occurrence for each in standing if (each.policy, each.current) == (policy.name, current)),
        )
        for current in currents
    ]


async def _decisions(
    checkout: Checkout, policy: ImagePolicy, facts: Facts, now: datetime, restrictions: Sequence[Restriction]
) -> Decisions:
    """Decide for one policy; the whole file says which occurrence follows which policy."""

    def decide_one(tags: Mapping[str, Sequence[Tag]], by_digest: ByDigest) -> Decisions:
        every = decide(checkout.policy_file, checkout.occurrences, tags, restrictions, now, by_digest)
        return {key: decision for key, decision in every.items() if key[0] == policy.name}

    return await decided(decide_one, {policy.name: policy.image}, facts)


def _written(checkout: Checkout, policy: ImagePolicy, decisions: Decisions, now: datetime) -> Update:
    """Tell what the policy's pull request would change, and what it could not."""
    first_of_group = next(each for each in checkout.policy_file.images if each.group == policy.group)
    branch = first_of_group.pull_request.base
    base = Base(branch or BRANCH, "", default=branch is None)
    items = plan(checkout.policy_file, checkout.occurrences, decisions, (), (), base, now)
    targets = [target for item in items if isinstance(item, Open) for target in item.targets]
    return update(checkout.files, targets)


def _failed(at_tags: Sequence[AtTag], done: Update) -> list[Skipped]:
    """List what follows the policy and could not be written."""
    lines = {(each.path, each.line) for at_tag in at_tags for each in at_tag.occurrences}
    return [each for each in done.skipped if (each.path, each.line) in lines and each.reason not in _OF_OTHERS]


def _with_verdict(at_tag: AtTag, found: Verdict, done: Update) -> AtTag:
    stand = {(each.path, each.field, each.text) for each in at_tag.occurrences}
    changes = tuple(each for each in done.changes if (each.path, each.field, each.old) in stand)
    return AtTag(at_tag.current, at_tag.occurrences, found, changes)
