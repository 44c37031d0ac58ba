"""What a pull request changes: its manifests as they are at the merge base and at the head, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.github import FileStatus
from bot.manifests import editable, may_hold_images
from bot.policies import POLICY_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.github import ChangedFile, Comparison, RepositoryClient, TextBlob

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of manifests that one review looks at."""

_NO_FILE: Final = "it is no plain file"
_NOT_TEXT: Final = "GitHub gave no text of it"
_TOO_MUCH: Final = "the pull request changes more than one review looks at"


@dataclass(frozen=True, slots=True)
class Change:
    """What lies between a merge base and a head.

    `before` and `after` are contents by the paths of their time; `renamed` leads from a path at the head to the one
    before. `patches` hold the hunks that GitHub told, by path. `policy` is the policy file at the head: None where it
    is as at the merge base, "" where it is gone. `unread` are manifests that could not be read, each with the reason.
    `complete` is False where more files changed than GitHub tells.
    """

    merge_base: str
    head: str
    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    patches: Mapping[str, str | None] = field(default_factory=dict)
    policy: str | None = None
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
    manifests = [file for file in comparison.files if _is_manifest(file)]
    policy = [file for file in comparison.files if POLICY_PATH in {file.path, file.previous}]
    old = [_before(file) for file in manifests if file.status is not FileStatus.ADDED]
    new = [file.path for file in (*manifests, *policy) if file.status is not FileStatus.REMOVED]
    wanted = {comparison.merge_base: old, head: new}
    found = await client.contents_at({commit: paths for commit, paths in wanted.items() if paths})
    return _put_together(comparison, head, manifests, found, changes_policy=bool(policy))


def _is_manifest(file: ChangedFile) -> bool:
    return may_hold_images(file.path) or (bool(file.previous) and may_hold_images(file.previous))


def _before(file: ChangedFile) -> str:
    return file.previous or file.path


def _put_together(
    comparison: Comparison,
    head: str,
    manifests: Iterable[ChangedFile],
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
        sides = [(before, _before(file), old.get(_before(file))), (after, file.path, new.get(file.path))]
        room -= sum(len(blob.content or b"") for _, _, blob in sides if blob is not None)
        for into, path, blob in sides:
            why = _TOO_MUCH if room < 0 else _why_not(path, blob)
            if blob is not None and blob.content is not None and not why:
                into[path] = blob.content
            elif blob is not None and into is after:
                unread.append((path, why))
    return Change(
        merge_base=comparison.merge_base,
        head=head,
        before=before,
        after=after,
        renamed={file.path: file.previous for file in manifests if file.status is FileStatus.RENAMED},
        patches={file.path: file.patch for file in comparison.files},
        policy=_policy(new) if changes_policy else None,
        unread=tuple(unread),
        complete=comparison.complete,
    )


def _why_not(path: str, blob: TextBlob | None) -> str:
    if blob is None:
        return ""
    if editable(path, blob.mode, workflows=True) is not None:
        return _NO_FILE
    return _NOT_TEXT if blob.content is None else ""


def _policy(new: Mapping[str, TextBlob]) -> str:
    blob = new.get(POLICY_PATH)
    return "" if blob is None or blob.content is None else blob.content.decode("utf-8", "replace")
