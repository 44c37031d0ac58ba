"""Takes up again the work of processes that died, and of workers that could not close a job."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from bot.jobs.timing import Timing

log = structlog.get_logger(__name__)


class Recovery:
    """Closes jobs that nobody runs any more and gives their work back by `interrupted(kind, key)`.

    A job is only a hint at a row of the due table, so it is closed, not retried: the row brings a new one.
    """

    def __init__(
        self,
        manager: JobManager,
        interrupted: Callable[[str, str], Awaitable[None]],
        *,
        worker_ids: Callable[[], Iterable[int]],
        running_jobs: Callable[[], Iterable[int]],
        timing: Timing,
    ) -> None:
        self._manager = manager
        self._interrupted = interrupted
        self._worker_ids = worker_ids
        self._running_jobs = running_jobs
        self._timing = timing
        self._idle_before: set[int] = set()

    async def run(self, between: Callable[[], Awaitable[None]]) -> None:
        """Recover again and again until cancelled; `between` is called after each round."""
        while True:
            await asyncio.sleep(self._timing.recovery)
            try:
                await self.of_dead_workers(self._timing.stalled)
                await self.of_own_workers()
                await between()
            except Exception:
                log.exception("recovery failed")

    async def of_dead_workers(self, silent_for: float) -> None:
        """Take back the jobs of workers that gave no sign of life for so many seconds."""
        await self._manager.prune_stalled_workers(silent_for)
        for job in await self._manager.get_stalled_jobs(seconds_since_heartbeat=silent_for):
            await self._take_back(job)

    async def of_own_workers(self) -> None:
        """Take back the jobs that our own workers hold but do not run, because closing them failed.

        Between its last step and its close a job looks the same, so it must do so in two rounds.
        """
        held = [job for own in self._worker_ids() for job in await self._held_by(own)]
        running = set(self._running_jobs())
        idle = {job.id: job for job in held if job.id is not None and job.id not in running}
        for job_id in idle.keys() & self._idle_before:
            await self._take_back(idle[job_id])
        self._idle_before = set(idle)

    async def _held_by(self, worker_id: int) -> Iterable[Job]:
        return await self._manager.list_jobs_async(status=Status.DOING.value, worker_id=worker_id)

    async def _take_back(self, job: Job) -> None:
        assert job.id is not None
        try:
            # Closing is the claim: of several processes that recover, one succeeds.
            await self._manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
        except ConnectorException:
            return
        kind, key = job.task_kwargs.get("kind"), job.task_kwargs.get("key")
        log.warning("job taken back", kind=kind, key=key, job=job.id)
        if isinstance(kind, str) and isinstance(key, str):
            await self._interrupted(kind, key)
