"""Commits, folders and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.connections import page
from bot.sandbox.graphql.git_nodes import (
    BlobNode,
    CommitNode,
    SignatureNode,
    TreeEntryNode,
    TreeNode,
    commit_node,
    find_entry,
    find_object,
)
from bot.sandbox.graphql.resolving import Fields, attribute, constant, moment, timestamp

if TYPE_CHECKING:
    from bot.sandbox.git import Signature
    from bot.sandbox.graphql.git_nodes import GitNode
    from bot.sandbox.graphql.resolving import Call
    from bot.sandbox.model import Account

LONGEST_TEXT_BYTES = 512 * 1024
BINARY_PROBE_BYTES = 8000
SHORT_OID = 7


def _is_binary(blob: BlobNode, _: Call) -> bool:
    return b"\0" in blob.content[:BINARY_PROBE_BYTES]


def _is_truncated(blob: BlobNode, _: Call) -> bool:
    return len(blob.content) > LONGEST_TEXT_BYTES


def _text(blob: BlobNode, call: Call) -> str | None:
    """Give the text: null when the file is binary, cut when it is long, and lossy when it is not UTF-8."""
    return None if _is_binary(blob, call) else blob.content[:LONGEST_TEXT_BYTES].decode(errors="replace")


async def _entries(tree: TreeNode, _: Call) -> list[TreeEntryNode] | None:
    found = await tree.repository.git.entries(tree.oid)
    return None if found is None else [TreeEntryNode(tree.repository, entry, tree.path + entry.path) for entry in found]


def _mode(entry: TreeEntryNode, _: Call) -> int:
    return int(entry.entry.mode, 8)


async def _entry_object(entry: TreeEntryNode, call: Call) -> GitNode | None:
    return (
        None if entry.entry.kind == "commit" else await find_object(call, entry.repository, entry.entry.oid, entry.path)
    )


async def _entry_size(entry: TreeEntryNode, call: Call) -> int:
    if entry.entry.size is not None or entry.entry.kind != "blob":
        return entry.entry.size or 0
    blob = await find_object(call, entry.repository, entry.entry.oid)
    return len(blob.content) if isinstance(blob, BlobNode) else 0


async def _file(commit: CommitNode, call: Call) -> TreeEntryNode | None:
    return await find_entry(commit, call.arguments["path"])


def _commit_tree(commit: CommitNode, _: Call) -> TreeNode:
    return TreeNode(commit.repository, commit.commit.tree)


async def _parents(commit: CommitNode, call: Call) -> Any:
    found = [await commit_node(commit.repository, oid) for oid in commit.commit.parents]
    return page([parent for parent in found if parent], call, "parents")


async def _changed_files(commit: CommitNode, _: Call) -> int:
    """Count the files that differ from the first parent; of a first commit, all files."""
    git = commit.repository.git
    if commit.commit.parents:
        return len(await git.changes(commit.commit.parents[0], commit.oid))
    entries = await git.entries(commit.oid, recursive=True) or []
    return sum(entry.kind != "tree" for entry in entries)


async def _history(commit: CommitNode, call: Call) -> Any:
    found = await commit.repository.git.commits_between(None, commit.oid)
    nodes = [CommitNode(commit.repository, entry.oid, entry) for entry in reversed(found)]
    return page(nodes, call, "history")


def _signature(commit: CommitNode, _: Call) -> SignatureNode | None:
    """Give the signature: in the sandbox only GitHub itself signs."""
    return SignatureNode(commit.commit) if commit.oid in commit.repository.verified else None


def _signature_user(signature: Signature, call: Call) -> Account | None:
    return call.world.account_of_email(signature.email)


def _web_url(kind: str) -> Any:
    return lambda node, call: f"{call.world.url}/{node.repository.full_name}/{kind}/{node.oid}"


GIT_OBJECT: Fields = {
    "id": attribute("node_id"),
    "oid": attribute("oid"),
    "abbreviatedOid": lambda node, _: node.oid[:SHORT_OID],
    "repository": attribute("repository"),
    "commitUrl": _web_url("commit"),
}

OBJECT_TYPES: dict[str, Fields] = {
    "Blob": {
        **GIT_OBJECT,
        "byteSize": lambda blob, _: len(blob.content),
        "isBinary": _is_binary,
        "isTruncated": _is_truncated,
        "text": _text,
    },
    "Tree": {**GIT_OBJECT, "entries": _entries},
    "Tag": GIT_OBJECT,
    "TreeEntry": {
        "name": attribute("entry.name"),
        "path": attribute("path"),
        "mode": _mode,
        "type": attribute("entry.kind"),
        "oid": attribute("entry.oid"),
        "size": _entry_size,
        "object": _entry_object,
        "repository": attribute("repository"),
    },
    "Commit": {
        **GIT_OBJECT,
        "url": _web_url("commit"),
        "message": attribute("commit.message"),
        "messageHeadline": attribute("commit.headline"),
        "messageBody": attribute("commit.body"),
        "tree": _commit_tree,
        "parents": _parents,
        "author": attribute("commit.author"),
        "committer": attribute("commit.committer"),
        "authoredDate": lambda commit, _: timestamp(commit.commit.author.when),
        "committedDate": lambda commit, _: timestamp(commit.commit.committer.when),
        "changedFilesIfAvailable": _changed_files,
        "history": _history,
        "file": _file,
        "signature": _signature,
    },
    "GitActor": {
        "name": attribute("name"),
        "email": attribute("email"),
        "date": lambda signature, _: signature.when.isoformat(timespec="seconds"),
        "user": _signature_user,
    },
    "GpgSignature": {
        "isValid": constant(True),
        "state": constant("VALID"),
        "wasSignedByGitHub": constant(True),
        "email": attribute("commit.committer.email"),
        "verifiedAt": moment("commit.committer.when"),
    },
}
