"""The door of this room: tags, digests, platforms and times of an image at any registry."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import aiohttp

from bot.images import ImageReference, InvalidImageReference, is_tag
from bot.registries.access import ANONYMOUS, Access
from bot.registries.attachments import Attachments
from bot.registries.attachments_reading import LONGEST_READING_SECONDS, read_attachments
from bot.registries.authentication import Authentication
from bot.registries.authorizations import Authorizations
from bot.registries.copying.image import copy_image
from bot.registries.copying.order import BeforeTag, Copied, CopyOrder, Report, Side
from bot.registries.documents import DIGEST, Document
from bot.registries.endpoints import endpoint
from bot.registries.errors import CredentialForOtherHost, ImageNotFound
from bot.registries.limits import Limits
from bot.registries.logins import Logins
from bot.registries.manifests import (
    Manifest,
    describe,
    newest_child,
    read_digest,
    read_document,
    read_labels,
    without_missing_children,
)
from bot.registries.outages import Outages
from bot.registries.patience import LONGEST_QUESTION_SECONDS, within
from bot.registries.providers import provider_of
from bot.registries.providers.provider import PushTime
from bot.registries.recent import Recent
from bot.registries.repository import Repository
from bot.registries.scanning import LONGEST_SCANS_SECONDS, ScanAnswer, read_scans
from bot.registries.sessions import Sessions
from bot.registries.tags import PAGE_SIZE, TagList, list_tags
from bot.registries.tokens import Tokens
from bot.registries.transport import DEFAULT_TIMEOUT, Transport
from bot.registries.validators import Validators
from bot.registries.verification import Verification, prove, prove_push

MOST_MANIFESTS_KEPT = 20_000


def utc_now() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a digest stands for. newest_child_at and labels: None until somebody asked for them."""

    document: Document
    manifest: Manifest
    newest_child_at: tuple[datetime | None] | None = None
    labels: Mapping[str, str] | None = None


