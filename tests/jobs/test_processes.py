"""Real processes: killed without a word, or several at once."""

import asyncio
import contextlib
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.jobs import BumpRepository, IndexRepository, ScanImage, key
from bot.store import Store
from tests.jobs.bench import Bench, Clock, eventually

ROOT = Path(__file__).parents[2]
BUMP = BumpRepository(1, 2, "app")


class Processes:
    """Worker processes of one test, and the log that they share."""

    def __init__(self, url, folder):
        self.url, self._folder = url, folder
        self._started = []

    async def start(self, what):
        arguments = [str(Path(__file__).with_name("worker_process.py")), self.url, str(self._folder), what]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE
        )
        self._started.append(process)
        while (line := await process.stdout.readline()) != b"started\n":
            assert line, "the process ended before it started to work"
        return process

    async def kill(self):
        """End every process as the kernel does: at once, and nothing is tidied up."""
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()
        self._started.clear()

    def events(self, event):
        log = self._folder / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line.removeprefix(f"{event} ") for line in lines if line.startswith(f"{event} ")]

    async def ask(self, *works):
        async with opened(self.url) as bench:
            await bench.ask(*works)


@contextlib.asynccontextmanager
async def opened(url, *, exclusive=True):
    """Open the store as another process does; on SQLite only one may have it, the others look on."""
    store = await Store.open(url, exclusive=exclusive)
    try:
        yield Bench(url, store, Clock(datetime.now(UTC)))
    finally:
        await store.close()


@pytest.fixture
async def processes(database_url, tmp_path):
    processes = Processes(database_url, tmp_path)
    yield processes
    await processes.kill()


@pytest.mark.parametrize("asked_meanwhile", [False, True])
async def test_work_of_a_killed_process_is_taken_up_again(processes, asked_meanwhile):
    await processes.ask(BUMP)
    await processes.start("hold")
    await eventually(lambda: processes.events("began"))
    await processes.kill()
    if asked_meanwhile:
        await processes.ask(BUMP)
    await processes.start("do")
    async with opened(processes.url, exclusive=False) as bench:
        await eventually(bench.empty)
    assert set(processes.events("did")) == {key(BUMP)}


async def test_work_that_waited_in_the_queue_of_a_killed_process_is_done(processes):
    works = [IndexRepository(installation, 1) for installation in range(30)]
    await processes.ask(*works)
    await processes.start("hold")
    await eventually(lambda: len(processes.events("began")) >= 12)
    await processes.kill()
    await processes.start("do")
    async with opened(processes.url, exclusive=False) as bench:
        await eventually(bench.empty)
    assert set(processes.events("did")) == {key(work) for work in works}


async def test_two_processes_never_run_one_key_at_once(postgres, tmp_path):
    processes = Processes(postgres.create_database("shared"), tmp_path)
    works = [ScanImage("ghcr.io", "o/app"), BUMP, IndexRepository(3, 4)]
    try:
        await processes.start("share")
        await processes.start("share")
        async with opened(processes.url) as bench:
            for _ in range(40):
                bench.clock.now = datetime.now(UTC)
                await bench.ask(*works)
                await asyncio.sleep(0)
            await eventually(bench.empty)
        assert processes.events("overlapped") == []
        assert set(processes.events("did")) == {key(work) for work in works}
        assert len(processes.events("began")) == len(processes.events("did"))
    finally:
        await processes.kill()
