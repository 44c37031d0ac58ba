"""Reads one page of a list of tags: counted before it is parsed, and a large one parsed aside."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.images import is_tag
from bot.registries.errors import InvalidAnswer
from bot.registries.repository import Repository

MOST_TAGS = 300_000
# A tag has at most 128 letters, and quotes, and a comma.
LARGEST_LIST = 40 * 1024 * 1024
# Old registries send a whole list as one page; so do Google's, with more about each tag.
LARGEST_PAGE = 8 * 1024 * 1024
# What a page holds beside its tags: the repository's name, and what else nobody asked for.
OTHER_VALUES = 100
# Below this a page is parsed within a few milliseconds.
SMALL_PAGE = 256 * 1024

BYTES_OF_VALUE = 100  # what a short text takes once it is parsed, in a list or a dict

Result = TypeVar("Result")


def largest_page(repository: Repository) -> int:
    """Return how many bytes a page may have."""
    return LARGEST_PAGE if repository.endpoint.values_per_tag == 1 else LARGEST_LIST


async def count_values(repository: Repository, page: bytes) -> int:
    """Return how many values a page can hold at most, before anything is parsed.

    A page of nothing but brackets unpacks to fifty times its size. Raises InvalidAnswer for more than MOST_TAGS have.
    """
    values = await aside(_values, page)
    check_values(repository, values)
    return values


def check_values(repository: Repository, values: int) -> None:
    """Raise InvalidAnswer for more values than the largest list of tags has."""
    if values > MOST_TAGS * repository.endpoint.values_per_tag + OTHER_VALUES:
        raise InvalidAnswer(repository.host, f"lists more than the tags of {repository.name}, too much to be read")


async def names_in(repository: Repository, page: bytes) -> dict[str, None]:
    """Return the tags in a page whose values were counted, as keys; raises InvalidAnswer for what is no such page."""
    names = await aside(_names, page)
    if names is None:
        raise InvalidAnswer(repository.host, f"did not answer with a list of the tags of {repository.name}")
    return names


async def aside(work: Callable[[bytes], Result], page: bytes) -> Result:
    """Do something with a page: at once with a small one, in a thread with a large one; others get their turn."""
    if len(page) > SMALL_PAGE:
        return await asyncio.to_thread(work, page)
    await asyncio.sleep(0)
    return work(page)


def parsed(page: bytes, keep: Callable[[str], bool]) -> Any:
    """Return a page's value, its objects with the fields that `keep` wants; None for no JSON.

    Read as Latin-1, so that one letter outside of ASCII does not make the text four times as large: whatever such
    letters stand in is no tag.
    """

    def kept(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
        return {name: value for name, value in pairs if keep(name)}

    try:
        return json.loads(page.decode("latin-1"), object_pairs_hook=kept)
    except (ValueError, RecursionError):
        return None


def _values(page: bytes) -> int:
    return sum(map(page.count, (b",", b"[", b"{")))


def _names(page: bytes) -> dict[str, None] | None:
    fields = parsed(page, "tags".__eq__)
    # A repository whose tags were all deleted answers with null.
    names = fields.get("tags", "") if isinstance(fields, dict) else ""
    if names is None:
        return {}
    return {name: None for name in names if isinstance(name, str) and is_tag(name)} if isinstance(names, list) else None
