"""All blobs of an image into the target: those it has are left, those of its own registry mounted, others streamed."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from yarl import URL

from bot.registries.copying.nodes import Blob
from bot.registries.copying.order import Progress, Report
from bot.registries.copying.several import each
from bot.registries.copying.uploads import TAKEN, Upload
from bot.registries.copying.writing import location, write
from bot.registries.errors import InvalidAnswer, PushRefused, RegistryUnavailable
from bot.registries.repository import Repository, expect_ok

AT_ONCE = 3


@dataclass(slots=True)
class Tally:
    """What a copy did so far; `report` is told of each change."""

    report: Report | None = None
    streamed_bytes: int = 0
    mounted: int = 0
    present: int = 0
    manifests: int = 0
    blobs: int = 0
    of_blobs: int = 0

    def expect(self, blobs: int) -> None:
        """Count blobs that are to come."""
        self.of_blobs += blobs

    def streamed(self, amount: int) -> None:
        """Count bytes that went through this process."""
        self.streamed_bytes += amount
        self._tell()

    def done(self, *, mounted: bool = False, present: bool = False) -> None:
        """Count a blob that the target has now."""
        self.blobs += 1
        self.mounted += mounted
        self.present += present
        self._tell()

    def _tell(self) -> None:
        if self.report:
            self.report(Progress(self.streamed_bytes, self.blobs, self.of_blobs))


@dataclass(slots=True)
class Blobs:
    """Brings blobs to the target. mounting: whether the target may take them from the source itself."""

    source: Repository
    target: Repository
    tally: Tally
    mounting: bool
    _under_way: dict[str, "asyncio.Future[None]"] = field(default_factory=dict)

    async def bring(self, blobs: tuple[Blob, ...]) -> None:
        """Bring blobs, three at once, and return when the target has all of them, whoever brought them.

        Raises what Upload.run raises, and ImageNotFound for one that the source lacks.
        """
        new = [blob for blob in blobs if blob.digest not in self._under_way]
        self._under_way.update((blob.digest, asyncio.get_running_loop().create_future()) for blob in new)
        self.tally.expect(len(new))
        try:
            await each(new, AT_ONCE, self._bring_first)
        except Exception as error:
            self._fail(new, error)
            raise
        # One's own come first: whoever waits here holds up nobody.
        for blob in blobs:
            await asyncio.shield(self._under_way[blob.digest])

    async def _bring_first(self, blob: Blob) -> None:
        await self._bring(blob)
        self._under_way[blob.digest].set_result(None)

    def _fail(self, blobs: list[Blob], error: Exception) -> None:
        """Let everybody fail who waits for these: nobody brings them any more."""
        for coming in (self._under_way[blob.digest] for blob in blobs):
            if not coming.done():
                coming.set_exception(error)
                coming.exception()  # looked at: often nobody waits

    async def _bring(self, blob: Blob) -> None:
        if await _has(self.target, blob):
            self.tally.done(present=True)
            return
        # A registry need not have such a layer, and its addresses elsewhere are never asked.
        if blob.is_elsewhere and not await self._source_has(blob):
            self.tally.done()
            return
        session = await self._mount(blob) if self.mounting else None
        if session is MOUNTED and await _has(self.target, blob):
            self.tally.done(mounted=True)
            return
        async with self.target.authentication.transport.streams:
            await Upload(self.source, self.target, blob, self.tally.streamed).run(
                None if session is MOUNTED else session
            )
        if not await _has(self.target, blob):
            raise InvalidAnswer(self.target.host, f"has not {blob.digest} in {self.target.name} though it took it")
        self.tally.done()

    async def _source_has(self, blob: Blob) -> bool:
        answer = await self.source.head(f"blobs/{blob.digest}", accept="*/*")
        if answer.status == HTTPStatus.NOT_FOUND:
            return False
        expect_ok(self.source, answer, f"blob {blob.digest} in {self.source.name}")
        return True

    async def _mount(self, blob: Blob) -> URL | None:
        """Return MOUNTED, or the session that the registry opened in its place, or None where it did neither."""
        query = urlencode({"mount": blob.digest, "from": self.source.name})
        try:
            answer = await write(self.target, "POST", self.target.address("blobs/uploads/", query), body=b"")
        except PushRefused:
            # The target's credential may not read the source: whether it may push is seen without a mount.
            self.mounting = False
            return None
        except RegistryUnavailable:
            # Some fail at what they cannot mount; whether one is there at all is seen by what comes next.
            return None
        if answer.status == HTTPStatus.CREATED:
            return MOUNTED
        return location(self.target, answer) if answer.status in TAKEN else None


# The session of a blob that needs none.
MOUNTED = URL("mounted:")


async def _has(target: Repository, blob: Blob) -> bool:
    """Whether a blob is there with its size and its digest, as far as the registry tells them."""
    answer = await target.head(f"blobs/{blob.digest}", accept="*/*")
    size, digest = answer.headers.get("Content-Length"), answer.headers.get("Docker-Content-Digest")
    if "Content-Encoding" in answer.headers:
        size = None
    return answer.status == HTTPStatus.OK and size in {None, str(blob.size)} and digest in {None, blob.digest}
