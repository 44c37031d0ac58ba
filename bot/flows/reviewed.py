"""Look at a change and judge it by its base's policy file: everything that a review says, before anything is said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bot.findings import Known
from bot.findings.judging import Sides, reported
from bot.findings.offering import reported_with_tags
from bot.flows.changes import Change, changed
from bot.flows.proposed_policy import Proposed, Setting, proposed
from bot.flows.review_known import known_in, tags_known
from bot.manifests import Skipped, SkipReason
from bot.policies import POLICY_PATH, PolicyFileError

if TYPE_CHECKING:
    from bot.findings.report import Report
    from bot.flows.parts import Parts
    from bot.github import PolicyBlob, RepositoryClient, ReviewFacts
    from bot.policies import PolicyFile, Problem
    from bot.store import Repository

WEIGHT_OF_RULES: Final = 64
"""A few lines may hold a pod in which every rule finds something: from 4 KiB on, judging can take over 10 ms."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is to be judged: the commit `head` on its way into `branch`, which stands at `base`, with its policy file.

    `is_trusted`: only people who may push to the repository can have written it. `is_group`: a merge queue built it.
    """

    base: str
    head: str
    branch: str
    policy: PolicyBlob | None
    is_default: bool
    is_trusted: bool
    is_group: bool = False


def place_of(facts: ReviewFacts) -> Place:
    """Tell what is to be judged of a pull request."""
    return Place(
        base=facts.base_commit,
        head=facts.head,
        branch=facts.base_branch,
        policy=facts.policy,
        is_default=facts.base_branch == facts.default_branch,
        is_trusted=not facts.cross_repository,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `problems`: why the base's policy file is not understood; nothing is judged then.

    `report` is None where nothing is judged, `proposed` where the policy file is not changed. `known` is what it was
    judged with.
    """

    place: Place
    change: Change
    policy_file: PolicyFile | None = None
    problems: tuple[Problem, ...] = ()
    report: Report | None = None
    known: Known = field(default_factory=Known)
    proposed: Proposed | None = None


async def look(parts: Parts, repository: Repository, client: RepositoryClient, place: Place) -> Look | None:
    """Read and judge a change. None: its base has no policy file and the change brings none, so nothing is said."""
    if place.policy is None and not (place.is_trusted and await _brings_policies(client, place.head)):
        return None
    change = await changed(client, place.base, place.head)
    seen = await _read_base(parts, Look(place, change))
    if seen.policy_file is not None and seen.policy_file.enabled:
        report, known = await _judged(parts, repository, seen.policy_file, seen)
        seen = replace(seen, report=report, known=known)
    if change.policy is None:
        return seen
    setting = Setting(repository, client, place.branch, place.is_default, place.is_trusted, place.is_group)
    return replace(seen, proposed=await proposed(parts, setting, change.policy, seen.policy_file))


async def _brings_policies(client: RepositoryClient, head: str) -> bool:
    found = await client.contents_at({head: [POLICY_PATH]})
    return POLICY_PATH in found.get(head, {})


async def _read_base(parts: Parts, seen: Look) -> Look:
    if seen.place.policy is None:
        return seen
    try:
        return replace(seen, policy_file=await parts.load_policies(seen.place.policy.text))
    except PolicyFileError as error:
        return replace(seen, problems=tuple(error.problems))


async def _judged(parts: Parts, repository: Repository, policy_file: PolicyFile, seen: Look) -> tuple[Report, Known]:
    """Judge a change; once more with the digests and the newest tags of images whose tags move, if any are known.

    Of those nothing is told to people who may not push here: they may have written the images' names themselves.
    """
    change = seen.change
    unread = tuple(Skipped(path, None, SkipReason.NOT_A_FILE, why) for path, why in change.unread)
    sides = Sides(change.before, change.after, change.renamed, unread, change.complete)
    known = await known_in(parts, repository, policy_file, change.paths)
    today, weight = parts.clock().date(), WEIGHT_OF_RULES * change.size
    report, standing = await parts.compute(weight, reported_with_tags, sides, policy_file, known, today)
    if not seen.place.is_trusted or not standing:
        return report, known
    digests, newest = await tags_known(parts, repository, policy_file, standing)
    if not digests and not newest:
        return report, known
    known = replace(known, digests=digests, newest=newest)
    return await parts.compute(weight, reported, sides, policy_file, known, today), known
