"""What a pull request changes: its manifests as they are at the merge base and at the head, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.github import FileStatus
from bot.manifests import editable, has_unsafe_path, may_hold_images
from bot.policies import POLICY_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.github import ChangedFile, Comparison, RepositoryClient, TextBlob

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of manifests that one review looks at."""

_NO_FILE: Final = "it is no plain file"
_NOT_TEXT: Final = "GitHub gave no text of it"
_TOO_MUCH: Final = "the pull request changes more than one review looks at"
_UNSAFE: Final = "its path is not everywhere the same one, as there is a backslash in it or an odd step"
_NO_TEXT: Final = "the file is no text that can be read: a symbolic link, a folder, or too large"


@dataclass(frozen=True, slots=True)
class ChangedPolicy:
    """The policy file as it is at a head, where it is another than at the merge base.

    `text` is None where the file is gone, and where it cannot be read: then `problem` says in a sentence why.
    """

    text: str | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What lies between a merge base and a head.

    `before` and `after` are contents by the paths of their time; `renamed` leads from a path at the head to the one
    before. `patches` hold the hunks that GitHub told, by path. `policy` is the policy file at the head, None where it
    is as at the merge base. `unread` are manifests that could not be read, each with the reason. `complete` is False
    where more files changed than GitHub tells.
    """

    merge_base: str
    head: str
    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    patches: Mapping[str, str | None] = field(default_factory=dict)
    policy: ChangedPolicy | None = None
    unread: tuple[tuple[str, str], ...] = ()
    complete: bool = True

    @property
    def size(self) -> int:
        """Bytes on both sides."""
        return sum(map(len, self.before.values())) + sum(map(len, self.after.values()))

    @property
    def paths(self) -> frozenset[str]:
        """All paths whose files are others than at the merge base, those before renames too."""
        return frozenset((*self.before, *self.after, *self.renamed.values()))


async def changed(client: RepositoryClient, base: str, head: str) -> Change:
    """Read what lies between the merge base of two commits and the second one. Raises NotFound where one is gone."""
    comparison = await client.compare(base, head)
    manifests = [file for file in comparison.files if _before(file) is not None or _after(file) is not None]
    changes_policy = any(_is_policy(file) for file in comparison.files)
    old = [path for path in map(_before, manifests) if path is not None]
    new = [path for path in map(_after, manifests) if path is not None]
    wanted = {comparison.merge_base: old, head: [*new, POLICY_PATH] if changes_policy else new}
    found = await client.contents_at({commit: paths for commit, paths in wanted.items() if paths})
    return _put_together(comparison, head, manifests, found, changes_policy=changes_policy)


def _before(file: ChangedFile) -> str | None:
    """Give the path of the manifest that a file was, None where there was none: what was no manifest had no findings.

    A copy was nothing before; what it was made from still stands.
    """
    if file.status in {FileStatus.ADDED, FileStatus.COPIED}:
        return None
    path = file.previous or file.path
    return path if may_hold_images(path) else None


def _after(file: ChangedFile) -> str | None:
    """Give the path of the manifest that a file is now, None where it is none."""
    return file.path if file.status is not FileStatus.REMOVED and may_hold_images(file.path) else None


def _is_policy(file: ChangedFile) -> bool:
    was_moved = file.status is FileStatus.RENAMED and file.previous == POLICY_PATH
    return file.path == POLICY_PATH or was_moved


def _put_together(
    comparison: Comparison,
    head: str,
    manifests: Sequence[ChangedFile],
    found: Mapping[str, Mapping[str, TextBlob]],
    *,
    changes_policy: bool,
) -> Change:
    old, new = found.get(comparison.merge_base, {}), found.get(head, {})
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    unread: list[tuple[str, str]] = []
    room = LARGEST
    for file in manifests:
        then, now = _before(file), _after(file)
        sides = [(before, then, old.get(then or "")), (after, now, new.get(now or ""))]
        room -= sum(len(blob.content or b"") for _, _, blob in sides if blob is not None)
        for into, path, blob in sides:
            if path is None or blob is None:
                continue
            why = _TOO_MUCH if room < 0 else _why_not(path, blob)
            if blob.content is not None and not why:
                into[path] = blob.content
            elif into is after:
                unread.append((path, why))
    return Change(
        merge_base=comparison.merge_base,
        head=head,
        before=before,
        after=after,
        renamed=_renamed(manifests),
        patches={file.path: file.patch for file in comparison.files},
        policy=_policy(new) if changes_policy else None,
        unread=(*unread, *((path, _UNSAFE) for path in _unsafe(comparison.files))),
        complete=comparison.complete,
    )


def _unsafe(files: Iterable[ChangedFile]) -> list[str]:
    """List the files that would be manifests, but for what their paths are called."""
    return [each.path for each in files if each.status is not FileStatus.REMOVED and has_unsafe_path(each.path)]


def _renamed(manifests: Iterable[ChangedFile]) -> dict[str, str]:
    """Tell the old paths of the manifests that were manifests before, by their new ones."""
    sides = ((_after(file), _before(file)) for file in manifests if file.status is FileStatus.RENAMED)
    return {now: then for now, then in sides if now is not None and then is not None}


def _why_not(path: str, blob: TextBlob) -> str:
    if editable(path, blob.mode, workflows=True) is not None:
        return _NO_FILE
    return _NOT_TEXT if blob.content is None else ""


def _policy(new: Mapping[str, TextBlob]) -> ChangedPolicy:
    blob = new.get(POLICY_PATH)
    if blob is None:
        return ChangedPolicy()
    if blob.content is None:
        return ChangedPolicy(problem=_NO_TEXT)
    return ChangedPolicy(blob.content.decode("utf-8", "replace"))
