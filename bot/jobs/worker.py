"""A Procrastinate worker that is replaced when it ends, for it may end without anybody asking."""

import asyncio
from contextlib import suppress

import structlog
from procrastinate import App
from procrastinate.worker import Worker

from bot.jobs.timing import Timing

log = structlog.get_logger(__name__)


class SupervisedWorker:
    """Runs one worker after the other until stopped, with a pause between them."""

    def __init__(self, app: App, *, slots: int, timing: Timing) -> None:
        self._app = app
        self._slots = slots
        self._timing = timing
        self._stopped = asyncio.Event()
        self._worker = self._new_worker()

    @property
    def worker_id(self) -> int | None:
        """The id of the worker that runs now, None while there is none."""
        return self._worker.worker_id

    async def run(self) -> None:
        """Work until `stop`."""
        while not self._stopped.is_set():
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]
            except Exception:
                log.exception("worker failed")
            if self._stopped.is_set():
                return
            log.error("worker ended unasked; another one takes its place", pause=self._timing.pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._timing.pause)
            self._worker = self._new_worker()

    def stop(self, grace: float) -> None:
        """Fetch no more jobs; let those that run go on for `grace` seconds, then cancel them."""
        self._stopped.set()
        # A worker that stops gives no sign of life any more: past `stalled` others would take its jobs.
        self._worker.shutdown_graceful_timeout = min(grace, self._timing.stalled - self._timing.heartbeat)
        self._worker.stop()  # type: ignore[no-untyped-call]

    def _new_worker(self) -> Worker:
        return Worker(
            self._app,
            concurrency=self._slots,
            fetch_job_polling_interval=self._timing.poll,
            update_heartbeat_interval=self._timing.heartbeat,
            stalled_worker_timeout=self._timing.stalled,
            shutdown_graceful_timeout=self._timing.grace,
            delete_jobs="always",
            install_signal_handlers=False,
        )
