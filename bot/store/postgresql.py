"""PostgreSQL: a pool of connections, a transaction for each piece of work, run again when two block each other."""

from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.database import Result
from bot.store.errors import StoreClosed, typed

_CONNECTIONS = 10
_ATTEMPTS = 5
# Serialisation failure and deadlock: PostgreSQL undid the transaction so that another could go on.
_TRY_AGAIN = frozenset({"40001", "40P01"})


class PostgresDatabase:
    """A Database over a PostgreSQL server; several processes may share it."""

    def __init__(self, url: URL) -> None:
        """Prepare the pool; nothing connects before the first use."""
        self._engine = create_async_engine(url, pool_size=_CONNECTIONS, pool_pre_ping=True, hide_parameters=True)
        # One statement is a snapshot of its own: BEGIN and ROLLBACK around it would be two more round trips.
        self._reading_engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._closed = False

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on a connection of the pool, each statement for itself."""
        self._check_open()
        try:
            async with self._reading_engine.connect() as connection:
                return await connection.run_sync(work)
        except (DBAPIError, PoolTimeout) as error:
            raise typed(error) from error

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` in a transaction of its own, up to five times when PostgreSQL undoes it for another's sake."""
        for attempt in range(1, _ATTEMPTS + 1):
            self._check_open()
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(work)
            except PoolTimeout as error:
                raise typed(error) from error
            except DBAPIError as error:
                if attempt == _ATTEMPTS or getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise typed(error) from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _check_open(self) -> None:
        if self._closed:
            raise StoreClosed("the store is closed; it can neither be read nor written")

    async def overwrite_deleted(self) -> bool:
        """Do nothing: what was deleted goes when the server vacuums the tables and recycles its log."""
        return True

    async def close(self) -> None:
        """Close every connection."""
        self._closed = True
        await self._engine.dispose()