class Registries:
    """Reads and copies images. One object serves a whole process: tokens, limits and manifests are kept in it.

    Hosts and repositories are those of an ImageReference ("docker.io", "library/nginx"); access says who reads. Every
    method may raise any RegistryError, and InvalidImageReference for names that are none.
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        insecure_hosts: Set[str] = frozenset(),
        token_hosts: Set[str] = frozenset(),
        clock: Callable[[], datetime] = utc_now,
        timeout: aiohttp.ClientTimeout = DEFAULT_TIMEOUT,
    ) -> None:
        """sessions: from guarded_sessions(), which closes them; raises TypeError for any other.

        insecure_hosts: `name[:port]` of registries and token servers spoken to by http. token_hosts: `name[:port]`
        of token servers that any registry may name, beside the built-in ones.
        """
        self._transport = Transport(sessions, insecure_hosts, Limits(clock), timeout, Outages(clock))
        self._token_hosts = token_hosts
        self._clock = clock
        self._authentication = self._new_authentication()
        self._validators = Validators()
        self._known: Recent[tuple[str, str, str], _Known] = Recent(MOST_MANIFESTS_KEPT)

    async def tags(
        self,
        host: str,
        repository: str,
        access: Access = ANONYMOUS,
        *,
        known: str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> TagList:
        """Return all tags of a repository.

        known: the `digest_of_list` of an earlier call; an equal list is not parsed, and comes back `unchanged` and
        without names. page_size: what to ask for at a time; the registry may send fewer or more.
        """
        place = self._repository(host, repository, access)
        return await list_tags(place, self._validators, page_size=page_size, known=known)

    async def head(self, host: str, repository: str, reference: str, access: Access = ANONYMOUS) -> str | None:
        """Return the digest that a tag (or digest) stands for now, or None when there is no such manifest."""
        place = self._repository(host, repository, access)
        async with within(place, LONGEST_QUESTION_SECONDS, "tell a digest"):
            return await read_digest(place, _checked(reference))

    async def manifest(
        self,
        host: str,
        repository: str,
        reference: str,
        access: Access = ANONYMOUS,
        *,
        verify_children: bool = False,
        created: bool = False,
    ) -> Manifest:
        """Return digest and platforms of what a tag (or digest) points at; raises ImageNotFound.

        One HEAD, and a GET (for what is no index two) only for a digest not read before. verify_children: also ask
        whether each child of an index is there, one HEAD each; see Manifest.complete. created: also fill created_at:
        the time in the annotation org.opencontainers.image.created, else of an image's configuration the later of that
        label and `created`, else of an index its newest child's (up to two GETs for each of sixteen).
        """
        place = self._repository(host, repository, access)
        async with within(place, LONGEST_QUESTION_SECONDS, "tell all of an image"):
            return await self._manifest(place, reference, verify_children, created)

    async def _manifest(self, place: Repository, reference: str, verify_children: bool, created: bool) -> Manifest:
        digest = await read_digest(place, _checked(reference))
        if digest is None:
            raise ImageNotFound(place.host, f"{place.name}:{reference}")
        known = await self._read(place, digest)
        manifest = replace(known.manifest, created_at=await self._created_at(place, known) if created else None)
        if not verify_children or not known.document.children:
            return manifest
        present = await without_missing_children(place, known.document)
        if len(present.children) == len(known.document.children):
            return manifest
        return replace(await describe(place, present), complete=False, created_at=manifest.created_at)

    async def children(self, host: str, repository: str, digest: str, access: Access = ANONYMOUS) -> frozenset[str]:
        """Return the digests of the images that an index names, none for an image; raises ImageNotFound."""
        place = self._repository(host, repository, access)
        async with within(place, LONGEST_QUESTION_SECONDS, "tell the images of an index"):
            if await read_digest(place, _checked(digest)) is None:
                raise ImageNotFound(place.host, f"{place.name}:{digest}")
            return frozenset(child.digest for child in (await self._read(place, digest)).document.children)

    async def labels(self, host: str, repository: str, reference: str, access: Access = ANONYMOUS) -> Mapping[str, str]:
        """Return what an image says of where it comes from, {} where it says nothing; raises ImageNotFound.

        Of the keys org.opencontainers.image.{source,revision,version,url} those with a text of at most 500 characters:
        labels of the configuration, and over them the annotations of its manifest and of its index. An index speaks
        for one of its images, which is read. One HEAD for a tag, and up to three GETs for a digest not asked about yet.
        """
        place = self._repository(host, repository, access)
        async with within(place, LONGEST_QUESTION_SECONDS, "tell where an image comes from"):
            is_digest = DIGEST.fullmatch(reference) is not None
            digest = reference if is_digest else await read_digest(place, _checked(reference))
            if digest is None:
                raise ImageNotFound(place.host, f"{place.name}:{reference}")
            known = await self._read(place, digest)
            if known.labels is None:
                known = replace(known, labels=await read_labels(place, known.document))
                if known.manifest.complete:
                    self._known.put((place.host, place.name, digest), known)
            return known.labels or {}

    async def attachments(self, host: str, repository: str, digest: str, access: Access = ANONYMOUS) -> Attachments:
        """Return the images under a digest, and the documents attached to it and to each of them.

        Attestations in the index, referrers (or their tag), cosign's tags: those that may tell components, findings or
        exceptions, of at most 40 MiB each and 200 MiB together; their bytes are those of their digests, and nothing
        else is proven of them. Raises ImageNotFound.
        """
        place = self._repository(host, repository, access)
        if not DIGEST.fullmatch(digest):
            raise InvalidImageReference(digest, "it is no digest")
        async with within(place, LONGEST_READING_SECONDS, "give what is attached to an image"):
            return await read_attachments(place, digest)

    async def scan_reports(self, host: str, repository: str, digests: Sequence[str], access: Access) -> ScanAnswer:
        """Return what the registry's own scanner says of images, each by its digest (of one platform, of no index).

        Only with a credential; what its provider knows not, or does not let it read, is no error: see ScanAnswer.
        """
        place = self._repository(host, repository, access)
        read = provider_of(host, access).scans
        if read is None or access.credential is None:
            return ScanAnswer(is_scanner=False)
        async with within(place, LONGEST_SCANS_SECONDS, "tell what its scanner found"):
            return await read_scans(place, read, digests)

    async def push_times(
        self, host: str, repository: str, access: Access, wanted: frozenset[str]
    ) -> tuple[PushTime, ...]:
        """Return when tags were pushed, each tag once, as far as the provider tells; () where it tells nothing.

        wanted: the tags that somebody asks about; no other comes back.
        """
        place = self._repository(host, repository, access)
        read = provider_of(host, access).push_times
        if read is None or not wanted:
            return ()
        async with within(place, LONGEST_QUESTION_SECONDS, "tell when tags were pushed"):
            told = await read(place, wanted)
        pushes: dict[str, PushTime] = {}
        for push in told:
            if push.tag in wanted:
                # Most providers tell the newest first.
                pushes.setdefault(push.tag, push)
        return tuple(pushes.values())

    async def verify(self, host: str, repository: str, access: Access, *, pushes: bool = False) -> Verification:
        """Really read a repository with a credential, and say what that proves; errors come as they are.

        pushes: it is for writing, and an upload is begun and given up as well; the repository need not be there then.
        Nothing is remembered of it, and nothing remembered is used: the secret itself is tried.
        """
        place = replace(self._repository(host, repository, access), authentication=self._new_authentication())
        async with within(place, LONGEST_QUESTION_SECONDS, "begin an upload" if pushes else "list its tags"):
            return await (prove_push(place) if pushes else prove(place))

    async def copy(
        self, order: CopyOrder, progress: Report | None = None, before_tag: BeforeTag | None = None
    ) -> Copied:
        """Copy an image by digest to another repository, at the same registry or another, and set its tag there last.

        progress: told of bytes and blobs as they come. before_tag: asked right before both tags are looked at
        for the last time and the target's is set; not where it stands at the digest from the start, and what it raises
        ends the copy. What an earlier copy brought is not sent again. Raises TargetTagTaken before anything is sent,
        and again right before the tag is set; SourceMoved when the source's tag stands for something else by then;
        RegistryFull, PushRefused, UploadBroken, UntrustedUpload, BlobMismatch.
        Whatever it raises, the tag is not set by it, or was set whole.
        """
        if not DIGEST.fullmatch(order.digest):
            raise InvalidImageReference(order.digest, "it is no digest")
        _checked(order.source_tag)
        if not is_tag(order.target_tag):
            raise InvalidImageReference(order.target_tag, "a copy ends at a tag")
        return await copy_image(self._side(order.source), self._side(order.target), order, progress, before_tag)

    def _side(self, side: Side) -> Repository:
        return self._repository(side.host, side.repository, side.access)

    def _new_authentication(self) -> Authentication:
        own = Authorizations(Logins(self._transport, self._clock), self._clock)
        return Authentication(self._transport, Tokens(self._transport, own, self._clock), own, self._token_hosts)

    async def _read(self, place: Repository, digest: str) -> _Known:
        """Return what a digest stands for, from memory where it was read before: a digest never changes its bytes.

        Whoever comes here was just told the digest by the registry, with the caller's own credential.
        """
        key = (place.host, place.name, digest)
        if known := self._known.get(key):
            return known
        document = await read_document(place, digest)
        known = _Known(document, await describe(place, document))
        if known.manifest.complete:
            self._known.put(key, known)
        return known

    async def _created_at(self, place: Repository, known: _Known) -> datetime | None:
        if known.document.created or not known.document.children:
            return known.manifest.created_at
        if known.newest_child_at is None:
            newest, complete = await newest_child(place, known.document)
            known = replace(known, newest_child_at=(newest,))
            if complete and known.manifest.complete:
                self._known.put((place.host, place.name, known.document.digest), known)
        return known.newest_child_at[0] if known.newest_child_at else None

    def _repository(self, host: str, repository: str, access: Access) -> Repository:
        name = f"{host}/{repository}"
        reference = ImageReference.parse(name)
        if (reference.host, reference.repository, reference.name) != (host, repository, name):
            raise InvalidImageReference(name, "host and repository are not written as the image's normal name")
        if access.credential and access.credential.host != host:
            raise CredentialForOtherHost(host, f"credential {access.credential.id} belongs to another registry")
        place = endpoint(host, provider_of(host, access), self._transport.insecure_hosts(access))
        return Repository(place, repository, access, self._authentication, self._clock)


def _checked(reference: str) -> str:
    if not is_tag(reference) and not DIGEST.fullmatch(reference):
        raise InvalidImageReference(reference, "it is neither a tag nor a digest")
    return reference
