"""Gather the facts that decide whether a bump may be merged; each is read anew, and nothing is taken on trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - a field of a dataclass
from typing import TYPE_CHECKING

from bot.bumps import MergeFacts, MergeOrder, expected
from bot.flows.basis import read_basis
from bot.flows.holding import held
from bot.flows.policies import policies_in_force, policies_of
from bot.flows.recording import hash_of_laid
from bot.flows.remembered import of_group
from bot.flows.review_unread import UNREAD
from bot.flows.standing import is_own
from bot.github import blob_oid
from bot.jobs.work import BumpRepository
from bot.policies import PolicyFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bumps import MergeVerdict
    from bot.flows.basis import Basis
    from bot.flows.parts import Parts
    from bot.github import MergePullRequestFacts, RepositoryClient
    from bot.jobs.work import MergeBump
    from bot.policies import AutoMerge, ImagePolicy, PolicyFile
    from bot.store import BumpRecord, Repository, RestrictionRecord

MOST_TRIES = 3
"""How often one head is put into a merge queue that drops it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a verdict is made from. `is_compared`: the bump was compared with all that is asked for now.

    Else that comes first, and asks for the merge again.
    """

    facts: MergeFacts
    is_compared: bool


@dataclass(frozen=True, slots=True)
class Judging:
    """One pull request that is judged, with all that was read about it."""

    parts: Parts
    repository: Repository
    client: RepositoryClient
    bump: BumpRecord
    found: MergePullRequestFacts
    judged: Judged
    verdict: MergeVerdict

    @property
    def basis(self) -> Basis:
        """What the bump was made from, as it was read."""
        return read_basis(self.bump.proposals)

    @property
    def bump_work(self) -> BumpRepository:
        """The work that compares the bump with what is asked for now, and has its pull request tell how it stands."""
        return BumpRepository(self.repository.installation, self.repository.id, self.bump.group)

    @property
    def is_the_bots_alone(self) -> bool:
        """Whether the branch stands at the bot's own commit, and holds none of anybody else."""
        return not self.judged.facts.foreign and self.found.head == self.bump.head


async def judged(work: MergeBump, parts: Parts, bump: BumpRecord, found: MergePullRequestFacts) -> Judged:
    """Gather what is known of a pull request that was read just now."""
    basis = read_basis(bump.proposals)
    policy_file = await _policy_file(work, parts, found)
    group = of_group(policy_file, work.group) if policy_file else []
    policies = [policy for policy in group if policy.enabled]
    laid = await _laid(parts, work.repository, group)
    bot_login = (await parts.github.identity()).bot_login
    order = await parts.store.orders.get(work.repository, work.group)
    old_enough_at, age_unknown = _age(basis, policies)
    facts = MergeFacts(
        state=found.state,
        draft=found.draft,
        author_login=found.author_login,
        bot_login=bot_login,
        head=found.head,
        recorded_head=bump.head,
        base_branch=found.base_branch,
        recorded_base=bump.base,
        mergeable=found.mergeable,
        checks=found.checks,
        required=found.required,
        required_apps=found.required_apps,
        auto_merge=_auto_merge(policy_file, policies),
        in_merge_queue=found.in_merge_queue,
        updates=basis.updates,
        held=held(laid, group),
        foreign=_foreign(found, work.group, bot_login),
        as_planned=policy_file is not None and await _is_as_planned(parts, policy_file, basis, found),
        old_enough_at=old_enough_at,
        age_unknown=age_unknown,
        behind=found.merge_state == "BEHIND",
        evicted=_is_evicted(basis, found),
        order=None if order is None else MergeOrder(order.by, order.head, order.stated),
        unreviewed=policy_file is not None and not await _is_reviewed(parts, bump, policy_file, found),
    )
    is_compared = found.policy is not None and (basis.policy, basis.laid) == (found.policy.oid, hash_of_laid(laid))
    return Judged(facts, is_compared)


async def _policy_file(work: MergeBump, parts: Parts, found: MergePullRequestFacts) -> PolicyFile | None:
    """Read what the default branch's policy file says now; None: nothing that is understood."""
    if found.policy is None:
        return None
    try:
        return await policies_of(parts, work.repository, found.policy.text)
    except PolicyFileError:
        # Where it was understood once, this lets it be told that it no longer is.
        await policies_in_force(parts, work.installation, work.repository)
        return None


async def _is_reviewed(parts: Parts, bump: BumpRecord, policy_file: PolicyFile, found: MergePullRequestFacts) -> bool:
    """Whether the head was reviewed, where findings may stop a merge; where they may not, nothing is waited for."""
    if policy_file.findings.fail_on is None or not policy_file.enabled:
        return True
    review = await parts.store.reviews.get(bump.repository, found.number)
    return review is not None and review.head == found.head and review.digest not in {"", UNREAD}


def _auto_merge(policy_file: PolicyFile | None, policies: Sequence[ImagePolicy]) -> AutoMerge | None:
    if policy_file is None or not policy_file.enabled or not policies:
        return None
    return policies[0].pull_request.auto_merge


async def _laid(parts: Parts, repository: int, policies: Sequence[ImagePolicy]) -> tuple[RestrictionRecord, ...]:
    names = {policy.name for policy in policies}
    every = await parts.store.restrictions.of(repository, parts.clock())
    return tuple(record for record in every if record.policy in names)


def _foreign(found: MergePullRequestFacts, group: str, bot_login: str) -> tuple[str, ...]:
    """List the commits that are not the bot's; of a branch that is not shown whole the rest counts as such."""
    unseen = ("and more",) if found.commits_total > len(found.commits) else ()
    return (*(each.oid for each in found.commits if not is_own(each, group, bot_login)), *unseen)


async def _is_as_planned(parts: Parts, policy_file: PolicyFile, basis: Basis, found: MergePullRequestFacts) -> bool:
    """Whether the pull request changes what the bot would change now in the files of the base, and nothing else."""
    contents = {path: blob.content for path, blob in found.base_files.items() if blob.content is not None}
    size = sum(map(len, contents.values()))
    files = await parts.compute(size, expected, policy_file, contents, basis.proposed)
    if not files or found.changed is None or set(found.changed) != files.keys():
        return False
    return all(
        path in found.head_files
        and found.head_files[path].mode == found.base_files[path].mode
        and found.head_files[path].oid == blob_oid(content, found.head_files[path].oid)
        for path, content in files.items()
    )


def _age(basis: Basis, policies: Sequence[ImagePolicy]) -> tuple[datetime | None, bool]:
    """Tell when the youngest of the proposed images is as old as its policy wants it, and whether that is not known."""
    births = basis.births
    asking = [policy for policy in policies if policy.rule.min_age and policy.name in births]
    born = {policy.name: births[policy.name] for policy in asking}
    ages = [birth + policy.rule.min_age for policy in asking if (birth := born[policy.name]) is not None]
    return max(ages, default=None), any(birth is None for birth in born.values())


def _is_evicted(basis: Basis, found: MergePullRequestFacts) -> bool:
    """Whether the queue dropped the pull request as it is: tried again when the base moves, and not for ever."""
    queued = basis.queued
    if found.in_merge_queue or queued is None or queued.head != found.head:
        return False
    return queued.base == found.base_commit or queued.times >= MOST_TRIES
