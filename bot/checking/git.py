"""Read commits of a checkout by git, which runs nothing that the checkout names: no hook, no filter, no helper."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.explaining.mistakes import Mistake
from bot.explaining.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

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
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    # Nothing is fetched that a partial clone left out: how to fetch is told by the repository.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
_OF_THE_USER: Final = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CEILING_DIRECTORIES"})
_SECONDS: Final = 300
_LONGEST_REASON: Final = 300
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
class Git:
    """Asks git about the checkout that a folder lies in; all paths are those below the folder."""

    folder: Path

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

    def listed(self) -> frozenset[str]:
        """List the files of the folder that git knows of or does not ignore. Raises GitRefused."""
        listed = self._parted("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return frozenset(map(os.fsdecode, listed))

    def renames(self, one: str, other: str) -> dict[str, str]:
        """Tell which files were renamed between two commits: new path to old path. Raises GitRefused."""
        parts = self._parted(
            *("diff-tree", "-r", "-z", "-M", "--diff-filter=R", "--name-status", "--relative"),
            *("--no-ext-diff", "--no-textconv", "--ignore-submodules", one, other),
        )
        found = {}
        for status in parts:
            old, new = next(parts), next(parts)
            if status.startswith(b"R"):
                found[os.fsdecode(new)] = os.fsdecode(old)
        return found

    def contents(self, oids: Iterable[str]) -> dict[str, bytes]:
        """Read blobs by their ids. One that is not here is left out. Raises GitRefused."""
        wanted = list(dict.fromkeys(oids))
        if not wanted:
            return {}
        asked = "".join(f"{oid}\n" for oid in wanted).encode()
        return dict(_batch(self._said("cat-file", "--batch", given=asked)))

    def _parted(self, *words: str) -> Iterator[bytes]:
        return iter(self._said(*words).split(b"\0")[:-1])

    def _said(self, *words: str, given: bytes = b"") -> bytes:
        command = ("git", *_OPTIONS, *words)
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed program, and no shell
                command,
                cwd=self.folder,
                env=_environment(os.environ),
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


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Leave out what would lead git to another repository than that of the folder, as a hook's variables do."""
    kept = {name: value for name, value in given.items() if not name.startswith("GIT_") or name in _OF_THE_USER}
    return kept | _SET


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
        if len(words) == 3 and words[2].isdigit():  # noqa: PLR2004 - an id, a type and a size
            size = int(words[2])
            yield words[0].decode(), answer[at : at + size]
            at += size + 1
