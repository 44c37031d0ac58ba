"""The process for heavy work is replaced when it dies."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool

import pytest

from bot.process_pool import ProcessPool


def test_work_goes_on_after_the_process_was_killed():
    with ProcessPool() as pool:
        victim = pool.submit(os.getpid).result()
        with pytest.raises(BrokenProcessPool):
            pool.submit(os.kill, victim, signal.SIGKILL).result()
        assert pool.submit(os.getpid).result() not in {victim, os.getpid()}
