"""What stands on the branch of a promotion's pull request, and whose work it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.bumps import PullRequestState, safe_branch
from bot.flows.standing import is_own
from bot.policies.branches import OF_PROMOTION

if TYPE_CHECKING:
    from bot.github import BumpFacts, CommitFacts, PullRequestFacts

_BRANCH: Final = re.compile(rf"{OF_PROMOTION}([A-Za-z0-9][A-Za-z0-9._-]{{0,99}})")

DELETE: Final = "Delete the branch to let the bot go on"


@dataclass(frozen=True, slots=True)
class Branch:
    """What stands on the branch of a promotion's pull request.

    `opened`: our open pull request. `head`: the branch's newest commit. `people`: the pull request holds commits that
    are not ours, and stay. `unopened`: the branch is ours, and its pull request was never opened. `left_over`: nothing
    on it is anybody's work any more. `foreign`: where the branch is not ours, and is left alone, why and what to do.
    """

    name: str
    opened: PullRequestFacts | None = None
    head: CommitFacts | None = None
    people: bool = False
    unopened: bool = False
    left_over: bool = False
    foreign: str | None = None


def branch_of(promotion: str, default_branch: str) -> str:
    """Name the branch of a promotion's pull request."""
    return safe_branch(f"{OF_PROMOTION}{promotion}", taken=frozenset({default_branch}))


def promotion_of_branch(branch: str) -> str | None:
    """Name the promotion whose pull request comes from a branch of this name; None: it can be none's."""
    found = _BRANCH.fullmatch(branch)
    return found[1] if found else None


def mark_of(promotion: str) -> str:
    """Name what the trailer of the bot's commits for a promotion is about, where those of bumps name their group."""
    return f"promotion:{promotion}"


def branch_in(facts: BumpFacts, name: str, mark: str, bot_login: str) -> Branch:
    """Tell what stands on the branch that facts were read about; only GitHub's signature makes a commit ours."""
    opened = next((each for each in facts.pull_requests if each.state is PullRequestState.OPEN), None)
    head = facts.branch_head
    if head is None:
        return Branch(name)
    if opened is None:
        return _without_pull_request(facts, name, mark, bot_login)
    if opened.author_login != bot_login:
        sentence = f"its pull request #{opened.number} was opened by somebody else. {DELETE}"
        return Branch(name, head=head, foreign=sentence)
    if opened.base_branch != facts.base.branch:
        its = f"its pull request #{opened.number} goes to {opened.base_branch}, and the default branch is"
        sentence = f"{its} {facts.base.branch}: close it, which turns nothing down, or let it go there"
        return Branch(name, head=head, foreign=sentence)
    return Branch(name, opened, head, people=not _is_all_ours(opened, mark, bot_login))


def _is_all_ours(pull_request: PullRequestFacts, mark: str, bot_login: str) -> bool:
    commits = pull_request.commits
    is_whole = bool(commits) and pull_request.commits_total == len(commits)
    return is_whole and all(is_own(commit, mark, bot_login) for commit in commits)


def _without_pull_request(facts: BumpFacts, name: str, mark: str, bot_login: str) -> Branch:
    head = facts.branch_head
    assert head is not None
    ours = [each for each in facts.pull_requests if each.author_login == bot_login and each.head == head.oid]
    if head.oid == facts.base.commit or any(each.state is PullRequestState.MERGED for each in ours):
        return Branch(name, head=head, left_over=True)
    if not is_own(head, mark, bot_login):
        sentence = (
            f"its newest commit {head.oid[:12]} is not the bot's, and somebody's work is never overwritten. {DELETE}"
        )
        return Branch(name, head=head, foreign=sentence)
    if not ours:
        return Branch(name, head=head, unopened=True)
    if _is_all_ours(ours[0], mark, bot_login):
        return Branch(name, head=head, left_over=True)
    return Branch(name, head=head, foreign=f"it holds commits that are not the bot's and were not merged. {DELETE}")
