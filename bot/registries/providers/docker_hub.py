"""Docker Hub: an endpoint and a token server of other names than its own, and an API that tells times of pushes."""

import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from yarl import URL

from bot.images import DOCKER_HUB as DOCKER_HUB_HOST
from bot.registries.kinds import ProviderKind
from bot.registries.providers.hub_tokens import HubTokens
from bot.registries.providers.pages import LARGEST_PAGE, PAGE_SIZE, Page, entries, read_json, read_pages
from bot.registries.providers.provider import NO_HOSTS, Provider, PushTime
from bot.registries.providers.times import from_text, push_time

if TYPE_CHECKING:
    from bot.registries.repository import Repository

ENDPOINT = "registry-1.docker.io"
# There is one Docker Hub: a credential whose kind says so, for another host, changes none of that host's names.
HOSTS = frozenset({DOCKER_HUB_HOST, ENDPOINT})
TOKEN_HOST = "auth.docker.io"  # noqa: S105 - a host's name
API_HOST = "hub.docker.com"


class HubApi:
    """Docker Hub's own API, as far as it tells when tags were pushed."""

    def __init__(self, origin: URL, clock: Callable[[], float] = time.monotonic) -> None:
        """origin: where the API answers. clock: seconds that never go back, for the life of tokens."""
        self._origin = origin
        self._tokens = HubTokens(origin, clock)

    async def push_times(self, repository: "Repository", wanted: frozenset[str]) -> tuple[PushTime, ...]:
        """Return when the wanted tags were pushed, from `tag_last_pushed`, which is the tag's and not the digest's.

        Newest first, so that the few that are new cost one request. An official image stands in the namespace
        `library`, as in its normal name. Raises RegistryError.
        """
        namespace, slash, name = repository.name.partition("/")
        if repository.host not in HOSTS or not slash or "/" in name:
            return ()
        address = self._origin.with_path(f"/v2/namespaces/{namespace}/repositories/{name}/tags")

        async def read(number: int) -> Page:
            query = {"page_size": str(PAGE_SIZE), "page": str(number), "ordering": "last_updated"}
            answer = await repository.api(
                address.with_query(query),
                headers={"Accept": "application/json"},
                largest=LARGEST_PAGE,
                authorization=await self._tokens.authorization(repository),
            )
            return _page(repository.host, read_json(repository.host, answer))

        return await read_pages(repository.host, wanted, read)


def _page(host: str, page: object) -> Page:
    """Read a page (schema paginated_tags). Of `next` only counts whether there is one."""
    found = entries(host, page, "results")
    is_last = not found or not (isinstance(page, dict) and page.get("next"))
    return Page.of(map(_told, found), is_last=is_last)


def _told(entry: Mapping[str, object]) -> tuple[object, PushTime | None]:
    name = entry.get("name")
    return name, push_time(name, entry.get("digest"), from_text(entry.get("tag_last_pushed")))


DOCKER_HUB = Provider(
    ProviderKind.DOCKER_HUB,
    re.compile("|".join(map(re.escape, sorted(HOSTS)))),
    endpoint=lambda host: ENDPOINT if host in HOSTS else host,
    token_hosts=lambda host: frozenset({TOKEN_HOST}) if host in HOSTS else NO_HOSTS,
    api_hosts=lambda host: frozenset({API_HOST}) if host in HOSTS else NO_HOSTS,
    push_times=HubApi(URL(f"https://{API_HOST}")).push_times,
)
