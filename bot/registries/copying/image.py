"""One copy from its first look to its tag: blobs, children, the index, what is attached, and the tag last."""

import asyncio
from dataclasses import dataclass, replace

from bot.registries.copying.blobs import Blobs, Tally
from bot.registries.copying.nodes import Node, Reading, every_blob
from bot.registries.copying.order import BeforeTag, Copied, CopyOrder, Report
from bot.registries.copying.referrers import Attached
from bot.registries.copying.several import each
from bot.registries.copying.writing import is_joint, push_scope, put_manifest, put_missing
from bot.registries.errors import InvalidAnswer, SourceMoved, TargetTagTaken, TokenRefused, UploadBroken
from bot.registries.manifests import read_digest
from bot.registries.repository import Repository

AT_ONCE = 3
LONGEST_COPY_SECONDS = 6 * 3600


async def copy_image(
    source: Repository,
    target: Repository,
    order: CopyOrder,
    report: Report | None,
    before_tag: BeforeTag | None = None,
) -> Copied:
    """Copy what an order names, and return what that took.

    source, target: the two repositories of the order. before_tag: see BeforeTag. The target's tag is set by the last
    write, and only when the source's tag still stands for the digest; a copy that ends before leaves blobs and
    manifests without a tag, which the next one finds there. Raises TargetTagTaken, SourceMoved, RegistryFull,
    PushRefused, UploadBroken, UntrustedUpload, BlobMismatch, what before_tag raises and all that reading raises.
    """
    joint = _scoped(source, target)
    try:
        async with asyncio.timeout(LONGEST_COPY_SECONDS):
            try:
                return await _copying(*joint, order, report, before_tag).run()
            except TokenRefused:
                if not is_joint(joint[1]):
                    raise
                apart = source, replace(target, scope=push_scope(target))
                return await _copying(*apart, order, report, before_tag).run()
    except TimeoutError:
        raise UploadBroken(target.host, f"a copy to {target.name} came to no end in {LONGEST_COPY_SECONDS} s") from None


def _copying(
    source: Repository,
    target: Repository,
    order: CopyOrder,
    report: Report | None,
    before_tag: BeforeTag | None,
) -> "_Copy":
    """Return a copy that is still to run. Nothing is mounted where the target's token is not for the source, too."""
    tally, reading = Tally(report), Reading(source)
    blobs = Blobs(source, target, tally, is_joint(target))
    return _Copy(source, target, order, tally, blobs, before_tag, reading, Attached(source, target, blobs, reading))


@dataclass(slots=True)
class _Copy:
    source: Repository
    target: Repository
    order: CopyOrder
    tally: Tally
    blobs: Blobs
    before_tag: BeforeTag | None
    reading: Reading
    attached: Attached

    async def run(self) -> Copied:
        replaced = await self._tag()
        if replaced == self.order.digest:
            await self._bring_referrers()
            return self._result(already=True)
        await self._expect_source()
        top = await self.reading.node(self.order.digest)
        await self._bring(top)
        if await read_digest(self.target, top.digest) != top.digest:
            raise InvalidAnswer(self.target.host, f"has not {self.target.name}@{top.digest} though it took it")
        await self._bring_referrers(top)
        if self.before_tag:
            await self.before_tag()
        await self._expect_source()
        replaced = await self._tag()
        if replaced != self.order.digest:
            await put_manifest(self.target, top, self.order.target_tag)
            self.tally.manifests += 1
        await self._expect_tag()
        return replace(self._result(), replaced=None if replaced == self.order.digest else replaced)

    async def _bring(self, top: Node) -> None:
        below = top.below()
        await self.blobs.bring(every_blob((*below, top)))
        # An index inside an index is no child of a child's: it waits for all images.
        for level in (tuple(n for n in below if not n.children), tuple(n for n in below if n.children), (top,)):
            written = await each(level, AT_ONCE, lambda node: put_missing(self.target, node))
            self.tally.manifests += sum(written)

    async def _bring_referrers(self, top: Node | None = None) -> None:
        if self.order.referrers:
            top = top or await self.reading.node(self.order.digest)
            await self.attached.bring([node.digest for node in (top, *top.below())])

    async def _tag(self) -> str | None:
        """Return what the target's tag stands for; raises TargetTagTaken for what may not be replaced."""
        digest = await read_digest(self.target, self.order.target_tag)
        if digest not in {None, self.order.digest} and not self.order.overwrite:
            raise TargetTagTaken(self.target.host, self.order.target_tag, str(digest))
        return digest

    async def _expect_source(self) -> None:
        digest = await read_digest(self.source, self.order.source_tag)
        if digest != self.order.digest:
            raise SourceMoved(self.source.host, self.order.source_tag, digest)

    async def _expect_tag(self) -> None:
        digest = await read_digest(self.target, self.order.target_tag)
        if digest is None:
            raise InvalidAnswer(self.target.host, f"has no tag {self.order.target_tag} though it took it")
        if digest != self.order.digest:
            # Somebody else set it at the same moment.
            raise TargetTagTaken(self.target.host, self.order.target_tag, digest)

    def _result(self, *, already: bool = False) -> Copied:
        tally, attached = self.tally, self.attached
        return Copied(
            self.order.digest,
            already,
            tally.streamed_bytes,
            tally.mounted,
            tally.present,
            tally.manifests,
            attached.written,
            left_out=attached.left_out,
        )


def _is_one_host(source: Repository, target: Repository) -> bool:
    return source.endpoint.host == target.endpoint.host


def _scoped(source: Repository, target: Repository) -> tuple[Repository, Repository]:
    """Return both with the scopes that their tokens are asked for.

    One token for both where one reader reads and writes at one host; where another credential reads, the target's is
    still asked whether it may read the source, too: only then can it mount. A smaller grant is no error.
    """
    push = push_scope(target)
    if not _is_one_host(source, target) or source.name == target.name:
        joint = source.name == target.name and _is_one_host(source, target) and _is_one_reader(source, target)
        return replace(source, scope=push) if joint else source, replace(target, scope=push)
    both = f"{push} repository:{source.name}:pull"
    return replace(source, scope=both) if _is_one_reader(source, target) else source, replace(target, scope=both)


def _is_one_reader(source: Repository, target: Repository) -> bool:
    return source.access.version == target.access.version
