"""Time of the processor: how it is measured, and how several runs of one thing are shown."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def spent(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """Do `work`; give its answer and the seconds of CPU that it took."""
    begin = time.process_time()
    answer = work()
    return answer, time.process_time() - begin


def in_a_new_process(
    work: Callable[Arguments, Answer], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Answer:
    """Do `work` where nothing is remembered from before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return processes.submit(work, *arguments, **named).result()


def median(times: list[float]) -> str:
    """Show the median of some runs, given in seconds."""
    return f"{statistics.median(times) * 1000:.0f} ms of CPU"


def each(times: list[float]) -> str:
    """Show each of some runs, given in seconds."""
    return ", ".join(f"{seconds * 1000:.0f} ms" for seconds in times)
