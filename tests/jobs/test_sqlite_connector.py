"""What the SQLite connector can do beyond the contract of both stores."""

import asyncio

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from bot.jobs.sqlite_connector import SqliteConnector


@pytest.fixture
def connector(tmp_path):
    """A connector that was opened by a caller without an event loop."""
    connector = SqliteConnector(tmp_path / "queue.db")
    connector.open()
    yield connector
    connector.close()


def defer(connector):
    return JobManager(connector).defer_job(Job(id=None, task_name="t", queue="q", lock=None, queueing_lock=None)).id


async def test_jobs_are_deferred_from_any_thread_the_loops_own_too(connector):
    await connector.ensure_schema()
    ids = await asyncio.gather(*(asyncio.to_thread(defer, connector) for _ in range(5)))
    ids.append(defer(connector))
    assert sorted(each.id for each in await JobManager(connector).list_jobs_async()) == sorted(ids)


async def test_a_query_that_procrastinate_does_not_have_is_refused(connector):
    with pytest.raises(ConnectorException, match="no answer"):
        await connector.execute_query_async("SELECT 1")


async def test_a_queue_in_a_folder_that_is_not_there_says_so(tmp_path):
    connector = SqliteConnector(tmp_path / "missing" / "queue.db")
    with pytest.raises(ConnectorException, match="unable to open"):
        await connector.open_async()
