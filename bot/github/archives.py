"""Many files of one commit in a single request: the tarball, read as a stream with caps."""

from __future__ import annotations

import asyncio
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any, Final

from bot.github.contents import blob_oid
from bot.github.errors import NotFound, UnexpectedAnswer
from bot.github.scopes import Scope
from bot.github.transport import Moved

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.github.channel import RepositoryChannel

LARGEST_ARCHIVE: Final = 1024 * 1024 * 1024
"""Bytes as they come over the wire."""
LARGEST_UNPACKED: Final = 8 * 1024 * 1024 * 1024
"""Bytes of the tar inside: everything is read, little is kept."""
LARGEST_FILE: Final = 16 * 1024 * 1024
LARGEST_SUM: Final = 512 * 1024 * 1024
_IN_MEMORY: Final = 16 * 1024 * 1024


async def archive(channel: RepositoryChannel, commit: str, wanted: Collection[str]) -> dict[str, bytes]:
    """Read files of a commit from its tarball. Paths that are no plain files in there are left out.

    Where `wanted` maps paths to blob ids, a file that is not that blob is left out too. GitHub keeps archives on
    another host, which gets no credential of ours. Raises UnexpectedAnswer beyond the caps of this module.
    """
    url = await _location(channel, commit)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as packed:
        async for chunk in channel.github.transport.download(url, largest=LARGEST_ARCHIVE):
            packed.write(chunk)
        packed.seek(0)
        return await asyncio.to_thread(_unpack, packed, wanted)


async def _location(channel: RepositoryChannel, commit: str) -> str:
    async def ask(token: str) -> str:
        for _ in range(2):
            path, variables = channel.address("/tarball/{commit}", {"commit": commit})
            try:
                return await transport.location_of(transport.url(path, variables), token=token)
            except Moved as moved:
                channel.moved(moved)
        raise NotFound(f"the archive of {channel.full_name} leads nowhere")

    transport = channel.github.transport
    return await channel.github.with_token(channel.access(Scope.READ), "core", ask)


class _Counted:
    """The unpacked bytes of a gzip stream, at most so many: a small archive may unpack to anything."""

    def __init__(self, packed: IO[bytes], largest: int) -> None:
        self._packed = packed
        self._left = largest
        self._inflate = zlib.decompressobj(wbits=31)
        self._waiting = b""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; fewer only at the end."""
        parts: list[bytes] = []
        while size > 0 and not self._inflate.eof:
            source = self._waiting or self._packed.read(64 * 1024)
            if not source:
                break
            part = self._inflate.decompress(source, size)
            self._waiting = self._inflate.unconsumed_tail
            parts.append(part)
            size -= len(part)
            self._left -= len(part)
            if self._left < 0:
                raise UnexpectedAnswer("the archive unpacks to more than this bot reads")
        return b"".join(parts)


def _unpack(packed: IO[bytes], wanted: Collection[str]) -> dict[str, bytes]:
    oids: Mapping[str, str] = wanted if isinstance(wanted, Mapping) else {}
    paths = frozenset(wanted)
    found: dict[str, bytes] = {}
    room = LARGEST_SUM
    try:
        source: Any = _Counted(packed, LARGEST_UNPACKED)
        with tarfile.open(fileobj=source, mode="r|") as tar:
            for member in tar:
                path = member.name.partition("/")[2]
                if not member.isreg() or path not in paths or member.size > LARGEST_FILE:
                    continue
                room -= member.size
                if room < 0:
                    raise UnexpectedAnswer("the wanted files of the archive are larger than this bot keeps")
                content = _content(tar, member)
                if path not in oids or blob_oid(content, oids[path]) == oids[path]:
                    found[path] = content
    except (tarfile.TarError, zlib.error, EOFError, ValueError) as problem:
        raise UnexpectedAnswer(f"the archive cannot be read: {type(problem).__name__}") from None
    return found


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return b"" if file is None else file.read()
