"""What a push to the default branch brings: policy file and index are renewed, and what follows is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.flows.asking import Ask
from bot.flows.basis import read_basis
from bot.flows.following import Chosen, follow, followed_in
from bot.flows.indexed import wanted_by
from bot.flows.not_yet import has_remarks
from bot.flows.noting import show
from bot.flows.policies import has_globs, told_apart
from bot.flows.promotion_index import promotions_to_follow, promotions_to_forget
from bot.flows.reading_tree import read_tree
from bot.flows.remarks import next_end, remarks_on
from bot.github.events import process_event, process_webhook_payload
from bot.jobs.performing import performs
from bot.jobs.work import (
    BumpRepository,
    IndexRepository,
    ReportPolicyFile,
    ReviewPullRequest,
    ScanImage,
    SynchroniseInstallation,
)
from bot.policies import PolicyFile, PolicyFileError
from bot.registries import Unusable
from bot.selection import PinDigest, Strategy
from bot.store import PolicyRecord

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.github import Head
    from bot.images import ImageReference
    from bot.jobs.work import Work
    from bot.policies import ImagePolicy
    from bot.store import BumpRecord, Repository

log = structlog.get_logger()

Payload = dict[str, Any]
LATELY = timedelta(minutes=5)
"""An image whose tags were read in this time is not read again because a file or policy that names it changed."""


@process_event("push")
@process_webhook_payload
async def on_push(
    *, ref: str, repository: Payload, installation: Payload | None = None, deleted: bool = False, **_: Any
) -> tuple[Ask, ...]:
    """Something arrived on a branch; only the default branch is indexed."""
    if installation is None or deleted or ref != f"refs/heads/{repository['default_branch']}":
        return ()
    return (Ask(IndexRepository(installation["id"], repository["id"])),)


@performs(IndexRepository)
async def index_repository(work: IndexRepository, parts: Parts) -> None:
    """Read the policy file and every manifest that changed since the last time.

    Each batch of files is kept as soon as it is read, so that a run that was cut short goes on where it ended. What
    it would have asked for is not known any more then, so the next run looks at everything.
    """
    repository = await parts.store.repositories.get(work.repository)
    if repository is None:
        # The event that told of it was lost.
        await parts.ask(SynchroniseInstallation(work.installation))
        return
    if repository.archived:
        return
    client = parts.client(repository)
    head = await client.head()
    if head is None or head.policy is None:
        await _forget(work, parts)
        await show(parts, repository)
        return
    state = await parts.store.index.state(repository.id)
    if state is None or state.tree != head.tree:
        await _bring_up_to_date(work, parts, repository, head, known=state is not None)


async def _bring_up_to_date(
    work: IndexRepository, parts: Parts, repository: Repository, head: Head, *, known: bool
) -> None:
    """Read what the head has, and ask for what follows from it. `known`: the run before this one came to its end."""
    client = parts.client(repository)
    await parts.store.index.reopen(work.repository)
    before = await parts.store.repositories.policy(work.repository)
    configured = await _configure(work, parts, client.full_name, head, before)
    if configured is None:
        return
    same_policies = known and before is not None and head.policy is not None and before.blob == head.policy.oid
    earlier = await told_apart(parts, work.repository, configured) if same_policies else configured
    changed = await read_tree(parts, work.repository, client, head)
    policy_file = await told_apart(parts, work.repository, configured)
    readers = await follow(parts, repository, policy_file)
    wanted = await _following_work(work, parts, policy_file, readers, changed if same_policies else None)
    if await _is_to_be_told(parts, repository, policy_file, head.commit):
        wanted.append(ReportPolicyFile(work.installation, work.repository))
    if policy_file.problems != earlier.problems:
        # Images came into the files, or went, that a glob matches and that cannot have a policy.
        wanted.append(ReportPolicyFile(work.installation, work.repository))
    if same_policies and has_globs(configured):
        # The last file of an image that a glob matched may have gone, and its policy with it.
        wanted += await _open_bumps(work, parts, outside=policy_file)
    wanted += await _noted_and_gone(work, parts, policy_file)
    wanted += await promotions_to_follow(parts, repository, policy_file, changed=not same_policies)
    if not same_policies:
        wanted += await _reviewed(work, parts)
    await parts.ask(*wanted)
    end = await next_end(parts, work.repository, policy_file)
    if end is not None and not same_policies:
        await parts.ask_later(ReportPolicyFile(work.installation, work.repository), end)
    if changed or not same_policies:
        await show(parts, repository)
    await parts.store.index.finish(work.repository, head.commit, head.tree)


async def _forget(work: IndexRepository, parts: Parts) -> None:
    """Without a policy file the bot does nothing in a repository but close what it opened, and keeps nothing of it."""
    before = await parts.store.repositories.policy(work.repository)
    reviewed = await _reviewed(work, parts) if before is not None and before.blob is not None else []
    await parts.store.repositories.follow(work.repository, ())
    await parts.store.repositories.save_policy(work.repository, PolicyRecord(None, None, (), ""))
    await parts.store.index.clear(work.repository)
    proposals = await promotions_to_forget(parts, work.installation, work.repository)
    await parts.ask(*await _open_bumps(work, parts), *await _noted_and_gone(work, parts, None), *reviewed, *proposals)


async def _configure(
    work: IndexRepository, parts: Parts, full_name: str, head: Head, before: PolicyRecord | None
) -> PolicyFile | None:
    """Load the policy file of the head. One that cannot be understood is reported, and nothing else happens.

    The report is asked for before it is noted that there is something to report: a note alone would silence it.
    """
    assert head.policy is not None
    problems: tuple[str, ...] = ()
    policy_file = None
    try:
        policy_file = await parts.load_policies(head.policy.text)
    except PolicyFileError as error:
        problems = tuple(str(problem) for problem in error.problems)
        log.info("policy.problems", repository=work.repository, problems=len(problems))
    had_problems = before is not None and bool(before.problems)
    is_to_be_told = had_problems != bool(problems) or (problems and before is not None and before.commit != head.commit)
    if policy_file is not None and (before is None or before.blob != head.policy.oid):
        is_to_be_told = is_to_be_told or has_remarks(policy_file, full_name)
    if is_to_be_told:
        await parts.ask(ReportPolicyFile(work.installation, work.repository))
    record = PolicyRecord(head.policy.oid, None if problems else head.policy.text, problems, head.commit)
    await parts.store.repositories.save_policy(work.repository, record)
    return policy_file


async def _is_to_be_told(parts: Parts, repository: Repository, policy_file: PolicyFile, commit: str) -> bool:
    """Whether there is something to say on this commit, or something that was said on it is over."""
    reported = await parts.store.repositories.reported(repository.id)
    is_same = reported is not None and reported.commit == commit
    if await remarks_on(parts, repository, policy_file):
        return not is_same
    return is_same and reported is not None and bool(reported.digest)


async def _following_work(
    work: IndexRepository, parts: Parts, policy_file: PolicyFile, readers: Chosen, changed: frozenset[str] | None
) -> list[Work]:
    """Say what to do now: look at policies whose files changed, and at those whose image was not read lately.

    `changed`: the images of the files that changed; None: everything may have. Which digest a tag stands for is only
    known by asking now, so a policy that writes digests always reads. What nobody can read is told in the check.
    """
    wanted: list[Work] = []
    for policy in followed_in(policy_file):
        reader = readers[policy.image.name]
        if isinstance(reader, Unusable) or (changed is not None and changed.isdisjoint(wanted_by(policy))):
            continue
        if not _writes_digests(policy) and await _was_read_lately(parts, policy.image, reader):
            wanted.append(BumpRepository(work.installation, work.repository, policy.group))
        else:
            wanted.append(ScanImage(policy.image.host, policy.image.repository, reader))
    return wanted if changed is not None else wanted + await _open_bumps(work, parts)


def _writes_digests(policy: ImagePolicy) -> bool:
    return policy.rule.strategy is Strategy.DIGEST or policy.rule.pin_digest is not PinDigest.NEVER


async def _was_read_lately(parts: Parts, image: ImageReference, reader: str) -> bool:
    scanned = await parts.store.ledger.scan_state(image.host, image.repository, reader)
    return scanned is not None and scanned.error is None and parts.clock() - scanned.at < LATELY


async def _open_bumps(work: IndexRepository, parts: Parts, outside: PolicyFile | None = None) -> list[Work]:
    """Ask about every open bump; with a file `outside` of which they are, only about those that it does not cover."""
    return [
        BumpRepository(work.installation, work.repository, bump.group)
        for bump in await parts.store.bumps.open_of(work.repository)
        if outside is None or not _is_covered(bump, outside)
    ]


async def _noted_and_gone(work: IndexRepository, parts: Parts, policy_file: PolicyFile | None) -> list[Work]:
    """Ask about the groups of which something is noted although no policy is in them any more: nothing waits then."""
    groups = {policy.group for policy in policy_file.images} if policy_file is not None else set()
    noted = await parts.store.notes.of(work.repository)
    return [
        BumpRepository(work.installation, work.repository, each.group) for each in noted if each.group not in groups
    ]


async def _reviewed(work: IndexRepository, parts: Parts) -> list[Work]:
    """Ask for new reviews of the pull requests that were reviewed last: the policy file may say something else now."""
    reviews = await parts.store.reviews.of(work.repository)
    return [ReviewPullRequest(work.installation, work.repository, each.number) for each in reviews]


def _is_covered(bump: BumpRecord, policy_file: PolicyFile) -> bool:
    """Whether all that a bump holds is asked for by policies of its group that there still are."""
    names = {policy.name for policy in policy_file.images if policy.group == bump.group}
    return bool(names) and names.issuperset(proposal.policy for proposal in read_basis(bump.proposals).proposed)
