"""One group of images, one pull request: read the truth, ask the core for a plan, apply it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.bumps import Base, Open, plan, safe_branch
from bot.flows.applying import Application, abandon, apply
from bot.flows.asking import Ask
from bot.flows.deciding import Deciding, remember
from bot.flows.following import followed_in
from bot.flows.indexed import files_of
from bot.flows.known_tags import KnownTags
from bot.flows.policies import policies_in_force, policies_of
from bot.flows.readers import is_confidential, opened_of
from bot.flows.reconsidering import reconsider
from bot.flows.standing import Where, standing
from bot.flows.workflows import may_edit_workflows
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.performing import performs
from bot.jobs.work import BumpRepository, FollowPullRequest, IndexRepository, ReconsiderImage
from bot.manifests import find_images
from bot.store import BumpState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flows.parts import Parts
    from bot.flows.standing import Standing
    from bot.github import BumpFacts
    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import BumpRecord, Repository

log = structlog.get_logger()

Payload = dict[str, Any]
TRIED_AGAIN = timedelta(minutes=5)
"""After which time a tag is looked at again that could not be read."""

LIVING = frozenset({BumpState.OPENING, BumpState.OPEN})


@process_event_actions("pull_request", {"closed", "reopened", "synchronize", "edited"})
@process_webhook_payload
async def on_pull_request(
    *, number: int, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """Something happened to a pull request; perhaps to one of ours."""
    if installation is None:
        return ()
    return (Ask(FollowPullRequest(installation["id"], repository["id"], number)),)


@performs(FollowPullRequest)
async def follow_pull_request(work: FollowPullRequest, parts: Parts) -> None:
    """Look again at the bump whose pull request this is. Most pull requests are not the bot's, and cost one look."""
    bump = await parts.store.bumps.by_pull_request(work.repository, work.number)
    if bump is not None:
        await parts.ask(BumpRepository(work.installation, work.repository, bump.group))


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered of one group: enough to ask GitHub the right question.

    `over`: why the open bump has come to its end, as a sentence; None: it has not.
    """

    branch: str
    base: str | None
    paths: tuple[str, ...]
    record: BumpRecord | None
    policy_blob: str | None
    over: str | None = None


@performs(BumpRepository)
async def bump_repository(work: BumpRepository, parts: Parts) -> None:
    """Bring one group's pull request to what its policy wants now. Doing it twice ends the same."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    remembered = await _remembered(work, parts, repository)
    if remembered is None:
        return
    client = parts.client(repository)
    facts = await client.bump_facts(remembered.base, remembered.branch, remembered.paths)
    if (facts.policy.oid if facts.policy else None) != remembered.policy_blob:
        # The index reads the new file first, and asks for this work again.
        await parts.ask(IndexRepository(work.installation, work.repository))
        return
    stands = await standing(parts, remembered.record, Where(work.group, remembered.branch), facts)
    application = Application(parts, repository, client, work.group, facts, stands)
    left_alone = stands.foreign or _retargeted(stands, facts)
    over = remembered.over or _elsewhere(stands, facts)
    if left_alone is not None:
        log.warning("bump.left_alone", repository=repository.full_name, group=work.group, reason=left_alone)
    elif over is not None:
        await abandon(application, over)
        await parts.ask(work)
    else:
        await _carry_out(application, remembered.branch)


def _retargeted(stands: Standing, facts: BumpFacts) -> str | None:
    """Say why a pull request is not ours to move: a person gave it another base branch than we did."""
    bump, record = stands.bump, stands.record
    if bump is None or record is None or bump.base in {record.base, facts.base.branch}:
        return None
    return f"somebody let its pull request #{bump.pull_request} go to {bump.base}"


def _elsewhere(stands: Standing, facts: BumpFacts) -> str | None:
    """Say why the open bump has to make place for another one: the policy wants it on another base branch."""
    if stands.bump is None or stands.bump.base == facts.base.branch:
        return None
    return "The policy now asks for another base branch."


async def _remembered(work: BumpRepository, parts: Parts, repository: Repository) -> Remembered | None:
    """Gather what to look for. None: there is no such group and no bump of it, or the policy file is not understood."""
    record = await parts.store.bumps.get(work.repository, work.group)
    policy = await parts.store.repositories.policy(work.repository)
    if policy is not None and policy.problems:
        return None
    policy_file = None
    if policy is not None and policy.text:
        policy_file = await policies_in_force(parts, work.installation, work.repository)
        if policy_file is None:
            return None
    policies = _of_group(policy_file, work.group) if policy_file else []
    blob = policy.blob if policy else None
    living = record if record is not None and record.state in LIVING else None
    if not policies:
        gone = "The policy is no longer in the policy file."
        return None if living is None else Remembered(living.branch, None, (), living, blob, gone)
    settings = policies[0].pull_request
    branch = safe_branch(
        settings.branch, taken=frozenset({settings.base or repository.default_branch, repository.default_branch})
    )
    if living is not None and living.branch != branch:
        return Remembered(living.branch, None, (), living, blob, "The policy now names another branch.")
    return Remembered(branch, settings.base, await _paths(parts, work.repository, policies), record, blob)


def _of_group(policy_file: PolicyFile, group: str) -> list[ImagePolicy]:
    return [policy for policy in policy_file.images if policy.group == group]


async def _paths(parts: Parts, repository: int, policies: list[ImagePolicy]) -> tuple[str, ...]:
    return tuple(file.path for file in await files_of(parts, repository, policies))


async def _carry_out(application: Application, branch: str) -> None:
    parts, facts, group = application.parts, application.facts, application.group
    assert facts.policy is not None
    policy_file = await policies_of(parts, application.repository.id, facts.policy.text)
    policies = _of_group(policy_file, group)
    workflows = await may_edit_workflows(application.client, facts.files, policies)
    application = replace(application, workflows=workflows)
    contents = application.contents
    size = sum(map(len, contents.values()))
    occurrences = await parts.compute(size, _occurrences, contents)
    application = replace(application, occurrences=occurrences)
    readers = await opened_of(parts, application.repository, followed_in(policy_file))
    private = {policy.name for policy in policies if is_confidential(application.repository, readers, policy)}
    application = replace(application, unshown=frozenset(private))
    known = KnownTags(parts, readers)
    deciding = Deciding(parts, known, policy_file, occurrences, policies)
    decisions = await deciding.decided()
    place = (application.repository.installation, application.repository.id)
    await remember(parts, *place, decisions, deciding.readers)
    await reconsider(parts, policies, decisions, readers)
    for image in known.failed:
        # A scan tries again at each poll; from here on it is the scan's.
        again = ReconsiderImage(image.host, image.repository, readers[image.name].id)
        await parts.ask_later(again, parts.clock() + TRIED_AGAIN)
    base = Base(facts.base.branch, facts.base.commit, default=facts.base.branch == facts.default_branch)
    # The core compares wishes; whether the files are still those that the commit was made from is seen here.
    bumps = [replace(application.stands.bump, fingerprint="")] if application.stands.bump is not None else []
    for item in plan(policy_file, occurrences, decisions, bumps, (), base, parts.clock()):
        if isinstance(item, Open) and item.group != group:
            continue
        # What is known of the branch was asked under this name: no other one is written to.
        await apply(application, replace(item, branch=branch) if isinstance(item, Open) else item, decisions)


def _occurrences(contents: Mapping[str, bytes]) -> list[Occurrence]:
    return [found for path, content in contents.items() for found in find_images(path, content)]
