"""What becomes of due work, on both stores."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

from bot.jobs import (
    KINDS,
    Again,
    BackOff,
    BumpRepository,
    Drop,
    Housekeeping,
    IndexRepository,
    MergeBump,
    Park,
    PollImage,
    ReportPolicyFile,
    RetryAt,
    ScanImage,
    Timing,
    WaitUntil,
    connector_for,
    key,
    kind,
)
from tests.jobs.bench import DEADLINE, Clock, Gate, eventually

SCAN = ScanImage("ghcr.io", "o/app")
BUMP = BumpRepository(1, 2, "app")


def raising(*errors):
    """Script the work to fail with these errors one after the other, and then to succeed."""
    left = list(errors)

    async def script(work):
        if left:
            raise left.pop(0)

    return script


async def let_ticks_pass(bench, runner):
    """Wait until the runner has looked at the due table and done everything it found, by asking for more work."""
    marker = ScanImage("marker", str(len(bench.began)))
    await bench.ask(marker)
    runner.wake()
    await eventually(lambda: marker in bench.ended)


# Asking


async def test_asking_twice_is_asking_once(bench):
    await bench.ask(BUMP)
    await bench.ask(BUMP)
    async with bench.started():
        await eventually(bench.empty)
    assert bench.ended == [BUMP]


async def test_work_asked_for_again_while_it_runs_runs_once_more(bench):
    bench.script = gate = Gate()
    await bench.ask(BUMP)
    async with bench.started() as runner:
        await eventually(lambda: bench.began == [BUMP])
        for _ in range(3):
            await bench.ask(BUMP)
            runner.wake()
        gate.open.set()
        await eventually(bench.empty)
    assert bench.ended == [BUMP, BUMP]
    assert bench.together == 0


async def test_work_is_not_done_before_it_is_due(bench):
    await bench.ask(BUMP, hours=1)
    async with bench.started() as runner:
        await let_ticks_pass(bench, runner)
        assert BUMP not in bench.began
        bench.clock.advance(hours=1)
        runner.wake()
        await eventually(lambda: BUMP in bench.ended)


async def test_work_that_is_due_soon_is_done_without_being_woken(bench):
    async with bench.started(timing=Timing()):
        await bench.ask(BUMP)
        await eventually(lambda: bench.ended == [BUMP])


# Outcomes


@pytest.mark.parametrize(
    ("outcome", "wait", "attempts"),
    [
        (RetryAt(Clock().now + timedelta(hours=3), "limit"), timedelta(hours=3), 0),
        (BackOff("flaky"), timedelta(seconds=2), 1),
        (Again("stale token"), timedelta(0), 1),
    ],
    ids=["retry-at", "back-off", "again"],
)
async def test_failed_work_is_tried_again_at_its_time(bench, outcome, wait, attempts):
    bench.script = raising(RuntimeError("boom"))
    bench.classify = lambda _error: outcome
    await bench.ask(BUMP)
    async with bench.started() as runner:
        await eventually(lambda: BUMP in bench.began and not bench.running)
        if wait:
            await eventually(lambda: has_moved(bench, wait, attempts))
            await let_ticks_pass(bench, runner)
            assert bench.began.count(BUMP) == 1
        bench.clock.advance(seconds=wait.total_seconds())
        runner.wake()
        await eventually(lambda: BUMP in bench.ended)
        await eventually(bench.empty)


async def has_moved(bench, wait, attempts):
    row = await bench.at(BUMP)
    return row is not None and (row.due_at, row.attempts) == (bench.clock.now + wait, attempts)


async def test_work_that_waits_has_not_failed(bench):
    bench.script = raising(WaitUntil(bench.clock.now + timedelta(days=1), "settling"))
    await bench.ask(BUMP)
    async with bench.started() as runner:
        await eventually(lambda: has_moved(bench, timedelta(days=1), 0))
        await bench.ask(BUMP)
        await let_ticks_pass(bench, runner)
        assert bench.began.count(BUMP) == 1
        bench.clock.advance(days=1)
        runner.wake()
        await eventually(lambda: BUMP in bench.ended)


async def test_dropped_work_is_forgotten(bench):
    bench.script = raising(RuntimeError("not installed"))
    bench.classify = lambda error: Drop(str(error))
    await bench.ask(BUMP)
    async with bench.started():
        await eventually(lambda: bench.began == [BUMP])
        await eventually(bench.empty)
    assert bench.ended == []


async def test_parked_work_is_dead_with_its_reason_and_delivery(bench):
    bench.script = raising(RuntimeError("no sense"))
    bench.classify = lambda error: Park(str(error))
    await bench.ask(BUMP, delivery="d-1")
    async with bench.started() as runner:
        await eventually(lambda: bench.is_dead(BUMP))
        await let_ticks_pass(bench, runner)
        assert bench.began.count(BUMP) == 1
        (dead,) = await bench.store.due.dead()
        assert (dead.kind, dead.key, dead.delivery) == (kind(BUMP), key(BUMP), "d-1")


async def test_work_that_keeps_failing_is_parked_in_the_end(bench):
    bench.script = raising(*[RuntimeError("boom")] * 9)
    await ask_after_failures(bench, 11)
    async with bench.started() as runner:
        await eventually(lambda: has_moved(bench, timedelta(hours=1), 12))
        bench.clock.advance(hours=1)
        runner.wake()
        await eventually(lambda: bench.is_dead(BUMP))
    assert bench.began == [BUMP, BUMP]


async def ask_after_failures(bench, attempts):
    """Ask for the bump as if it had failed so often."""
    await bench.ask(BUMP)
    row = await bench.store.due.begin(kind(BUMP), key(BUMP), now=bench.clock.now, until=bench.clock.now)
    await bench.store.due.postpone(row, when=bench.clock.now, attempts=attempts, reason="it failed")


@pytest.mark.parametrize(
    "error", [SystemExit(1), asyncio.CancelledError(), KeyboardInterrupt(), ExceptionGroup("g", [OSError()])]
)
async def test_no_error_of_a_flow_stops_the_next_piece_of_work(bench, error):
    bench.script = raising(error)
    bench.classify = lambda error: Park(type(error).__name__)
    await bench.ask(BUMP)
    async with bench.started() as runner:
        await eventually(lambda: bench.is_dead(BUMP))
        await let_ticks_pass(bench, runner)


async def test_an_error_without_an_outcome_backs_off(bench):
    bench.script = raising(RuntimeError("boom"))
    bench.classify = lambda _error: 1 / 0
    await bench.ask(BUMP)
    async with bench.started():
        await eventually(lambda: has_moved(bench, timedelta(seconds=2), 1))


async def test_a_row_that_names_no_work_is_parked(bench, monkeypatch):
    await bench.ask(BUMP)
    monkeypatch.delitem(KINDS, kind(BUMP))
    async with bench.started():
        await eventually(lambda: bench.is_dead(BUMP))


# Order


async def test_urgent_work_goes_first(bench):
    works = [IndexRepository(1, 1), SCAN, MergeBump(2, 1, "app"), ReportPolicyFile(3, 1), BumpRepository(4, 1, "app")]
    await bench.ask(*works)
    async with bench.started(slots=1):
        await eventually(bench.empty)
    assert bench.ended == [works[2], works[4], works[3], works[1], works[0]]


async def test_nobody_holds_more_than_a_quarter_of_the_slots(bench):
    bench.script = gate = Gate()
    greedy = [BumpRepository(1, number, "app") for number in range(20)]
    modest = [IndexRepository(installation, 1) for installation in (2, 3)]
    await bench.ask(*greedy)
    await bench.ask(*modest)
    async with bench.started(slots=8):
        await eventually(lambda: set(modest) <= set(bench.running))
        assert sum(work in greedy for work in bench.running) <= 2
        gate.open.set()
        await eventually(bench.empty)
    assert sorted(bench.ended, key=str) == sorted(greedy + modest, key=str)


async def test_registries_whose_work_never_ends_leave_a_slot_for_a_scan_of_another(bench):
    slow = [PollImage(f"slow{host}.example", f"app{number}") for host in range(9) for number in range(4)]
    bench.script = gate = Gate(passes=lambda work: work not in slow)
    await bench.ask(*slow)
    async with bench.started(slots=12):
        await eventually(lambda: gate.came == 6)
        await bench.ask(SCAN, ScanImage("new.example", "app"))
        await eventually(lambda: len(bench.ended) == 2)
        assert gate.came == 6
        gate.open.set()
        await eventually(bench.empty)


async def test_scans_that_never_end_leave_slots_for_other_work(bench):
    slow = [ScanImage(f"slow{host}.example", f"app{number}") for host in range(9) for number in range(4)]
    bench.script = gate = Gate(passes=lambda work: work not in slow)
    await bench.ask(*slow)
    async with bench.started(slots=12):
        await eventually(lambda: gate.came == 9)
        await bench.ask(IndexRepository(1, 1))
        await eventually(lambda: bench.ended == [IndexRepository(1, 1)])
        gate.open.set()
        await eventually(bench.empty)


async def test_all_slots_are_used_at_once(bench):
    bench.script = gate = Gate()
    await bench.ask(*(IndexRepository(installation, 1) for installation in range(12)))
    async with bench.started(slots=6):
        await eventually(lambda: len(bench.running) == 6)
        gate.open.set()
        await eventually(bench.empty)
    assert len(bench.ended) == 12


async def test_one_key_never_runs_twice_at_once_in_several_workers(bench):
    async with bench.started(workers=3, slots=9) as runner:
        for _ in range(30):
            await bench.ask(SCAN, BUMP, Housekeeping())
            runner.wake()
            await asyncio.sleep(0)
        await eventually(bench.empty)
    assert bench.together == 0
    assert set(bench.ended) == {SCAN, BUMP, Housekeeping()}


# Periodic


async def test_periodic_work_is_asked_for_once_among_several_workers(bench):
    asked = []

    async def ask():
        asked.append("asked")

    now = datetime.now(UTC)
    this_minute_of_every_day = f"{now.minute} {now.hour} * * *"
    async with bench.started(workers=3, periodic={this_minute_of_every_day: ask}) as runner:
        await eventually(lambda: asked)
        await let_ticks_pass(bench, runner)
    assert asked == ["asked"]


async def test_failed_periodic_work_stops_nothing(bench):
    called = asyncio.Event()

    async def fail():
        called.set()
        raise RuntimeError("boom")

    now = datetime.now(UTC)
    async with bench.started(periodic={f"{now.minute} {now.hour} * * *": fail}) as runner:
        await asyncio.wait_for(called.wait(), DEADLINE)
        await let_ticks_pass(bench, runner)


# Stopping


async def test_a_stop_lets_running_work_finish(bench):
    bench.script = gate = Gate()
    await bench.ask(BUMP)
    runner = bench.runner()
    await runner.start()
    await eventually(lambda: bench.running)
    stopping = asyncio.create_task(runner.stop(grace=DEADLINE))
    await asyncio.sleep(0)
    assert not runner.running
    gate.open.set()
    await stopping
    assert bench.ended == [BUMP]
    assert await bench.at(BUMP) is None


async def test_a_stop_returns_the_work_that_does_not_finish(bench):
    bench.script = Gate()
    await bench.ask(BUMP)
    async with bench.started():
        await eventually(lambda: bench.running)
    assert bench.ended == []
    assert await has_moved(bench, timedelta(0), 0)
    bench.script = None
    async with bench.started():
        await eventually(bench.empty)
    assert bench.ended == [BUMP]


async def test_a_runner_that_was_not_started_or_is_stopped_stops_at_once(bench):
    runner = bench.runner()
    await runner.stop(grace=DEADLINE)
    await runner.start()
    await runner.stop(grace=DEADLINE)
    await runner.stop(grace=DEADLINE)
    assert not runner.running


# Nothing is ever stuck


@pytest.fixture
async def manager(bench):
    """The queue, as another process that has it open would see it."""
    connector = connector_for(bench.url)
    await connector.open_async()
    await connector.ensure_schema()
    yield JobManager(connector)
    await connector.close_async()


def job_of(work):
    lock = f"{kind(work)}:{key(work)}"
    arguments = {"kind": kind(work), "key": key(work)}
    fields = {"id": None, "task_name": "perform", "queue": "default", "priority": 40, "task_kwargs": arguments}
    return Job(**fields, lock=lock, queueing_lock=lock)


async def lease_all(bench):
    until = bench.clock.now + timedelta(minutes=5)
    return await bench.store.due.lease(bench.clock.now, window=99, share=99, until=until)


async def test_work_that_was_leased_and_never_queued_is_done_when_the_lease_has_lapsed(bench):
    await bench.ask(BUMP)
    assert len(await lease_all(bench)) == 1
    async with bench.started() as runner:
        await let_ticks_pass(bench, runner)
        assert BUMP not in bench.began
        bench.clock.advance(minutes=6)
        runner.wake()
        await eventually(lambda: BUMP in bench.ended)


async def test_work_whose_process_died_while_it_ran_is_taken_up_at_the_start(bench, manager):
    await bench.ask(BUMP)
    await lease_all(bench)
    dead_worker = await manager.register_worker()
    await manager.defer_job_async(job_of(BUMP))
    await manager.fetch_job(None, dead_worker)
    await manager.unregister_worker(dead_worker)
    async with bench.started():
        await eventually(bench.empty)
        await eventually(lambda: queue_is_empty(manager))
    assert bench.ended == [BUMP]


async def test_work_whose_process_died_is_taken_up_also_if_it_was_asked_for_meanwhile(bench, manager):
    await bench.ask(BUMP)
    dead_worker = await manager.register_worker()
    await manager.defer_job_async(job_of(BUMP))
    await manager.fetch_job(None, dead_worker)
    await bench.ask(BUMP)
    await manager.defer_job_async(job_of(BUMP))
    await manager.unregister_worker(dead_worker)
    async with bench.started():
        await eventually(bench.empty)
        await eventually(lambda: queue_is_empty(manager))
    assert set(bench.ended) == {BUMP}


async def test_work_of_a_worker_that_dies_later_is_taken_up_too(bench, manager):
    async with bench.started() as runner:
        await let_ticks_pass(bench, runner)
        await bench.ask(BUMP)
        await steal(manager, BUMP)
        await eventually(lambda: BUMP in bench.ended)
        await eventually(bench.empty)


async def steal(manager, work):
    """Run the work's job in a worker that is gone."""
    dead_worker = await manager.register_worker()
    try:
        await manager.defer_job_async(job_of(work).evolve(priority=1000))
        await manager.fetch_job(None, dead_worker)
    except AlreadyEnqueued:
        pass
    await manager.unregister_worker(dead_worker)


