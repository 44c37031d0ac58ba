"""What the parts of the store ask of a database: run one function in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Connection

Result = TypeVar("Result")
Item = TypeVar("Item")

_AT_ONCE = 500


class Database(Protocol):
    """SQLite or PostgreSQL.

    The functions handed in are plain and synchronous, get a SQLAlchemy connection, and may run more than once when the
    database asks for it (a deadlock): they change nothing but the database. Errors of the database arrive as
    StoreError, the function's own as they are; both undo what the function wrote. A caller that is cancelled leaves no
    transaction open; its write may still happen.
    """

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work`, which only reads. It sees every write that ended before."""

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in one transaction and return its result once that is on disk."""

    async def overwrite_deleted(self) -> bool:
        """Leave nothing in the files of what was deleted or replaced; False: somebody reads, so ask again later.

        For SQLite only: PostgreSQL does that by itself, at the next vacuum.
        """

    async def close(self) -> None:
        """Finish what was handed in and close every connection."""


def pieces(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield `items` by some hundred: what is big is written in pieces, so that no other write waits long for it."""
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
