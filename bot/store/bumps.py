"""Bumps: the pull requests the bot opened or is about to, one for each group of a repository."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, or_, select, update

from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.openings import latest_opening, note_opening, recent_openings, take_back
from bot.store.repository_turn import take_turn_of
from bot.store.tables import bumps, installations, repositories

Refusal = TypeVar("Refusal")
Admits = Callable[[Sequence["BumpRecord"], Sequence[datetime]], Refusal | None]


class BumpState(Enum):
    """Where a bump stands; OPENING is noted before GitHub is asked, so that a crash in between is seen."""

    OPENING = "opening"
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"

    @property
    def living(self) -> bool:
        """Tell whether there is a pull request, or soon will be."""
        return self in (BumpState.OPENING, BumpState.OPEN)


@dataclass(frozen=True, slots=True)
class BumpRecord:
    """One bump: `head` is the commit that the bot itself wrote, `proposals` JSON that the store does not read.

    `seen_head` is the newest head of the branch that is known of, whoever wrote it, and `seen_at` since when.
    """

    repository: int
    group: str
    branch: str
    base: str
    head: str
    pull_request: int | None
    state: BumpState
    fingerprint: str
    proposals: str
    updated_at: datetime
    seen_head: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenBump:
    """An open bump by its key, and the installation it belongs to."""

    installation: int
    repository: int
    group: str


class Bumps:
    """The table of bumps: the latest one of each repository and group."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, bump: BumpRecord) -> None:
        """Insert a bump or replace the group's earlier one. Raises UnknownOwner when the repository is not stored."""
        await self._database.write(lambda c: _save(c, bump))

    async def save_if(self, bump: BumpRecord, expected: BumpRecord) -> bool:
        """Replace a group's bump if it is still remembered as it was read; tell whether that was so.

        For what is worked out from a record while another piece of work may change the same.
        """
        return await self._database.write(lambda c: _save_if(c, bump, expected))

    async def begin(self, bump: BumpRecord, admits: Admits[Refusal], now: datetime) -> Refusal | None:
        """Save a bump before GitHub is asked for its pull request, if `admits` has nothing against it.

        `admits` gets the repository's other living bumps, by group, and the times of the openings within the last
        hour; what it returns is returned, and then nothing is written. Otherwise the bump is saved, and an opening is
        noted where its group had no living pull request. An attempt that came to nothing and is made again is not
        counted twice. No other bump of the repository begins meanwhile. `admits` is quick and changes nothing, for it
        runs inside the transaction, and may run again. Raises UnknownOwner when the repository is not stored.
        """
        return await self._database.write(lambda c: _begin(c, bump, admits, now))

    async def get(self, repository: int, group: str) -> BumpRecord | None:
        """Return a group's latest bump, in whatever state."""
        return _first(await self._find(bumps.c.repository == repository, bumps.c.group_name == group))

    async def open_of(self, repository: int) -> list[BumpRecord]:
        """Return a repository's bumps that are open or being opened, by group."""
        return await self._find(bumps.c.repository == repository, bumps.c.state.in_(_LIVING))

    async def all_open(self, state: BumpState = BumpState.OPEN) -> list[OpenBump]:
        """Return every bump that is open, or in another state, of every repository that can be worked on."""
        statement = (
            select(repositories.c.installation, bumps.c.repository, bumps.c.group_name)
            .select_from(bumps.join(repositories).join(installations))
            .where(
                bumps.c.state == state.value,
                repositories.c.archived.is_(False),
                installations.c.suspended.is_(False),
            )
            .order_by(bumps.c.repository, bumps.c.group_name)
        )
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [OpenBump(row.installation, row.repository, row.group_name) for row in rows]

    async def by_pull_request(self, repository: int, number: int) -> BumpRecord | None:
        """Return the bump with a pull request's number; None: that pull request is not the bot's."""
        return _first(await self._find(bumps.c.repository == repository, bumps.c.pull_request == number))

    async def by_head(self, repository: int, oid: str) -> BumpRecord | None:
        """Return the bump whose branch ends at a commit, whether the bot made that or a person."""
        stands = or_(bumps.c.head == oid, bumps.c.seen_head == oid)
        return _first(await self._find(bumps.c.repository == repository, stands))

    async def _find(self, *where: ColumnElement[bool]) -> list[BumpRecord]:
        return await self._database.read(lambda c: _select(c, *where))


_TOLD_BY = ("state", "head", "pull_request", "fingerprint", "proposals", "updated_at", "seen_head")
"""What tells one record of a bump from another."""

_LIVING = [state.value for state in BumpState if state.living]


def _select(connection: Connection, *where: ColumnElement[bool]) -> list[BumpRecord]:
    return [_bump(row) for row in connection.execute(select(bumps).where(*where).order_by(bumps.c.group_name))]


def _save(connection: Connection, bump: BumpRecord) -> None:
    upsert(connection, bumps, _columns(bump))


def _columns(bump: BumpRecord) -> dict[str, Any]:
    values = {**asdict(bump), "group_name": bump.group, "state": bump.state.value}
    del values["group"]
    return values


def _save_if(connection: Connection, bump: BumpRecord, expected: BumpRecord) -> bool:
    known = _columns(expected)
    as_read = [bumps.c.repository == expected.repository, bumps.c.group_name == expected.group]
    as_read += [bumps.c[name].is_not_distinct_from(known[name]) for name in _TOLD_BY]
    return connection.execute(update(bumps).where(*as_read).values(_columns(bump))).rowcount > 0


def _begin(connection: Connection, bump: BumpRecord, admits: Admits[Refusal], now: datetime) -> Refusal | None:
    take_turn_of(connection, bump.repository)
    living = _select(connection, bumps.c.repository == bump.repository, bumps.c.state.in_(_LIVING))
    own = next((each for each in living if each.group == bump.group), None)
    attempt = None
    if own is not None and own.pull_request is None:
        attempt = latest_opening(connection, bump.repository, bump.group)
    openings = recent_openings(connection, bump.repository, now)
    if attempt in openings:
        openings.remove(attempt)
    refusal = admits([each for each in living if each is not own], openings)
    if refusal is not None:
        return refusal
    if attempt is not None:
        take_back(connection, bump.repository, bump.group, attempt)
    if own is None or own.pull_request is None:
        note_opening(connection, bump.repository, bump.group, now)
    _save(connection, bump)
    return None


def _bump(row: Any) -> BumpRecord:
    values = row._asdict()
    return BumpRecord(group=values.pop("group_name"), state=BumpState(values.pop("state")), **values)


def _first(found: list[BumpRecord]) -> BumpRecord | None:
    return found[0] if found else None
