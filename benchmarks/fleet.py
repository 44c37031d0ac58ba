"""Many repositories whose policies follow many images, in a store: as it is when all of them were read once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine

from benchmarks.registry import MOVING, digest, index_of, page_of, tags_of
from bot.store import Store
from bot.store.tables import follows, images, installations, repositories, tags
from bot.store.urls import read_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine, Table

REPOSITORIES_OF_ONE = 10
"""Repositories of one installation."""

READ_BEFORE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Counts of what there is. Each policy follows one image, each image is followed by equally many policies.

    One image in `every` has a tag that is followed by its digest. `hosts`: the registries that share the images; the
    first wants tokens.
    """

    hosts: tuple[str, ...]
    images: int = 5_000
    repositories: int = 10_000
    policies: int = 5
    every: int = 25

    def places(self) -> list[tuple[str, str]]:
        """List where each image is: its registry's host, and its repository there."""
        return [(self.hosts[number % len(self.hosts)], f"acme/service-{number}") for number in range(self.images)]

    def watched(self, number: int) -> list[str]:
        """Tell which tags of an image are followed by their digests."""
        return [MOVING] if number % self.every == 0 else []

    @property
    def heads(self) -> int:
        """How many tags are followed by their digests."""
        return len(range(0, self.images, self.every))

    @property
    def tokens(self) -> int:
        """How many images there are at the registry that wants tokens."""
        return len(range(0, self.images, len(self.hosts)))


async def fill(url: str, fleet: Fleet, now: datetime) -> None:
    """Make a store and put a fleet into it, row by row as the bot itself would have done."""
    async with await Store.open(url):
        pass
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            for table, rows in _rows(fleet, now - READ_BEFORE):
                connection.execute(table.insert(), rows)
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    address = read_url(url)
    return create_engine(address if isinstance(address, URL) else f"sqlite:///{address}")


def _rows(fleet: Fleet, at: datetime) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    accounts = range(fleet.repositories // REPOSITORIES_OF_ONE)
    yield (
        installations,
        [
            {"id": each, "account": f"acme-{each}", "account_type": "Organization", "suspended": False}
            for each in accounts
        ],
    )
    yield repositories, [_repository(number) for number in range(fleet.repositories)]
    places = fleet.places()
    yield (
        follows,
        [
            _follow(number, *places[(number * fleet.policies + each) % fleet.images])
            for number in range(fleet.repositories)
            for each in range(fleet.policies)
        ],
    )
    yield images, [_image(fleet, number, place, at) for number, place in enumerate(places)]
    yield tags, [_tag(place, name, at) for place in places for name in tags_of(place[1])]


def _repository(number: int) -> dict[str, Any]:
    installation = number // REPOSITORIES_OF_ONE
    name = f"acme-{installation}/shop-{number}"
    return {
        "id": number,
        "installation": installation,
        "full_name": name,
        "folded_name": name,
        "default_branch": "main",
        "private": False,
        "archived": False,
    }


def _follow(number: int, host: str, image: str) -> dict[str, Any]:
    policy = image.rpartition("/")[2]
    return {"repository": number, "policy": policy, "host": host, "image": image, "reader": "", "poll_seconds": 300}


def _image(fleet: Fleet, number: int, place: tuple[str, str], at: datetime) -> dict[str, Any]:
    host, image = place
    return {
        "host": host,
        "image": image,
        "credential": "",
        "scanned_at": at,
        "list_digest": digest(page_of(image, tags_of(image))),
        "watched": json.dumps(fleet.watched(number)),
    }


def _tag(place: tuple[str, str], name: str, at: datetime) -> dict[str, Any]:
    host, image = place
    return {
        "host": host,
        "image": image,
        "credential": "",
        "name": name,
        "digest": digest(index_of(image, name)) if name == MOVING else None,
        "platforms": '["linux/amd64", "linux/arm64"]' if name == MOVING else None,
        "first_seen": at,
    }
