"""Finds the manifests that are attached to a digest: by the referrers API, under its tag, and under cosign's tags."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from bot.registries.attachments import AttachmentKind
from bot.registries.attachments_images import Holder
from bot.registries.attachments_manifests import Descriptor, descriptors, read_manifest
from bot.registries.documents import read_object
from bot.registries.errors import InvalidAnswer, RedirectedElsewhere
from bot.registries.manifests import LARGEST_MANIFEST, read_digest
from bot.registries.referrers_tag import tag_of
from bot.registries.repository import Repository, expect_ok
from bot.registries.tags import next_query
from bot.registries.transport import Answer

INDEX_TYPE: Final = "application/vnd.oci.image.index.v1+json"
MOST_PAGES = 20
# Of all digests that one search is about.
MOST_REFERRERS = 2000
LARGEST_ANNOTATIONS = 16 * 1024 * 1024
# Of one search; a registry is not asked more at a time.
AT_A_TIME = 4
# What registries answer that do not know the API.
WITHOUT_API = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_ACCEPTABLE}
)
# cosign, specs/SIGNATURE_SPEC.md and specs/ATTESTATION_SPEC.md; .sbom is of `cosign attach sbom`.
COSIGN_TAGS = (".att", ".sbom")


@dataclass(slots=True)
class Search:
    """One search in one repository. has_api: whether its registry knows referrers; None: not asked yet.

    count, size: of the referrers that were listed so far, and about how many bytes their annotations are.
    """

    repository: Repository
    has_api: bool | None = None
    count: int = 0
    size: int = 0
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_A_TIME))

    async def holders(self, subjects: tuple[str, ...]) -> tuple[Holder, ...]:
        """Return what is attached to each of the digests, in their order; raises what Repository.get raises.

        Raises InvalidAnswer for a list of referrers that is none, or that does not end.
        """
        first, rest = subjects[:1], subjects[1:]
        # Whether there is a referrers API is learnt by the first.
        found = [await self._of(subject) for subject in first]
        found.extend(await asyncio.gather(*(self._of(subject) for subject in rest)))
        return tuple(holder for holders in found for holder in holders)

    async def _of(self, subject: str) -> list[Holder]:
        async with self.places:
            referrers = await self._referrers(subject)
            holders = [Holder(AttachmentKind.REFERRER, subject, found) for found in referrers]
            for ending in COSIGN_TAGS:
                digest = await read_digest(self.repository, f"{tag_of(subject)}{ending}")
                if digest:
                    holders.append(Holder(AttachmentKind.COSIGN, subject, Descriptor(digest)))
            return holders

    async def _referrers(self, subject: str) -> list[Descriptor]:
        """Return what both the API and the tag list: some registries answer the one while people write the other."""
        found: list[Descriptor] = []
        if self.has_api is not False:
            async for page in self._pages(subject):
                found.extend(self._counted(page))
        digest = await read_digest(self.repository, tag_of(subject))
        # GitLab's registry takes the tag for the digest that it is made of, and answers with the image itself.
        if digest and digest != subject:
            found.extend(self._counted((await read_manifest(self.repository, digest)).children))
        return found

    def _counted(self, page: tuple[Descriptor, ...]) -> tuple[Descriptor, ...]:
        """Return what a page lists; raises InvalidAnswer once all that was listed is too much to be looked through."""
        self.count += len(page)
        self.size += sum(len(key) + len(text) for each in page for key, text in each.annotations.items())
        if self.count > MOST_REFERRERS or self.size > LARGEST_ANNOTATIONS:
            raise InvalidAnswer(self.repository.host, "lists more referrers of an image than can be looked through")
        return page

    async def _pages(self, subject: str) -> AsyncIterator[tuple[Descriptor, ...]]:
        """Read the pages of referrers ("Listing Referrers", distribution-spec); none where there is no such API."""
        query: str | None = ""
        asked: set[str] = set()
        while query is not None:
            if query in asked or len(asked) == MOST_PAGES:
                raise InvalidAnswer(self.repository.host, f"pages the referrers of {subject} without an end")
            asked.add(query)
            answer = await self._ask(subject, query)
            if answer is None:
                return
            yield _read_page(self.repository.host, read_object(self.repository.host, answer.body))
            query = next_query(self.repository, answer, "referrers")

    async def _ask(self, subject: str, query: str) -> Answer | None:
        """Return the answer of the API; None where the registry shows, the first time it is asked, that it has none.

        "Unavailable Referrers API" in the specification wants 404; registries answer other codes too, send to pages
        for people, or have such a page themselves.
        """
        path = f"referrers/{subject}"
        try:
            answer = await self.repository.get(path, query=query, accept=INDEX_TYPE, largest=LARGEST_MANIFEST)
        except RedirectedElsewhere:
            if self.has_api:
                raise
            self.has_api = False
            return None
        if self.has_api is None:
            is_other_page = answer.status == HTTPStatus.OK and answer.content_type != INDEX_TYPE
            self.has_api = answer.status not in WITHOUT_API and not is_other_page
        if not self.has_api:
            return None
        expect_ok(self.repository, answer, f"referrers of {subject}")
        return answer


def _read_page(host: str, fields: Mapping[str, object]) -> tuple[Descriptor, ...]:
    if not isinstance(fields.get("manifests"), list):
        raise InvalidAnswer(host, "did not answer with a list of referrers when asked for one")
    return descriptors(host, fields["manifests"])
