"""Decide what a group's images should be, plan its pull request, and apply the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.bumps import Base, Open, plan
from bot.flows.application import Decided
from bot.flows.applying import apply, apply_nothing
from bot.flows.deciding import Deciding, remember
from bot.flows.following import followed_in
from bot.flows.known_tags import KnownTags
from bot.flows.policies import policies_of
from bot.flows.readers import is_confidential, opened_of
from bot.flows.reconsidering import reconsider
from bot.flows.remembered import of_group
from bot.flows.reverts import hold_what_was_reverted
from bot.flows.workflows import may_edit_workflows
from bot.jobs.work import ReconsiderImage
from bot.manifests import find_images

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.bumps import PlanItem
    from bot.flows.application import Application
    from bot.manifests import Occurrence

TRIED_AGAIN = timedelta(minutes=5)
"""After which time a tag is looked at again that could not be read."""


async def carry_out(application: Application, branch: str) -> None:
    """Bring a group's pull request, from `branch`, to what its policies want now."""
    application, decided = await decided_for(application)
    bump = application.stands.bump
    # The core compares wishes; whether the files are still those that the commit was made from is seen here.
    bumps = [replace(bump, fingerprint="")] if bump is not None else []
    now = application.parts.clock()
    base = base_of(application, default=application.facts.base.branch == application.facts.default_branch)
    anew = application.group if application.anew else None
    wished = plan(decided.policy_file, decided.occurrences, decided.decisions, bumps, (), base, now, anew)
    items = [item for item in wished if group_of(item) == application.group]
    for item in items:
        # What is known of the branch was asked under this name: no other one is written to.
        await apply(application, decided, replace(item, branch=branch) if isinstance(item, Open) else item)
    if not items:
        await apply_nothing(application)


def base_of(application: Application, *, default: bool) -> Base:
    """Give the base as the core knows it; `default`: it is what policies mean that name none."""
    facts = application.facts
    return Base(facts.base.branch, facts.base.commit, default=default)


def group_of(item: PlanItem) -> str:
    """Name the group that an item of a plan is about."""
    return item.group if isinstance(item, Open) else item.bump.group


async def decided_for(application: Application) -> tuple[Application, Decided]:
    """Decide for a group's policies about what stands in its files, and remember what was decided."""
    parts, facts, repository = application.parts, application.facts, application.repository
    assert facts.policy is not None
    policy_file = await policies_of(parts, repository.id, facts.policy.text)
    policies = of_group(policy_file, application.group)
    workflows = await may_edit_workflows(application.client, facts.files, policies)
    application = replace(application, workflows=workflows)
    contents = application.contents
    occurrences = await parts.compute(sum(map(len, contents.values())), _occurrences, contents)
    readers = await opened_of(parts, repository, followed_in(policy_file))
    known = KnownTags(parts, readers)
    laid = await parts.store.restrictions.restrictions_for(repository.id, parts.clock())
    deciding = Deciding(parts, known, policy_file, occurrences, policies, laid)
    decisions = await deciding.decided()
    reverted = await hold_what_was_reverted(application, policy_file, occurrences, decisions)
    if reverted:
        laid = await parts.store.restrictions.restrictions_for(repository.id, parts.clock())
        deciding = Deciding(parts, known, policy_file, occurrences, policies, laid)
        decisions = await deciding.decided()
    await remember(parts, repository.installation, repository.id, decisions, deciding.readers)
    await reconsider(parts, policies, decisions, readers)
    for image in known.failed:
        # A scan tries again at each poll; from here on it is the scan's.
        again = ReconsiderImage(image.host, image.repository, readers[image.name].id)
        await parts.ask_later(again, parts.clock() + TRIED_AGAIN)
    unshown = frozenset(policy.name for policy in policies if is_confidential(repository, readers, policy))
    names = {policy.name for policy in policies}
    records = await parts.store.restrictions.of(repository.id, parts.clock())
    told = tuple(record for record in records if record.policy in names)
    return application, Decided(policy_file, policies, occurrences, decisions, known, unshown, told)


def _occurrences(contents: Mapping[str, bytes]) -> list[Occurrence]:
    return [found for path, content in contents.items() for found in find_images(path, content)]
