"""The ledger: every tag a registry ever listed, since when, and what is known of it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from bot.store.database import Database, pieces
from bot.store.dialects import insert, upsert
from bot.store.tables import images, tags


@dataclass(frozen=True, slots=True)
class LedgerTag:
    """A tag that stands in the registry's list; None: not known. `first_seen` is when the bot first saw it listed."""

    name: str
    digest: str | None
    pushed_at: datetime | None
    first_seen: datetime
    platforms: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class TagChanges:
    """What a new list of tags changed: names that appeared and names that went, each in order."""

    appeared: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScanState:
    """When an image's tags were last asked for, why that failed (None: it did not), and a hash of the last list."""

    at: datetime
    error: str | None
    list_digest: str


class Ledger:
    """The tables of tags and scans. What was read with a credential is kept apart: `credential` is its name, or ""."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tags(self, host: str, repository: str, credential: str = "") -> list[LedgerTag]:
        """Return the tags that the registry listed last, in no particular order."""
        column = tags.c
        statement = select(column.name, column.digest, column.pushed_at, column.first_seen, column.platforms).where(
            _of(host, repository, credential), column.gone_at.is_(None)
        )
        return await self._database.read(
            lambda c: [LedgerTag(row[0], row[1], row[2], row[3], _platforms(row[4])) for row in c.execute(statement)]
        )

    async def record(
        self, host: str, repository: str, names: Collection[str], now: datetime, credential: str = ""
    ) -> TagChanges:
        """Note the complete list of an image's tags: new names are first seen now, missing ones are gone.

        A name that comes back after it was gone is new: what stood behind it before is not believed any more.
        """
        statement = select(tags.c.name).where(_of(host, repository, credential), tags.c.gone_at.is_(None))
        known = await self._database.read(lambda c: set(c.execute(statement).scalars()))
        listed = set(names)
        changes = TagChanges(tuple(sorted(listed - known)), tuple(sorted(known - listed)))
        image = _Image(host, repository, credential)
        for some in pieces(changes.gone):
            await self._database.write(partial(_mark_gone, image=image, names=some, now=now))
        for some in pieces(changes.appeared):
            await self._database.write(partial(_insert_new, image=image, names=some, now=now))
        return changes

    async def describe(  # noqa: PLR0917 - an image is three words
        self,
        host: str,
        repository: str,
        name: str,
        digest: str | None,
        platforms: Collection[str] | None,
        credential: str = "",
        *,
        pushed_at: datetime | None = None,
        seen_at: datetime | None = None,
    ) -> bool:
        """Note what is behind a tag. None leaves what is known, but another digest clears platforms and push time.

        `seen_at` is when this was read: a tag that was pushed again is first seen then, so that it is young again.
        False: the tag was never listed, and nothing is noted.
        """
        where = and_(_of(host, repository, credential), tags.c.name == name)
        told: dict[str, Any] = {
            "platforms": None if platforms is None else json.dumps(sorted(platforms)),
            "pushed_at": pushed_at,
        }
        return await self._database.write(lambda c: _describe(c, where, digest, told, seen_at))

    async def scanned(
        self,
        host: str,
        repository: str,
        at: datetime,
        error: str | None = None,
        credential: str = "",
        *,
        list_digest: str | None = None,
    ) -> None:
        """Note that an image's tags were asked for, with the error or the list's hash; None keeps the last hash."""
        key = {"host": host, "image": repository, "credential": credential}
        values: dict[str, Any] = {**key, "scanned_at": at, "error": error, "list_digest": list_digest or ""}
        await self._database.write(lambda c: _note_scan(c, values, keep_digest=list_digest is None))

    async def scan_state(self, host: str, repository: str, credential: str = "") -> ScanState | None:
        """Return how the last scan of an image ended; None: it was never scanned."""
        column = images.c
        statement = select(column.scanned_at, column.error, column.list_digest).where(
            column.host == host, column.image == repository, column.credential == credential
        )
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else ScanState(row.scanned_at, row.error, row.list_digest)


@dataclass(frozen=True, slots=True)
class _Image:
    host: str
    repository: str
    credential: str


def _of(host: str, repository: str, credential: str) -> ColumnElement[bool]:
    return and_(tags.c.host == host, tags.c.image == repository, tags.c.credential == credential)


def _platforms(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(json.loads(text))


def _mark_gone(connection: Connection, image: _Image, names: Sequence[str], now: datetime) -> None:
    leave = (
        update(tags)
        .where(_of(image.host, image.repository, image.credential), tags.c.name == bindparam("its_name"))
        .values(gone_at=now)
    )
    connection.execute(leave, [{"its_name": name} for name in names])


def _insert_new(connection: Connection, image: _Image, names: Sequence[str], now: datetime) -> None:
    statement = insert(connection, tags)
    columns = ("digest", "pushed_at", "first_seen", "platforms", "gone_at")
    back = statement.on_conflict_do_update(
        index_elements=["host", "image", "credential", "name"],
        set_={name: statement.excluded[name] for name in columns},
        # Another scan of the same image may have been first: what it noted since stays.
        where=tags.c.gone_at.is_not(None),
    )
    fresh = {"digest": None, "pushed_at": None, "first_seen": now, "platforms": None, "gone_at": None}
    key = {"host": image.host, "image": image.repository, "credential": image.credential}
    connection.execute(back, [{**key, "name": name, **fresh} for name in names])


def _describe(
    connection: Connection,
    where: ColumnElement[bool],
    digest: str | None,
    told: dict[str, Any],
    seen_at: datetime | None,
) -> bool:
    known = connection.execute(select(tags.c.digest).where(where).with_for_update()).one_or_none()
    if known is None:
        return False
    moved = digest is not None and known.digest is not None and digest != known.digest
    values = {name: value for name, value in told.items() if moved or value is not None}
    if digest is not None:
        values["digest"] = digest
    if moved and seen_at is not None:
        values["first_seen"] = seen_at
    if values:
        connection.execute(update(tags).where(where).values(**values))
    return True


def _note_scan(connection: Connection, values: dict[str, Any], *, keep_digest: bool) -> None:
    if keep_digest:
        column = images.c
        kept = select(column.list_digest).where(
            column.host == values["host"], column.image == values["image"], column.credential == values["credential"]
        )
        values = {**values, "list_digest": connection.execute(kept.with_for_update()).scalar() or ""}
    upsert(connection, images, values)
