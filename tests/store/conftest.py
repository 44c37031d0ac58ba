"""Both databases: every test that asks for `store` or `database_url` runs on SQLite and on a real PostgreSQL."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import create_engine, delete

from bot.store import Store
from bot.store.migrating import migrate
from bot.store.tables import metadata
from tests.parts.postgres import PostgresServer, start_postgres
from tests.store.builders import KEYS


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory) -> Iterator[PostgresServer]:
    server = start_postgres(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server) -> str:
    url = postgres_server.create_database("store")
    engine = create_engine(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def empty_postgres(migrated_postgres) -> str:
    """Return a migrated database without rows: emptying one is faster than making one."""
    engine = create_engine(migrated_postgres)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    engine.dispose()
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("empty_postgres")
    return f"sqlite:///{tmp_path}/niro.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def unmigrated_url(request, tmp_path) -> str:
    """Return the URL of a database without a schema."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        return server.create_database(f"older_{tmp_path.name[-40:]}".lower())
    return f"sqlite:///{tmp_path}/niro.db"


@pytest.fixture
async def store(database_url) -> AsyncIterator[Store]:
    async with await Store.open(database_url, keys=KEYS) as store:
        yield store


@pytest.fixture
async def second_store(database_url, store) -> AsyncIterator[Store]:
    """Return the store of another process on the same database."""
    async with await Store.open(database_url, exclusive=False, keys=KEYS) as other:
        yield other
