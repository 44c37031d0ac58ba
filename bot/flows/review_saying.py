"""What a review says on the lines of a pull request: few comments, each once, and those that are over closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.findings import joined, surroundings_of
from bot.findings.hunks import FILE, anchor
from bot.findings.suggesting import suggestion
from bot.findings.telling_comment import chosen, comment, fingerprints_in, review_body
from bot.flows.documentation import rules_page
from bot.github import Forbidden, PostReview, ReviewComment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.findings import Finding
    from bot.findings.report import Report
    from bot.findings.suggesting import Suggestion
    from bot.flows.parts import Parts
    from bot.flows.reviewed import Look
    from bot.github import RepositoryClient, ReviewFacts, ReviewThread
    from bot.store import Repository

log = structlog.get_logger()

MOST_COMMENTS: Final = 10
"""Comments of the bot that stand open on a pull request at once."""


async def say(parts: Parts, repository: Repository, client: RepositoryClient, facts: ReviewFacts, seen: Look) -> None:
    """Comment what is new and was not said, and close the threads whose findings are gone.

    On drafts, and on the bot's own pull requests, the check says it all. Doing it twice ends the same: what was said
    stands in the threads.
    """
    if seen.report is None:
        return
    ours = [thread for thread in facts.threads if thread.is_ours and fingerprints_in(thread.body)]
    over = [thread for thread in ours if not thread.resolved and _is_over(thread, seen.report)]
    kept = await parts.store.findings.said(repository.id, facts.number)
    said = {*(each.fingerprint for each in kept), *(mark for thread in ours for mark in fingerprints_in(thread.body))}
    room = MOST_COMMENTS - sum(not thread.resolved for thread in ours) + len(over)
    is_quiet = facts.draft or await _is_ours(parts, facts)
    picked = chosen(seen.report, said, max(0, room)) if not is_quiet else chosen(seen.report, said, 0)
    groups = () if is_quiet else picked.comments
    page = await rules_page(parts)
    review = PostReview(
        pull_request=facts.node,
        commit=facts.head,
        body=review_body(picked.left_out),
        comments=tuple(_comment(group, seen, page) for group in groups),
        resolve=tuple(thread.id for thread in over),
        pending=facts.pending,
    )
    try:
        result = await client.review(review)
    except Forbidden as error:
        # The conversation is locked, or the App may not do it: the check says it all.
        log.warning("review.not_allowed", repository=repository.full_name, number=facts.number, reason=str(error))
        return
    for index in result.refused:
        finding = groups[index][0]
        log.warning("review.comment_refused", repository=repository.full_name, number=facts.number, rule=finding.rule)
    spoken = {each.fingerprint: each.rule for group in groups for each in group}
    if spoken:
        log.info("review.said", repository=repository.full_name, number=facts.number, comments=len(groups))
        await parts.store.findings.say(repository.id, facts.number, spoken, parts.clock())
    closed = [thread for index, thread in enumerate(over) if index not in result.unresolved]
    if closed:
        log.info("review.resolved", repository=repository.full_name, number=facts.number, threads=len(closed))
        gone = [mark for thread in closed for mark in fingerprints_in(thread.body)]
        await parts.store.findings.end(repository.id, facts.number, gone)


async def _is_ours(parts: Parts, facts: ReviewFacts) -> bool:
    bot_login = (await parts.github.identity()).bot_login
    return facts.author_login == bot_login and not facts.cross_repository


def _is_over(thread: ReviewThread, report: Report) -> bool:
    """Whether nothing of what a thread is about counts any more."""
    return {each.fingerprint for each in report.new}.isdisjoint(fingerprints_in(thread.body))


def _comment(group: Sequence[Finding], seen: Look, page: str) -> ReviewComment:
    """Put findings on their lines, or on those that a suggestion replaces; on the file where the diff hides them."""
    finding, patch = group[0], seen.change.patches.get(group[0].path)
    offered = _suggestion(group, seen)
    if offered is not None:
        at = anchor((offered.start_line, offered.end_line), patch)
        if at != FILE:
            return ReviewComment(finding.path, comment(group, offered, page), at.line, at.start_line)
    at = anchor((finding.line, finding.line), patch)
    return ReviewComment(finding.path, comment(group, page_url=page, is_about_file=at == FILE), at.line, at.start_line)


def _suggestion(group: Sequence[Finding], seen: Look) -> Suggestion | None:
    """Offer the fix of a single finding, which has to hold among all that the change says."""
    finding, files = group[0], seen.change.after
    if len(group) > 1 or finding.fix is None or finding.path not in files or seen.policy_file is None:
        return None
    settings = seen.policy_file.findings.rules[finding.rule]
    around = joined([seen.known.surroundings, *(surroundings_of(*file) for file in files.items())])
    known = replace(seen.known, surroundings=around)
    return suggestion(finding, files[finding.path], settings, seen.policy_file.environments, known)
