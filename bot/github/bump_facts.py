"""Everything a bump needs to know about a repository, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.bumps import Mergeable, PullRequestState
from bot.github import documents
from bot.github.actors import actor_login, git_author_login, is_bot
from bot.github.blobs import BATCH
from bot.github.commits import pull_request_commits, signed_by_github
from bot.github.errors import NotFound
from bot.github.files import files_at, path_variables, read_files
from bot.github.heads import POLICY_PATH, policy_blob
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.github.channel import RepositoryChannel
    from bot.github.commits import PullRequestCommit
    from bot.github.files import TextBlob
    from bot.github.heads import PolicyBlob


@dataclass(frozen=True, slots=True)
class Base:
    """The branch a pull request goes to, and where it stands now."""

    branch: str
    commit: str
    tree: str


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """The newest commit of the bot's branch.

    `author_login` is "" where GitHub knows no account. It can be forged by whoever may push;
    `verified` (signed by GitHub itself) cannot. `changed_files` is None where GitHub does not say.
    """

    oid: str
    tree: str
    message: str
    author_login: str
    author_is_bot: bool
    verified: bool
    parents: tuple[str, ...]
    changed_files: int | None


@dataclass(frozen=True, slots=True)
class PullRequestFacts:
    """A pull request from the bot's branch of this very repository, never one of a fork.

    `commits` are the newest 100 of the `commits_total` on the branch, oldest first; only where the branch exists, of an
    open pull request and of the newest one that is not open any more. `conflicts`: GitHub says that an open one does.
    """

    number: int
    node: str
    state: PullRequestState
    head: str
    base_branch: str
    author_login: str
    title: str
    body: str
    url: str
    merged: bool
    commits: tuple[PullRequestCommit, ...] = ()
    commits_total: int = 0
    conflicts: bool = False


@dataclass(frozen=True, slots=True)
class BumpFacts:
    """What stands in the repository.

    `policy` comes from the default branch, `files` from the base, at `base.commit`; paths that are not there are
    left out. `branch_head` is None where the bot's branch does not exist. `pull_requests`: newest first.
    """

    repository_node: str
    full_name: str
    default_branch: str
    base: Base
    policy: PolicyBlob | None
    files: Mapping[str, TextBlob]
    branch_head: CommitFacts | None
    pull_requests: tuple[PullRequestFacts, ...]


async def bump_facts(
    channel: RepositoryChannel, base_branch: str | None, branch: str, paths: Sequence[str]
) -> BumpFacts:
    """Read everything a bump needs, in one query up to 50 paths (and one for each 50 more).

    `base_branch` None: the default branch. Raises NotFound for a base that does not exist or has no commit.
    """
    unique = list(dict.fromkeys(paths))
    repository = await channel.query(
        documents.bump_facts(len(unique[:BATCH]), default_base=base_branch is None),
        _variables(base_branch, branch, unique[:BATCH]),
        scope=Scope.BUMP,
    )
    if repository["base"] is None or repository["default"] is None:
        raise NotFound(f"{channel.full_name} has no branch {base_branch or 'yet: it is empty'}")
    base = _base(repository["base"])
    files = await read_files(channel, repository["base"]["target"], unique[:BATCH], scope=Scope.BUMP)
    files |= await files_at(channel, base.commit, unique[BATCH:], scope=Scope.BUMP)
    branch_ref = repository["branch"]
    return BumpFacts(
        repository_node=repository["id"],
        full_name=repository["nameWithOwner"],
        default_branch=repository["default"]["name"],
        base=base,
        policy=await policy_blob(channel, repository["default"]["target"]["policy"], scope=Scope.BUMP),
        files=files,
        branch_head=None if branch_ref is None else _commit(branch_ref["target"]),
        pull_requests=_pull_requests(repository),
    )


def _variables(base_branch: str | None, branch: str, paths: Sequence[str]) -> dict[str, str]:
    named = {} if base_branch is None else {"base": f"refs/heads/{base_branch}"}
    names = {"policy": POLICY_PATH, "branch": f"refs/heads/{branch}", "branchName": branch}
    return names | named | path_variables(paths)


def _base(ref: dict[str, Any]) -> Base:
    return Base(ref["name"], ref["target"]["oid"], ref["target"]["tree"]["oid"])


def _commit(target: dict[str, Any]) -> CommitFacts:
    login = git_author_login(target["author"])
    return CommitFacts(
        oid=target["oid"],
        tree=target["tree"]["oid"],
        message=target["message"],
        author_login=login,
        author_is_bot=is_bot(login),
        verified=signed_by_github(target),
        parents=tuple(parent["oid"] for parent in target["parents"]["nodes"]),
        changed_files=target["changedFilesIfAvailable"],
    )


def _pull_requests(repository: dict[str, Any]) -> tuple[PullRequestFacts, ...]:
    """Join the lists: forks of strangers may fill the one by name, and those of the branch have only few.

    Those of the branch go last and win, because they tell the commits.
    """
    branch = repository["branch"] or {}
    of_branch = [
        node for name in ("ended", "associatedPullRequests") for node in branch.get(name, {"nodes": []})["nodes"]
    ]
    nodes = [*repository["pullRequests"]["nodes"], *of_branch]
    found = {node["number"]: node for node in nodes if node is not None and not node["isCrossRepository"]}
    return tuple(_pull_request(found[number]) for number in sorted(found, reverse=True))


def _pull_request(node: dict[str, Any]) -> PullRequestFacts:
    commits, total = pull_request_commits(node.get("newest"))
    return PullRequestFacts(
        number=node["number"],
        node=node["id"],
        state=PullRequestState(node["state"]),
        head=node["headRefOid"],
        base_branch=node["baseRefName"],
        author_login=actor_login(node["author"]),
        title=node["title"],
        body=node["body"],
        url=node["url"],
        merged=node["merged"],
        commits=commits,
        commits_total=total,
        conflicts=node.get("mergeable") == Mergeable.CONFLICTING.value,
    )
