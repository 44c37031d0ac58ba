"""Git's own objects: refs, commits, trees and blobs."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from bot.sandbox.git import NewEntry, Signature
from bot.sandbox.model import GHOST_EMAIL
from bot.sandbox.refusals import Conflict, NotFound, Validation
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import git_objects
from bot.sandbox.shapes.repositories import api_url
from bot.sandbox.workflows import refuse_tree

if TYPE_CHECKING:
    from bot.sandbox.model import Repository
    from bot.sandbox.rest.call import Call

LARGEST_BLOB = 100 * 1024 * 1024


@operation("git/get-ref", "GET", "/repos/{owner}/{repo}/git/ref/{ref}")
async def get_ref(call: Call) -> Answer:
    """Show one ref."""
    repository = await _filled(call)
    name = f"refs/{call.values['ref']}"
    found = await repository.git.resolve(name)
    if found is None:
        raise NotFound
    return Answer(git_objects.ref(call.world, repository, name, found))


@operation("git/list-matching-refs", "GET", "/repos/{owner}/{repo}/git/matching-refs/{ref}")
async def list_refs(call: Call) -> Answer:
    """List the refs whose names begin so."""
    repository = call.repository("contents")
    start = f"refs/{call.values['ref']}"
    refs = await repository.git.refs(f"{start.rpartition('/')[0]}/")
    return Answer([git_objects.ref(call.world, repository, *ref) for ref in refs.items() if ref[0].startswith(start)])


@operation("git/create-ref", "POST", "/repos/{owner}/{repo}/git/refs")
async def create_ref(call: Call) -> Answer:
    """Make a ref at an existing commit."""
    repository, name, oid = call.repository("contents", "write"), call.required("ref", str), call.required("sha", str)
    await call.world.refs.create(repository, name, oid, call.actor)
    return Answer(git_objects.ref(call.world, repository, name, oid), status=201)


@operation("git/update-ref", "PATCH", "/repos/{owner}/{repo}/git/refs/{ref}")
async def update_ref(call: Call) -> Answer:
    """Move a ref; with ``force`` also where commits are left behind."""
    repository, oid = call.repository("contents", "write"), call.required("sha", str)
    name = f"refs/{call.values['ref']}"
    await call.world.refs.update(repository, name, oid, call.actor, force=bool(call.optional("force", bool)))
    return Answer(git_objects.ref(call.world, repository, name, oid))


@operation("git/delete-ref", "DELETE", "/repos/{owner}/{repo}/git/refs/{ref}")
async def delete_ref(call: Call) -> Answer:
    """Delete a ref."""
    repository = call.repository("contents", "write")
    await call.world.refs.delete(repository, f"refs/{call.values['ref']}", call.actor)
    return Answer(status=204)


@operation("git/get-commit", "GET", "/repos/{owner}/{repo}/git/commits/{commit_sha}")
async def get_commit(call: Call) -> Answer:
    """Show a commit object."""
    repository = await _filled(call)
    found = await repository.git.commit(call.values["commit_sha"])
    if found is None:
        raise NotFound
    return Answer(git_objects.git_commit(call.world, repository, found))


@operation("git/create-commit", "POST", "/repos/{owner}/{repo}/git/commits")
async def create_commit(call: Call) -> Answer:
    """Store a commit object; GitHub signs it when the caller names no author or committer."""
    repository, git = call.repository("contents", "write"), call.repository().git
    tree, message = call.required("tree", str), call.required("message", str)
    parents = call.optional("parents", list) or []
    for parent in parents:
        if await git.commit(str(parent)) is None:
            raise Validation("Parent SHA does not exist or is not a commit object")
    if await git.entries(tree) is None:
        raise Validation("Tree SHA does not exist")
    author, committer = _signatures(call)
    oid = await git.write_commit(tree, parents, message, author=author, committer=committer)
    if not {"author", "committer"} & set(call.body) and call.actor.type == "Bot":
        repository.verified.add(oid)
    made = await git.commit(oid)
    assert made is not None
    return Answer(git_objects.git_commit(call.world, repository, made), status=201)


@operation("git/get-tree", "GET", "/repos/{owner}/{repo}/git/trees/{tree_sha}")
async def get_tree(call: Call) -> Answer:
    """List a tree; ``recursive`` with any value lists all below it."""
    repository, revision = await _filled(call), call.values["tree_sha"]
    oid = await repository.git.resolve(f"{revision}^{{tree}}")
    entries = await repository.git.entries(oid, recursive="recursive" in call.query) if oid else None
    if oid is None or entries is None:
        raise NotFound
    return Answer(git_objects.tree(call.world, repository, oid, entries))


@operation("git/create-tree", "POST", "/repos/{owner}/{repo}/git/trees")
async def create_tree(call: Call) -> Answer:
    """Store a tree: a base tree with some entries set, from content or a sha, or removed (sha null)."""
    repository = call.repository("contents", "write")
    base = call.optional("base_tree", str)
    if base is not None and await repository.git.entries(base) is None:
        raise NotFound
    entries = [await _new_entry(repository, entry) for entry in call.required("tree", list)]
    refuse_tree(call.token, repository, [entry.path for entry in entries])
    oid = await repository.git.write_tree(base, entries)
    return Answer(git_objects.tree(call.world, repository, oid, await repository.git.entries(oid) or []), status=201)


@operation("git/get-blob", "GET", "/repos/{owner}/{repo}/git/blobs/{file_sha}")
async def get_blob(call: Call) -> Answer:
    """Show a blob: in base64, or its bytes for the raw media type."""
    repository = await _filled(call)
    found = await repository.git.read(call.values["file_sha"])
    if found is None or found.kind != "blob":
        raise NotFound
    if call.wants("raw"):
        return Answer(found.content, headers={"Content-Type": "application/vnd.github.raw; charset=utf-8"})
    return Answer(git_objects.blob(call.world, repository, found))


@operation("git/create-blob", "POST", "/repos/{owner}/{repo}/git/blobs")
async def create_blob(call: Call) -> Answer:
    """Store a blob."""
    repository, content = call.repository("contents", "write"), call.required("content", str)
    data = _decoded(content) if call.optional("encoding", str) == "base64" else content.encode()
    oid = await repository.git.write_blob(data)
    url = api_url(call.world, repository)
    return Answer({"sha": oid, "url": f"{url}/git/blobs/{oid}"}, status=201)


async def _filled(call: Call) -> Repository:
    """Return the repository of a read; raises Conflict where it has no commit yet."""
    repository = call.repository("contents")
    if not await repository.git.branches():
        raise Conflict("Git Repository is empty.")
    return repository


async def _new_entry(repository: Repository, entry: Any) -> NewEntry:
    """Return an entry as the body asks; raises Validation."""
    if not isinstance(entry, dict) or not entry.get("path") or not entry.get("mode"):
        raise Validation("Must supply a valid tree.mode and tree.path")
    if "content" in entry:
        oid = await repository.git.write_blob(str(entry["content"]).encode())
        return NewEntry(entry["path"], entry["mode"], oid)
    sha = entry.get("sha")
    if sha is not None and await repository.git.resolve(sha) != sha:
        raise Validation(f"tree.sha {sha} is not a valid object")
    return NewEntry(entry["path"], entry["mode"], sha)


def _signatures(call: Call) -> tuple[Signature, Signature]:
    """Return author and committer; GitHub commits in its own name for a bot."""
    refs, given = call.world.refs, call.optional("author", dict)
    author = _given(call, given) if given else refs.signature(call.actor)
    if "committer" in call.body:
        return author, _given(call, call.required("committer", dict))
    return author, refs.github_signature() if call.actor.type == "Bot" and not given else author


def _given(call: Call, person: dict[str, Any]) -> Signature:
    return Signature(str(person.get("name", "")), str(person.get("email", GHOST_EMAIL)), call.world.now())


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=False)
    except binascii.Error as invalid:
        raise Validation("content is not valid Base64") from invalid
