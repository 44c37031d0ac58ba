"""Both stores, for tests that hold on each of them."""

import itertools

import pytest
from procrastinate.manager import JobManager

from bot.jobs import connector_for
from bot.store import Store
from tests.jobs.bench import Bench, Clock
from tests.parts.postgres import start_postgres

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    server = start_postgres(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The URL of an empty database; a test that uses it runs once on each store."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/niro.db"
    return request.getfixturevalue("postgres").create_database(f"jobs{next(_numbers)}")


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
