"""Hooks: the doors that registries knock at, each with the hash of its secret."""

from dataclasses import asdict, dataclass

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.errors import UnstorableValue
from bot.store.tables import hooks


@dataclass(frozen=True, slots=True)
class Hook:
    """A door for one kind of registry, which may speak only of images below `host` and `repository_prefix`.

    `installation` is whose door it is; None: the operator's.
    """

    id: str
    kind: str
    installation: int | None
    host: str
    repository_prefix: str


class Hooks:
    """The table of hooks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, hook: Hook, secret_sha256: bytes) -> None:
        """Store a hook, or replace the one with the same id, which makes its old secret worthless.

        `secret_sha256` is the 32 bytes of the secret's SHA-256; the secret itself is never stored.
        """
        if len(secret_sha256) != 32:  # noqa: PLR2004 - the size of a SHA-256
            raise UnstorableValue("a hook's secret is stored as the 32 bytes of its SHA-256; pass the digest")
        values = {**asdict(hook), "secret_sha256": secret_sha256}
        await self._database.write(lambda c: upsert(c, hooks, values))

    async def get(self, id: str) -> tuple[Hook, bytes] | None:  # noqa: A002 - the name that its URL has
        """Return a hook and the SHA-256 of its secret; None: there is no such hook."""
        statement = select(hooks).where(hooks.c.id == id)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        if row is None:
            return None
        return Hook(row.id, row.kind, row.installation, row.host, row.repository_prefix), row.secret_sha256

    async def all(self) -> list[Hook]:
        """Return every hook by id."""
        statement = select(hooks).order_by(hooks.c.id)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [Hook(row.id, row.kind, row.installation, row.host, row.repository_prefix) for row in rows]

    async def remove(self, id: str) -> bool:  # noqa: A002 - the name that its URL has
        """Close a door; False: there was none."""
        statement = delete(hooks).where(hooks.c.id == id)
        return await self._database.write(lambda c: c.execute(statement).rowcount == 1)
