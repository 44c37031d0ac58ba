"""Files by path, whole archives, commits and comparisons."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from bot.sandbox.refusals import NotFound, Validation
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import git_objects
from bot.sandbox.shapes.basics import links
from bot.sandbox.shapes.repositories import api_url, html_url

if TYPE_CHECKING:
    from bot.sandbox.git import Commit, TreeEntry
    from bot.sandbox.model import Repository
    from bot.sandbox.rest.call import Call
    from bot.sandbox.world import World

LARGEST_CONTENT = 1024 * 1024
MOST_FILES = 300
MOST_COMMITS = 10_000


@operation("repos/get-content", "GET", "/repos/{owner}/{repo}/contents/{path}")
async def get_content(call: Call) -> Answer:
    """Show a file with its content in base64, or list a folder."""
    repository = call.repository("contents")
    ref, path = call.query.get("ref") or repository.default_branch, call.values["path"].strip("/")
    found = await repository.git.read(f"{ref}:{path}")
    if found is None:
        raise NotFound
    if found.kind == "tree":
        entries = await repository.git.entries(found.oid) or []
        return Answer([_item(call.world, repository, ref, path, entry) for entry in entries])
    if call.wants("raw"):
        return Answer(found.content, headers={"Content-Type": "application/vnd.github.raw; charset=utf-8"})
    small = found.size <= LARGEST_CONTENT
    content = {
        "encoding": "base64" if small else "none",
        "content": base64.encodebytes(found.content).decode() if small else "",
    }
    return Answer({**_facts(call.world, repository, ref, path, kind="file", oid=found.oid, size=found.size), **content})


@operation("repos/download-tarball-archive", "GET", "/repos/{owner}/{repo}/tarball/{ref}")
async def get_archive(call: Call) -> Answer:
    """Send the caller to another origin, where the archive needs no credential."""
    repository, ref = call.repository("contents"), call.values["ref"]
    commit = await repository.git.commit(ref)
    if commit is None:
        raise NotFound
    return Answer(status=302, headers={"Location": call.doors.downloads.offer(repository, commit.oid)})


@operation("repos/list-commits", "GET", "/repos/{owner}/{repo}/commits")
async def list_commits(call: Call) -> Answer:
    """List commits, newest first."""
    repository = call.repository("contents")
    head = await repository.git.commit(call.query.get("sha") or repository.default_branch)
    if head is None:
        raise NotFound
    found = await repository.git.commits_between(None, head.oid)
    return call.page([git_objects.commit(call.world, repository, commit) for commit in reversed(found)])


@operation("repos/get-commit", "GET", "/repos/{owner}/{repo}/commits/{ref}")
async def get_commit(call: Call) -> Answer:
    """Show a commit with the files it changed."""
    repository = call.repository("contents")
    commit = await repository.git.commit(call.values["ref"])
    if commit is None:
        raise Validation(f"No commit found for SHA: {call.values['ref']}")
    return Answer({**git_objects.commit(call.world, repository, commit), **await _changes(call, repository, commit)})


@operation("repos/compare-commits-with-basehead", "GET", "/repos/{owner}/{repo}/compare/{basehead}")
async def compare(call: Call) -> Answer:
    """Compare two revisions, written ``base...head``: commits by pages, files (at most 300) on the first of them."""
    repository = call.repository("contents")
    git, (base_name, _, head_name) = repository.git, call.values["basehead"].partition("...")
    base, head = await git.commit(base_name), await git.commit(head_name)
    fork_oid = await git.merge_base(base.oid, head.oid) if base and head else None
    fork = await git.commit(fork_oid) if fork_oid else None
    if base is None or head is None or fork is None:
        raise NotFound
    ahead, behind = await git.ahead(base.oid, head.oid), await git.ahead(head.oid, base.oid)
    changes = (await git.changes(fork.oid, head.oid))[:MOST_FILES] if call.query.get("page", "1") == "1" else []
    commits = await git.commits_between(base.oid, head.oid, MOST_COMMITS)
    shown = call.page([git_objects.commit(call.world, repository, commit) for commit in commits], size=250)
    body = {
        **_addresses(call, repository),
        "base_commit": git_objects.commit(call.world, repository, base),
        "merge_base_commit": git_objects.commit(call.world, repository, fork),
        "status": _status(ahead, behind),
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": shown.body,
        "files": git_objects.file_changes(call.world, repository, head.oid, changes),
    }
    return Answer(body, headers=shown.headers)


def _addresses(call: Call, repository: Repository) -> dict[str, str]:
    span = f"compare/{call.values['basehead']}"
    page = f"{html_url(call.world, repository)}/{span}"
    return {
        "url": f"{api_url(call.world, repository)}/{span}",
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
    }


def _status(ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    return "ahead" if ahead else "behind" if behind else "identical"


async def _changes(call: Call, repository: Repository, commit: Commit) -> dict[str, Any]:
    empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    base = commit.parents[0] if commit.parents else empty_tree
    changes = await repository.git.changes(base, commit.oid)
    added, removed = sum(change.additions for change in changes), sum(change.deletions for change in changes)
    return {
        "stats": {"total": added + removed, "additions": added, "deletions": removed},
        "files": git_objects.file_changes(call.world, repository, commit.oid, changes[:MOST_FILES]),
    }


def _item(world: World, repository: Repository, ref: str, folder: str, entry: TreeEntry) -> dict[str, Any]:
    path = f"{folder}/{entry.path}" if folder else entry.path
    kind = {"tree": "dir", "commit": "submodule"}.get(entry.kind, "file")
    return _facts(world, repository, ref, path, kind=kind, oid=entry.oid, size=entry.size or 0)


def _facts(
    world: World, repository: Repository, ref: str, path: str, *, kind: str, oid: str, size: int
) -> dict[str, Any]:
    url = f"{api_url(world, repository)}/contents/{path}?ref={ref}"
    folder = "tree" if kind == "dir" else "blob"
    git = f"{api_url(world, repository)}/git/{folder}s/{oid}"
    page = f"{html_url(world, repository)}/{folder}/{ref}/{path}"
    return {
        "type": kind,
        "size": size,
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": oid,
        "url": url,
        "git_url": git,
        "html_url": page,
        "download_url": None if kind == "dir" else f"{html_url(world, repository)}/raw/{ref}/{path}",
        "_links": {name: link["href"] for name, link in links(itself=url, git=git, html=page).items()},
    }
