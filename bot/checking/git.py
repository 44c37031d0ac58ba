"""Read commits of a checkout by git, which runs nothing that the checkout names: no hook, no filter, no helper."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.explaining.mistakes import Mistake
from bot.explaining.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A repository inside of the folder that is checked must not be taken for it, nor a file that tells git what to run.
_OPTIONS: Final = (
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "diff.renameLimit=3000"),
)
_SET: Final = {
    "LC_ALL": "C",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    # Nothing is fetched that a partial clone left out: how to fetch is told by the repository.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
# Which checkouts are safe stands in the configuration of the user or of the machine, and nowhere else.
_OF_THE_USER: Final = frozenset(
    {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES"}
)
_SECONDS: Final = 300
_LONGEST_REASON: Final = 300
_WORDS: Final = 3
"""Those that `cat-file` answers with: an id, a type and a size."""

_PARTIAL: Final = "the clone is partial and lacks what stood there, and nothing is fetched here; clone without --filter"


class GitRefused(Exception):
    """Git ended with a code other than 0; the text is the last line that it said, safe for a terminal."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A regular file in a commit: its mode ("100644"), the id of its content, and how many bytes it has."""

    mode: str
    oid: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file in the index: the id of its content, "" while a merge of it is not resolved.

    `is_left_out`: it is not on the disk and nobody took it away, as in a sparse checkout.
    """

    path: str
    oid: str
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Git:
    """Asks git about the checkout that a folder lies in; all paths are those below the folder.

    `index_file` is the index that is read; None: that of the checkout.
    """

    folder: Path
    index_file: Path | None = None

    def committing(self, named: str | None) -> Git:
        """Read the index that a commit in the making has, which git names to a hook, if it is one of this checkout."""
        if not named:
            return self
        place = Path(named).resolve()
        own = Path(os.fsdecode(self._said("rev-parse", "--absolute-git-dir").rstrip(b"\n"))).resolve()
        return replace(self, index_file=place) if place.parent == own and place.is_file() else self

    def require_checkout(self) -> None:
        """Raises Mistake where git is not there, or where the folder is in no checkout."""
        try:
            inside = self._said("rev-parse", "--is-inside-work-tree").strip()
        except GitRefused as refused:
            raise Mistake(
                f"{shown(str(self.folder))} is not the checkout of a git repository, which --base needs: {refused}"
            ) from None
        if inside != b"true":
            raise Mistake(f"{shown(str(self.folder))} is no folder of a checkout, which --base needs")

    def commit(self, revision: str) -> str | None:
        """Give the id of the commit that a revision names; None where there is no such commit here."""
        if revision.startswith("-") or "\0" in revision:
            return None
        try:
            return self._said("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
        except GitRefused:
            return None

    def merge_base(self, one: str, other: str) -> str | None:
        """Give the commit in which two histories part; None where they have none in common here."""
        try:
            return self._said("merge-base", one, other).decode().strip() or None
        except GitRefused:
            return None

    def is_shallow(self) -> bool:
        """Whether the clone has only a part of the history."""
        return self._said("rev-parse", "--is-shallow-repository").strip() == b"true"

    def tree(self, commit: str) -> dict[str, Blob]:
        """List the files of a commit; links and submodules are left out. Raises GitRefused."""
        found = {}
        for line in self._parted("ls-tree", "-r", "-z", "--long", commit):
            about, _, path = line.partition(b"\t")
            mode, kind, oid, size = about.split()
            if kind == b"blob" and mode != b"120000":
                found[os.fsdecode(path)] = Blob(mode.decode(), oid.decode(), int(size))
        return found

    def index(self) -> tuple[Entry, ...]:
        """List the files of the folder that are in the index; links and submodules are left out. Raises GitRefused."""
        found: dict[str, Entry] = {}
        for line in self._parted("ls-files", "-z", "-t", "--cached", "--stage"):
            about, _, name = line.partition(b"\t")
            tag, mode, oid, stage = about.split()
            if mode.startswith(b"100"):
                path = os.fsdecode(name)
                found[path] = Entry(path, oid.decode() if stage == b"0" else "", tag == b"S")
        return tuple(found.values())

    def untracked(self) -> frozenset[str]:
        """List the files of the folder that git neither knows of nor ignores. Raises GitRefused."""
        return frozenset(map(os.fsdecode, self._parted("ls-files", "-z", "--others", "--exclude-standard")))

    def renames(self, since: str) -> dict[str, str]:
        """Tell which files have another name in the index than in a commit: new path to old. Raises GitRefused."""
        parts = self._parted(
            *("diff-index", "--cached", "-z", "-M", "--diff-filter=R", "--name-status", "--relative"),
            *("--no-ext-diff", "--no-textconv", "--ignore-submodules", since, "--"),
        )
        found = {}
        for status in parts:
            old, new = next(parts), next(parts)
            if status.startswith(b"R"):
                found[os.fsdecode(new)] = os.fsdecode(old)
        return found

    def sizes(self, oids: Iterable[str]) -> dict[str, int]:
        """Tell how many bytes blobs have. One that is not here is left out. Raises GitRefused."""
        answers = (line.split() for line in self._asked("--batch-check", oids).splitlines())
        return {words[0].decode(): int(words[2]) for words in answers if len(words) == _WORDS and words[2].isdigit()}

    def contents(self, oids: Iterable[str]) -> dict[str, bytes]:
        """Read blobs by their ids. One that is not here is left out. Raises GitRefused."""
        return dict(_batch(self._asked("--batch", oids)))

    def _asked(self, option: str, oids: Iterable[str]) -> bytes:
        wanted = "".join(f"{oid}\n" for oid in dict.fromkeys(oids)).encode()
        return self._said("cat-file", option, given=wanted) if wanted else b""

    def _parted(self, *words: str) -> Iterator[bytes]:
        return iter(self._said(*words).split(b"\0")[:-1])

    def _said(self, *words: str, given: bytes = b"") -> bytes:
        command = ("git", *_OPTIONS, *words)
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed program, and no shell
                command,
                cwd=self.folder,
                env=_environment(os.environ, self.index_file),
                input=given,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except FileNotFoundError:
            raise Mistake("--base needs git, and there is no program git on the path: install it") from None
        except subprocess.TimeoutExpired:
            raise Mistake(
                f"git {words[0]} did not end within {_SECONDS} seconds in {shown(str(self.folder))}"
            ) from None
        if ended.returncode:
            raise GitRefused(_reason(ended.stderr, ended.returncode))
        return ended.stdout


def _environment(given: Mapping[str, str], index_file: Path | None) -> dict[str, str]:
    """Leave out what would lead git to another repository than that of the folder, as a hook's variables do."""
    kept = {name: value for name, value in given.items() if not name.startswith("GIT_") or name in _OF_THE_USER}
    return kept | _SET | ({} if index_file is None else {"GIT_INDEX_FILE": str(index_file)})


def _reason(said: bytes, code: int) -> str:
    """Give the line in which git says why it ended, before which it may have warned of other things."""
    lines = said.decode(errors="replace").strip().splitlines()
    if any("lazy fetching" in line or "promisor" in line for line in lines):
        return _PARTIAL
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    told = [*fatal, *lines, f"git ended with the code {code}"]
    return shown(told[0])[:_LONGEST_REASON]


def _batch(answer: bytes) -> Iterator[tuple[str, bytes]]:
    """Read the answers of `cat-file --batch`: "oid type size", the content, and an end of line."""
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        at = end + 1
        if len(words) == _WORDS and words[2].isdigit():
            size = int(words[2])
            yield words[0].decode(), answer[at : at + size]
            at += size + 1
