"""Lists a repository's tags, page by page, however long the list and whatever the registry says comes next."""

import hashlib
import re
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.registries.errors import InvalidAnswer
from bot.registries.list_pages import (
    BYTES_OF_VALUE,
    LARGEST_LIST,
    MOST_TAGS,
    check_values,
    count_values,
    largest_page,
    names_in,
)
from bot.registries.patience import LONGEST_LISTING_SECONDS, within
from bot.registries.repository import Repository, expect_ok
from bot.registries.room import Share
from bot.registries.transport import Answer
from bot.registries.validators import Validators

if TYPE_CHECKING:
    from hashlib import _Hash

PAGE_SIZE = 1000  # Amazon ECR refuses more
MOST_PAGES = 500
LONGEST_QUERY = 2048
LINK = re.compile(r"<([^<>]*)>([^<]*)")
NEXT = re.compile(r""";\s*rel\s*=\s*("[^"]*\bnext\b[^"]*"|next\b)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TagList:
    """A repository's tags in the registry's order.

    digest_of_list: a hash of what the registry sent; an equal one means an equal list. unchanged: it equals the one
    that the caller knew, and `names` is empty because nothing was parsed.
    """

    names: tuple[str, ...]
    digest_of_list: str
    unchanged: bool = False


@dataclass(slots=True)
class _Pages:
    """The pages that came. values: how many they hold at most. etag: what a list of one page is called."""

    bodies: deque[bytes] = field(default_factory=deque)
    size: int = 0
    values: int = 0
    etag: str = ""
    hash: "_Hash" = field(default_factory=hashlib.sha256)

    @property
    def digest(self) -> str:
        return f"sha256:{self.hash.hexdigest()}"


async def list_tags(
    repository: Repository, validators: Validators, *, page_size: int = PAGE_SIZE, known: str | None = None
) -> TagList:
    """Return all tags. Names that are no tags by the grammar are left out, each name stands once.

    known: the digest_of_list of an earlier call. validators: what lists were called that came in one page; a registry
    that still has the one the caller knows need not send it again. Raises ImageNotFound, InvalidAnswer (a page that is
    no list, pages that go in a circle, more than MOST_PAGES or MOST_TAGS) and all that Repository.get raises.
    """
    query = f"n={page_size}"
    key = (repository.host, repository.name, repository.access.version)
    lists = repository.authentication.transport.lists
    async with within(repository, LONGEST_LISTING_SECONDS, "list its tags") as limit:
        with lists.share(repository.host) as share:
            share.limits.append(limit)
            pages = await _read(repository, query, validators.etag(key, query, known), share)
            if known and pages is None:
                return TagList((), known, unchanged=True)
            pages = pages or _Pages()
            validators.note(key, pages.etag, query, pages.digest)
            if pages.digest == known:
                return TagList((), known, unchanged=True)
            await share.take(pages.values * BYTES_OF_VALUE // repository.endpoint.values_per_tag)
            return TagList(await _all_names(repository, pages.bodies), pages.digest)


async def _read(repository: Repository, query: str, etag: str, share: Share) -> _Pages | None:
    """Return the pages, or None for an answer 304 to the first question."""
    pages = _Pages()
    asked: set[str] = set()
    following: str | None = query
    while following is not None:
        if following in asked or len(asked) == MOST_PAGES:
            raise InvalidAnswer(repository.host, f"pages its tags of {repository.name} without an end")
        asked.add(following)
        unless = etag if len(asked) == 1 else ""
        largest = min(largest_page(repository), LARGEST_LIST - pages.size)
        ask = partial(repository.get, "tags/list", query=following, largest=largest, unless=unless, share=share)
        answer = await share.asking(partial(ask, seconds=LONGEST_LISTING_SECONDS))
        if unless and answer.status == HTTPStatus.NOT_MODIFIED:
            return None
        expect_ok(repository, answer, f"repository {repository.name}")
        following = next_query(repository, answer)
        pages.etag = answer.headers.get("ETag", "") if len(asked) == 1 and following is None else ""
        await _keep(repository, pages, answer.body)
    return pages


async def _keep(repository: Repository, pages: _Pages, body: bytes) -> None:
    pages.values += await count_values(repository, body)
    check_values(repository, pages.values)
    pages.size += len(body)
    pages.hash.update(body)
    pages.bodies.append(body)


async def _all_names(repository: Repository, bodies: deque[bytes]) -> tuple[str, ...]:
    """Return the names in all pages; each page is given up as soon as it is read."""
    names: dict[str, None] = {}
    while bodies:
        found = await names_in(repository, bodies.popleft())
        if names:
            names.update(found)
        else:
            names = found
        if len(names) > MOST_TAGS:
            raise InvalidAnswer(repository.host, f"lists more than {MOST_TAGS:,} tags of {repository.name}")
    return tuple(names)


def next_query(repository: Repository, answer: Answer, what: str = "tags") -> str | None:
    """Return the query of the next page, or None at the end. what: the list that has pages.

    Only the query of the link is used: its host is the registry's word (a credential would follow it), and its path
    is wrong behind some proxies.
    """
    target = next((target for target, rest in LINK.findall(answer.headers.get("Link", "")) if NEXT.search(rest)), None)
    if target is None:
        return None
    query = str(target).partition("?")[2]
    if not query or len(query) > LONGEST_QUERY or not all("!" <= letter <= "~" for letter in query):
        raise InvalidAnswer(
            repository.host, f"names a next page of the {what} of {repository.name} that cannot be asked"
        )
    return query
