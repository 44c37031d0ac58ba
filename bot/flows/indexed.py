"""How the occurrences of a file are kept in the index, and read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from bot.manifests import Occurrence
from bot.store import ImageUse, IndexedFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts

_OCCURRENCES = TypeAdapter(list[Occurrence])


def indexed_file(path: str, blob: str, occurrences: Sequence[Occurrence]) -> IndexedFile:
    """Make the row that stands for one file in the index."""
    uses = {
        ImageUse(found.reference.host, found.reference.repository, found.reference.tag, found.reference.digest)
        for found in occurrences
        if found.reference is not None
    }
    ordered = sorted(uses, key=lambda use: (use.host, use.repository, use.tag or "", use.digest or ""))
    return IndexedFile(path, blob, tuple(ordered), _OCCURRENCES.dump_json(list(occurrences)).decode())


async def occurrences_of_image(parts: Parts, repository: int, host: str, image: str) -> list[Occurrence]:
    """Read from the index where an image stands in a repository."""
    files = await parts.store.index.files_using(repository, host, image)
    found = [occurrence for file in files for occurrence in _OCCURRENCES.validate_json(file.occurrences)]
    return [
        item for item in found if item.reference and (item.reference.host, item.reference.repository) == (host, image)
    ]
