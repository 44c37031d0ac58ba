"""Quay: quay.io and servers of its own kind, with an API that tells everybody when public tags were pushed."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.registries.kinds import ProviderKind
from bot.registries.providers.pages import LARGEST_PAGE, PAGE_SIZE, Page, entries, read_json, read_pages
from bot.registries.providers.provider import Provider, PushTime
from bot.registries.providers.times import from_seconds, push_time

if TYPE_CHECKING:
    from bot.registries.repository import Repository


async def read_push_times(repository: "Repository", wanted: frozenset[str]) -> tuple[PushTime, ...]:
    """Return since when the wanted tags point where they do (`start_ts`), newest first; the time is the tag's.

    The API takes OAuth tokens only, no robots and no passwords: it is asked without the credential, and tells nothing
    of private repositories. Raises RegistryError.
    """
    address = repository.endpoint.origin.with_path(f"/api/v1/repository/{repository.name}/tag/")

    async def read(number: int) -> Page:
        query = {"limit": str(PAGE_SIZE), "page": str(number), "onlyActiveTags": "true"}
        answer = await repository.api(
            address.with_query(query),
            headers={"Accept": "application/json"},
            largest=LARGEST_PAGE,
            authorization=None,
        )
        return _page(repository.host, read_json(repository.host, answer))

    return await read_pages(repository.host, wanted, read)


def _page(host: str, page: object) -> Page:
    found = entries(host, page, "tags")
    is_last = not found or not (isinstance(page, dict) and page.get("has_additional") is True)
    return Page.of(map(_told, found), is_last=is_last)


def _told(entry: Mapping[str, object]) -> tuple[object, PushTime | None]:
    name = entry.get("name")
    return name, push_time(name, entry.get("manifest_digest"), from_seconds(entry.get("start_ts")))


QUAY = Provider(ProviderKind.QUAY, re.compile(r"quay\.io"), push_times=read_push_times)
