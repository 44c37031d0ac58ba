"""What the wrap around Procrastinate's PostgreSQL connector mends."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import quote

import psycopg
import pytest
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from bot.jobs import connector_for
from tests.jobs.bench import eventually

SHORT_LOCK_WAITS = "?options=" + quote("-c lock_timeout=100ms")


@asynccontextmanager
async def managing(url):
    connector = connector_for(url)
    await connector.open_async()
    await connector.ensure_schema()
    yield JobManager(connector)
    await connector.close_async()


@pytest.fixture
async def manager(postgres, database):
    async with managing(postgres.url(database)) as manager:
        yield manager


@pytest.fixture
async def impatient_manager(postgres, database):
    """A manager whose connections give up soon what they wait for."""
    async with managing(postgres.url(database) + SHORT_LOCK_WAITS) as manager:
        yield manager


@pytest.fixture
async def another(postgres, database, manager):
    """A connection of another process."""
    async with await psycopg.AsyncConnection.connect(postgres.dsn(database), autocommit=True) as connection:
        await connection.execute("TRUNCATE procrastinate_jobs CASCADE")
        yield connection


async def defer(manager, priority=0):
    job = Job(id=None, task_name="perform", queue="default", lock="one", queueing_lock=None, priority=priority)
    return (await manager.defer_job_async(job)).id


async def somebody_waits(another):
    found = await another.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return await found.fetchone() is not None


async def test_of_two_workers_at_one_lock_the_second_gets_no_job(manager, another):
    worker = await manager.register_worker()
    await defer(manager)
    async with another.transaction():
        await another.execute("SET LOCAL lock_timeout = 0")
        await another.execute("SELECT procrastinate_fetch_job_v2(NULL, %s)", [worker])
        await defer(manager, priority=1)
        fetch = asyncio.create_task(manager.fetch_job(None, worker))
        await eventually(lambda: somebody_waits(another))
    assert await fetch is None


async def test_closing_a_job_is_tried_again_when_the_database_stumbles(impatient_manager, another):
    manager = impatient_manager
    worker = await manager.register_worker()
    job_id = await defer(manager)
    await manager.fetch_job(None, worker)
    async with another.transaction():
        await another.execute("SELECT 1 FROM procrastinate_jobs FOR UPDATE")
        close = asyncio.create_task(manager.finish_job_by_id_async(job_id, Status.SUCCEEDED, delete_job=True))
        await eventually(lambda: somebody_waits(another))
        await eventually(lambda: nobody_waits(another))
    await close
    assert list(await manager.list_jobs_async()) == []


async def nobody_waits(another):
    return not await somebody_waits(another)


async def test_processes_that_start_together_make_the_tables_once(postgres):
    url = postgres.create_database("together")
    connectors = [connector_for(url) for _ in range(4)]
    await asyncio.gather(*(connector.open_async() for connector in connectors))
    try:
        await asyncio.gather(*(connector.ensure_schema() for connector in connectors))
        assert await JobManager(connectors[0]).check_connection_async()
    finally:
        await asyncio.gather(*(connector.close_async() for connector in connectors))


async def test_the_queue_does_not_wait_for_the_disk(manager):
    (row,) = await manager.connector.execute_query_all_async("SHOW synchronous_commit")
    assert row == {"synchronous_commit": "off"}
