"""One repository on GitHub, as the flows see it: every operation by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.github import (
    archives,
    blobs,
    branches,
    bump_facts,
    checks,
    heads,
    labels,
    merge_facts,
    merging,
    opening,
    rebuilding,
    trees,
    updating,
)
from bot.github.channel import RepositoryChannel
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.github.bump_facts import BumpFacts
    from bot.github.checks import CheckRun
    from bot.github.client import GitHub
    from bot.github.heads import Head
    from bot.github.merge_facts import MergePullRequestFacts
    from bot.github.merging import Merged
    from bot.github.requests import (
        CreatePullRequest,
        Opened,
        OpenPullRequest,
        RebuildPullRequest,
        UpdatePullRequest,
    )
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

    async def label(
        self, number: int, wanted: Sequence[str], reviewers: Sequence[str] = (), assignees: Sequence[str] = ()
    ) -> None:
        """Add labels, ask for reviews ("org/team" for a team), assign people."""
        await labels.label(self._channel, number, wanted, reviewers, assignees)

    async def close_pull_request(self, number: int) -> None:
        """Close a pull request without merging it."""
        await branches.close_pull_request(self._channel, number)

    async def delete_branch(self, branch: str, expected: str) -> bool:
        """Delete a branch if it still stands at `expected`; False: it does not, and stays. Raises what forbids it."""
        return await branches.delete_branch(self._channel, branch, expected)

    async def merge_facts(self, number: int) -> MergePullRequestFacts:
        """Read what decides whether a pull request may be merged. Raises NotFound."""
        return await merge_facts.merge_facts(self._channel, number)

    async def merge(self, number: int, head: str, method: MergeMethod, *, workflows: bool = False) -> Merged:
        """Merge a pull request that stands at `head`. Raises Conflict with GitHub's reason.

        `workflows`: it changes files in .github/workflows.
        """
        return await merging.merge(self._channel, number, head, method, workflows=workflows)

    async def enqueue(self, pull_request: str, head: str, *, workflows: bool = False) -> None:
        """Put a pull request (its node id) that stands at `head` into the merge queue. Raises Conflict.

        `workflows`: it changes files in .github/workflows.
        """
        await merging.enqueue(self._channel, pull_request, head, workflows=workflows)

    async def create_check_run(self, check_run: CheckRun) -> int:
        """Write a finished check run; returns its id."""
        return await checks.create_check_run(self._channel, check_run)
