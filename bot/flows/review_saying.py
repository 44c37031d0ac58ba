"""What a review says on the lines of a pull request: few comments, each once, and those that are over closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence  # noqa: TC003 - fields of a dataclass
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

import structlog

from bot.findings.hunks import FILE, anchor
from bot.findings.offering import suggestions
from bot.findings.telling_comment import chosen, comment, fingerprints_in, review_body, rewritten
from bot.flows.documentation import rules_page
from bot.flows.reviewed import WEIGHT_OF_RULES
from bot.github import EditedComment, Forbidden, PostReview, ReviewComment

if TYPE_CHECKING:
    from bot.findings import Finding
    from bot.findings.report import Report
    from bot.findings.suggesting import Suggestion
    from bot.flows.parts import Parts
    from bot.flows.reviewed import Look
    from bot.github import RepositoryClient, Reviewed, ReviewFacts, ReviewThread
    from bot.store import Repository, SaidFinding

log = structlog.get_logger()

Group = tuple["Finding", ...]

MOST_COMMENTS: Final = 10
"""Comments of the bot that stand open on a pull request at once."""

MOST_SAID: Final = 1_000
"""Findings of a pull request that are remembered as said; where there are more, the check alone tells what is new."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be said: findings that become a comment each, and threads that are over, or whose findings are back.

    `open` are the threads that stand then, whose comments may tell of something that is mended. `said` are all findings
    (fingerprint to rule) that count as said then, also those for which there is no room.
    """

    groups: tuple[Group, ...] = ()
    left_out: int = 0
    over: tuple[ReviewThread, ...] = ()
    back: tuple[ReviewThread, ...] = ()
    open: tuple[ReviewThread, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)


async def say(
    parts: Parts, repository: Repository, client: RepositoryClient, facts: ReviewFacts, seen: Look | None
) -> None:
    """Comment what is new and was not said, and close the threads whose findings are gone.

    `seen` is None where the base has no policy file: then nothing counts any more. On drafts, and on the bot's own pull
    requests, the check says it all. Doing it twice ends the same: what was said stands in the threads.
    """
    if seen is not None and seen.problems:
        return
    kept = await parts.store.findings.said(repository.id, facts.number)
    is_quiet = facts.draft or await is_ours(parts, facts)
    plan = _plan(facts, seen.report if seen is not None else None, kept, is_quiet=is_quiet)
    try:
        result = await client.review(await _review(parts, facts, seen, plan))
    except Forbidden as error:
        # The conversation is locked, or the App may not do it: the check says it all.
        log.warning("review.not_allowed", repository=repository.full_name, number=facts.number, reason=str(error))
        return
    for index in result.refused:
        rule = plan.groups[index][0].rule
        log.warning("review.comment_refused", repository=repository.full_name, number=facts.number, rule=rule)
    await _note(parts, repository, facts.number, plan, result)


async def is_ours(parts: Parts, facts: ReviewFacts) -> bool:
    """Whether the bot itself opened a pull request."""
    bot_login = (await parts.github.identity()).bot_login
    return facts.author_login == bot_login and not facts.cross_repository


def _plan(facts: ReviewFacts, report: Report | None, kept: Sequence[SaidFinding], *, is_quiet: bool) -> _Plan:
    """Compare what was found with what was said. None for a report: nothing is judged here any more."""
    ours = [thread for thread in facts.threads if thread.is_ours and fingerprints_in(thread.body)]
    stand = [thread for thread in ours if not thread.resolved]
    if report is None:
        return _Plan(over=tuple(stand))
    over = [thread for thread in stand if _is_over(thread, report)]
    room = max(0, MOST_COMMENTS - len(stand) + len(over))
    ended = {each.fingerprint for each in kept if each.over}
    back = [thread for thread in ours if thread.resolved and _is_back(thread, report, ended)][:room]
    stay = (*(thread for thread in stand if thread not in over), *back)
    said = {*(each.fingerprint for each in kept), *(mark for thread in ours for mark in fingerprints_in(thread.body))}
    if is_quiet or len(said) >= MOST_SAID:
        return _Plan(over=tuple(over), back=tuple(back), open=stay)
    picked = chosen(report, said, room - len(back))
    wanted = (each for each in report.new if each.severity >= report.comment_on and each.fingerprint not in said)
    now_said = {each.fingerprint: each.rule for each in islice(wanted, MOST_SAID)}
    return _Plan(picked.comments, picked.left_out, tuple(over), tuple(back), stay, now_said)


def _is_over(thread: ReviewThread, report: Report) -> bool:
    """Whether nothing of what a thread is about counts any more, nor the like of it; a file must be read for that."""
    return thread.path not in report.unread and not report.tells(fingerprints_in(thread.body))


def _is_back(thread: ReviewThread, report: Report, ended: Collection[str]) -> bool:
    """Whether the bot itself closed a thread, because what it is about had `ended`, and that counts again."""
    marks = frozenset(fingerprints_in(thread.body))
    return marks.issubset(ended) and not marks.isdisjoint(each.fingerprint for each in report.new)


async def _review(parts: Parts, facts: ReviewFacts, seen: Look | None, plan: _Plan) -> PostReview:
    comments: list[ReviewComment] = []
    if seen is not None and plan.groups:
        page, offered = await rules_page(parts), await _offered(parts, plan.groups, seen)
        comments = [_comment(group, seen, page, offered.get(group[0].fingerprint)) for group in plan.groups]
    return PostReview(
        pull_request=facts.node,
        commit=facts.head,
        body=review_body(plan.left_out),
        comments=tuple(comments),
        resolve=tuple(thread.id for thread in plan.over),
        reopen=tuple(thread.id for thread in plan.back),
        edit=await _edits(parts, plan.open, seen),
        pending=facts.pending,
    )


async def _edits(parts: Parts, threads: Sequence[ReviewThread], seen: Look | None) -> tuple[EditedComment, ...]:
    """Write comments anew that share several findings, of which some are mended and others stand."""
    if seen is None or seen.report is None:
        return ()
    report, page = seen.report, await rules_page(parts)
    told = [each for each in threads if each.path not in report.unread]
    bodies = [rewritten(each.body, report, page, is_about_file=each.about_file) for each in told]
    both = zip(told, bodies, strict=True)
    return tuple(EditedComment(each.node, body) for each, body in both if body is not None)


async def _offered(parts: Parts, groups: Sequence[Group], seen: Look) -> dict[str, Suggestion]:
    """Turn the fixes of findings that have a comment of their own into suggestions, by the findings' fingerprints."""
    fixed = [group[0] for group in groups if len(group) == 1 and group[0].fix is not None]
    if not fixed or seen.policy_file is None:
        return {}
    files = seen.change.after
    weight = WEIGHT_OF_RULES * sum(map(len, files.values()))
    found = await parts.compute(weight, suggestions, fixed, files, seen.policy_file, seen.known)
    return {finding.fingerprint: each for finding, each in zip(fixed, found, strict=True) if each is not None}


