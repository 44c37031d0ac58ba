"""The ledger: every tag a registry ever listed, since when, and what is known of it."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update

from bot.store.database import Database, pieces
from bot.store.describing import Description, PushedAgain, describe, pushed_again
from bot.store.dialects import insert
from bot.store.forgetting import forget_readers, forget_strays
from bot.store.ledger_keys import ImageKey, digests_of
from bot.store.pushes import Push, note_push, note_pushes, told_pushes, unknown_pushes
from bot.store.scans import PollState, ScanState, note_scan, poll_state, scan_state, watch_too
from bot.store.tables import push_times, tags

# Fetched row by row, long lists would take twice as long.
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class LedgerTag:
    """A tag that stands in the registry's list; None: not known.

    `first_seen` is when the bot first saw it listed or, when it was pushed again, first saw that. `pushed_at` is the
    registry's word on what stands behind it now, `created_at` the image's own. `came_back`: it was missing from a list
    once, and nothing is known to stand behind it but what stood there before.
    """

    name: str
    digest: str | None
    pushed_at: datetime | None
    first_seen: datetime
    platforms: tuple[str, ...] | None
    created_at: datetime | None = None
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class TagChanges:
    """What a new list of tags changed: names that appeared and names that went, each in order."""

    appeared: tuple[str, ...]
    gone: tuple[str, ...]


class Ledger:
    """The tables of tags and scans. What each reader was told is kept apart: `credential` is its id, or ""."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Take the database, and a clock for what is noted without a time."""
        self._database = database
        self._clock = clock

    async def tags(self, host: str, repository: str, credential: str = "") -> list[LedgerTag]:
        """Return the tags that the registry listed last, in no particular order.

        Push times are those the registry told of a tag and its digest, else those that signed events told of it.
        """
        image = ImageKey(host, repository, credential)
        return await self._database.read(lambda c: _listed(c, image))

    async def digests(
        self, host: str, repository: str, credential: str, names: Collection[str]
    ) -> dict[str, str | None]:
        """Return the digests of some tags, of those that are listed; None: not known yet."""
        image = ImageKey(host, repository, credential)
        return await self._database.read(lambda c: digests_of(c, image, sorted(set(names))))

    async def record(
        self, host: str, repository: str, names: Collection[str], now: datetime, credential: str = ""
    ) -> TagChanges:
        """Note the complete list of an image's tags: new names are first seen now, missing ones are gone.

        A name that comes back after it was gone is new: what stood behind it before is not believed any more.
        """
        image = ImageKey(host, repository, credential)
        statement = select(tags.c.name).where(image.of(tags), tags.c.gone_at.is_(None))
        known = await self._database.read(lambda c: set(c.execute(statement).scalars()))
        listed = set(names)
        changes = TagChanges(tuple(sorted(listed - known)), tuple(sorted(known - listed)))
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
        created_at: datetime | None = None,
        seen_at: datetime | None = None,
    ) -> bool:
        """Note what is behind a tag. None leaves what is known, but another digest clears what was told of the old.

        `seen_at` is when this was read (None: now): a tag that was pushed again is first seen then, so that it is
        young again, and is told by `pushed_again` from then on. False: the tag was never listed, and nothing is noted.
        """
        told = Description(name, digest, platforms, pushed_at, created_at, seen_at or self._clock())
        return await self._database.write(lambda c: describe(c, ImageKey(host, repository, credential), told))

    async def note_pushes(self, host: str, repository: str, credential: str, pushes: Sequence[Push]) -> int:
        """Note when tags were pushed, as their registry says; returns for how many that was news.

        A push of a digest that the tag is not known to stand for counts from when it is. Tags not listed are passed
        over.
        """
        image = ImageKey(host, repository, credential)
        news = await self._database.read(lambda c: unknown_pushes(c, image, pushes))
        for some in pieces(news):
            await self._database.write(partial(note_pushes, image=image, pushes=some))
        return len(news)

    async def pushed(self, host: str, repository: str, push: Push) -> None:
        """Note when a digest was pushed under a tag, as a signed event says; of several times the earliest counts."""
        await self._database.write(lambda c: note_push(c, host, repository, push))

    async def told_pushes(self, host: str, repository: str) -> list[Push]:
        """Return the last push of each tag that signed events told of, whoever reads the image, by tag."""
        return await self._database.read(lambda c: told_pushes(c, host, repository))

    async def pushed_again(self, host: str, repository: str, credential: str = "") -> list[PushedAgain]:
        """Return the listed tags that stand for another digest than they did, by name."""
        image = ImageKey(host, repository, credential)
        return await self._database.read(lambda c: pushed_again(c, image))

    async def scanned(
        self,
        host: str,
        repository: str,
        at: datetime,
        error: str | None = None,
        credential: str = "",
        *,
        list_digest: str | None = None,
        watched: Sequence[str] | None = None,
    ) -> None:
        """Note that an image's tags were asked for, with the error or the list's hash; None keeps the last hash.

        `watched` are the tags whose digests a poll compares; None keeps them. No error ends a row of failures.
        """
        image = ImageKey(host, repository, credential)
        await self._database.write(lambda c: note_scan(c, image, at, error, list_digest, watched))

    async def watch_too(self, host: str, repository: str, credential: str, tags: Collection[str]) -> None:
        """Have polls compare the digests of some tags, too, until the next scan says which."""
        if tags:
            await self._database.write(lambda c: watch_too(c, ImageKey(host, repository, credential), tags))

    async def scan_state(self, host: str, repository: str, credential: str = "") -> ScanState | None:
        """Return how the last scan of an image ended; None: it was never scanned."""
        return await self._database.read(lambda c: scan_state(c, ImageKey(host, repository, credential)))

    async def poll_state(self, host: str, repository: str, credential: str = "") -> PollState:
        """Return all that a poll has to know, in one read."""
        return await self._database.read(lambda c: poll_state(c, ImageKey(host, repository, credential)))

    async def forget_reader(self, reader: str) -> None:
        """Delete all that a reader was told; what nobody in particular ("") read stays."""
        await forget_readers(self._database, [reader])
        await self._database.overwrite_deleted()

    async def forget_strays(self, before: datetime) -> list[str]:
        """Delete what readers were told that are not there any more, and return their ids; for a periodic clean-up.

        Push times told before `before` go as well where nobody lists the tag or follows the image, and of every image
        those of half a year ago that are not among its newest thousand.
        """
        return await forget_strays(self._database, before, self._clock())


