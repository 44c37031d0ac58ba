"""One repository on GitHub, as the flows see it: every operation by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.github import (
    archives,
    blobs,
    branches,
    bump_facts,
    checks,
    committing,
    comparing,
    contents_at,
    files,
    heads,
    labels,
    merge_facts,
    merging,
    opening,
    pull_requests,
    rebuilding,
    required_checks,
    review_facts,
    reviewing,
    sources,
    talk,
    trees,
    updating,
)
from bot.github.channel import RepositoryChannel
from bot.github.pages import pages_url
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.github.bump_facts import BumpFacts
    from bot.github.checks import CheckRun
    from bot.github.client import GitHub
    from bot.github.comparing import Comparison
    from bot.github.files import TextBlob
    from bot.github.heads import Head
    from bot.github.merge_facts import MergePullRequestFacts
    from bot.github.merging import Merged
    from bot.github.pull_requests import OnePullRequest
    from bot.github.requests import (
        CommitText,
        CommitToBranch,
        CreatePullRequest,
        Opened,
        OpenPullRequest,
        RebuildPullRequest,
        UpdatePullRequest,
    )
    from bot.github.required_checks import RequiredChecks
    from bot.github.review_facts import ReviewFacts
    from bot.github.reviewing import PostReview, Reviewed
    from bot.github.sources import Release, SourceRepository
    from bot.github.talk import CommentFacts, IssueFacts, Permission, Reaction
    from bot.github.trees import Tree
    from bot.policies import MergeMethod


class RepositoryClient:
    """What the bot does with one repository. Every method raises the errors of errors.py.

    Those that write wait for their turn, at most five seconds; else they raise MustWait.
    """

    def __init__(self, github: GitHub, installation: int, repository_id: int, full_name: str) -> None:
        self._channel = RepositoryChannel(github, installation, repository_id, full_name)

    @property
    def full_name(self) -> str:
        """What the repository is called now: "owner/name"."""
        return self._channel.full_name

    async def head(self, branch: str | None = None) -> Head | None:
        """Read where a branch stands (None: the default branch). None: the repository is empty."""
        return await heads.head(self._channel, branch)

    async def tree(self, tree_oid: str) -> Tree:
        """Read a whole tree, with paths from its root; GitHub truncates very large ones."""
        return await trees.tree(self._channel, tree_oid, recursive=True)

    async def folder(self, tree_oid: str) -> Tree:
        """Read one level of a tree: the paths are names."""
        return await trees.tree(self._channel, tree_oid, recursive=False)

    async def blobs(self, oids: Collection[str]) -> dict[str, bytes]:
        """Read blobs by their ids; each is what its id promises. Raises NotFound when one is missing."""
        return await blobs.blobs(self._channel, oids)

    async def archive(self, commit: str, wanted: Collection[str]) -> dict[str, bytes]:
        """Read many files of a commit in one request; paths the archive does not hold are left out.

        Archives obey .gitattributes (export-ignore, export-subst, eol), so their bytes may differ from the blobs.
        Give `wanted` as a mapping from path to blob id and files that differ are left out as well.
        """
        return await archives.archive(self._channel, commit, wanted)

    @property
    def web_url(self) -> str:
        """The page of the repository for people."""
        return f"{pages_url(self._channel.github.transport.base_url)}/{self.full_name}"

    async def node(self) -> str:
        """Tell the repository's node id, by which documents name it; asked for only where no query told it yet."""
        return await self._channel.node()

    async def bump_facts(self, base_branch: str | None, branch: str, paths: Sequence[str]) -> BumpFacts:
        """Read everything a bump needs, in one query up to 50 paths. `base_branch` None: the default branch."""
        return await bump_facts.bump_facts(self._channel, base_branch, branch, paths)

    async def may_write_workflows(self) -> bool:
        """Tell whether the installation granted `workflows: write`, which files in .github/workflows take."""
        return await self._channel.github.grants(self._channel.access(Scope.WORKFLOWS))

    async def open_pull_request(self, request: OpenPullRequest) -> Opened:
        """Make branch, commit and pull request in one document. Raises OpeningFailed after putting things right."""
        return await opening.open_pull_request(self._channel, request)

    async def create_pull_request(self, request: CreatePullRequest) -> Opened:
        """Open a pull request from a branch that exists. Raises OpeningFailed."""
        return await opening.create_pull_request(self._channel, request)

    async def add_commit(self, request: UpdatePullRequest) -> Opened:
        """Put one more commit on a pull request and describe it anew. Raises Conflict when its branch has moved."""
        return await updating.add_commit(self._channel, request)

    async def rebuild(self, request: RebuildPullRequest) -> Opened:
        """Replace the bot's commits by one on the new base. Raises Conflict when the branch has moved."""
        return await rebuilding.rebuild(self._channel, request)

    async def redescribe(self, pull_request: str, title: str, body: str) -> None:
        """Give a pull request (its node id) another title and body."""
        await updating.redescribe(self._channel, pull_request, title, body)

    async def commit(self, request: CommitToBranch) -> str:
        """Put one commit straight onto a branch; returns its id. Raises Conflict when the branch has moved."""
        return await committing.commit(self._channel, request)

    async def label(
        self, number: int, wanted: Sequence[str], reviewers: Sequence[str] = (), assignees: Sequence[str] = ()
    ) -> None:
        """Add labels, ask for reviews ("org/team" for a team), assign people."""
        await labels.label(self._channel, number, wanted, reviewers, assignees)

    async def close_with_words(self, pull_request: str, sentence: str) -> None:
        """Close a pull request (its node id) without merging it, and say why in a comment."""
        await branches.close_with_words(self._channel, pull_request, sentence)

    async def close_pull_request(self, number: int) -> None:
        """Close a pull request without merging it."""
        await branches.close_pull_request(self._channel, number)

    async def delete_branch(self, branch: str, expected: str) -> bool:
        """Delete a branch if it still stands at `expected`; False: it does not, and stays. Raises what forbids it."""
        return await branches.delete_branch(self._channel, branch, expected)

    async def merge_facts(self, number: int, paths: Sequence[str] = ()) -> MergePullRequestFacts:
        """Read what decides whether a pull request may be merged, in one query up to 50 paths and 100 checks.

        Raises NotFound, and Conflict where it moves meanwhile.
        """
        return await merge_facts.merge_facts(self._channel, number, paths)

    async def required_checks(self, branch: str) -> RequiredChecks:
        """Tell which checks a branch demands; asked at most once in ten minutes. Raises whatever hides it."""
        return await required_checks.kept_required_checks(self._channel, branch)

    async def files_at(self, commit: str, paths: Sequence[str]) -> dict[str, TextBlob]:
        """Read files of any commit; paths that are not there are left out. Raises NotFound without such a commit."""
        return await files.files_at(self._channel, commit, paths)

    async def compare(self, base: str, head: str) -> Comparison:
        """Tell which files the commit `head` changes since its merge base with `base`. Raises NotFound without one."""
        return await comparing.compare(self._channel, base, head)

    async def contents_at(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, dict[str, TextBlob]]:
        """Read files of commits (id -> paths), in one query up to 600; what is not there is left out. See the module.

        Raises NotFound where a commit is gone.
        """
        return await contents_at.contents_at(self._channel, wanted)

    async def review_facts(self, number: int) -> ReviewFacts | None:
        """Read what a review begins with, in one query up to 100 threads. None: there is no such pull request."""
        return await review_facts.review_facts(self._channel, number)

    async def review(self, request: PostReview) -> Reviewed:
        """Post a review and close threads, in one document. Raises Conflict when the head has moved, Forbidden."""
        return await reviewing.review(self._channel, request)

    async def pull_request(self, number: int) -> OnePullRequest | None:
        """Read a pull request. None: there is none of this number."""
        return await pull_requests.pull_request(self._channel, number)

    async def comment(self, comment_id: int) -> CommentFacts | None:
        """Read a comment on an issue or a pull request. None: it was deleted."""
        return await talk.comment(self._channel, comment_id)

    async def react(self, comment_id: int, reaction: Reaction) -> bool:
        """Put a reaction on a comment, once however often this is called. False: the comment was deleted."""
        return await talk.react(self._channel, comment_id, reaction)

    async def say(self, number: int, body: str) -> int:
        """Comment on an issue or a pull request; returns the comment's id."""
        return await talk.say(self._channel, number, body)

    async def said_since(self, number: int, since: datetime) -> tuple[CommentFacts, ...]:
        """List the comments written or changed since a moment, oldest first, at most a thousand."""
        return await talk.said_since(self._channel, number, since)

    async def permission(self, login: str) -> Permission:
        """Tell what somebody may do here; NONE for a name that nobody has."""
        return await talk.permission(self._channel, login)

    async def issue(self, number: int) -> IssueFacts | None:
        """Read an issue, or a pull request as one. None: it does not exist here (any more)."""
        return await talk.issue(self._channel, number)

    async def open_issues_of(self, login: str) -> tuple[IssueFacts, ...]:
        """List the open issues that somebody opened, newest first: see `talk`."""
        return await talk.open_issues_of(self._channel, login)

    async def create_issue(self, title: str, body: str) -> int:
        """Open an issue; returns its number. Raises NotFound where the repository has issues switched off."""
        return await talk.create_issue(self._channel, title, body)

    async def update_issue(self, number: int, *, body: str | None = None, open: bool | None = None) -> None:  # noqa: A002
        """Change the body of an issue, close it, or open it again: whatever is given."""
        await talk.update_issue(self._channel, number, body=body, is_open=open)

    async def source(self, full_name: str) -> SourceRepository | None:
        """Look at another repository as this installation may see it; asked once an hour. None: it is not shown."""
        return await sources.kept_source(self._channel.github, self._channel.installation, full_name)

    async def releases(self, full_name: str) -> tuple[Release, ...]:
        """List the newest 100 releases of another repository, without drafts; asked once an hour."""
        return await sources.kept_releases(self._channel.github, self._channel.installation, full_name)

    async def merge(
        self, number: int, head: str, method: MergeMethod, *, workflows: bool = False, text: CommitText | None = None
    ) -> Merged:
        """Merge a pull request that stands at `head`. Raises MergeRefused with GitHub's reason, else Conflict.

        `workflows`: it changes files in .github/workflows. `text`: what the commit says, None: what GitHub makes of it.
        """
        return await merging.merge(self._channel, number, head, method, workflows=workflows, text=text)

    async def enqueue(self, pull_request: str, head: str, *, workflows: bool = False) -> None:
        """Put a pull request (its node id) that stands at `head` into the merge queue. Raises Conflict.

        `workflows`: it changes files in .github/workflows.
        """
        await merging.enqueue(self._channel, pull_request, head, workflows=workflows)

    async def dequeue(self, pull_request: str) -> None:
        """Take a pull request (its node id) out of the merge queue, where it is in it."""
        await merging.dequeue(self._channel, pull_request)

    async def create_check_run(self, check_run: CheckRun) -> int:
        """Write a finished check run; returns its id."""
        return await checks.create_check_run(self._channel, check_run)

    async def checks_about(self, commit: str, name: str) -> frozenset[str]:
        """List what the check runs of a name on a commit are about: see CheckRun."""
        return await checks.checks_about(self._channel, commit, name)
