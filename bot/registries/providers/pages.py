"""Reads the pages of a provider's own API: how many, how large, and what they are when they are none."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.registries.errors import ImageNotFound, InvalidAnswer, RegistryRefused
from bot.registries.providers.provider import PushTime

if TYPE_CHECKING:
    from bot.registries.transport import Answer

PAGE_SIZE = 100  # Docker Hub, Quay and Harbor give no more
MOST_PAGES = 20
LARGEST_PAGE = 8 * 1024 * 1024
# A page of nothing but brackets unpacks to thirty times its size. A hundred tags of Docker Hub have some 50,000 values.
MOST_VALUES = 300_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page. tags: each tag on it, with None where what is told of it cannot be used."""

    tags: Mapping[str, PushTime | None]
    is_last: bool

    @classmethod
    def of(cls, entries: Iterable[tuple[object, PushTime | None]], *, is_last: bool) -> "Page":
        """Put a page together of names and what is told of them; names that are no texts are left out."""
        return cls({name: told for name, told in entries if isinstance(name, str)}, is_last)


# From the page's number, from 1, to the page; None where the API tells nothing.
ReadPage = Callable[[int], Awaitable[Page | None]]


async def read_pages(host: str, wanted: frozenset[str], read: ReadPage) -> tuple[PushTime, ...]:
    """Read page after page until each wanted tag was seen; what is told of the wanted ones, in the API's order.

    The pages are counted here: what an API names as its next page is never asked for. Stops after MOST_PAGES without
    an error, because the newest come first. Nothing is told, and that is no error, where the API is not there or wants
    rights that reading an image does not need. Raises InvalidAnswer for the same page twice, and what `read` raises
    else.
    """
    seen: dict[str, PushTime | None] = {}
    before: Mapping[str, PushTime | None] = {}
    # What was told before a refusal counts.
    with suppress(RegistryRefused, ImageNotFound):
        for number in range(1, MOST_PAGES + 1):
            page = await read(number)
            if page is None:
                break
            if page.tags and page.tags == before:
                raise InvalidAnswer(host, "sends the same page of times of pushes again and again")
            before = page.tags
            seen.update((tag, told) for tag, told in page.tags.items() if tag in wanted and not seen.get(tag))
            if page.is_last or wanted <= seen.keys():
                break
    return tuple(told for told in seen.values() if told)


def read_json(host: str, answer: "Answer") -> object:
    """Return what an API answered, parsed: an object or a list. Raises InvalidAnswer for everything else."""
    if answer.status != HTTPStatus.OK:
        raise InvalidAnswer(host, f"answered {answer.status} when asked for the times of pushes")
    if sum(map(answer.body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise InvalidAnswer(host, "sent more about the times of pushes than can be read")
    try:
        read = json.loads(answer.body)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, (dict, list)):
        raise no_times(host)
    return read


def no_times(host: str) -> InvalidAnswer:
    """Return the error for an answer that is not of the form that its documentation tells."""
    return InvalidAnswer(host, "did not answer with times of pushes when asked for them")


def entries(host: str, page: object, field: str) -> list[Mapping[str, object]]:
    """Return the objects in a page's list; what else stands in the list is left out. Raises InvalidAnswer."""
    found = page.get(field) if isinstance(page, dict) else None
    if not isinstance(found, list):
        raise no_times(host)
    return [entry for entry in found if isinstance(entry, dict)]
