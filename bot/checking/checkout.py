"""The manifests that are checked: those of a folder, or those that changed in it since a commit."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.checking.git import Blob, Git, GitRefused
from bot.checking.now import in_index, on_disk
from bot.explaining.folder import LARGEST_FILE, NotRead, NotReadReason, read_folder
from bot.explaining.mistakes import Mistake
from bot.explaining.shown import shown
from bot.findings import Surroundings, joined, surroundings_of
from bot.manifests import may_hold_images
from bot.policies import POLICY_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from bot.checking.now import Now

HEAD: Final = "HEAD"
"""The commit that is checked out."""

_REMOTE: Final = "origin/"
# A branch, a tag or an id, without what leads from one commit to another (gitrevisions(7)).
_NAME: Final = re.compile(r"(?!.*\.\.)[0-9A-Za-z_][0-9A-Za-z_./+-]*")
_SHALLOW: Final = "; the clone is shallow, and git fetch --unshallow brings the rest"
_SHA1: Final = 40


@dataclass(frozen=True, slots=True)
class Base:
    """What a folder is compared with: the revision as it was named, and the commit in which its history and ours part.

    `commit` is that of the revision itself. Both are "" where nothing was committed yet.
    """

    revision: str
    commit: str
    merge_base: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """What is checked.

    `files` are the manifests as they are now, path to content; with a base only those that changed since. `before`
    holds what these were then, and what is gone now, by the paths of that time; `renamed` gives the old path of a
    renamed file by its new one. `around` is what all other manifests say of their surroundings.
    """

    files: Mapping[str, bytes]
    not_read: tuple[NotRead, ...] = ()
    base: Base | None = None
    before: Mapping[str, bytes] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    around: Surroundings = field(default_factory=Surroundings)


def whole(root: Path, doing: Callable[[str], None]) -> Checkout:
    """Take every manifest below a folder."""
    folder = read_folder(root, doing)
    return Checkout(folder.files, folder.not_read)


def changed_since(root: Path, base: Base, git: Git, doing: Callable[[str], None], *, staged: bool = False) -> Checkout:
    """Take the manifests below a folder that are others than in the base, also those nobody committed yet.

    What git ignores is left out, and with `staged` all that is not in the index. Raises Mistake where the commits
    cannot be read.
    """
    try:
        now = in_index(git) if staged else on_disk(root, git, doing)
        doing("reading what changed")
        return _Changes(git, base, now).checkout()
    except GitRefused as refused:
        raise Mistake(f"git cannot read {shown(base.revision)}: {refused}") from None


def base_of(revision: str, git: Git) -> Base:
    """Find the commit that HEAD and a revision come from. Raises Mistake, which says what to do."""
    git.require_checkout()
    head, commit = git.commit(HEAD), git.commit(revision)
    if head is None and revision == HEAD:
        return Base(revision, "", "")
    if commit is None:
        raise Mistake(f"there is no commit {shown(revision)} here{_how_to_get(revision, git)}")
    if head is None:
        raise Mistake(f"nothing is committed here yet that could be compared with {shown(revision)}")
    merge_base = git.merge_base(commit, head)
    if merge_base is None:
        hint = _SHALLOW if git.is_shallow() else ""
        raise Mistake(f"{shown(revision)} and HEAD have no commit in common here{hint}")
    return Base(revision, commit, merge_base)


def _how_to_get(revision: str, git: Git) -> str:
    """Tell how to fetch what a revision names; "" where it is no name that another repository knows."""
    if _NAME.fullmatch(revision) and revision != HEAD:
        return f"; fetch it first: git fetch origin {revision.removeprefix(_REMOTE)}"
    return _SHALLOW if git.is_shallow() else ""


def policy_text_at(base: Base, git: Git) -> bytes | None:
    """Read the policy file of the base's own commit; None where it has none."""
    if not base.commit:
        return None
    try:
        blob = git.tree(base.commit).get(POLICY_PATH)
        return None if blob is None else git.contents([blob.oid]).get(blob.oid)
    except GitRefused as refused:
        raise Mistake(f"git cannot read {shown(base.revision)}: {refused}") from None


class _Changes:
    """Compares the files of a folder with those of a commit by the names that git gives to contents."""

    def __init__(self, git: Git, base: Base, now: Now) -> None:
        self._git = git
        self._base = base
        self._now = now.files
        self._not_read = now.not_read
        tree = git.tree(base.merge_base) if base.merge_base else {}
        self._then = {path: blob for path, blob in tree.items() if may_hold_images(path)}

    def checkout(self) -> Checkout:
        files = {path: content for path, content in self._now.items() if not self._is_same(path, content)}
        # A file that is there and cannot be read is not one that is gone.
        unread = {each.path for each in self._not_read}
        gone = [path for path in self._then if path not in self._now and not _is_below(path, unread)]
        renamed = self._renamed(files, set(gone))
        read = [path for path in (*files, *gone) if path in self._then]
        too_large = [path for path in read if self._then[path].size > LARGEST_FILE]
        before = self._contents(path for path in read if path not in too_large)
        around = joined(surroundings_of(path, self._now[path]) for path in self._now if path not in files)
        told = tuple(NotRead(path, NotReadReason.TOO_LARGE, _TOO_LARGE) for path in too_large)
        return Checkout(files, (*self._not_read, *told), self._base, before, renamed, around)

    def _is_same(self, path: str, content: bytes) -> bool:
        """Whether a file stands in the commit as it is, or with other line ends: git may write those by itself."""
        blob = self._then.get(path)
        if blob is None:
            return False
        return _is(blob, content) or (b"\r\n" in content and _is(blob, content.replace(b"\r\n", b"\n")))

    def _renamed(self, files: Mapping[str, bytes], gone: set[str]) -> dict[str, str]:
        """Tell the old paths of files: what git tells of its index, else files of the very same content."""
        new = [path for path in files if path not in self._then]
        told = self._git.renames(self._base.merge_base) if new and gone else {}
        found = {path: told[path] for path in new if told.get(path) in gone}
        left = {self._then[path].oid: path for path in sorted(gone - set(found.values()), reverse=True)}
        for path in new:
            if path not in found:
                name = _name(files[path], next(iter(left), ""))
                if name in left:
                    found[path] = left.pop(name)
        return found

    def _contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        wanted = {path: self._then[path].oid for path in paths}
        contents = self._git.contents(wanted.values())
        missing = [path for path, oid in wanted.items() if oid not in contents]
        if missing:
            raise GitRefused(f"the content of {shown(missing[0])} was left out of this clone")
        return {path: contents[oid] for path, oid in wanted.items()}


_TOO_LARGE: Final = f"it had more than {LARGEST_FILE:,} bytes in the base"


def _is(blob: Blob, content: bytes) -> bool:
    return _name(content, blob.oid) == blob.oid


def _name(content: bytes, like: str) -> str:
    """Name a content as git does, by the algorithm of another name."""
    algorithm = "sha1" if len(like) == _SHA1 else "sha256"
    hashed = hashlib.new(algorithm, b"blob %d\0" % len(content), usedforsecurity=False)
    hashed.update(content)
    return hashed.hexdigest()


def _is_below(path: str, folders: set[str]) -> bool:
    """Whether a path is one of these, or lies below one."""
    parts = path.split("/")
    return any("/".join(parts[:count]) in folders for count in range(1, len(parts) + 1))
