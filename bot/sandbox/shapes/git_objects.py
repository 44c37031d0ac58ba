"""Commits, trees, blobs, refs and file changes as JSON."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from bot.sandbox.shapes.basics import Json, moment, object_node
from bot.sandbox.shapes.people import maybe_user
from bot.sandbox.shapes.repositories import api_url, html_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.git import Commit, FileChange, GitObject, Signature, TreeEntry
    from bot.sandbox.model import Repository
    from bot.sandbox.world import World

LONGEST_PATCHES = 20_000  # lines of all files together


def ref(world: World, repository: Repository, name: str, oid: str, kind: str = "commit") -> Json:
    """Return GitHub's ``git-ref``."""
    url = f"{api_url(world, repository)}/git"
    target = {"sha": oid, "type": kind, "url": f"{url}/{kind}s/{oid}"}
    return {"ref": name, "node_id": object_node("REF", oid), "url": f"{url}/{name}", "object": target}


def blob(world: World, repository: Repository, found: GitObject) -> Json:
    """Return GitHub's ``blob``, the content in base64."""
    return {
        "sha": found.oid,
        "node_id": object_node("B", found.oid),
        "size": found.size,
        "url": f"{api_url(world, repository)}/git/blobs/{found.oid}",
        "content": base64.encodebytes(found.content).decode(),
        "encoding": "base64",
    }


def tree(world: World, repository: Repository, oid: str, entries: Sequence[TreeEntry]) -> Json:
    """Return GitHub's ``git-tree``, cut short at the repository's limit."""
    url = f"{api_url(world, repository)}/git"
    shown = entries[: repository.tree_limit]
    return {
        "sha": oid,
        "url": f"{url}/trees/{oid}",
        "tree": [_entry(url, entry) for entry in shown],
        "truncated": len(shown) < len(entries),
    }


def _entry(url: str, entry: TreeEntry) -> Json:
    facts = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.oid}
    if entry.size is not None:
        facts["size"] = entry.size  # type: ignore[assignment]
    if entry.kind == "commit":  # a submodule: GitHub shows no address
        return facts
    return {**facts, "url": f"{url}/{entry.kind}s/{entry.oid}"}


def git_commit(world: World, repository: Repository, commit: Commit) -> Json:
    """Return GitHub's ``git-commit``: the object alone."""
    url = f"{api_url(world, repository)}/git"
    return {
        "sha": commit.oid,
        "node_id": object_node("C", commit.oid),
        "url": f"{url}/commits/{commit.oid}",
        "html_url": f"{html_url(world, repository)}/commit/{commit.oid}",
        "author": _git_user(commit.author),
        "committer": _git_user(commit.committer),
        "message": commit.message,
        "tree": {"sha": commit.tree, "url": f"{url}/trees/{commit.tree}"},
        "parents": _parents(world, repository, commit, f"{url}/commits"),
        "verification": verification(repository, commit),
    }


def commit(world: World, repository: Repository, found: Commit) -> Json:
    """Return GitHub's ``commit``: the object with the accounts it belongs to."""
    url = f"{api_url(world, repository)}/commits"
    inner = git_commit(world, repository, found)
    kept = ("author", "committer", "message", "tree", "url", "verification")
    return {
        "sha": found.oid,
        "node_id": inner["node_id"],
        "url": f"{url}/{found.oid}",
        "html_url": inner["html_url"],
        "comments_url": f"{url}/{found.oid}/comments",
        "commit": {**{name: inner[name] for name in kept}, "comment_count": 0},
        "author": maybe_user(world, world.account_of_email(found.author.email)),
        "committer": maybe_user(world, world.account_of_email(found.committer.email)),
        "parents": _parents(world, repository, found, url),
    }


def push_commit(world: World, repository: Repository, found: Commit, changes: Sequence[FileChange]) -> Json:
    """Return a commit as push events show it."""
    paths = {status: [change.path for change in changes if change.status == status] for status in ("added", "removed")}
    others = [change.path for change in changes if change.status not in {"added", "removed"}]
    return {
        "id": found.oid,
        "tree_id": found.tree,
        "distinct": True,
        "message": found.message,
        "timestamp": moment(found.committer.when),
        "url": f"{html_url(world, repository)}/commit/{found.oid}",
        "author": _person(world, found.author),
        "committer": _person(world, found.committer),
        **paths,
        "modified": others,
    }


def head_commit(world: World, found: Commit) -> Json:
    """Return a commit as check suites and merge groups show it."""
    return {
        "id": found.oid,
        "tree_id": found.tree,
        "message": found.message,
        "timestamp": moment(found.committer.when),
        "author": _person(world, found.author),
        "committer": _person(world, found.committer),
    }


def file_changes(world: World, repository: Repository, head: str, changes: Sequence[FileChange]) -> list[Json]:
    """Return GitHub's ``diff-entry`` of each file; patches end where all together are longer than GitHub shows."""
    shown, lines = [], 0
    for change in changes:
        lines += (change.shown_patch or "").count("\n")
        shown.append(file_change(world, repository, head, change, with_patch=lines < LONGEST_PATCHES))
    return shown


def file_change(
    world: World, repository: Repository, head: str, change: FileChange, *, with_patch: bool = True
) -> Json:
    """Return GitHub's ``diff-entry``."""
    page, facts = html_url(world, repository), {}
    if change.previous_path:
        facts["previous_filename"] = change.previous_path
    if change.shown_patch is not None and with_patch:
        facts["patch"] = change.shown_patch
    return {
        "sha": change.oid,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": f"{page}/blob/{head}/{change.path}",
        "raw_url": f"{page}/raw/{head}/{change.path}",
        "contents_url": f"{api_url(world, repository)}/contents/{change.path}?ref={head}",
        **facts,
    }


def verification(repository: Repository, commit: Commit) -> Json:
    """Return whether GitHub signed a commit itself."""
    verified = commit.oid in repository.verified
    return {
        "verified": verified,
        "reason": "valid" if verified else "unsigned",
        "signature": "-----BEGIN PGP SIGNATURE-----\n" if verified else None,
        "payload": f"tree {commit.tree}\n" if verified else None,
        "verified_at": moment(commit.committer.when) if verified else None,
    }


def _git_user(signature: Signature) -> Json:
    return {"name": signature.name, "email": signature.email, "date": moment(signature.when)}


def _person(world: World, signature: Signature) -> Json:
    account = world.account_of_email(signature.email)
    person = {"name": signature.name, "email": signature.email, "date": moment(signature.when)}
    return {**person, "username": account.login} if account else person


def _parents(world: World, repository: Repository, commit: Commit, url: str) -> list[Json]:
    page = f"{html_url(world, repository)}/commit"
    return [{"sha": oid, "url": f"{url}/{oid}", "html_url": f"{page}/{oid}"} for oid in commit.parents]
