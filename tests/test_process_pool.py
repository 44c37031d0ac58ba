"""The process for heavy work is replaced when it dies."""

import os
import signal
import time
from concurrent.futures.process import BrokenProcessPool

import pytest

from bot.process_pool import ProcessPool


def test_work_goes_on_after_the_process_was_killed():
    with ProcessPool() as pool:
        victim = pool.submit(os.getpid).result()
        with pytest.raises(BrokenProcessPool):
            pool.submit(os.kill, victim, signal.SIGKILL).result()
        assert pool.submit(os.getpid).result() not in {victim, os.getpid()}


def test_work_can_be_ended_with_its_process_and_the_next_is_done() -> None:
    with ProcessPool() as pool:
        assert pool.submit(int, "1").result() == 1
        endless = pool.submit(time.sleep, 3600)
        pool.end_work()
        with pytest.raises(BrokenProcessPool):
            endless.result()
        assert pool.submit(int, "2").result() == 2
