"""Whose rows of the ledger are meant: those of one image as one reader sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, select

from bot.store.database import pieces
from bot.store.tables import tags


@dataclass(frozen=True, slots=True)
class ImageKey:
    """An image as one reader sees it; `credential` is the reader's id, "" for nobody in particular."""

    host: str
    repository: str
    credential: str

    def values(self) -> dict[str, str]:
        """Return the key by the names of its columns."""
        return {"host": self.host, "image": self.repository, "credential": self.credential}

    def of(self, table: Table) -> ColumnElement[bool]:
        """Tell the image's rows in a table from others."""
        return and_(*(table.c[name] == value for name, value in self.values().items()))


def digests_of(connection: Connection, image: ImageKey, names: Sequence[str]) -> dict[str, str | None]:
    """Return the digests of those tags that are listed, None: not known yet."""
    found: dict[str, str | None] = {}
    for some in pieces(names):
        statement = select(tags.c.name, tags.c.digest).where(
            image.of(tags), tags.c.name.in_(some), tags.c.gone_at.is_(None)
        )
        found.update((row[0], row[1]) for row in connection.execute(statement))
    return found
