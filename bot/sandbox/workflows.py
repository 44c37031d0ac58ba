"""Files that say what GitHub Actions runs: they could run anything, so writing them takes a permission of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.refusals import Forbidden

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.authentication import Token
    from bot.sandbox.model import PullRequest, Repository

FOLDER = ".github/workflows/"


def refuse_paths(token: Token, repository: Repository, paths: Iterable[str]) -> None:
    """Raise Forbidden, in the words of GitHub, where one of the paths is a workflow that the token may not write."""
    workflow = _forbidden(token, repository, paths)
    if workflow is not None:
        raise Forbidden(
            f"refusing to allow a GitHub App to create or update workflow `{workflow}` without `workflows` permission"
        )


def refuse_tree(token: Token, repository: Repository, paths: Iterable[str]) -> None:
    """Raise Forbidden as GitHub does where a tree is to be stored: it does not say why."""
    if _forbidden(token, repository, paths) is not None:
        raise Forbidden


async def refuse_merge(token: Token, pull: PullRequest) -> None:
    """Raise Forbidden where a merge would write a workflow that the token may not write."""
    git = pull.repository.git
    fork = await git.merge_base(pull.base_oid, pull.head_oid) or pull.base_oid
    refuse_paths(token, pull.repository, [change.path for change in await git.changes(fork, pull.head_oid)])


def _forbidden(token: Token, repository: Repository, paths: Iterable[str]) -> str | None:
    workflows = [path for path in paths if path.startswith(FOLDER)]
    if not workflows or token.may(repository, "workflows", "write"):
        return None
    return workflows[0]
