"""Brings the pull request of a promotion to what it is to hold: opens it, adds to it, makes it anew or closes it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_branch import mark_of
from bot.flows.promotion_commit import Writing
from bot.flows.promotion_facts import facts_of, verdict_of
from bot.flows.promotion_proposals import (
    WEIGHT_OF_A_MAP,
    Proposed,
    Step,
    last_proposed,
    map_in,
    map_text,
    note_proposed,
)
from bot.flows.promotion_runs import moved_to
from bot.flows.promotions import source_reader
from bot.flows.readers import NOBODY
from bot.github import Forbidden, OpeningFailed, Unprocessable
from bot.jobs.work import ProposePromotions, ReportPromotion
from bot.promotion.adding_promoted import with_entries, without_entries
from bot.promotion.promoted_map import MapError, path_of
from bot.promotion.telling_proposal import ProposalText, proposal_text
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.flows.promotion_branch import Branch
    from bot.flows.promotion_proposals import Noted
    from bot.flows.promotion_wish import Wish
    from bot.flows.promotions import InForce
    from bot.github import BumpFacts, Opened, RepositoryClient
    from bot.store import PromotionRun

log = structlog.get_logger()

NOTHING_LEFT: Final = "Closed, for there is nothing left to propose."
NO_MORE: Final = "Take out images that are not to be promoted any more"
_FINGERPRINT: Final = 16


@dataclass(frozen=True, slots=True)
class Proposing:
    """The proposal of one promotion, and what was found of it on GitHub. `text`: the map on the default branch."""

    parts: Parts
    client: RepositoryClient
    found: InForce
    facts: BumpFacts
    branch: Branch
    text: str | None
    wish: Wish

    @property
    def path(self) -> str:
        """Return the path of the map."""
        return path_of(self.found.promotion.name)


async def bring_about(proposing: Proposing) -> None:
    """Bring the pull request to what is wished. Twice is once; raises MapError.

    That is at least one image, but where people committed and something is to be taken out.
    """
    branch = proposing.branch
    if branch.foreign is not None:
        await say_why(proposing.parts, _runs(proposing), f"Branch {branch.name} is left alone: {branch.foreign}.")
        return
    async with _refusal_is_noted(proposing):
        if branch.opened is None:
            await _open(proposing)
        elif branch.people:
            await _put_on_top(proposing)
        else:
            await _update(proposing)


async def take_back(parts: Parts, client: RepositoryClient, branch: Branch, left: Iterable[Noted]) -> None:
    """Close our pull request, with a word, and take its branch away; one that people committed to stays."""
    if branch.opened is None or branch.people or branch.head is None:
        return
    # Noted first: what the bot closes must never be taken for people's no.
    await _note_left(parts, branch.opened.number, left)
    await client.close_with_words(branch.opened.node, NOTHING_LEFT)
    await client.delete_branch(branch.name, branch.head.oid)
    log.info("promotion.proposal_closed", repository=client.full_name, number=branch.opened.number)


async def say_why(parts: Parts, runs: Iterable[PromotionRun], sentence: str) -> None:
    """Note on runs why they are not proposed, where that is news. Raises RunMoved."""
    log.warning("promotion.not_proposed", reason=sentence)
    for run in runs:
        await _say(parts, run, sentence)


async def _say(parts: Parts, run: PromotionRun, sentence: str) -> None:
    """Note how a run stands, and have it told where that is news."""
    if run.state is RunState.PROPOSED and run.reason != sentence:
        await moved_to(parts, replace(run, reason=sentence), run)
        await parts.ask(ReportPromotion(run.installation, run.repository, run.id))


async def _open(proposing: Proposing) -> None:
    text = await _added_to(proposing, proposing.text, proposing.wish.additions)
    after = max((each.number for each in proposing.facts.pull_requests), default=0)
    await _note_all(proposing, Proposed(Step.OPENING, after))
    writing = await _writing(proposing, text)
    if proposing.branch.unopened:
        # What stands on the branch was made for an earlier wish, perhaps: the next look compares it.
        await _opened(proposing, await writing.opened_from_branch())
        repository = proposing.found.repository
        again = ProposePromotions(repository.installation, repository.id, proposing.found.promotion.name)
        await proposing.parts.ask(again)
    else:
        await _opened(proposing, await writing.opened())


async def _update(proposing: Proposing) -> None:
    """Nobody but the bot committed: the branch becomes what is wished, by one commit more where that is enough."""
    text = await _added_to(proposing, proposing.text, proposing.wish.additions)
    head_text = await _head_text(proposing)
    writing = await _writing(proposing, text)
    if head_text == text:
        await _keep(proposing, writing.text)
    else:
        is_grown = head_text is not None and await _is_grown_from_base(proposing, head_text)
        await _note_new(proposing)
        await _opened(proposing, await (writing.added() if is_grown else writing.rebuilt()))
    assert proposing.branch.opened is not None
    await _note_left(proposing.parts, proposing.branch.opened.number, proposing.wish.left)


async def _put_on_top(proposing: Proposing) -> None:
    """People committed: what they left stays, what they took out stays out, and what is new goes on top.

    What the bot proposed and is not to be promoted any more is taken out.
    """
    assert proposing.branch.opened is not None
    number = proposing.branch.opened.number
    head_text = await _head_text(proposing)
    there = await map_in(proposing.parts, head_text)
    new: dict[str, list[str]] = {}
    for run, last in proposing.wish.pending:
        is_news = last != Proposed(Step.OPEN, number) and not there.holds(run.digest, run.target_tag)
        if is_news:
            new.setdefault(run.digest, []).append(run.target_tag)
    gone: dict[str, list[str]] = {}
    for each in proposing.wish.left:
        if there.holds(each.digest, each.target_tag):
            gone.setdefault(each.digest, []).append(each.target_tag)
    if new or gone:
        text = await _taken_out(proposing, head_text, gone) if gone else head_text
        writing = await _writing(proposing, await _added_to(proposing, text, new) if new else text or "")
        await _note_new(proposing)
        await _opened(proposing, await writing.added())
    else:
        await _note_all(proposing, Proposed(Step.OPEN, number))
    await _note_left(proposing.parts, number, proposing.wish.left)


async def _is_grown_from_base(proposing: Proposing, head_text: str) -> bool:
    """Whether the map at the head is what the bot makes of the base's map today, with other additions."""
    try:
        base, head = await map_in(proposing.parts, proposing.text), await map_in(proposing.parts, head_text)
        wanted = {(digest, tag) for digest, tags in proposing.wish.additions.items() for tag in tags}
        there = set(base.pairs())
        grown: dict[str, list[str]] = {}
        for digest, tag in head.pairs():
            if (digest, tag) not in there:
                grown.setdefault(digest, []).append(tag)
        holds_no_more = all((digest, tag) in wanted for digest, tags in grown.items() for tag in tags)
        return holds_no_more and await _added_to(proposing, proposing.text, grown) == head_text
    except MapError:
        return False


