"""Keys that stand twice where rules looked: readers differ about which one counts, so nobody can tell what runs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.manifests import Skipped, SkipReason
from bot.manifests.tree import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import ManifestFile
    from bot.manifests.reading import ReadDocument
    from bot.manifests.tree import Node

_MOST: Final = 100


def doubled_in(file: ManifestFile) -> list[Skipped]:
    """List the keys that stand twice, by their second place: a hundred of a file at most.

    Ask after the rules: only mappings are looked at that they read.
    """
    documents = {id(pod.spec.document): pod.spec.document for pod in file.pods}
    found = [each for each in file.skipped if each.reason is SkipReason.DUPLICATE_KEY]
    found += (each for document in documents.values() for each in _doubled(file.path, document))
    return list({(each.line, each.message): each for each in islice(found, 2 * _MOST)}.values())[:_MOST]


def _doubled(path: str, document: ReadDocument) -> Iterator[Skipped]:
    waiting: list[Node | None] = list(document.roots)
    count = 0
    while waiting and count < _MOST:
        node = waiting.pop()
        if isinstance(node, Mapping | Sequence):
            waiting += node.children
        if isinstance(node, Mapping) and node.known is not None:
            for key, line in node.known.twice.items():
                count += 1
                message = f"the key {quoted(key)} stands twice in one mapping"
                yield Skipped(path, document.stretch.line_in_file(line), SkipReason.DUPLICATE_KEY, message)
