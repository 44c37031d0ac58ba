"""Both stores, for tests that hold on each of them."""

import psycopg
import pytest
from procrastinate.manager import JobManager

from bot.jobs import connector_for
from bot.store import Store
from tests.jobs.bench import DEADLINE, Bench, Clock
from tests.parts.postgres import start_postgres


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    server = start_postgres(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database(postgres):
    postgres.create_database("jobs")
    return "jobs"


@pytest.fixture
def emptied_database(postgres, database):
    """The URL of the one database of all tests, without a row in it: making one for each test takes long."""
    with psycopg.connect(postgres.dsn(database), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        if tables:
            # A connection that somebody left open is an error.
            connection.execute(f"SET lock_timeout = '{DEADLINE}s'")
            connection.execute(f"TRUNCATE {', '.join(name for (name,) in tables)} RESTART IDENTITY")
    return postgres.url(database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The URL of an empty database; a test that uses it runs once on each store."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/niro.db"
    return request.getfixturevalue("emptied_database")


@pytest.fixture
async def connector(database_url):
    connector = connector_for(database_url)
    await connector.open_async()
    await connector.ensure_schema()
    yield connector
    await connector.close_async()


@pytest.fixture
def manager(connector):
    return JobManager(connector)


@pytest.fixture
async def bench(database_url):
    clock = Clock()
    store = await Store.open(database_url, clock=clock)
    yield Bench(database_url, store, clock)
    await store.close()
