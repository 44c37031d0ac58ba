"""Installations: where the App is installed, and whether it may work there."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, select, update

from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.forgetting import forget_readers, operator_reader
from bot.store.tables import credentials, hooks, installations, pacing


@dataclass(frozen=True, slots=True)
class Installation:
    """The App on one account; `account_type` is GitHub's word ("Organization", "User")."""

    id: int
    account: str
    account_type: str
    suspended: bool


class Installations:
    """The table of installations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, installation: Installation) -> None:
        """Insert an installation or replace what is known of it."""
        await self._database.write(lambda c: upsert(c, installations, asdict(installation)))

    async def get(self, installation: int) -> Installation | None:
        """Return an installation; None: not known, or removed."""
        statement = select(installations).where(installations.c.id == installation)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else Installation(**row._asdict())

    async def all(self) -> list[Installation]:
        """Return every installation by id."""
        statement = select(installations).order_by(installations.c.id)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [Installation(**row._asdict()) for row in rows]

    async def suspend(self, installation: int, suspended: bool) -> None:
        """Note that an installation was suspended, or is no longer; an unknown one is no error."""
        statement = update(installations).where(installations.c.id == installation).values(suspended=suspended)
        await self._database.write(lambda c: c.execute(statement) and None)

    async def remove(self, installation: int) -> None:
        """Forget an installation with its repositories, their index, policies, bumps and decisions, and its hooks.

        Its credentials go too, with all that was read with them or with what the operator granted it. What was read
        goes first: a removal that was cut short can be asked for again.
        """
        statement = select(credentials.c.id).where(credentials.c.installation == installation)
        ids = await self._database.read(lambda c: list(c.execute(statement).scalars()))
        readers = [*ids, operator_reader(installation)]
        await forget_readers(self._database, readers)

        def work(connection: Connection) -> None:
            connection.execute(delete(credentials).where(credentials.c.installation == installation))
            connection.execute(delete(hooks).where(hooks.c.installation == installation))
            connection.execute(delete(pacing).where(pacing.c.installation == installation))
            connection.execute(delete(installations).where(installations.c.id == installation))

        await self._database.write(work)
        # A scan that was under way may have written once more.
        await forget_readers(self._database, readers)
        await self._database.overwrite_deleted()
