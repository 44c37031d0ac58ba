"""Many files of a few commits in one query: what a pull request changes, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bot.github import review_documents
from bot.github.contents import read_blob, text_content
from bot.github.errors import GitHubUnavailable, NotFound
from bot.github.files import TextBlob, mode_of
from bot.github.paths import askable
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.github.channel import RepositoryChannel

BATCH: Final = 600
"""Files in one query: 300 on both sides. Where they are too large for the ten seconds of GitHub, halves are asked."""

MOST_READ_ALONE: Final = 20
LARGEST_READ_ALONE: Final = 5 * 1024 * 1024
"""Bytes; larger files are no manifests."""

_REGULAR: Final = "100"


@dataclass(frozen=True, slots=True)
class _Wanted:
    commit: str
    path: str


@dataclass(slots=True)
class _Reader:
    """What one reading has come to: blobs that were read byte by byte, each once however often it stands somewhere."""

    channel: RepositoryChannel
    alone: dict[str, bytes] = field(default_factory=dict)

    async def blob(self, entry: dict[str, Any]) -> TextBlob:
        oid, mode, told = entry["oid"], mode_of(entry), entry["object"]
        if entry["type"] != "blob" or not mode.startswith(_REGULAR):
            return TextBlob(oid, None, mode)
        content = text_content(oid, told)
        if content is None:
            content = await self._alone(oid, (told or {}).get("byteSize") or 0)
        return TextBlob(oid, content, mode)

    async def _alone(self, oid: str, size: int) -> bytes | None:
        if oid not in self.alone:
            if len(self.alone) >= MOST_READ_ALONE or size > LARGEST_READ_ALONE:
                return None
            self.alone[oid] = await read_blob(self.channel, oid, scope=Scope.REVIEW)
        return self.alone[oid]


async def contents_at(
    channel: RepositoryChannel, wanted: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, TextBlob]]:
    """Read files of commits: commit id -> paths, and back commit id -> path -> file; one query up to 600 of both.

    Paths that are not there, or cannot be asked for (`askable`), are left out. What is no regular file has no content;
    nor has one that GitHub does not tell as text, if it is larger than 5 MiB or more than 20 such were read already.
    Raises NotFound where a commit is gone.
    """
    pairs = [_Wanted(commit, path) for commit, paths in wanted.items() for path in dict.fromkeys(paths)]
    pairs = sorted((pair for pair in pairs if askable(pair.path)), key=lambda pair: pair.path)
    found: dict[str, dict[str, TextBlob]] = {commit: {} for commit in wanted}
    reader = _Reader(channel)
    for start in range(0, len(pairs), BATCH):
        for pair, entry in await _entries(channel, pairs[start : start + BATCH]):
            found[pair.commit][pair.path] = await reader.blob(entry)
    return found


async def _entries(channel: RepositoryChannel, pairs: Sequence[_Wanted]) -> list[tuple[_Wanted, dict[str, Any]]]:
    """Ask for files; for halves of them where GitHub breaks over the whole."""
    try:
        return await _asked(channel, pairs)
    except GitHubUnavailable:
        if len(pairs) == 1:
            raise
        middle = len(pairs) // 2
        return [*await _entries(channel, pairs[:middle]), *await _entries(channel, pairs[middle:])]


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
