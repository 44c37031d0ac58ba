"""A process for work of the core that would hold up the doors; a new one when it dies."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger()


class ProcessPool(Executor):
    """One worker process. What it was doing when it died fails with BrokenProcessPool; what comes next is done."""

    def __init__(self) -> None:
        self._pool = _new_pool()

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called in the worker process."""
        try:
            return self._pool.submit(function, *args, **kwargs)
        except BrokenProcessPool:
            self._renew()
            return self._pool.submit(function, *args, **kwargs)

    def end_work(self) -> None:
        """End the worker process: what it does fails with BrokenProcessPool, and the next work gets a new one."""
        # There is no public way before Python 3.14.
        for process in list((self._pool._processes or {}).values()):  # noqa: SLF001
            process.kill()
        self._renew()

    def _renew(self) -> None:
        log.warning("process_pool.renewed")
        self._pool.shutdown(wait=False)
        self._pool = _new_pool()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the worker process."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def _new_pool() -> ProcessPoolExecutor:
    # Not forked: a fork would copy the locks of the threads that hold the databases.
    return ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
