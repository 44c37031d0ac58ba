"""The commits that merges make: their messages, and how a head comes on top of its base by each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.model import MergeMethod
from bot.sandbox.refusals import Forbidden, MethodNotAllowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.git import Commit, GitRepository, Signature
    from bot.sandbox.model import Account, PullRequest
    from bot.sandbox.refs import Refs


async def merged_commit(
    refs: Refs, pull: PullRequest, base: str, method: MergeMethod, *, actor: Account, message: str
) -> str:
    """Make the commit that the base moves to; raises MethodNotAllowed where head and base conflict."""
    git = pull.repository.git
    if method is MergeMethod.REBASE:
        return await _rebased(git, base, pull.head_oid, refs.github_signature())
    tree = await git.merged_tree(base, pull.head_oid)
    if tree is None:
        raise MethodNotAllowed("Pull Request is not mergeable")
    author = pull.author if method is MergeMethod.SQUASH else actor
    parents = [base] if method is MergeMethod.SQUASH else [base, pull.head_oid]
    signatures = {"author": refs.signature(author), "committer": refs.github_signature()}
    oid = await git.write_commit(tree, parents, message, **signatures)
    pull.repository.verified.add(oid)
    return oid


async def merge_message(
    pull: PullRequest, base: str, method: MergeMethod, title: str | None, message: str | None
) -> str:
    """Write the message of a merge: what was asked for, else GitHub's own.

    https://docs.github.com/pull-requests: "About merge methods", default commit messages. One commit that is squashed
    keeps its own, trailers included.
    """
    if method is MergeMethod.MERGE:
        default = f"Merge pull request #{pull.number} from {pull.home.owner.login}/{pull.head_branch}"
        return _whole(title or default, pull.title if message is None else message)
    commits = await pull.repository.git.commits_between(base, pull.head_oid)
    subject, _, body = commits[0].message.partition("\n") if len(commits) == 1 else (pull.title, "", _listed(commits))
    return _whole(title or f"{subject} (#{pull.number})", body.strip() if message is None else message)


def _listed(commits: Sequence[Commit]) -> str:
    return "\n\n".join(f"* {commit.message.strip()}" for commit in commits)


def _whole(title: str, body: str) -> str:
    return f"{title}\n\n{body}".strip()


async def _rebased(git: GitRepository, base: str, head: str, committer: Signature) -> str:
    """Each commit of the head again, on top of the base, without a signature; raises MethodNotAllowed at a conflict."""
    onto = base
    for commit in await git.commits_between(base, head):
        onto = await _picked(git, commit, onto, committer)
    return onto


async def _picked(git: GitRepository, commit: Commit, onto: str, committer: Signature) -> str:
    """One commit's change on top of another: a merge whose common ancestor is the commit's own parent."""
    there = await git.commit(onto)
    if there is None or len(commit.parents) != 1:
        raise Forbidden("This branch can't be rebased")
    stand_in = await git.write_commit(there.tree, commit.parents, "stand-in", author=committer, committer=committer)
    tree = await git.merged_tree(stand_in, commit.oid)
    if tree is None:
        raise MethodNotAllowed("This branch can't be rebased due to conflicts")
    return await git.write_commit(tree, [onto], commit.message, author=commit.author, committer=committer)
