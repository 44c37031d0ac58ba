"""What Procrastinate's manager and worker rely on, on both stores."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from procrastinate.exceptions import AlreadyEnqueued, AppNotOpen, ConnectorException, NoResult, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.schema import SchemaManager
from procrastinate.sql import queries

from bot.jobs import connector_for
from tests.jobs.bench import DEADLINE

PAST = datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)
UNKNOWN = 987_654_321


def job(**changes):
    fields = {"id": None, "queue": "default", "task_name": "perform", "task_kwargs": {}, "lock": None}
    return Job(**{**fields, "queueing_lock": None, "priority": 0, **changes})


@pytest.fixture
async def worker_id(manager):
    return await manager.register_worker()


async def defer(manager, **changes):
    return (await manager.defer_job_async(job(**changes))).id


async def fetch(manager, worker_id, queues=None):
    fetched = await manager.fetch_job(queues, worker_id)
    return fetched and fetched.id


async def status(manager, job_id):
    return (await manager.get_job_status_async(job_id)).value


# Waiting


async def test_a_job_comes_back_as_it_was_deferred(manager, worker_id):
    scheduled = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
    given = job(lock="l", queueing_lock="q", priority=7, scheduled_at=scheduled, task_kwargs={"kind": "ä", "n": [1.5]})
    deferred = await manager.defer_job_async(given)
    fetched = await manager.fetch_job(None, worker_id)
    assert fetched == deferred.evolve(status="doing", worker_id=worker_id)


async def test_two_jobs_of_one_queueing_lock_do_not_wait_together(manager, worker_id):
    first = await defer(manager, queueing_lock="key", queue="one", scheduled_at=FUTURE)
    with pytest.raises(AlreadyEnqueued):
        await defer(manager, queueing_lock="key", queue="two", task_name="other")
    await manager.cancel_job_by_id_async(first)
    assert await defer(manager, queueing_lock="key") > first


async def test_one_job_of_a_queueing_lock_may_wait_while_one_runs(manager, worker_id):
    running = await defer(manager, queueing_lock="key", lock="key")
    assert await fetch(manager, worker_id) == running
    waiting = await defer(manager, queueing_lock="key", lock="key")
    assert await fetch(manager, worker_id) is None
    await manager.finish_job_by_id_async(running, Status.SUCCEEDED, delete_job=True)
    assert await fetch(manager, worker_id) == waiting


async def test_a_batch_is_all_or_nothing(manager):
    await defer(manager, queueing_lock="taken")
    with pytest.raises(AlreadyEnqueued):
        await manager.batch_defer_jobs_async([job(queueing_lock="free"), job(queueing_lock="taken")])
    assert [each.queueing_lock for each in await manager.list_jobs_async()] == ["taken"]


async def test_the_violated_constraint_has_its_name_and_value(connector, manager):
    await defer(manager, queueing_lock="key")
    with pytest.raises(UniqueViolation) as raised:
        await connector.execute_query_all_async(**manager._defer_jobs_query_kwargs([job(queueing_lock="key")]))
    assert raised.value.constraint_name == "procrastinate_jobs_queueing_lock_idx_v1"
    assert raised.value.queueing_lock == "key"


async def test_a_failed_call_takes_none_of_its_neighbours_with_it(manager):
    await defer(manager, queueing_lock="taken")
    locks = ["a", "taken", "b", "taken", "c"]
    ended = await asyncio.gather(*(defer(manager, queueing_lock=lock) for lock in locks), return_exceptions=True)
    assert [isinstance(end, AlreadyEnqueued) for end in ended] == [False, True, False, True, False]
    assert sorted(each.queueing_lock for each in await manager.list_jobs_async()) == ["a", "b", "c", "taken"]


# Fetching


async def test_jobs_are_fetched_by_priority_then_age(manager, worker_id):
    ids = [await defer(manager, priority=priority) for priority in (1, 5, 1, 9, 5)]
    fetched = [await fetch(manager, worker_id) for _ in range(6)]
    assert fetched == [ids[3], ids[1], ids[4], ids[0], ids[2], None]


@pytest.mark.parametrize(
    ("jobs", "fetched"),
    [
        ([{"lock": "a"}, {"lock": "a"}, {"lock": "b"}], [0, 2, None]),
        ([{"lock": "a"}, {"lock": "a", "priority": 1}], [1, None]),
        ([{"lock": "a", "scheduled_at": FUTURE}, {"lock": "a"}], [None]),
        ([{"lock": "a", "scheduled_at": FUTURE}, {"lock": "a", "priority": 1}], [1, None]),
        ([{"lock": "a", "queue": "nobody's"}, {"lock": "a"}], [None]),
        ([{"lock": None}, {"lock": None}], [0, 1, None]),
        ([{"scheduled_at": PAST}, {"scheduled_at": FUTURE}], [0, None]),
    ],
    ids=["one-runs", "priority-first", "future-blocks", "overtakes", "other-queue-blocks", "no-lock", "scheduled"],
)
async def test_whose_turn_it_is_within_a_lock(manager, worker_id, jobs, fetched):
    ids = [await defer(manager, **each) for each in jobs]
    expected = [None if index is None else ids[index] for index in fetched]
    assert [await fetch(manager, worker_id, ["default"]) for _ in fetched] == expected


async def test_only_jobs_of_the_named_queues_are_fetched(manager, worker_id):
    await defer(manager, queue="one")
    two = await defer(manager, queue="two")
    assert await fetch(manager, worker_id, []) is None
    assert await fetch(manager, worker_id, ["two", "three"]) == two


async def test_two_connectors_never_fetch_one_lock_together(database_url, manager, worker_id):
    other = connector_for(database_url)
    await other.open_async()
    try:
        for number in range(4):
            await defer(manager, lock="one", priority=number)
        fetches = [type(manager)(each).fetch_job(None, worker_id) for each in (manager.connector, other) * 4]
        fetched = [each for each in await asyncio.gather(*fetches) if each is not None]
        assert len(fetched) == 1
    finally:
        await other.close_async()


async def test_a_worker_that_is_not_registered_fetches_nothing(manager):
    await defer(manager)
    with pytest.raises(ConnectorException):
        await manager.fetch_job(None, UNKNOWN)


async def test_ids_are_never_given_out_again(manager, worker_id):
    first = await defer(manager)
    await manager.finish_job_by_id_async(first, Status.FAILED, delete_job=True)
    await manager.unregister_worker(worker_id)
    assert await defer(manager) > first
    assert await manager.register_worker() > worker_id


# Ending


@pytest.mark.parametrize("end", [Status.SUCCEEDED, Status.FAILED, Status.ABORTED])
async def test_a_job_ends_with_its_status(manager, worker_id, end):
    job_id = await defer(manager)
    await fetch(manager, worker_id)
    await manager.finish_job_by_id_async(job_id, end, delete_job=False)
    (ended,) = await manager.list_jobs_async()
    assert (ended.status, ended.attempts) == (end.value, 1)


async def test_a_job_may_end_while_it_waits_without_an_attempt(manager):
    job_id = await defer(manager)
    await manager.finish_job_by_id_async(job_id, Status.FAILED, delete_job=False)
    (ended,) = await manager.list_jobs_async()
    assert (ended.status, ended.attempts) == ("failed", 0)


async def test_a_job_that_ended_is_deleted_if_asked_to(manager, worker_id):
    job_id = await defer(manager)
    await fetch(manager, worker_id)
    await manager.finish_job_by_id_async(job_id, Status.SUCCEEDED, delete_job=True)
    with pytest.raises(NoResult):
        await manager.get_job_status_async(job_id)


@pytest.mark.parametrize("delete", [True, False])
async def test_a_job_does_not_end_twice(manager, worker_id, delete):
    job_id = await defer(manager)
    await manager.finish_job_by_id_async(job_id, Status.SUCCEEDED, delete_job=delete)
    with pytest.raises(ConnectorException):
        await manager.finish_job_by_id_async(job_id, Status.SUCCEEDED, delete_job=delete)


async def test_waiting_is_no_end(manager):
    job_id = await defer(manager)
    with pytest.raises(ConnectorException) as raised:
        await manager.finish_job_by_id_async(job_id, Status.TODO, delete_job=False)
    assert raised.value.__cause__ is not None


async def test_a_retried_job_waits_again_with_what_is_new(manager, worker_id):
    job_id = await defer(manager, lock="old", priority=1)
    await fetch(manager, worker_id)
    await manager.retry_job_by_id_async(job_id, FUTURE, priority=2, queue="new", lock="new")
    (retried,) = await manager.list_jobs_async()
    assert (retried.status, retried.attempts, retried.scheduled_at) == ("todo", 1, FUTURE)
    assert (retried.priority, retried.queue, retried.lock) == (2, "new", "new")


async def test_a_failed_job_may_be_retried_and_a_waiting_one_not(manager, worker_id):
    job_id = await defer(manager)
    await fetch(manager, worker_id)
    await manager.finish_job_by_id_async(job_id, Status.FAILED, delete_job=False)
    await manager.retry_job_by_id_async(job_id, PAST)
    assert await status(manager, job_id) == "todo"
    with pytest.raises(ConnectorException):
        await manager.retry_job_by_id_async(job_id, PAST)


async def test_a_retry_beside_a_waiting_twin_is_refused(manager, worker_id):
    job_id = await defer(manager, queueing_lock="key")
    await fetch(manager, worker_id)
    await defer(manager, queueing_lock="key")
    with pytest.raises(UniqueViolation) as raised:
        await manager.retry_job_by_id_async(job_id, PAST)
    assert raised.value.queueing_lock == "key"
    assert await status(manager, job_id) == "doing"


async def test_a_running_job_that_is_to_be_aborted_fails_instead_of_a_retry(manager, worker_id):
    job_id = await defer(manager)
    await fetch(manager, worker_id)
    assert await manager.cancel_job_by_id_async(job_id, abort=True)
    assert await manager.list_jobs_to_abort_async() == [job_id]
    await manager.retry_job_by_id_async(job_id, PAST)
    (failed,) = await manager.list_jobs_async()
    assert (failed.status, failed.abort_requested, failed.attempts) == ("failed", True, 0)
    with pytest.raises(ConnectorException):
        await manager.retry_job_by_id_async(job_id, PAST)


@pytest.mark.parametrize(
    ("running", "options", "cancelled", "left"),
    [
        (False, {}, True, "cancelled"),
        (False, {"abort": True}, True, "cancelled"),
        (False, {"delete_job": True}, True, None),
        (True, {}, False, "doing"),
        (True, {"abort": True, "delete_job": True}, True, "doing"),
    ],
)
async def test_cancelling(manager, running, options, cancelled, left):
    job_id = await defer(manager)
    if running:
        await fetch(manager, await manager.register_worker())
    assert await manager.cancel_job_by_id_async(job_id, **options) is cancelled
    assert [each.status for each in await manager.list_jobs_async()] == ([left] if left else [])


async def test_cancelling_an_unknown_job_does_nothing(manager):
    assert await manager.cancel_job_by_id_async(UNKNOWN, abort=True) is False


# Workers


async def test_the_jobs_of_a_worker_that_is_gone_are_stalled(manager, worker_id):
    job_id = await defer(manager)
    await fetch(manager, worker_id)
    assert list(await manager.get_stalled_jobs()) == []
    await manager.unregister_worker(worker_id)
    assert [each.id for each in await manager.get_stalled_jobs()] == [job_id]
    assert list(await manager.get_stalled_jobs(queue="other")) == []


async def test_the_jobs_of_a_silent_worker_are_stalled(manager, worker_id):
    in_an_hour = -3600
    job_id = await defer(manager)
    await fetch(manager, worker_id)
    assert [each.id for each in await manager.get_stalled_jobs(seconds_since_heartbeat=in_an_hour)] == [job_id]


async def test_a_sign_of_life_keeps_a_worker(connector, manager, worker_id):
    in_an_hour = -3600
    assert await connector.live_workers(60) == 1
    await manager.update_heartbeat(worker_id)
    assert await manager.prune_stalled_workers(60) == []
    assert await manager.prune_stalled_workers(in_an_hour) == [worker_id]


# Periodic


async def test_a_periodic_job_is_deferred_once_for_its_time(manager):
    def tick(timestamp):
        return manager.defer_periodic_job(job(task_kwargs={"timestamp": timestamp}), "id", timestamp)

    deferred = await asyncio.gather(*(tick(1000) for _ in range(5)))
    assert len([job_id for job_id in deferred if job_id is not None]) == 1
    assert await tick(2000) is not None
    assert await tick(2000) is None


async def test_a_periodic_job_that_waits_still_is_not_doubled(manager):
    await manager.defer_periodic_job(job(queueing_lock="key", task_kwargs={"timestamp": 1}), "id", 1)
    with pytest.raises(AlreadyEnqueued):
        await manager.defer_periodic_job(job(queueing_lock="key", task_kwargs={"timestamp": 2}), "id", 2)
    assert len(list(await manager.list_jobs_async())) == 1


# Reading


async def test_jobs_are_listed_and_counted(manager, worker_id):
    await defer(manager, queue="one", lock="a")
    await fetch(manager, worker_id)
    await defer(manager, queue="one", task_name="other", lock="a")
    await defer(manager, queue="two")
    assert [(each.queue, each.status) for each in await manager.list_jobs_async(queue="one", status="todo")] == [
        ("one", "todo")
    ]
    counted = {"succeeded": 0, "failed": 0, "cancelled": 0, "aborted": 0}
    assert await manager.list_locks_async() == [{"name": "a", "jobs_count": 2, "todo": 1, "doing": 1, **counted}]
    assert [(each["name"], each["jobs_count"]) for each in await manager.list_queues_async()] == [
        ("one", 2),
        ("two", 1),
    ]
    assert [(each["name"], each["todo"]) for each in await manager.list_tasks_async()] == [("other", 1), ("perform", 1)]


async def test_old_jobs_are_deleted_by_status(manager, worker_id):
    kept = await defer(manager, priority=1)
    await fetch(manager, worker_id)
    old = await defer(manager)
    await manager.finish_job_by_id_async(old, Status.SUCCEEDED, delete_job=False)
    await manager.delete_old_jobs(nb_hours=1)
    assert {each.id for each in await manager.list_jobs_async()} == {kept, old}
    await manager.delete_old_jobs(nb_hours=-1)
    assert [each.id for each in await manager.list_jobs_async()] == [kept]


# Refusals


@pytest.mark.parametrize(
    "changes",
    [
        {"queue": "q" * 129},
        {"task_name": "t" * 129},
        {"priority": 2**31},
        {"lock": "a\0b"},
        {"task_kwargs": {"half": "\ud800"}, "lock": "\ud800"},
        {"task_kwargs": {"number": float("nan")}},
    ],
    ids=["long-queue", "long-task", "priority", "nul", "surrogate", "nan"],
)
async def test_what_one_store_cannot_hold_is_refused_by_both(manager, changes):
    with pytest.raises((ConnectorException, UnicodeEncodeError)):
        await defer(manager, **changes)
    assert list(await manager.list_jobs_async()) == []


async def test_the_tables_are_made_once(connector, manager):
    assert await manager.check_connection_async()
    await connector.ensure_schema()
    with pytest.raises(ConnectorException):
        await SchemaManager(connector).apply_schema_async()


async def test_a_connector_that_is_not_open_says_so(database_url):
    connector = connector_for(database_url)
    for _ in range(2):
        with pytest.raises(AppNotOpen):
            await connector.execute_query_one_async(queries["check_connection"])
        await connector.open_async()
        await connector.open_async()
        await connector.close_async()
        await connector.close_async()


# Notices


async def test_listeners_hear_of_new_jobs_freed_locks_and_aborts(connector, manager, worker_id):
    heard = asyncio.Queue()

    async def hear(*, channel, payload):
        await heard.put((channel, json.loads(payload)["type"]))

    listener = asyncio.create_task(connector.listen_notify(hear, ["procrastinate_any_queue_v1"]))
    try:
        async with asyncio.timeout(DEADLINE):
            job_id = await _defer_until_heard(manager, heard)
            await fetch(manager, worker_id)
            await manager.cancel_job_by_id_async(job_id, abort=True)
            while await heard.get() != ("procrastinate_any_queue_v1", "abort_job_requested"):
                pass
            await manager.finish_job_by_id_async(job_id, Status.SUCCEEDED, delete_job=True)
            assert await heard.get() == ("procrastinate_any_queue_v1", "job_inserted")
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


async def _defer_until_heard(manager, heard):
    """Defer jobs until the listener is connected, which nothing tells; the last one is fetched first."""
    for priority in range(1000):
        job_id = await defer(manager, priority=priority)
        try:
            await asyncio.wait_for(heard.get(), 0.05)
        except TimeoutError:
            continue
        return job_id
    raise AssertionError("the listener never heard anything")


# Callers that give up


async def test_a_cancelled_caller_leaves_nothing_behind(manager):
    calls = [asyncio.create_task(defer(manager, queueing_lock=str(number))) for number in range(20)]
    await asyncio.sleep(0)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    assert await defer(manager, queueing_lock="next")
