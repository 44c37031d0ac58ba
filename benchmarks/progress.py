"""One line for each step while something is measured."""

from __future__ import annotations

import sys
import time


class Progress:
    """Writes lines to standard error, each with the seconds since the start."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self.failures = 0

    def say(self, text: str) -> None:
        """Tell what was just measured, or what is left out."""
        print(f"{time.monotonic() - self._begin:6.1f} s  {text}", file=sys.stderr, flush=True)

    def failed(self, text: str) -> None:
        """Tell that a benchmark did not come to its end, and why."""
        self.failures += 1
        self.say(f"FAILED: {text}")
