"""zot: runs under names of its users' own, and tells by its search extension when images were pushed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.registries.kinds import ProviderKind
from bot.registries.providers.pages import LARGEST_PAGE, Page, entries, read_json, read_pages
from bot.registries.providers.provider import Provider, PushTime
from bot.registries.providers.times import from_text, push_time

if TYPE_CHECKING:
    from bot.registries.repository import Repository

SEARCH = "/v2/_zot/ext/search"
# Without the rights, without the extension, and from a server that does not know a field of the query.
NOTHING_TOLD = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY})


async def read_push_times(repository: "Repository", wanted: frozenset[str]) -> tuple[PushTime, ...]:
    """Return when the wanted tags' images were pushed (`PushTimestamp`, since zot 2.1.2): the time is the digest's.

    One query without a page gives all tags. `LastUpdated` is not read: it is when the image was built. Nothing is told
    by a server without the search extension, by an older one, and of indexes, for which zot keeps no time. Raises
    RegistryError.
    """
    # A repository's name holds no letter that JSON or GraphQL would write otherwise.
    query = f'{{ImageList(repo: "{repository.name}") {{Results {{Tag Digest PushTimestamp}}}}}}'

    async def read(_number: int) -> Page | None:
        answer = await repository.own(SEARCH, query=f"query={quote(query)}", largest=LARGEST_PAGE)
        if answer.status in NOTHING_TOLD:
            return None
        return _page(repository.host, read_json(repository.host, answer))

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
