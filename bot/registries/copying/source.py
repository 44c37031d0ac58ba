"""One blob as it comes from the source: from any byte on, taken up again after a break, checked at its end."""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bot.registries.copying.nodes import Blob
from bot.registries.errors import BlobMismatch, InvalidAnswer, RegistryUnavailable
from bot.registries.incoming import SLOWEST_PACE, Pace, longest_seconds
from bot.registries.repository import Repository, expect_ok
from bot.registries.transport import Answer

if TYPE_CHECKING:
    from bot.registries.incoming import Incoming

MOST_BREAKS = 4
# How many states of the hash are kept, so that an upload can be taken up again without reading all from the start.
MOST_MARKS = 256
SMALLEST_STEP = 1024 * 1024
BEGINNING = re.compile(r"bytes (\d{1,18})-")


@dataclass(frozen=True, slots=True)
class _Mark:
    """The hash of all bytes before `offset`."""

    offset: int
    state: Any


class SourceBlob:
    """A blob of the source. Only one iterator of its bytes is read at a time: a new one ends the one before."""

    def __init__(self, source: Repository, blob: Blob) -> None:
        self._source = source
        self._blob = blob
        self._marks = [_Mark(0, hashlib.new(blob.digest.partition(":")[0]))]
        self._step = max(SMALLEST_STEP, blob.size // MOST_MARKS)
        self._turn = 0
        self._ends_at = 0.0
        self._breaks = 0
        self._incoming: Incoming | None = None
        self._pace = Pace(SLOWEST_PACE)
        self.failure: Exception | None = None
        self.checked = False
        """Whether all bytes came, and are those that the digest names."""

    async def pieces(self, start: int) -> AsyncGenerator[bytes, None]:
        """Give the bytes from `start` on; before the last of them comes, all were checked against size and digest.

        What goes wrong is kept in `failure`, too: who sends the bytes on may hide it. Raises BlobMismatch (other
        bytes, too many, too few), RegistryUnavailable when the source breaks off more than a few times, and all that
        Repository.blob raises.
        """
        self.close()
        turn, self.checked = self._turn, False
        # Over all its breaks: a source that drips must not use up the patience for the target.
        self._ends_at = asyncio.get_running_loop().time() + longest_seconds(self._blob.size)
        try:
            async with aclosing(self._checked(start, turn)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as error:
            if turn == self._turn:
                self.failure = error
            raise

    def close(self) -> None:
        """Let the connection to the source go; whatever still reads comes to an end."""
        self._turn += 1
        if self._incoming:
            self._incoming.close()
        self._incoming = None

    async def _checked(self, start: int, turn: int) -> AsyncGenerator[bytes, None]:
        while self._marks[-1].offset > start:
            self._marks.pop()
        offset, state = self._marks[-1].offset, self._marks[-1].state.copy()
        while offset < self._blob.size:
            try:
                async with aclosing(self._from(offset)) as pieces:
                    async for piece in pieces:
                        first, offset = offset, offset + len(piece)
                        state.update(piece)
                        self._note(offset, state)
                        self._check(offset, state)
                        if offset > start:
                            yield piece[max(0, start - first) :]
            except RegistryUnavailable:
                self._breaks += 1
                if turn != self._turn or self._breaks > MOST_BREAKS or self._pace.was_drip:
                    raise
            else:
                if offset < self._blob.size:
                    raise self._mismatch(f"has {offset:,} bytes in place of {self._blob.size:,}")
        self._check(offset, state)

    def _check(self, offset: int, state: Any) -> None:
        """Compare the digest where these are all bytes: what is wrong must not even go out whole."""
        if offset < self._blob.size:
            return
        if state.hexdigest() != self._blob.digest.partition(":")[2]:
            raise self._mismatch("has other bytes than its digest says")
        self.checked = True

    async def _from(self, offset: int) -> AsyncGenerator[bytes, None]:
        answer = await self._source.blob(self._blob.digest, self._blob.size, offset)
        if answer.incoming is None:
            expect_ok(self._source, answer, f"blob {self._blob.digest} in {self._source.name}")
            raise InvalidAnswer(self._source.host, f"sent nothing of blob {self._blob.digest}")
        self._incoming = answer.incoming
        try:
            skipped = offset - self._begins_at(answer, offset)
            left = self._blob.size - offset
            self._expect_length(answer, skipped + left)
            async with aclosing(answer.incoming.pieces(self._ends_at, self._pace)) as pieces:
                async for piece in pieces:
                    rest, skipped = piece[skipped:], max(0, skipped - len(piece))
                    left -= len(rest)
                    if left < 0:
                        raise self._mismatch(f"has more than {self._blob.size:,} bytes")
                    if rest:
                        yield rest
        finally:
            answer.incoming.close()

    def _begins_at(self, answer: Answer, offset: int) -> int:
        """Return the first byte of an answer (RFC 9110, section 14.4): a 200 is the whole, whatever was asked for."""
        if answer.status == HTTPStatus.OK:
            return 0
        told = BEGINNING.match(answer.headers.get("Content-Range", ""))
        if not told or int(told[1]) != offset:
            raise InvalidAnswer(self._source.host, f"sent another part of blob {self._blob.digest} than was asked for")
        return offset

    def _expect_length(self, answer: Answer, size: int) -> None:
        """Raise BlobMismatch where an answer tells before its bytes that they are not so many."""
        told = answer.headers.get("Content-Length", "")
        if "Content-Encoding" not in answer.headers and told.isdecimal() and int(told) != size:
            raise self._mismatch(f"would send {int(told):,} bytes in place of {size:,}")

    def _note(self, offset: int, state: Any) -> None:
        if offset - self._marks[-1].offset >= self._step:
            self._marks.append(_Mark(offset, state.copy()))

    def _mismatch(self, sentence: str) -> BlobMismatch:
        return BlobMismatch(self._source.host, f"blob {self._blob.digest} in {self._source.name} {sentence}")