def _listed(connection: Connection, image: ImageKey) -> list[LedgerTag]:
    column = tags.c
    of_this_digest = or_(column.pushed_digest.is_(None), column.digest.is_(None), column.pushed_digest == column.digest)
    pushed_at = func.coalesce(case((of_this_digest, column.pushed_at)), push_times.c.pushed_at)
    by_digest = and_(
        push_times.c.host == image.host,
        push_times.c.image == image.repository,
        push_times.c.tag == column.name,
        push_times.c.digest == column.digest,
    )
    came_back = and_(column.digest_before.is_not(None), column.pushed_again_at.is_(None))
    told = (column.name, column.digest, pushed_at, column.first_seen, column.platforms, column.created_at, came_back)
    statement = (
        select(*told).select_from(tags.outerjoin(push_times, by_digest)).where(image.of(tags), column.gone_at.is_(None))
    )
    found = connection.execute(statement).partitions(_AT_ONCE)
    return [
        LedgerTag(row[0], row[1], row[2], row[3], _platforms(row[4]), row[5], bool(row[6]))
        for rows in found
        for row in rows
    ]


@lru_cache(maxsize=1024)
def _platforms(text: str | None) -> tuple[str, ...] | None:
    # Of many thousand tags most have the same.
    return None if text is None else tuple(json.loads(text))


def _mark_gone(connection: Connection, image: ImageKey, names: Sequence[str], now: datetime) -> None:
    leave = update(tags).where(image.of(tags), tags.c.name == bindparam("its_name")).values(gone_at=now)
    connection.execute(leave, [{"its_name": name} for name in names])


def _insert_new(connection: Connection, image: ImageKey, names: Sequence[str], now: datetime) -> None:
    statement = insert(connection, tags)
    fresh = {
        "digest": None,
        "pushed_at": None,
        "first_seen": now,
        "platforms": None,
        "gone_at": None,
        "created_at": None,
        "pushed_digest": None,
        "pushed_again_at": None,
    }
    back = statement.on_conflict_do_update(
        index_elements=["host", "image", "credential", "name"],
        # Whether it is another image now is told by the digest that it had; "": it had one that nobody asked for.
        set_={
            **{name: statement.excluded[name] for name in fresh},
            "digest_before": func.coalesce(tags.c.digest, tags.c.digest_before, ""),
        },
        # Another scan of the same image may have been first: what it noted since stays.
        where=tags.c.gone_at.is_not(None),
    )
    connection.execute(back, [{**image.values(), "name": name, **fresh} for name in names])
