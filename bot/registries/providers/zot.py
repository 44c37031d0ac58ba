"""zot: runs under names of its users' own, and tells by its search extension when images were pushed."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.registries.kinds import ProviderKind
from bot.registries.providers.pages import LARGEST_PAGE, Page, entries, read_json, read_pages
from bot.registries.providers.provider import Provider, PushTime
from bot.registries.providers.times import from_text, push_time

if TYPE_CHECKING:
    from bot.registries.repository import Repository

SEARCH = "/v2/_zot/ext/search"
# How zot's GraphQL server answers a query with a field that it does not know.
UNKNOWN_FIELD = 422


async def read_push_times(repository: "Repository", wanted: frozenset[str]) -> tuple[PushTime, ...]:
    """Return when the wanted tags' images were pushed (`PushTimestamp`, since zot 2.1.2): the time is the digest's.

    One query without a page gives all tags. `LastUpdated` is not read: it is when the image was built. Nothing is told
    by a server without the search extension, by an older one, and of indexes, for which zot keeps no time. Raises
    RegistryError.
    """
    # A repository's name holds no letter that JSON or GraphQL would write otherwise.
    query = f"{{ImageList(repo: {json.dumps(repository.name)}) {{Results {{Tag Digest PushTimestamp}}}}}}"
    address = repository.endpoint.origin.with_path(SEARCH).with_query({"query": query})

    async def read(_number: int) -> Page | None:
        answer = await repository.api(
            address,
            headers={"Accept": "application/json"},
            largest=LARGEST_PAGE,
            authorization=repository.basic(),
        )
        if answer.status == UNKNOWN_FIELD:
            return None
        page = read_json(repository.host, answer)
        return None if page is None else _page(repository.host, page)

    return await read_pages(repository.host, wanted, read)


def _page(host: str, page: object) -> Page | None:
    data = page.get("data") if isinstance(page, dict) else None
    if data is None and isinstance(page, dict) and isinstance(page.get("errors"), list):
        return None
    found = entries(host, data.get("ImageList") if isinstance(data, dict) else None, "Results")
    return Page.of(map(_told, found), is_last=True)


def _told(entry: Mapping[str, object]) -> tuple[object, PushTime | None]:
    name = entry.get("Tag")
    return name, push_time(name, entry.get("Digest"), from_text(entry.get("PushTimestamp")))


ZOT = Provider(ProviderKind.ZOT, push_times=read_push_times)
