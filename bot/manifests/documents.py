"""Cut a file into its documents by a look at the bytes, so that only those that can matter are parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.source import Source, Stretch


class Document(NamedTuple):
    """A document, or some that cannot be cut apart: the stretch of the file, and the number of the first, from 0."""

    stretch: Stretch
    number: int


def documents_in(source: Source) -> Iterator[Document]:
    """Give the documents of a file, in order."""
    yield Document(source.whole(), 0)
