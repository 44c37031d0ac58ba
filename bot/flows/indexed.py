"""How the occurrences of a file are kept in the index, and read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import structlog
from pydantic import TypeAdapter

from bot.findings import surroundings_of
from bot.flows.review_known import kept_surroundings
from bot.images import ImageReference
from bot.manifests import Occurrence, Part, Span, find_images, follows_marker_alone, without_part
from bot.store import ImageUse, IndexedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.policies import ImagePolicy

MARKED: Final = ""
"""Stands for the registry's host of a use by which a marked value follows a policy, whatever image that is about.

The policy's name stands for the repository then.
"""

MARKERS: Final = "*"
"""Stands for the registry's host of a marker, whatever it asks for; the marker stands for the repository then."""

LONGEST_POLICY_NAME: Final = 255
"""Bytes; no policy that could be kept has a longer one."""

LARGEST_ROW: Final = 1024 * 1024
"""Bytes of what is kept of one file. Names of stages and objects are as long as strangers write them."""

UNKEPT: Final = "null"
"""Stands for what was found in a file where that is too much to be kept: whoever needs it reads the file."""

_OCCURRENCES = TypeAdapter(list[Occurrence])

log = structlog.get_logger()


class Known(NamedTuple):
    """What the index tells of where images stand. `unkept`: the policies of which it cannot tell everything."""

    occurrences: list[Occurrence]
    unkept: frozenset[str]


class ReadManifest(NamedTuple):
    """What the index keeps of a file: its images, and what it says of objects in other files."""

    occurrences: list[Occurrence]
    surroundings: str


def read_manifests(contents: Mapping[str, bytes]) -> dict[str, ReadManifest]:
    """Read several files, by path."""
    return {
        path: ReadManifest(find_images(path, content), kept_surroundings(surroundings_of(path, content)))
        for path, content in contents.items()
    }


def indexed_file(path: str, blob: str, occurrences: Sequence[Occurrence], surroundings: str = "") -> IndexedFile:
    """Make the row that stands for one file in the index. It stays small whatever the file holds."""
    uses = {use for found in occurrences for use in _uses(found)}
    ordered = sorted(uses, key=lambda use: (use.host, use.repository, use.tag or "", use.digest or ""))
    kept = _kept(occurrences)
    if kept == UNKEPT:
        log.warning("file.not_kept", path=path, occurrences=len(occurrences))
    return IndexedFile(path, blob, tuple(ordered), kept, surroundings if len(surroundings) <= LARGEST_ROW else "")


def _kept(occurrences: Sequence[Occurrence]) -> str:
    """Write occurrences as the index keeps them. Their texts are counted first: writing them may take long already."""
    texts = (
        text for found in occurrences for text in (found.path, found.text, found.name, found.container, found.field)
    )
    if sum(map(len, texts)) > LARGEST_ROW:
        return UNKEPT
    written = _OCCURRENCES.dump_json(list(occurrences))
    return written.decode() if len(written) <= LARGEST_ROW else UNKEPT


def used_by(occurrences: Iterable[Occurrence]) -> set[str]:
    """Name what occurrences use: images as "host/repository", and policies that are followed by their markers alone."""
    return {name_of(use) for found in occurrences for use in _uses(found)}


def is_image(host: str) -> bool:
    """Whether a use is that of an image, and its host a registry's."""
    return host not in {MARKED, MARKERS}


def marked_lines(file: IndexedFile, marker: str) -> list[int]:
    """List the lines (from 1) of a file in which a marker stands; the first, if the index tells no more of the file."""
    if file.occurrences == UNKEPT:
        return [1]
    return [found.line for found in _OCCURRENCES.validate_json(file.occurrences) if found.marker == marker]


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


async def occurrences_of(parts: Parts, repository: int, policies: Sequence[ImagePolicy]) -> Known:
    """Read from the index where the images of policies stand in a repository, and what their markers name."""
    wanted = {policy.name: wanted_by(policy) for policy in policies}
    occurrences: list[Occurrence] = []
    unkept: set[str] = set()
    for file in await files_of(parts, repository, policies):
        if file.occurrences == UNKEPT:
            uses = {name_of(use) for use in file.images}
            unkept |= {policy for policy, names in wanted.items() if not names.isdisjoint(uses)}
            occurrences += (_stand_in(file.path, use) for use in file.images if is_image(use.host))
        else:
            occurrences += _OCCURRENCES.validate_json(file.occurrences)
    asked = frozenset().union(*wanted.values())
    return Known([each for each in occurrences if not asked.isdisjoint(used_by([each]))], frozenset(unkept))


def _stand_in(path: str, use: ImageUse) -> Occurrence:
    """Tell of an image in a file of which nothing else is kept: enough to decide, and to see that a digest moved."""
    name = f"{use.host}/{use.repository}"
    reference = ImageReference(use.host, use.repository, use.tag, use.digest, name)
    return Occurrence(path, reference, name, "", "", "", "", "", 0, parts={Part.WHOLE: Span(0, 0)})


def _uses(found: Occurrence) -> list[ImageUse]:
    uses: list[ImageUse] = []
    if found.reference is not None:
        reference = found.reference
        uses.append(ImageUse(reference.host, reference.repository, reference.tag, reference.digest))
    if found.marker is not None and _may_name_policy(found.marker):
        uses.append(ImageUse(MARKERS, found.marker, None, None))
    if found.marker is not None and follows_marker_alone(found):
        names = {found.marker, without_part(found.marker)}
        uses += [ImageUse(MARKED, name, None, None) for name in sorted(names) if _may_name_policy(name)]
    return uses


def _may_name_policy(name: str) -> bool:
    return len(name.encode(errors="replace")) <= LONGEST_POLICY_NAME
