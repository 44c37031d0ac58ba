"""Everything a bump needs to know about a repository, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.bumps import PullRequestState
from bot.github import documents
from bot.github.actors import actor_login, git_author_login, is_bot
from bot.github.blobs import BATCH
from bot.github.contents import read_blob, text_content
from bot.github.errors import NotFound
from bot.github.heads import POLICY_PATH, policy_blob
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.github.channel import RepositoryChannel
    from bot.github.heads import PolicyBlob


@dataclass(frozen=True, slots=True)
class Base:
    """The branch a pull request goes to, and where it stands now."""

    branch: str
    commit: str
    tree: str


@dataclass(frozen=True, slots=True)
class TextBlob:
    """A file of the base. `content` is None where the entry is no file (folder, submodule); `mode` as git writes it."""

    oid: str
    content: bytes | None
    mode: str


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
    """A pull request from the bot's branch of this very repository, never one of a fork."""

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
    files = await _files(channel, repository["base"]["target"], unique[:BATCH])
    for start in range(BATCH, len(unique), BATCH):
        files |= await _more_files(channel, base.commit, unique[start : start + BATCH])
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
    wanted = {f"p{index}": path for index, path in enumerate(paths)}
    return {"policy": POLICY_PATH, "branch": f"refs/heads/{branch}", "branchName": branch, **named, **wanted}


def _base(ref: dict[str, Any]) -> Base:
    return Base(ref["name"], ref["target"]["oid"], ref["target"]["tree"]["oid"])


async def _more_files(channel: RepositoryChannel, commit: str, paths: Sequence[str]) -> dict[str, TextBlob]:
    variables = {"commit": commit} | {f"p{index}": path for index, path in enumerate(paths)}
    repository = await channel.query(documents.files_at_commit(len(paths)), variables, scope=Scope.BUMP)
    return await _files(channel, repository["commit"] or {}, paths)


async def _files(channel: RepositoryChannel, commit: dict[str, Any], paths: Sequence[str]) -> dict[str, TextBlob]:
    files: dict[str, TextBlob] = {}
    for index, path in enumerate(paths):
        entry = commit.get(f"f{index}")
        if entry is not None:
            files[path] = await _file(channel, entry)
    return files


async def _file(channel: RepositoryChannel, entry: dict[str, Any]) -> TextBlob:
    oid, mode = entry["oid"], f"{entry['mode']:06o}"
    if entry["type"] != "blob":
        return TextBlob(oid, None, mode)
    content = text_content(oid, entry["object"])
    if content is None:
        content = await read_blob(channel, oid, scope=Scope.BUMP)
    return TextBlob(oid, content, mode)


def _commit(target: dict[str, Any]) -> CommitFacts:
    login = git_author_login(target["author"])
    signature = target["signature"] or {}
    return CommitFacts(
        oid=target["oid"],
        tree=target["tree"]["oid"],
        message=target["message"],
        author_login=login,
        author_is_bot=is_bot(login),
        verified=bool(signature.get("isValid") and signature.get("wasSignedByGitHub")),
        parents=tuple(parent["oid"] for parent in target["parents"]["nodes"]),
        changed_files=target["changedFilesIfAvailable"],
    )


def _pull_requests(repository: dict[str, Any]) -> tuple[PullRequestFacts, ...]:
    """Join both lists: forks of strangers may fill the one by name, and the one of the branch has only the open."""
    of_branch = (repository["branch"] or {}).get("associatedPullRequests", {"nodes": []})["nodes"]
    nodes = [*of_branch, *repository["pullRequests"]["nodes"]]
    found = {node["number"]: node for node in nodes if node is not None and not node["isCrossRepository"]}
    return tuple(_pull_request(found[number]) for number in sorted(found, reverse=True))


def _pull_request(node: dict[str, Any]) -> PullRequestFacts:
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
    )
