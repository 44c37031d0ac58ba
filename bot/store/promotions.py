"""Promotions: which image was judged by which promotion of which repository, and what came of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select, update

from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.promotion_claims import claim, release
from bot.store.promotion_events import PromotionEvent, events_of, note_event
from bot.store.promotion_following import (
    Beginning,
    NewestRun,
    beginning_of,
    forget_promotions,
    newest_of,
    note_existing_done,
    unwatch,
    watch,
    watched_of,
    write_beginning,
)
from bot.store.promotion_hops import copies_of, depth_of
from bot.store.promotion_proposals import LastProposal, last_proposals
from bot.store.promotion_pruning import prune
from bot.store.promotion_runs import (
    IDENTITY,
    JUDGED_AGAIN,
    UNENDED,
    NewRun,
    PromotionRun,
    RunState,
    UnendedRun,
    changing_columns,
    columns_of_new,
    run_of,
    unended_of,
)
from bot.store.tables import installations, promotions, repositories

_MOST_AT_ONCE = 1000

_JOINED = promotions.join(repositories).join(installations)
_COLUMNS = {**{column.name: column for column in promotions.c}, "installation": repositories.c.installation}
_IN_WORK = and_(repositories.c.archived.is_(False), installations.c.suspended.is_(False))


class Promotions:
    """The tables of promotions: runs and their events, what is followed, and who may write which tag."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, run: NewRun) -> tuple[PromotionRun, bool]:
        """Write a run, in state NEW, and return it with True.

        The same image of the same revision of the same promotion is one run: it comes back as it is, with False.
        Raises UnknownOwner when the repository is not stored.
        """
        return await self._database.write(lambda c: _begin(c, run))

    async def get(self, id: int) -> PromotionRun | None:  # noqa: A002 - as people name it
        """Return a run; None: there is none, or it was forgotten."""
        found = await self._find(_runs().where(promotions.c.id == id))
        return found[0] if found else None

    async def save(self, run: PromotionRun, expected: PromotionRun) -> bool:
        """Replace what changes of a run if it is still remembered as it was read (`expected`); tell whether it was.

        Which image it is about, and where that goes, never change.
        """
        return await self._database.write(lambda c: _save(c, run, expected))

    async def of(
        self, repository: int | None, promotion: str = "", state: RunState | None = None, limit: int = 100
    ) -> list[PromotionRun]:
        """Return at most `limit` runs of a repository (None: of all), the newest first.

        Those of one promotion where it is named, and in one state where that is given.
        """
        where: list[ColumnElement[bool]] = []
        if repository is not None:
            where.append(promotions.c.repository == repository)
        if promotion:
            where.append(promotions.c.promotion == promotion)
        if state is not None:
            where.append(promotions.c.state == state.value)
        return await self._find(_runs().where(*where).order_by(promotions.c.id.desc()).limit(limit))

    async def unended(self, repository: int | None = None) -> list[UnendedRun]:
        """Return the runs in NEW, WAITING, BLOCKED, COPYING and APPROVED in few words, the oldest first.

        Of one repository, or (None) of every one that can be worked on: not archived, its installation not suspended.
        """
        where = _IN_WORK if repository is None else promotions.c.repository == repository
        columns = [_COLUMNS[field.name] for field in fields(UnendedRun)]
        statement = select(*columns).select_from(_JOINED).where(_in(UNENDED), where).order_by(promotions.c.id)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [unended_of(row) for row in rows]

    async def of_source(self, host: str, image: str) -> list[PromotionRun]:
        """Return the runs in NEW, WAITING, DENIED, BLOCKED and PROPOSED whose image is of a repository, newest first.

        Of every GitHub repository that can be worked on, at most 1000.
        """
        its = (promotions.c.source_host == host, promotions.c.source_image == image)
        statement = _runs().where(*its, _in(JUDGED_AGAIN), _IN_WORK)
        return await self._find(statement.order_by(promotions.c.id.desc()).limit(_MOST_AT_ONCE))

    async def depth_of(self, host: str, image: str, digest: str, installation: int | None = None) -> int:
        """Return after how many promotions a digest came to a repository, at most; 0: no promotion brought it there.

        Those of one installation (None: of all). All names of one registry are one host.
        """
        return await self._database.read(lambda c: depth_of(c, installation, host, image, digest))

    async def copies_of(self, installation: int, digest: str) -> int:
        """Return how many promotions of an installation brought a digest to their targets, whichever those are."""
        return await self._database.read(lambda c: copies_of(c, installation, digest))

    async def note(self, run: int, event: PromotionEvent) -> None:
        """Write what was done about a run; an evaluation that came to the same as the one before counts that one up.

        The latest 100 of a run are kept, and the last about its proposal. Raises UnknownOwner when the run is not there
        any more.
        """
        await self._database.write(lambda c: note_event(c, run, event))

    async def events(self, run: int) -> list[PromotionEvent]:
        """Return what was done about a run, in order."""
        return await self._database.read(lambda c: events_of(c, run))

    async def proposals(self, repository: int, promotion: str) -> list[LastProposal]:
        """Return what was last noted of each proposal of a promotion, whatever its revision was, newest first."""
        return await self._database.read(lambda c: last_proposals(c, repository, promotion))

    async def told_on(self, installation: int, told_in: int, commit: str) -> list[PromotionRun]:
        """Return an installation's runs that are told on a commit of a repository, the newest first; at most 50."""
        where = (
            promotions.c.commit == commit,
            promotions.c.told_in == told_in,
            repositories.c.installation == installation,
        )
        return await self._find(_runs().where(*where).order_by(promotions.c.id.desc()).limit(50))

    async def beginning(self, repository: int, promotion: str) -> Beginning | None:
        """Return since when a promotion follows its source; None: it does not yet."""
        return await self._database.read(lambda c: beginning_of(c, repository, promotion))

    async def begin_following(self, beginning: Beginning) -> None:
        """Write since when a promotion follows its source, in place of what was written before.

        What was watched of another source, or as another reader, is forgotten. Raises UnknownOwner when the repository
        is not stored.
        """
        await self._database.write(lambda c: write_beginning(c, beginning))

    async def existing_is_done(self, repository: int, promotion: str) -> None:
        """Write that the tags that stood there at the beginning were walked; without a beginning nothing happens."""
        await self._database.write(lambda c: note_existing_done(c, repository, promotion))

    async def newest(
        self, repository: int, promotion: str, source_host: str, source_image: str
    ) -> dict[str, NewestRun]:
        """Return the newest run of each tag of a source, by tag, whatever its revision and state.

        The newest is the one that was begun, or opened again, last.
        """
        return await self._database.read(lambda c: newest_of(c, repository, promotion, source_host, source_image))

    async def judged(self, repository: int, promotion: str, source_host: str, source_image: str) -> dict[str, str]:
        """Return the digest of the newest run of each tag of a source (tag -> digest)."""
        newest = await self.newest(repository, promotion, source_host, source_image)
        return {tag: run.digest for tag, run in newest.items()}

    async def watched(self, repository: int, promotion: str) -> dict[str, str]:
        """Return at which digest a promotion last saw each tag (tag -> digest)."""
        return await self._database.read(lambda c: watched_of(c, repository, promotion))

    async def watch(self, repository: int, promotion: str, tags: Mapping[str, str]) -> None:
        """Write at which digest tags were seen (tag -> digest); others that are watched stay.

        Raises UnknownOwner when the repository is not stored.
        """
        await watch(self._database, repository, promotion, tags)

    async def unwatch(self, repository: int, promotion: str, tags: Iterable[str]) -> None:
        """Forget tags that are gone; those that were not watched are no error."""
        await unwatch(self._database, repository, promotion, tags)

    async def forget(self, repository: int, promotions_kept: Collection[str]) -> None:
        """Forget what promotions followed and watched that a repository has no more; runs stay."""
        await self._database.write(lambda c: forget_promotions(c, repository, promotions_kept))

    async def claim(  # noqa: PLR0917 - a tag in a registry, and who wants it until when
        self, host: str, image: str, tag: str, run: int, now: datetime, until: datetime
    ) -> bool:
        """Let a run write a tag of a repository until a time, unless another one may; tell whether it may.

        The same run gets it again, with the new time; what a run did not give back that ended is free. Raises
        UnknownOwner when the run is not there any more.
        """
        values = {"host": host, "image": image, "tag": tag, "run": run, "until": until}
        return await self._database.write(lambda c: claim(c, values, now))

    async def release(self, host: str, image: str, tag: str, run: int) -> None:
        """Give a tag back, if the run has it."""
        await self._database.write(lambda c: release(c, host, image, tag, run))

    async def prune(self, before: datetime) -> None:
        """Forget the events and verdicts of runs that ended before a time, and those that a later run replaced.

        The last run of each tag stays: it tells that the tag was judged, and must not be promoted again, and its events
        tell what people said no to. So does the last that brought an entry of a map to the target, for the map may name
        it still. Of promotions that follow nothing any more, none stays.
        """
        await prune(self._database, before)

    async def _find(self, statement: Select[Any]) -> list[PromotionRun]:
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [run_of(row) for row in rows]


def _runs() -> Select[Any]:
    """Select runs with the installation that their repository belongs to now."""
    return select(*_COLUMNS.values()).select_from(_JOINED)


def _in(states: Collection[RunState]) -> ColumnElement[bool]:
    return promotions.c.state.in_(sorted(state.value for state in states))


def _begin(connection: Connection, run: NewRun) -> tuple[PromotionRun, bool]:
    values = columns_of_new(run)
    statement = insert(connection, promotions).on_conflict_do_nothing(index_elements=list(IDENTITY))
    made = connection.execute(statement.returning(promotions.c.id), values).first()
    same = [promotions.c[name] == values[name] for name in IDENTITY]
    return run_of(connection.execute(_runs().where(*same)).one()), made is not None


def _save(connection: Connection, run: PromotionRun, expected: PromotionRun) -> bool:
    as_read = [promotions.c[name].is_not_distinct_from(value) for name, value in changing_columns(expected).items()]
    statement = update(promotions).where(promotions.c.id == expected.id, *as_read)
    return connection.execute(statement.values(changing_columns(run))).rowcount > 0
