"""Lists a repository's tags, page by page, however long the list and whatever the registry says comes next."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from bot.images import is_tag
from bot.registries.errors import InvalidAnswer
from bot.registries.patience import LONGEST_LISTING_SECONDS, within
from bot.registries.repository import Repository, expect_ok
from bot.registries.transport import Answer
from bot.registries.validators import Validators

PAGE_SIZE = 1000  # Amazon ECR refuses more
MOST_PAGES = 500
MOST_TAGS = 300_000
# Google's registries tell nine more values with each tag. Each takes up to a hundred bytes once it is parsed.
MOST_VALUES = 3_000_000
LARGEST_LIST = 64 * 1024 * 1024
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
    async with within(repository, LONGEST_LISTING_SECONDS, "list its tags"):
        answers = await _answers(repository, query, validators.etag(key, query, known))
    if known and answers[0].status == HTTPStatus.NOT_MODIFIED:
        return TagList((), known, unchanged=True)
    pages = [answer.body for answer in answers]
    digest = _digest(pages)
    validators.note(key, answers[0].headers.get("ETag", "") if len(answers) == 1 else "", query, digest)
    return TagList((), digest, unchanged=True) if digest == known else TagList(_all_names(repository, pages), digest)


async def _answers(repository: Repository, query: str, etag: str) -> list[Answer]:
    """Return the pages, or the one answer 304 to the first question."""
    answers: list[Answer] = []
    asked: set[str] = set()
    left = LARGEST_LIST
    following: str | None = query
    while following is not None:
        if following in asked or len(asked) == MOST_PAGES:
            raise InvalidAnswer(repository.host, f"pages its tags of {repository.name} without an end")
        asked.add(following)
        unless = "" if answers else etag
        answer = await repository.get(
            "tags/list", query=following, largest=left, unless=unless, seconds=LONGEST_LISTING_SECONDS
        )
        answers.append(answer)
        if unless and answer.status == HTTPStatus.NOT_MODIFIED:
            break
        expect_ok(repository, answer, f"repository {repository.name}")
        left -= len(answer.body)
        following = _next_query(repository, answer)
    return answers


def _digest(pages: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for page in pages:
        digest.update(page)
    return f"sha256:{digest.hexdigest()}"


def _all_names(repository: Repository, pages: Iterable[bytes]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for page in pages:
        names.update(dict.fromkeys(names_in(repository, page)))
        if len(names) > MOST_TAGS:
            raise InvalidAnswer(repository.host, f"lists more than {MOST_TAGS:,} tags of {repository.name}")
    return tuple(names)


def _next_query(repository: Repository, answer: Answer) -> str | None:
    """Return the query of the next page, or None at the end.

    Only the query of the link is used: its host is the registry's word (a credential would follow it), and its path
    is wrong behind some proxies.
    """
    target = next((target for target, rest in LINK.findall(answer.headers.get("Link", "")) if NEXT.search(rest)), None)
    if target is None:
        return None
    query = str(target).partition("?")[2]
    if not query or len(query) > LONGEST_QUERY or not all("!" <= letter <= "~" for letter in query):
        raise InvalidAnswer(repository.host, f"names a next page of the tags of {repository.name} that cannot be asked")
    return query


def names_in(repository: Repository, page: bytes) -> Iterator[str]:
    """Return the tags in a page of a list; raises InvalidAnswer for what is no such page."""
    # A page of nothing but brackets unpacks to fifty times its size: counted before it is parsed.
    if sum(map(page.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise InvalidAnswer(repository.host, f"lists more than the tags of {repository.name}, too much to be read")
    try:
        fields = json.loads(page)
    except (ValueError, RecursionError):
        fields = None
    # A repository whose tags were all deleted answers with null.
    names = (fields.get("tags") or []) if isinstance(fields, dict) and "tags" in fields else None
    if not isinstance(names, list):
        raise InvalidAnswer(repository.host, f"did not answer with a list of the tags of {repository.name}")
    return (name for name in names if isinstance(name, str) and is_tag(name))
