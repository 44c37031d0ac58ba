"""Bytes as a registry keeps them: under their digest, with a type."""

import hashlib
import io
import json
import random
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self


class Blob(Protocol):
    """Bytes that a registry keeps under their digest."""

    @property
    def digest(self) -> str:
        """The address of the bytes: `sha256:` and 64 hexadecimal digits."""

    @property
    def content(self) -> bytes:
        """The bytes."""

    def descriptor(self) -> dict[str, Any]:
        """How a manifest names these bytes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that are at hand."""

    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """The address of the bytes: `sha256:` and 64 hexadecimal digits."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    def descriptor(self) -> dict[str, Any]:
        """How another manifest names these bytes."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.content)}


@dataclass(frozen=True, slots=True)
class GrownLayer:
    """A layer with one file of a given size, whose bytes are made each time they are wanted: images may be large."""

    media_type: str
    seed: str
    file_size: int
    digest: str
    size: int

    @classmethod
    def grow(cls, seed: str, file_size: int, media_type: str) -> Self:
        """Return the layer (a plain tar) whose file has `file_size` bytes; the same seed gives the same bytes."""
        content = _archive(seed, file_size)
        return cls(media_type, seed, file_size, f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))

    @property
    def content(self) -> bytes:
        """The bytes, made anew."""
        return _archive(self.seed, self.file_size)

    def descriptor(self) -> dict[str, Any]:
        """How a manifest names this layer."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": self.size}


def _archive(seed: str, size: int) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        entry = tarfile.TarInfo(f"file-{hashlib.sha256(seed.encode()).hexdigest()[:12]}")
        entry.size = size
        archive.addfile(entry, io.BytesIO(random.Random(seed).randbytes(size)))  # noqa: S311 - no secret, only bulk
    return output.getvalue()


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Return a value as the bytes of JSON without spaces."""
    return json.dumps(value, separators=(",", ":")).encode()