async def _head_text(proposing: Proposing) -> str | None:
    assert proposing.branch.head is not None
    found = await proposing.client.files_at(proposing.branch.head.oid, [proposing.path])
    return map_text(found.get(proposing.path))


async def _added_to(proposing: Proposing, text: str | None, additions: Mapping[str, Sequence[str]]) -> str:
    weight = WEIGHT_OF_A_MAP * (len(text or "") + 100 * len(additions))
    return await proposing.parts.compute(weight, with_entries, text, proposing.found.promotion, additions)


async def _taken_out(proposing: Proposing, text: str | None, gone: Mapping[str, Sequence[str]]) -> str:
    return await proposing.parts.compute(WEIGHT_OF_A_MAP * len(text or ""), without_entries, text or "", gone)


async def _writing(proposing: Proposing, content: str) -> Writing:
    return Writing(
        client=proposing.client,
        facts=proposing.facts,
        branch=proposing.branch,
        text=await _words(proposing),
        path=proposing.path,
        content=content,
        mark=mark_of(proposing.found.promotion.name),
        fingerprint=sha256(content.encode()).hexdigest()[:_FINGERPRINT],
    )


async def _words(proposing: Proposing) -> ProposalText:
    found, opened = proposing.found, proposing.branch.opened
    if not proposing.wish.pending and opened is not None:
        return ProposalText(opened.title, opened.body, NO_MORE)
    confidential = not found.repository.private and await source_reader(proposing.parts, found) != NOBODY
    told = [(facts_of(run), verdict_of(run)) for run in _runs(proposing)]
    return proposal_text(found.promotion, told, confidential=confidential)


async def _keep(proposing: Proposing, words: ProposalText) -> None:
    """The branch is as it is wished; so is its description, unless its images changed or it was never written."""
    opened = proposing.branch.opened
    assert opened is not None
    marker = words.body.rpartition("\n")[2]
    if marker not in opened.body:
        await proposing.client.redescribe(opened.node, words.title, words.body)
    await _note_all(proposing, Proposed(Step.OPEN, opened.number))


async def _opened(proposing: Proposing, opened: Opened) -> None:
    name = proposing.found.promotion.name
    log.info("promotion.proposed", repository=proposing.client.full_name, promotion=name, number=opened.number)
    await _note_all(proposing, Proposed(Step.OPEN, opened.number))


async def _note_new(proposing: Proposing) -> None:
    """Note of what comes into our open pull request that it is about to, for a death may come before it is noted."""
    assert proposing.branch.opened is not None
    number = proposing.branch.opened.number
    for run, last in proposing.wish.pending:
        if last != Proposed(Step.OPEN, number):
            await note_proposed(proposing.parts, run.id, Proposed(Step.OPENING, number - 1))


async def _note_all(proposing: Proposing, proposed: Proposed) -> None:
    for run in _runs(proposing):
        await note_proposed(proposing.parts, run.id, proposed)
        if proposed.step is Step.OPEN:
            await _say(proposing.parts, run, f"Pull request #{proposed.number} proposes it.")


async def _note_left(parts: Parts, number: int, left: Iterable[Noted]) -> None:
    """Note of what a pull request holds no more that the bot took it out, where nothing was noted meanwhile."""
    for each in left:
        if await last_proposed(parts, each.run) == each.proposed:
            await note_proposed(parts, each.run, Proposed(Step.TAKEN_BACK, number))


def _runs(proposing: Proposing) -> list[PromotionRun]:
    return [run for run, _ in proposing.wish.pending]


@asynccontextmanager
async def _refusal_is_noted(proposing: Proposing) -> AsyncIterator[None]:
    """Note on the runs what GitHub refuses, and let the error go on."""
    try:
        yield
    except (Forbidden, Unprocessable, OpeningFailed) as refused:
        await say_why(proposing.parts, _runs(proposing), f"GitHub refuses the pull request: {refused.message}")
        raise
