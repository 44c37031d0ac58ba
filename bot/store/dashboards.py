"""Dashboards: the issue in which a repository's bumps are listed, and which text stands in it."""

from dataclasses import asdict, dataclass

from sqlalchemy import select

from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.tables import dashboards


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A repository's dashboard: the issue's number, a hash of the text that the bot put there, and if it is open."""

    repository: int
    issue: int
    digest: str
    open: bool


class Dashboards:
    """The table of dashboards, one for each repository at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, dashboard: Dashboard) -> None:
        """Note a repository's dashboard or what changed of it. Raises UnknownOwner without the repository."""
        await self._database.write(lambda c: upsert(c, dashboards, asdict(dashboard)))

    async def get(self, repository: int) -> Dashboard | None:
        """Return a repository's dashboard; None: there never was one."""
        statement = select(dashboards).where(dashboards.c.repository == repository)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else Dashboard(**row._asdict())
