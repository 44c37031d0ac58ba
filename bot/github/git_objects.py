"""A commit made from git's own objects, which keeps the modes of files and stands on no branch yet.

GitHub signs a commit of an App that names neither author nor committer, and makes the App its author:
https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification,
"Signature verification for bots".
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import UnexpectedAnswer, Unprocessable
from bot.github.scopes import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.github.channel import RepositoryChannel
    from bot.github.requests import CommitText

PLAIN: Final = "100644"
"""The mode that `createCommitOnBranch` gives every file it writes."""

REQUESTS: Final = 2
"""What making a commit takes: its tree and itself. A file that is not UTF-8 takes one more."""


@dataclass(frozen=True, slots=True)
class NewCommit:
    """One commit on top of `parent`, whose tree (`tree`, "" asks for it) the files are laid upon."""

    parent: str
    tree: str
    files: Mapping[str, bytes]
    modes: Mapping[str, str]
    message: CommitText


def needs_modes(files: Mapping[str, bytes], modes: Mapping[str, str]) -> bool:
    """Tell whether one of these files has a mode that only a tree can keep."""
    return any(modes.get(path, PLAIN) != PLAIN for path in files)


async def create_commit(channel: RepositoryChannel, wanted: NewCommit) -> str:
    """Make a signed commit, inside a turn, and return its id. No branch moves.

    Raises Unprocessable where the files change nothing: a branch that goes there would be no different from its
    base, and GitHub closes such a branch's pull request for good.
    """
    below = wanted.tree or await _tree_of(channel, wanted)
    tree = await _create_tree(channel, wanted, below)
    if tree == below:
        raise Unprocessable(f"the new commit would change nothing of {wanted.parent}")
    data = {"message": _message(wanted.message), "tree": tree, "parents": [wanted.parent]}
    return await _created(channel, "/git/commits", wanted, data)


async def _tree_of(channel: RepositoryChannel, wanted: NewCommit) -> str:
    path, variables = "/git/commits/{commit}", {"commit": wanted.parent}
    answer = await channel.rest("GET", path, variables, scope=writing(wanted.files))
    tree = answer.data.get("tree") if isinstance(answer.data, dict) else None
    return _sha(tree, path)


async def _create_tree(channel: RepositoryChannel, wanted: NewCommit, below: str) -> str:
    entries = [await _entry(channel, wanted, path) for path in sorted(wanted.files)]
    return await _created(channel, "/git/trees", wanted, {"base_tree": below, "tree": entries})


async def _entry(channel: RepositoryChannel, wanted: NewCommit, path: str) -> dict[str, str]:
    """Write one entry of the tree. Its content travels as text, in one request with all others, where it is UTF-8."""
    content, entry = wanted.files[path], {"path": path, "mode": wanted.modes.get(path, PLAIN), "type": "blob"}
    try:
        return entry | {"content": content.decode()}
    except UnicodeDecodeError:
        blob = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
        return entry | {"sha": await _created(channel, "/git/blobs", wanted, blob)}


async def _created(channel: RepositoryChannel, path: str, wanted: NewCommit, data: dict[str, Any]) -> str:
    answer = await channel.rest("POST", path, scope=writing(wanted.files), data=data)
    return _sha(answer.data, path)


def _sha(made: Any, path: str) -> str:
    sha = made.get("sha") if isinstance(made, dict) else None
    if not isinstance(sha, str) or not sha:
        raise UnexpectedAnswer(f"the answer of {path} names no object")
    return sha


def _message(message: CommitText) -> str:
    return f"{message.headline}\n\n{message.body}".strip()
