"""How the demo speaks: one line a step, with the time it took."""

from __future__ import annotations

import sys
import time
from textwrap import indent

_WIDTH = 24


class Terminal:
    """Writes progress lines to standard output; each tells the seconds since the last mark."""

    def __init__(self) -> None:
        self._mark = time.monotonic()

    def title(self, text: str) -> None:
        """Begin a chapter."""
        self._write(f"\n{text}\n{'-' * len(text)}")

    def fact(self, name: str, value: str) -> None:
        """Tell something that took no time."""
        self._write(f"           {name:<{_WIDTH}}{value}")

    def mark(self) -> None:
        """Count the seconds of the following steps from here."""
        self._mark = time.monotonic()

    def step(self, name: str, value: str = "") -> None:
        """Tell that a step is done, and how long after the mark."""
        seconds = time.monotonic() - self._mark
        self._write(f"{seconds:8.2f} s {name:<{_WIDTH}}{value}".rstrip())

    def block(self, text: str) -> None:
        """Show several lines as they are."""
        self._write(indent(text.rstrip("\n"), " " * 11, lambda _: True))

    def _write(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
