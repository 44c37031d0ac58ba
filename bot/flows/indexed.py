"""How the occurrences of a file are kept in the index, and read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from bot.manifests import Occurrence, follows_marker_alone, without_part
from bot.store import ImageUse, IndexedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.flows.parts import Parts
    from bot.policies import ImagePolicy

MARKED: Final = ""
"""Stands for the registry's host of a use by which a marked value follows a policy, whatever image that is about.

The policy's name stands for the repository then.
"""

LONGEST_POLICY_NAME: Final = 255
"""Characters; no policy has a longer one."""

_OCCURRENCES = TypeAdapter(list[Occurrence])


def indexed_file(path: str, blob: str, occurrences: Sequence[Occurrence]) -> IndexedFile:
    """Make the row that stands for one file in the index."""
    uses = {use for found in occurrences for use in _uses(found)}
    ordered = sorted(uses, key=lambda use: (use.host, use.repository, use.tag or "", use.digest or ""))
    return IndexedFile(path, blob, tuple(ordered), _OCCURRENCES.dump_json(list(occurrences)).decode())


def used_by(occurrences: Iterable[Occurrence]) -> set[str]:
    """Name what occurrences use: images as "host/repository", and policies that are followed by their markers alone."""
    return {name_of(use) for found in occurrences for use in _uses(found)}


def name_of(use: ImageUse) -> str:
    """Write a use as one text, as `wanted_by` does."""
    return f"{use.host}/{use.repository}"


def wanted_by(policy: ImagePolicy) -> frozenset[str]:
    """Name the uses that concern a policy."""
    return frozenset({policy.image.name, f"{MARKED}/{policy.name}"})


async def files_of(parts: Parts, repository: int, policies: Iterable[ImagePolicy]) -> list[IndexedFile]:
    """Read from the index the files in which something may follow the policies, by path."""
    files: dict[str, IndexedFile] = {}
    for policy in policies:
        for host, name in ((policy.image.host, policy.image.repository), (MARKED, policy.name)):
            files |= {file.path: file for file in await parts.store.index.files_using(repository, host, name)}
    return [files[path] for path in sorted(files)]


async def occurrences_of(parts: Parts, repository: int, policies: Sequence[ImagePolicy]) -> list[Occurrence]:
    """Read from the index where the images of policies stand in a repository, and what their markers name."""
    wanted = frozenset().union(*(wanted_by(policy) for policy in policies))
    return [
        occurrence
        for file in await files_of(parts, repository, policies)
        for occurrence in _OCCURRENCES.validate_json(file.occurrences)
        if not wanted.isdisjoint(used_by([occurrence]))
    ]


def _uses(found: Occurrence) -> list[ImageUse]:
    uses: list[ImageUse] = []
    if found.reference is not None:
        reference = found.reference
        uses.append(ImageUse(reference.host, reference.repository, reference.tag, reference.digest))
    if found.marker is not None and len(found.marker) <= LONGEST_POLICY_NAME and follows_marker_alone(found):
        uses.append(ImageUse(MARKED, without_part(found.marker), None, None))
    return uses