async def test_work_that_keeps_killing_its_process_is_parked_in_the_end(bench, manager):
    await ask_after_failures(bench, 12)
    await steal(manager, BUMP)
    async with bench.started():
        await eventually(lambda: bench.is_dead(BUMP))
    assert bench.began == []


async def test_a_job_that_its_worker_holds_and_does_not_run_is_taken_back(bench, manager):
    async with bench.started() as runner:
        await let_ticks_pass(bench, runner)
        await bench.ask(BUMP)
        (own,) = runner._worker_ids()
        await manager.defer_job_async(job_of(BUMP).evolve(queueing_lock=None, priority=1000))
        await manager.fetch_job(None, own)
        await eventually(lambda: BUMP in bench.ended)
        await eventually(bench.empty)


async def test_a_worker_that_ends_unasked_is_replaced(bench, manager):
    async with bench.started() as runner:
        await let_ticks_pass(bench, runner)
        in_an_hour = -3600
        assert await manager.prune_stalled_workers(in_an_hour)
        for number in range(3):
            await let_ticks_pass(bench, runner)
            assert number < 3


async def test_a_job_without_work_that_is_due_ends(bench, manager):
    await manager.defer_job_async(job_of(BUMP))
    async with bench.started() as runner:
        await let_ticks_pass(bench, runner)
        await eventually(lambda: queue_is_empty(manager))
    assert BUMP not in bench.began