def _comment(group: Group, seen: Look, page: str, offered: Suggestion | None) -> ReviewComment:
    """Put findings on their lines, or on those that a suggestion replaces; on the file where the diff hides them."""
    finding, patch = group[0], seen.change.patches.get(group[0].path)
    if offered is not None:
        at = anchor((offered.start_line, offered.end_line), patch)
        if at != FILE:
            return ReviewComment(finding.path, comment(group, offered, page), at.line, at.start_line)
    at = anchor((finding.line, finding.line), patch)
    return ReviewComment(finding.path, comment(group, page_url=page, is_about_file=at == FILE), at.line, at.start_line)


async def _note(parts: Parts, repository: Repository, number: int, plan: _Plan, result: Reviewed) -> None:
    """Remember what was said and what is over, so that neither is said again."""
    findings = parts.store.findings
    if plan.groups:
        log.info("review.said", repository=repository.full_name, number=number, comments=len(plan.groups))
    if plan.said:
        await findings.say(repository.id, number, plan.said, parts.clock())
    closed = _marks(plan.over, result.unresolved)
    if closed:
        log.info("review.resolved", repository=repository.full_name, number=number, findings=len(closed))
        await findings.end(repository.id, number, closed)
    opened = _marks(plan.back, result.unopened)
    if opened:
        log.info("review.reopened", repository=repository.full_name, number=number, findings=len(opened))
        rules = {each.fingerprint: each.rule for each in await findings.said(repository.id, number)}
        await findings.say(repository.id, number, {mark: rules.get(mark, "") for mark in opened}, parts.clock())


def _marks(threads: Sequence[ReviewThread], left: Sequence[int]) -> list[str]:
    """Name the findings of threads, but of those that were left as they are (by their index)."""
    done = [thread for index, thread in enumerate(threads) if index not in left]
    return [mark for thread in done for mark in fingerprints_in(thread.body)]
