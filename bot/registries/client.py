"""The door of this room: tags, digests and platforms of an image at any registry."""

from collections import OrderedDict
from collections.abc import Callable, Set
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp

from bot.images import ImageReference, InvalidImageReference, is_tag
from bot.registries.access import ANONYMOUS, Access
from bot.registries.authentication import Authentication
from bot.registries.authorizations import Authorizations
from bot.registries.documents import DIGEST, Document
from bot.registries.endpoints import endpoint
from bot.registries.errors import CredentialForOtherHost, ImageNotFound
from bot.registries.limits import Limits
from bot.registries.logins import Logins
from bot.registries.manifests import Manifest, describe, read_digest, read_document, without_missing_children
from bot.registries.providers import provider_of
from bot.registries.repository import Repository
from bot.registries.sessions import Sessions
from bot.registries.tags import PAGE_SIZE, TagList, list_tags
from bot.registries.tokens import Tokens
from bot.registries.transport import DEFAULT_TIMEOUT, Transport

MOST_MANIFESTS_KEPT = 20_000


def utc_now() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


class Registries:
    """Reads images at registries. One object serves a whole process: tokens, limits and manifests are kept in it.

    Hosts and repositories are those of an ImageReference ("docker.io", "library/nginx"). Every method may raise
    any RegistryError, and InvalidImageReference for names that are none.
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
        transport = Transport(sessions, insecure_hosts, Limits(clock), timeout)
        self._transport = transport
        own = Authorizations(Logins(transport, clock), clock)
        self._authentication = Authentication(transport, Tokens(transport, own, clock), own, token_hosts)
        self._known: OrderedDict[tuple[str, str, str], tuple[Document, Manifest]] = OrderedDict()

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
        return await list_tags(self._repository(host, repository, access), page_size=page_size, known=known)

    async def head(self, host: str, repository: str, reference: str, access: Access = ANONYMOUS) -> str | None:
        """Return the digest that a tag (or digest) stands for now, or None when there is no such manifest."""
        return await read_digest(self._repository(host, repository, access), _checked(reference))

    async def manifest(
        self,
        host: str,
        repository: str,
        reference: str,
        access: Access = ANONYMOUS,
        *,
        verify_children: bool = False,
    ) -> Manifest:
        """Return digest and platforms of what a tag (or digest) points at; raises ImageNotFound.

        One HEAD, and a GET (for what is no index two) only for a digest not read before. verify_children: also ask
        whether each child of an index is there, one HEAD each; see Manifest.complete.
        """
        place = self._repository(host, repository, access)
        digest = await read_digest(place, _checked(reference))
        if digest is None:
            raise ImageNotFound(host, f"{repository}:{reference}")
        document, manifest = await self._read(place, digest)
        if not verify_children or not document.children:
            return manifest
        present = await without_missing_children(place, document)
        if len(present.children) == len(document.children):
            return manifest
        return replace(await describe(place, present), complete=False)

    async def _read(self, place: Repository, digest: str) -> tuple[Document, Manifest]:
        """Return what a digest stands for, from memory where it was read before: a digest never changes its bytes.

        Whoever comes here was just told the digest by the registry, with the caller's own credential.
        """
        key = (place.host, place.name, digest)
        if known := self._known.get(key):
            self._known.move_to_end(key)
            return known
        document = await read_document(place, digest)
        manifest = await describe(place, document)
        if manifest.complete:
            self._known[key] = (document, manifest)
            while len(self._known) > MOST_MANIFESTS_KEPT:
                self._known.popitem(last=False)
        return document, manifest

    def _repository(self, host: str, repository: str, access: Access) -> Repository:
        name = f"{host}/{repository}"
        reference = ImageReference.parse(name)
        if (reference.host, reference.repository, reference.name) != (host, repository, name):
            raise InvalidImageReference(name, "host and repository are not written as the image's normal name")
        if access.credential and access.credential.host != host:
            raise CredentialForOtherHost(host, f"credential {access.credential.id} belongs to another registry")
        place = endpoint(host, provider_of(host, access), self._transport.insecure_hosts(access))
        return Repository(place, repository, access, self._authentication)


def _checked(reference: str) -> str:
    if not is_tag(reference) and not DIGEST.fullmatch(reference):
        raise InvalidImageReference(reference, "it is neither a tag nor a digest")
    return reference
