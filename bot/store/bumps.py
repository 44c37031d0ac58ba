"""Bumps: the pull requests the bot opened or is about to, one for each group of a repository."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, select

from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.tables import bumps, installations, repositories


class BumpState(Enum):
    """Where a bump stands; OPENING is noted before GitHub is asked, so that a crash in between is seen."""

    OPENING = "opening"
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class BumpRecord:
    """One bump: `head` is the commit that the bot itself wrote, `proposals` JSON that the store does not read."""

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
        values = {**asdict(bump), "group_name": bump.group, "state": bump.state.value}
        del values["group"]
        await self._database.write(lambda c: upsert(c, bumps, values))

    async def get(self, repository: int, group: str) -> BumpRecord | None:
        """Return a group's latest bump, in whatever state."""
        return _first(await self._find(bumps.c.repository == repository, bumps.c.group_name == group))

    async def open_of(self, repository: int) -> list[BumpRecord]:
        """Return a repository's bumps that are open or being opened, by group."""
        living = (BumpState.OPENING.value, BumpState.OPEN.value)
        return await self._find(bumps.c.repository == repository, bumps.c.state.in_(living))

    async def all_open(self) -> list[OpenBump]:
        """Return every open bump of every repository that can be worked on."""
        statement = (
            select(repositories.c.installation, bumps.c.repository, bumps.c.group_name)
            .select_from(bumps.join(repositories).join(installations))
            .where(
                bumps.c.state == BumpState.OPEN.value,
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
        """Return the bump whose branch ends at a commit of the bot's."""
        return _first(await self._find(bumps.c.repository == repository, bumps.c.head == oid))

    async def _find(self, *where: ColumnElement[bool]) -> list[BumpRecord]:
        statement = select(bumps).where(*where).order_by(bumps.c.group_name)
        return [_bump(row) for row in await self._database.read(lambda c: c.execute(statement).all())]


def _bump(row: Any) -> BumpRecord:
    values = row._asdict()
    return BumpRecord(group=values.pop("group_name"), state=BumpState(values.pop("state")), **values)


def _first(found: list[BumpRecord]) -> BumpRecord | None:
    return found[0] if found else None
