"""Many blobs in few requests, each checked against its id."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.github import documents
from bot.github.contents import read_blob, text_content
from bot.github.errors import GitHubUnavailable
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.github.channel import RepositoryChannel

BATCH: Final = 50
"""Blobs in one query: GitHub stops a query after ten seconds, so an answer must not grow without bound."""


async def blobs(channel: RepositoryChannel, oids: Collection[str]) -> dict[str, bytes]:
    """Read blobs by their ids, in batches through GraphQL; one whose text is cut or lossy alone through REST."""
    found: dict[str, bytes] = {}
    waiting = iter(sorted(set(oids)))
    while batch := list(islice(waiting, BATCH)):
        found |= await _batch(channel, batch)
    return found


async def _batch(channel: RepositoryChannel, oids: Sequence[str]) -> dict[str, bytes]:
    """Read one batch; halves of it where GitHub breaks over the whole."""
    variables = {f"o{index}": oid for index, oid in enumerate(oids)}
    try:
        repository = await channel.query(documents.blobs(len(oids)), variables, scope=Scope.READ)
    except GitHubUnavailable:
        if len(oids) == 1:
            return {oids[0]: await read_blob(channel, oids[0])}
        middle = len(oids) // 2
        return await _batch(channel, oids[:middle]) | await _batch(channel, oids[middle:])
    found: dict[str, bytes] = {}
    for index, oid in enumerate(oids):
        content = text_content(oid, repository[f"b{index}"])
        found[oid] = await read_blob(channel, oid) if content is None else content
    return found
