"""Where a store lives while it is measured: a file on disk, or a PostgreSQL server that syncs like a real one."""

from __future__ import annotations

import itertools
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.table import LeftOut
from tests.parts.install import find_postgres
from tests.parts.postgres import PostgresServer, start_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = itertools.count(1)


@contextmanager
def folder() -> Iterator[Path]:
    """Give a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="niro-bench-") as name:
        yield Path(name)


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """Start a server with fsync. Raises LeftOut where none is installed."""
    if find_postgres() is None:
        raise LeftOut("PostgreSQL is not installed")
    with folder() as directory:
        server = start_postgres(directory, durable=True)
        try:
            yield server
        finally:
            server.stop()


def sqlite_url(directory: Path) -> str:
    """Give the address of a new SQLite file."""
    return f"sqlite:///{directory / f'bench-{next(_NUMBERS)}.db'}"


def postgres_url(server: PostgresServer) -> str:
    """Give the address of a new, empty database as NIRO_DATABASE_URL has it."""
    name = f"bench{next(_NUMBERS)}"
    server.create_database(name)
    return server.dsn(name)
