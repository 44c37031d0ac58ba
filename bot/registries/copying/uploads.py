"""One blob into the target: a session, the bytes in one stream, the end of it only when the bytes were checked."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from yarl import URL

from bot.registries.copying.nodes import Blob
from bot.registries.copying.source import SourceBlob
from bot.registries.copying.writing import location, write
from bot.registries.errors import InvalidAnswer, RegistryError, RegistryUnavailable, RepositoryMissing, UploadBroken
from bot.registries.repository import LONGEST_WRITE_SECONDS, Repository, error_code

MOST_BREAKS = 4
BETWEEN_TRIES = 0.2
# Where bytes are put together or read once more at the end of an upload.
LONGEST_END_SECONDS = 600
TAKEN = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT})
# What ends an upload: OCI distribution specification 1.1, "Push a blob"; 204 is the word of older registries.
ENDED = frozenset({HTTPStatus.CREATED, HTTPStatus.NO_CONTENT})
LOST = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, HTTPStatus.CONFLICT})
# The bytes that a session has, the last of them counted from 0: OCI distribution specification 1.1, "Push a blob".
RANGE = re.compile(r"(?:bytes=)?0-(\d{1,18})")


class Upload:
    """The upload of one blob.

    The bytes go in one PATCH, as registries are used to; after a break the rest goes in one more. So no piece but the
    last is shorter than an OCI-Chunk-Min-Length may ask for.
    """

    def __init__(self, source: Repository, target: Repository, blob: Blob, count: Callable[[int], None]) -> None:
        """count: told of each piece that goes out."""
        self._target = target
        self._blob = blob
        self._bytes = SourceBlob(source, blob)
        self._count = count
        self._session: URL | None = None
        self._offset = 0
        self._breaks = 0

    async def run(self, session: URL | None = None) -> None:
        """Send the blob. session: one that the registry opened already.

        A break is taken up again where the registry says how far it got, else the blob is sent anew. Raises
        UploadBroken after a few, BlobMismatch, RegistryFull, PushRefused, UntrustedUpload and what reading raises.
        """
        self._session = session
        try:
            while not await self._attempt():
                self._breaks += 1
                if self._breaks > MOST_BREAKS:
                    raise UploadBroken(self._target.host, f"broke off an upload to {self._target.name} several times")
                await asyncio.sleep(BETWEEN_TRIES * 2**self._breaks)
        except RegistryError:
            await self._give_up()
            raise
        finally:
            self._bytes.close()

    async def _attempt(self) -> bool:
        """Go as far as it goes, and return whether the target has the blob now; it ends one only that was checked."""
        try:
            if self._session is None:
                self._session, self._offset = await open_session(self._target), 0
            return await self._send() and self._bytes.checked and await self._end()
        except RegistryUnavailable:
            if self._bytes.failure:
                raise self._bytes.failure from None
            await self._look()
            return False

    async def _send(self) -> bool:
        if self._offset == self._blob.size:
            # Nothing is left to send, or was from the start: what is to be checked is only read.
            if not self._bytes.checked:
                async for _ in self._bytes.pieces(self._offset):
                    pass
            return True
        answer = await write(self._target, "PATCH", self._place(), headers=self._headers(), body=self._pieces)
        if self._bytes.failure:
            raise self._bytes.failure
        if answer.status in TAKEN and not self._bytes.checked:
            # It did not wait for the last bytes.
            await self._look()
            return False
        if answer.status in TAKEN:
            self._session = location(self._target, answer) or self._session
            self._offset = self._blob.size
            return True
        return self._lost(answer.status, error_code(answer))

    async def _end(self) -> bool:
        place = self._place()
        joint = "&" if place.query_string else "?"
        url = URL(f"{place}{joint}{urlencode({'digest': self._blob.digest})}", encoded=True)
        headers = {"Content-Type": "application/octet-stream"}
        answer = await write(self._target, "PUT", url, headers=headers, body=b"", seconds=LONGEST_END_SECONDS)
        if answer.status in ENDED:
            return True
        return self._lost(answer.status, error_code(answer))

    async def _pieces(self) -> AsyncIterator[bytes]:
        # Made once more for each new authorization: it always begins where the session stands.
        self._bytes.failure = None
        async for piece in self._bytes.pieces(self._offset):
            self._count(len(piece))
            yield piece

    def _headers(self) -> dict[str, str]:
        size = self._blob.size - self._offset
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        if self._offset:
            headers["Content-Range"] = f"{self._offset}-{self._blob.size - 1}"
        return headers

    def _place(self) -> URL:
        if self._session is None:
            raise UploadBroken(self._target.host, f"lost an upload to {self._target.name}")
        return self._session

    def _lost(self, status: int, code: str) -> bool:
        """Forget a session that the registry does not go on with; raises InvalidAnswer where a new one is no use."""
        self._session = None
        if status in LOST or (status == HTTPStatus.BAD_REQUEST and not self._breaks):
            return False
        raise InvalidAnswer(self._target.host, f"did not take a blob for {self._target.name} ({status}){code}")

    async def _look(self) -> None:
        """Ask how far the registry got; a session that it knows no more is forgotten."""
        session, self._session = self._session, None
        if session is None:
            return
        with suppress(RegistryUnavailable):
            answer = await write(self._target, "GET", session)
            told = RANGE.fullmatch(answer.headers.get("Range", ""))
            # "0-0" is one byte to some and none to others: such a session is not worth the doubt.
            if answer.status in TAKEN and told and 0 < int(told[1]) < self._blob.size:
                self._offset = int(told[1]) + 1
                self._session = location(self._target, answer) or session

    async def _give_up(self) -> None:
        if self._session is not None:
            await give_up(self._target, self._session)


async def give_up(target: Repository, session: URL) -> None:
    """Let the registry forget what an upload brought; nobody is told when it does not."""
    with suppress(RegistryError):
        await write(target, "DELETE", session, seconds=LONGEST_WRITE_SECONDS / 12)


async def open_session(target: Repository) -> URL:
    """Begin an upload and return where it goes. Raises RepositoryMissing, InvalidAnswer and all that write() raises."""
    answer = await write(target, "POST", target.address("blobs/uploads/"), body=b"")
    if answer.status == HTTPStatus.NOT_FOUND:
        raise RepositoryMissing(target.host, target.name)
    place = location(target, answer) if answer.status in TAKEN else None
    if place is None:
        sentence = f"did not begin an upload to {target.name} ({answer.status}){error_code(answer)}"
        raise InvalidAnswer(target.host, sentence)
    return place
