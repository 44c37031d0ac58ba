"""Many files of a few commits in one query: what a pull request changes, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.github import review_documents
from bot.github.contents import read_blob, text_content
from bot.github.errors import GitHubUnavailable, NotFound, UnexpectedAnswer
from bot.github.files import TextBlob, mode_of
from bot.github.paths import askable
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.github.channel import RepositoryChannel

BATCH: Final = 600
"""Files in one query: 300 on both sides. Where that is more than GitHub answers at once, halves are asked."""

MOST_READ_ALONE: Final = 20
LARGEST_READ_ALONE: Final = 5 * 1024 * 1024
"""Bytes; larger files are no manifests."""

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of all contents together: whoever opens a pull request decides how large its files are."""

_REGULAR: Final = "100"


@dataclass(frozen=True, slots=True)
class _Wanted:
    commit: str
    path: str


async def contents_at(
    channel: RepositoryChannel, wanted: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, TextBlob]]:
    """Read files of commits: commit id -> paths, and back commit id -> path -> file; one query up to 600 files.

    Paths that are not there, or cannot be asked for (`askable`), are left out. `content` is None of what is no regular
    file; of one that GitHub does not tell as text, if it is larger than 5 MiB or more than 20 such were read; and of
    all beyond 64 MiB together. Raises NotFound where a commit is gone.
    """
    pairs = [_Wanted(commit, path) for commit, paths in wanted.items() for path in dict.fromkeys(paths)]
    pairs = sorted((pair for pair in pairs if askable(pair.path)), key=lambda pair: pair.path)
    reading = _Reading(channel, {commit: {} for commit in wanted})
    for start in range(0, len(pairs), BATCH):
        await reading.read(pairs[start : start + BATCH])
    return reading.found


@dataclass(slots=True)
class _Reading:
    """What one reading has found, and what it may still read. Equal blobs are held, and read alone, only once."""

    channel: RepositoryChannel
    found: dict[str, dict[str, TextBlob]]
    contents: dict[str, bytes] = field(default_factory=dict)
    read_alone: int = 0
    size: int = 0

    async def read(self, pairs: Sequence[_Wanted]) -> None:
        """Read files; halves of them where GitHub breaks over the whole, or answers more than we take."""
        try:
            entries = await _asked(self.channel, pairs)
        except (GitHubUnavailable, UnexpectedAnswer):
            if len(pairs) == 1:
                raise
            middle = len(pairs) // 2
            await self.read(pairs[:middle])
            await self.read(pairs[middle:])
            return
        for pair, entry in entries:
            self.found[pair.commit][pair.path] = await self._file(entry)

    async def _file(self, entry: dict[str, Any]) -> TextBlob:
        oid, mode = entry["oid"], mode_of(entry)
        if entry["type"] != "blob" or not mode.startswith(_REGULAR):
            return TextBlob(oid, None, mode)
        if oid not in self.contents and self.size < MOST_BYTES:
            content = text_content(oid, entry["object"])
            if content is None:
                content = await self._alone(oid, entry["object"] or {})
            if content is not None:
                self.contents[oid] = content
                self.size += len(content)
        return TextBlob(oid, self.contents.get(oid), mode)

    async def _alone(self, oid: str, blob: dict[str, Any]) -> bytes | None:
        if self.read_alone >= MOST_READ_ALONE or (blob.get("byteSize") or 0) > LARGEST_READ_ALONE:
            return None
        self.read_alone += 1
        return await read_blob(self.channel, oid, scope=Scope.REVIEW)


async def _asked(channel: RepositoryChannel, pairs: Sequence[_Wanted]) -> list[tuple[_Wanted, dict[str, Any]]]:
    paths = {path: index for index, path in enumerate(dict.fromkeys(pair.path for pair in pairs))}
    commits = list(dict.fromkeys(pair.commit for pair in pairs))
    document = review_documents.files_at_commits(
        [[paths[pair.path] for pair in pairs if pair.commit == commit] for commit in commits]
    )
    variables = {f"c{index}": commit for index, commit in enumerate(commits)}
    variables |= {f"p{index}": path for path, index in paths.items()}
    repository = await channel.query(document, variables, scope=Scope.REVIEW)
    told = {commit: repository[f"c{index}"] for index, commit in enumerate(commits)}
    for commit in (commit for commit, files in told.items() if not files):
        raise NotFound(f"{channel.full_name} has no commit {commit}")
    entries = ((pair, told[pair.commit].get(f"f{paths[pair.path]}")) for pair in pairs)
    return [(pair, entry) for pair, entry in entries if entry is not None]
