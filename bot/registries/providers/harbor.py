"""Harbor: runs under names of its users' own, tells per tag when it was pushed, and scans images."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.registries.kinds import ProviderKind
from bot.registries.providers.harbor_addresses import artifacts_address
from bot.registries.providers.harbor_scans import read_scans
from bot.registries.providers.pages import LARGEST_PAGE, PAGE_SIZE, Page, no_times, read_json, read_pages
from bot.registries.providers.provider import Provider, PushTime
from bot.registries.providers.times import from_text, push_time

if TYPE_CHECKING:
    from bot.registries.repository import Repository


async def read_push_times(repository: "Repository", wanted: frozenset[str]) -> tuple[PushTime, ...]:
    """Return when the wanted tags were pushed: the tag's own `push_time`, else that of its artifact.

    The API takes the registry's own credential; a robot needs the rights to list artifacts and tags, else it is told
    nothing. In a project that is a proxy the times are those at which Harbor fetched. Raises RegistryError.
    """
    address = artifacts_address(repository)
    if address is None:
        return ()

    async def read(number: int) -> Page:
        query = {"with_tag": "true", "q": "tags=*", "sort": "-push_time"}
        answer = await repository.api(
            address.with_query({**query, "page_size": str(PAGE_SIZE), "page": str(number)}),
            headers={"Accept": "application/json"},
            largest=LARGEST_PAGE,
            authorization=repository.basic(),
        )
        return _page(repository.host, read_json(repository.host, answer))

    return await read_pages(repository.host, wanted, read)


def _page(host: str, page: object) -> Page:
    """Read a page: a list of artifacts, the last one shorter than the others."""
    if not isinstance(page, list):
        raise no_times(host)
    artifacts = [artifact for artifact in page if isinstance(artifact, dict)]
    told = (pair for artifact in artifacts for pair in _told(artifact))
    return Page.of(told, is_last=len(page) < PAGE_SIZE)


def _told(artifact: Mapping[str, object]) -> Iterator[tuple[object, PushTime | None]]:
    tags = artifact.get("tags")
    pushed_at = from_text(artifact.get("push_time"))
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict):
            name = tag.get("name")
            yield name, push_time(name, artifact.get("digest"), from_text(tag.get("push_time")) or pushed_at)


HARBOR = Provider(ProviderKind.HARBOR, push_times=read_push_times, scans=read_scans)
