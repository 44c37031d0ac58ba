"""The buttons of the review's check: one explains its findings, the other proposes to put up with them for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import structlog

from bot.bumps import PullRequestState
from bot.commands import LEAST_RIGHT
from bot.findings.explaining import explained
from bot.findings.telling_waivers import NO_PLACE, STILL_STAND, by_hand, nameless, new_waivers, too_much, waiver_text
from bot.flows.documentation import rules_page
from bot.flows.review_check import EXPLAIN, IGNORE
from bot.flows.reviewed import look, place_of
from bot.github import CommitText, Forbidden, OpenPullRequest, Permission
from bot.jobs.performing import performs
from bot.jobs.work import PressButton
from bot.policies import POLICY_PATH
from bot.policies.adding_waivers import with_waivers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.findings.report import Report
    from bot.flows.parts import Parts
    from bot.flows.reviewed import Look
    from bot.github import RepositoryClient, ReviewFacts
    from bot.policies.adding_waivers import NewWaiver
    from bot.store import Repository

log = structlog.get_logger()

WAIVED_FOR: Final = timedelta(days=90)
MOST_BRANCHES: Final = 5
"""For so many times the same is proposed again after its pull request was closed and its branch left standing."""

SAID_BEFORE: Final = timedelta(days=30)
"""For so long the bot does not say the same of the same findings again."""

_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands for bytes that are no text: such a file is not written anew."""

RIGHTS: Final = {EXPLAIN.identifier: Permission[LEAST_RIGHT.name], IGNORE.identifier: Permission.WRITE}
"""What somebody must be allowed to do for a button to do anything: as for commands."""


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A button that somebody with the right pressed, and what the check was about."""

    parts: Parts
    repository: Repository
    client: RepositoryClient
    facts: ReviewFacts
    seen: Look
    report: Report
    login: str


@performs(PressButton)
async def press_button(work: PressButton, parts: Parts) -> None:
    """Do what a button says, for somebody who may, if its check is about the head as it still stands. Twice is once."""
    repository = await parts.store.repositories.get(work.repository)
    record = await parts.store.reviews.get(work.repository, work.number)
    if (
        repository is None
        or repository.archived
        or record is None
        or record.head != work.head
        or work.button not in RIGHTS
    ):
        return
    client = parts.client(repository)
    if await client.permission(work.login) < RIGHTS[work.button]:
        log.info("button.refused", repository=repository.full_name, number=record.number, by=work.login)
        return
    facts = await client.review_facts(record.number)
    if facts is None or facts.state is not PullRequestState.OPEN or facts.head != work.head:
        return
    seen = await look(parts, repository, client, place_of(facts))
    if seen is None or seen.report is None or not seen.report.new:
        return
    pressed = _Pressed(parts, repository, client, facts, seen, seen.report, work.login)
    await (_explain(pressed) if work.button == EXPLAIN.identifier else _ignore(pressed))
    log.info("button.pressed", repository=repository.full_name, number=facts.number, button=work.button)


async def _explain(pressed: _Pressed) -> None:
    today = pressed.parts.clock().date()
    await _say(pressed, explained(pressed.report.new, today, await rules_page(pressed.parts)))


async def _say(pressed: _Pressed, words: str) -> None:
    """Comment on the pull request, unless the bot said just that already."""
    marker = f"<!-- niro says {sha256(words.encode(errors='replace')).hexdigest()[:16]} -->"
    since = pressed.parts.clock() - SAID_BEFORE
    bot_login = (await pressed.parts.github.identity()).bot_login
    spoken = await pressed.client.said_since(pressed.facts.number, since)
    if any(each.author_login == bot_login and each.body.startswith(marker) for each in spoken):
        return
    try:
        await pressed.client.say(pressed.facts.number, f"{marker}\n{words}")
    except Forbidden as error:
        # The conversation is locked: whoever pressed sees that nobody may speak in it.
        name, number = pressed.repository.full_name, pressed.facts.number
        log.warning("button.not_allowed_to_speak", repository=name, number=number, reason=str(error))


async def _ignore(pressed: _Pressed) -> None:
    """Open a pull request that adds a dated entry for each rule, into the branch by whose file they are judged."""
    facts, client = pressed.facts, pressed.client
    until = (pressed.parts.clock() + WAIVED_FOR).date()
    waivers, unnamed = new_waivers(pressed.report.new, pressed.login, facts.number, until), nameless(pressed.report.new)
    if words := too_much(waivers):
        await _say(pressed, f"{words}\n\n{unnamed}".strip())
        return
    assert facts.policy is not None
    is_text = _UNREADABLE not in facts.policy.text
    written = with_waivers(facts.policy.text, waivers) if is_text else None
    if written is None:
        await _say(pressed, by_hand(waivers, NO_PLACE, unnamed))
        return
    branch, asked = await _branch(pressed, waivers)
    if branch is None:
        await _say(pressed, f"{asked} asks for this already." if asked else by_hand(waivers, STILL_STAND, unnamed))
        return
    text = waiver_text(waivers, pressed.login, facts.number, unnamed)
    opened = await client.open_pull_request(
        OpenPullRequest(
            node=await client.node(),
            base_branch=facts.base_branch,
            base_commit=facts.base_commit,
            branch=branch,
            files={POLICY_PATH: written.encode()},
            message=CommitText(text.title),
            title=text.title,
            body=text.body,
        )
    )
    log.info("waivers.proposed", repository=pressed.repository.full_name, number=opened.number, rules=len(waivers))


async def _branch(pressed: _Pressed, waivers: Sequence[NewWaiver]) -> tuple[str | None, str]:
    """Find a name for the branch of a pull request that adds entries; else None, and the open one that adds them.

    A branch of a pull request that is over stays as it is, and a further one gets a number. "" where all names stand.
    """
    facts = pressed.facts
    about = (facts.base_branch, [(each.rule, each.paths) for each in waivers])
    name = f"niro/ignore-{facts.number}-{sha256(repr(about).encode(errors='replace')).hexdigest()[:8]}"
    for number in range(1, MOST_BRANCHES + 1):
        branch = name if number == 1 else f"{name}-{number}"
        found = await pressed.client.bump_facts(facts.base_branch, branch, ())
        still = [each for each in found.pull_requests if each.state is PullRequestState.OPEN]
        if still:
            return None, f"#{still[0].number}"
        if found.branch_head is None:
            return branch, ""
    return None, ""
