"""What a repository lists as attached to a digest: by the referrers API, or under the tag in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from bot.registries.documents import DIGEST, INDEX_TYPES, read_object
from bot.registries.errors import InvalidAnswer
from bot.registries.manifests import ACCEPT, LARGEST_MANIFEST
from bot.registries.referrers_tag import tag_of
from bot.registries.repository import Repository, expect_ok
from bot.registries.tags import next_query

INDEX: Final = "application/vnd.oci.image.index.v1+json"
MOST_REFERRERS = 200
MOST_PAGES = 20
NO_API = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.BAD_REQUEST})

Descriptor = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """The digests of what is attached to a digest, and whether the registry keeps that list itself.

    is_whole: whether there are no more. bytes: how many came.
    """

    by_api: bool
    digests: tuple[str, ...]
    is_whole: bool = True
    bytes: int = 0


async def referrers_of(repository: Repository, subject: str) -> Listed:
    """Return what is attached to a digest: by the API, and where there is none, by the tag in its place."""
    digests: list[str] = []
    size = 0
    query: str | None = ""
    for _ in range(MOST_PAGES):
        path = f"referrers/{subject}"
        answer = await repository.get(path, query=query or "", accept=INDEX, largest=LARGEST_MANIFEST)
        if answer.status in NO_API or (answer.status == HTTPStatus.OK and answer.content_type not in INDEX_TYPES):
            fields = await read_list(repository, tag_of(subject))
            return Listed(by_api=False, digests=_digests(fields["manifests"]) if fields else ())
        expect_ok(repository, answer, f"referrers of {repository.name}@{subject}")
        size += len(answer.body)
        digests += _digests(_entries(repository, read_object(repository.host, answer.body)))
        query = next_query(repository, answer, "referrers")
        if query is None or len(digests) > MOST_REFERRERS:
            break
    return Listed(by_api=True, digests=tuple(digests), is_whole=query is None, bytes=size)


async def read_list(repository: Repository, tag: str) -> dict[str, Any] | None:
    """Return the list of referrers under a tag, None where there is no such tag. Raises InvalidAnswer."""
    answer = await repository.get(f"manifests/{tag}", accept=ACCEPT, largest=LARGEST_MANIFEST)
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    expect_ok(repository, answer, f"{repository.name}:{tag}")
    fields = dict(read_object(repository.host, answer.body))
    _entries(repository, fields)
    return fields


def _entries(repository: Repository, fields: Mapping[str, Any]) -> list[Descriptor]:
    """Return the descriptors of a list of referrers; raises InvalidAnswer for what is none."""
    entries = fields.get("manifests")
    if not isinstance(entries, list) or not all(map(_is_descriptor, entries)):
        raise InvalidAnswer(repository.host, f"has a list of referrers of {repository.name} that is none")
    return entries


def _digests(entries: Sequence[Descriptor]) -> tuple[str, ...]:
    return tuple(entry["digest"] for entry in entries)


def _is_descriptor(entry: object) -> bool:
    digest = entry.get("digest") if isinstance(entry, dict) else None
    return isinstance(digest, str) and DIGEST.fullmatch(digest) is not None