async def queue_is_empty(manager):
    return not list(await manager.list_jobs_async())


async def test_a_lease_is_kept_while_the_work_runs(bench):
    bench.script = gate = Gate()
    await bench.ask(BUMP)
    only_the_first_tick = Timing(tick=3600, poll=0.05, lease=0.06)
    async with bench.started(timing=only_the_first_tick):
        await eventually(lambda: bench.running)
        bench.clock.advance(minutes=5)
        await eventually(lambda: is_leased(bench, BUMP))
        gate.open.set()
        await eventually(bench.empty)
    assert bench.ended == [BUMP]


async def is_leased(bench, work):
    row = await bench.at(work)
    return row.leased_until is not None and row.leased_until > bench.clock.now


async def test_work_that_waits_in_the_queue_already_holds_up_no_other(bench, manager):
    never = datetime(2100, 1, 1, tzinfo=UTC)
    await manager.defer_job_async(job_of(BUMP).evolve(scheduled_at=never))
    await bench.ask(BUMP, SCAN)
    async with bench.started():
        await eventually(lambda: bench.ended == [SCAN])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_process_that_is_alone_waits_for_no_dead_one(bench, manager):
    await bench.ask(BUMP)
    killed_just_now = await manager.register_worker()
    await manager.defer_job_async(job_of(BUMP))
    await manager.fetch_job(None, killed_just_now)
    async with bench.started():
        await eventually(bench.empty)
    assert bench.ended == [BUMP]
