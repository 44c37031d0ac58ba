"""The store: everything the bot remembers, opened from one URL."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, select
from sqlalchemy.engine import URL

from bot.store.bumps import Bumps
from bot.store.comments import Comments
from bot.store.credentials import Credentials
from bot.store.dashboards import Dashboards
from bot.store.database import Database
from bot.store.decisions import Decisions
from bot.store.deliveries import Deliveries
from bot.store.due import Due
from bot.store.errors import MissingKeys
from bot.store.findings import Findings
from bot.store.hooks import Hooks
from bot.store.index import Index
from bot.store.installations import Installations
from bot.store.ledger import Ledger
from bot.store.locking import ProcessLock
from bot.store.migrating import migrate
from bot.store.notes import Notes
from bot.store.openings import Openings
from bot.store.orders import Orders
from bot.store.pacing import Pacing
from bot.store.postgresql import PostgresDatabase
from bot.store.promotions import Promotions
from bot.store.repositories import Repositories
from bot.store.restrictions import Restrictions
from bot.store.reviews import Reviews
from bot.store.scan_reports import ScanReports
from bot.store.sealing import EMPTY, Keyring
from bot.store.sqlite import SqliteDatabase
from bot.store.urls import read_url


class Store:
    """The parts of the memory, over one database. Open it with `Store.open`, in the event loop that uses it."""

    def __init__(
        self, database: Database, lock: ProcessLock | None, clock: Callable[[], datetime], keys: Keyring = EMPTY
    ) -> None:
        self._database = database
        self._lock = lock
        self.keys = keys
        self.deliveries = Deliveries(database)
        self.due = Due(database, clock)
        self.installations = Installations(database)
        self.repositories = Repositories(database)
        self.index = Index(database)
        self.ledger = Ledger(database, clock)
        self.bumps = Bumps(database)
        self.decisions = Decisions(database)
        self.hooks = Hooks(database, keys, clock)
        self.credentials = Credentials(database, keys)
        self.pacing = Pacing(database)
        self.restrictions = Restrictions(database)
        self.notes = Notes(database)
        self.openings = Openings(database)
        self.orders = Orders(database)
        self.comments = Comments(database)
        self.dashboards = Dashboards(database)
        self.reviews = Reviews(database)
        self.findings = Findings(database)
        self.promotions = Promotions(database)
        self.scan_reports = ScanReports(database)

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        exclusive: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        keys: Keyring = EMPTY,
        check_keys: bool = True,
    ) -> Self:
        """Open the database of a URL, `sqlite:///path` or `postgresql://...`, and bring its schema up to date.

        A SQLite file is made when it is not there, and locked against other processes; what was in hand when the last
        one ended is free again. `exclusive=False` leaves lock and leases alone, for a command that looks at the file
        of a running bot. `keys` seal and open the secrets; `check_keys=False` opens a store although some are missing.
        Raises InvalidStoreUrl, StoreIsLocked, SchemaTooNew, MissingKeys or StoreUnavailable.
        """
        address = read_url(url)
        if isinstance(address, Path):
            store = await cls._open_file(address, exclusive=exclusive, clock=clock, keys=keys)
        else:
            await asyncio.to_thread(_migrate_server, address)
            store = cls(PostgresDatabase(address), None, clock, keys)
        try:
            if check_keys:
                await store.check_keys()
        except BaseException:
            await store.close()
            raise
        return store

    @classmethod
    async def _open_file(cls, path: Path, *, exclusive: bool, clock: Callable[[], datetime], keys: Keyring) -> Self:
        database = SqliteDatabase(path)
        lock = None
        try:
            lock = ProcessLock(path) if exclusive else None
            await asyncio.to_thread(migrate, database.writing_engine)
            database.start()
            store = cls(database, lock, clock, keys)
            if exclusive:
                # Nobody else can have anything in hand: what a killed process held is free at once.
                await store.due.release()
                await store.deliveries.release()
        except BaseException:
            await database.close()
            if lock is not None:
                lock.release()
            raise
        return store

    async def check_keys(self) -> None:
        """Raise MissingKeys when a stored secret was sealed by a key that is not in the ring."""
        missing = (await self.credentials.key_ids()).keys() - {"", *self.keys.ids}
        if missing:
            raise MissingKeys(tuple(sorted(missing)))

    async def answers(self) -> bool:
        """Tell whether the database answers a question now. Raises what the database raises when it does not."""
        return await self._database.read(lambda c: c.execute(select(1)).scalar() == 1)

    async def close(self) -> None:
        """Finish what was handed in, close every connection and give the lock back."""
        await self.deliveries.close()
        await self._database.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _migrate_server(url: URL) -> None:
    engine = create_engine(url, hide_parameters=True)
    try:
        migrate(engine)
    finally:
        engine.dispose()
