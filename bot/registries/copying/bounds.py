"""How much one copy may be: manifests, their bytes and their blobs, of the image and of all that is attached to it."""

from collections.abc import Iterable
from typing import Final

from bot.registries.errors import InvalidAnswer

MOST_MANIFESTS: Final = 1_500
MOST_BLOBS: Final = 5_000
LARGEST_MANIFESTS: Final = 32 * 1024 * 1024
LARGEST_BLOBS: Final = 1024**4


class Bounds:
    """Counts what the source of one copy sent; each count raises InvalidAnswer where all together are too many."""

    def __init__(self, host: str) -> None:
        """host: of the source."""
        self._host = host
        self._manifests = 0
        self._size = 0
        self._blobs: dict[str, int] = {}
        self._size_of_blobs = 0

    def read(self, size: int) -> None:
        """Count the bytes of a list or a manifest."""
        self._size += size
        if self._size > LARGEST_MANIFESTS:
            self._refuse(f"more than {LARGEST_MANIFESTS:,} bytes of manifests")

    def manifest(self, size: int) -> None:
        """Count a manifest of so many bytes."""
        self.read(size)
        self._manifests += 1
        if self._manifests > MOST_MANIFESTS:
            self._refuse(f"more than {MOST_MANIFESTS:,} manifests")

    def blobs(self, named: Iterable[tuple[str, int]]) -> None:
        """Count the blobs that a manifest names by digest and size, each once; no blob has two sizes."""
        for digest, size in named:
            if digest not in self._blobs:
                self._blobs[digest] = size
                self._size_of_blobs += size
            elif self._blobs[digest] != size:
                raise InvalidAnswer(self._host, f"names {digest} with two sizes")
        if len(self._blobs) > MOST_BLOBS:
            self._refuse(f"more than {MOST_BLOBS:,} layers")
        if self._size_of_blobs > LARGEST_BLOBS:
            self._refuse(f"more than {LARGEST_BLOBS:,} bytes of layers")

    def _refuse(self, what: str) -> None:
        raise InvalidAnswer(self._host, f"has {what} in one image and what is attached to it, which is too much")
