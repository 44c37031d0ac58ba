"""Whose the branch of a promotion's pull request is, and how a change gets onto it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.bumps import PullRequestState, safe_branch
from bot.bumps.trailers import trailer
from bot.flows.standing import is_own
from bot.github import CommitText, CreatePullRequest, OpenPullRequest, RebuildPullRequest, UpdatePullRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.github import BumpFacts, CommitFacts, Opened, PullRequestFacts, RepositoryClient
    from bot.promotion.telling_proposal import ProposalText

PREFIX: Final = "niro/promotion-"
_BRANCH: Final = re.compile(rf"{PREFIX}([A-Za-z0-9][A-Za-z0-9._-]{{0,99}})")


@dataclass(frozen=True, slots=True)
class Branch:
    """What stands on the branch of a promotion's pull request.

    `opened`: our open pull request. `head`: the branch's newest commit. `people`: the pull request holds commits that
    are not ours, and stay. `unopened`: the branch is ours, and its pull request was never opened. `left_over`: nothing
    on it is anybody's work any more. `foreign`: a sentence where the branch is not ours, and is left alone.
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
    return safe_branch(f"{PREFIX}{promotion}", taken=frozenset({default_branch}))


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
        sentence = f"its pull request #{opened.number} was opened by somebody else"
        return Branch(name, head=head, foreign=sentence)
    if opened.base_branch != facts.base.branch:
        sentence = f"somebody let its pull request #{opened.number} go to {opened.base_branch}"
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
        sentence = f"its newest commit {head.oid[:12]} is not the bot's, and somebody's work is never overwritten"
        return Branch(name, head=head, foreign=sentence)
    if not ours:
        return Branch(name, head=head, unopened=True)
    if _is_all_ours(ours[0], mark, bot_login):
        return Branch(name, head=head, left_over=True)
    return Branch(name, head=head, foreign="it holds commits that are not the bot's and were not merged")


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written to a promotion's branch: the map's new text at its path, and the words about it."""

    client: RepositoryClient
    facts: BumpFacts
    branch: Branch
    text: ProposalText
    path: str
    content: str
    mark: str
    fingerprint: str

    async def opened(self) -> Opened:
        """Open the pull request on a new branch; one that is left over goes first."""
        head = self.branch.head
        if head is not None:
            await self.client.delete_branch(self.branch.name, head.oid)
        return await self.client.open_pull_request(
            OpenPullRequest(
                node=self.facts.repository_node,
                base_branch=self.facts.base.branch,
                base_commit=self.facts.base.commit,
                branch=self.branch.name,
                files=self._files,
                message=self._message,
                title=self.text.title,
                body=self.text.body,
                modes=self._modes,
                tree=self.facts.base.tree,
            )
        )

    async def opened_from_branch(self) -> Opened:
        """Open the pull request from the branch as it stands."""
        assert self.branch.head is not None
        return await self.client.create_pull_request(
            CreatePullRequest(
                node=self.facts.repository_node,
                base_branch=self.facts.base.branch,
                branch=self.branch.name,
                head=self.branch.head.oid,
                title=self.text.title,
                body=self.text.body,
            )
        )

    async def added(self) -> Opened:
        """Put one more commit on the branch."""
        pull_request, head = self.branch.opened, self.branch.head
        assert pull_request is not None
        assert head is not None
        return await self.client.add_commit(
            UpdatePullRequest(
                branch=self.branch.name,
                expected_head=head.oid,
                files=self._files,
                message=self._message,
                pull_request=pull_request.node,
                title=self.text.title,
                body=self.text.body,
                previous_title=pull_request.title,
                previous_body=pull_request.body,
                modes=self._modes,
                tree=head.tree,
            )
        )

    async def rebuilt(self) -> Opened:
        """Make the branch anew as one commit on the base as it is now."""
        pull_request, head = self.branch.opened, self.branch.head
        assert pull_request is not None
        assert head is not None
        return await self.client.rebuild(
            RebuildPullRequest(
                node=self.facts.repository_node,
                base_commit=self.facts.base.commit,
                branch=self.branch.name,
                expected_head=head.oid,
                files=self._files,
                message=self._message,
                pull_request=pull_request.node,
                title=self.text.title,
                body=self.text.body,
                previous_title=pull_request.title,
                previous_body=pull_request.body,
                modes=self._modes,
                tree=self.facts.base.tree,
            )
        )

    @property
    def _files(self) -> Mapping[str, bytes]:
        return {self.path: self.content.encode()}

    @property
    def _modes(self) -> Mapping[str, str]:
        there = self.facts.files.get(self.path)
        return {} if there is None or there.mode == "100644" else {self.path: there.mode}

    @property
    def _message(self) -> CommitText:
        return CommitText(self.text.message, trailer(self.mark, self.fingerprint))
