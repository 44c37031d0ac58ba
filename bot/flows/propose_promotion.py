"""One promotion, one pull request: it adds to the promotion's map what is to be promoted next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotion_branch import branch_in, branch_of, mark_of
from bot.flows.promotion_proposals import PeoplesWord, map_in, map_text, proposals_of
from bot.flows.promotion_runs import ended, reopened
from bot.flows.promotion_wish import ALL_BUT_COPIED, left_in, proposed_runs, wished
from bot.flows.promotion_writing import Proposing, bring_about, say_why, take_back
from bot.flows.promotions import CHANGED, in_force
from bot.jobs.performing import performs
from bot.jobs.work import IndexRepository, ProposePromotions
from bot.policies.promotions import PromotionMode
from bot.promotion.promoted_map import MapError, path_of
from bot.store import RunState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.promotion_branch import Branch
    from bot.flows.promotions import InForce
    from bot.github import BumpFacts, RepositoryClient

Payload = dict[str, Any]

SOON: Final = timedelta(minutes=1)
"""In so much time what is judged anew is known again."""


@performs(ProposePromotions)
async def propose_promotions(work: ProposePromotions, parts: Parts) -> None:
    """Bring the pull request of a promotion to what there is to propose. Doing it twice ends the same.

    A policy file that is not understood changes nothing; one without the promotion takes its pull request back.
    """
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived or repository.installation != work.installation:
        return
    policy = await parts.store.repositories.policy(repository.id)
    if policy is None or policy.problems:
        return
    client, path = parts.client(repository), path_of(work.promotion)
    name = branch_of(work.promotion, repository.default_branch)
    facts = await client.bump_facts(None, name, [path])
    if (facts.policy.oid if facts.policy else None) != policy.blob:
        # The index reads the new file first, and asks for this work again.
        await parts.ask(IndexRepository(work.installation, work.repository))
        return
    bot_login = (await parts.github.identity()).bot_login
    branch = branch_in(facts, name, mark_of(work.promotion), bot_login)
    found = await in_force(parts, repository.id, work.promotion)
    if found is None or found.promotion.mode is not PromotionMode.PULL_REQUEST:
        await _over(parts, found, work, client, branch)
    else:
        word = PeoplesWord(parts, client, facts, path, bot_login)
        await _propose(parts, client, found, facts, branch, word)


async def _over(
    parts: Parts, found: InForce | None, work: ProposePromotions, client: RepositoryClient, branch: Branch
) -> None:
    """The promotion is gone, or copies at once now: then that is what becomes of what was proposed."""
    for run in await proposed_runs(parts, work.repository, work.promotion):
        if found is not None:
            for each in await begin_runs(parts, found, [(run.tag, run.digest)], run.seen_at, reopens=ALL_BUT_COPIED):
                await reopened(parts, each, CHANGED)
        await ended(parts, run, RunState.SUPERSEDED, CHANGED)
    proposals = await proposals_of(parts, work.repository, work.promotion)
    left = left_in(proposals, branch.opened.number) if branch.opened else ()
    await take_back(parts, client, branch, left)


async def _propose(  # noqa: PLR0917 - what was read of one proposal
    parts: Parts, client: RepositoryClient, found: InForce, facts: BumpFacts, branch: Branch, word: PeoplesWord
) -> None:
    path = path_of(found.promotion.name)
    try:
        text = map_text(facts.files.get(path))
        promoted = await map_in(parts, text)
        wish = await wished(parts, found, promoted, word, branch.opened.number if branch.opened else None)
        if wish.pending or (branch.people and wish.left):
            await bring_about(Proposing(parts, client, found, facts, branch, text, wish))
        elif not wish.is_judged_anew:
            await take_back(parts, client, branch, wish.left)
    except MapError as error:
        runs = await proposed_runs(parts, found.repository.id, found.promotion.name)
        await say_why(parts, runs, f"{path} is not understood, line {error.line}: {error.reason}.")
        return
    if wish.is_judged_anew:
        again = ProposePromotions(found.repository.installation, found.repository.id, found.promotion.name)
        await parts.ask_later(again, parts.clock() + SOON)
