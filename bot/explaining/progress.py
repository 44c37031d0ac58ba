"""Tells somebody who waits what is being done, and stays silent while nobody has waited long."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

AT_A_TERMINAL = 1.0
ELSEWHERE = 10.0
BETWEEN = 10.0


class Progress:
    """Writes what is being done at the moment: after `patience` seconds, and every ten seconds from then on.

    In a thread of its own, so that it speaks also while a large folder keeps the program busy.
    """

    def __init__(self, write: Callable[[str], None], patience: float) -> None:
        self._write = write
        self._patience = patience
        self._doing = ""
        self._ended = Event()
        self._thread = Thread(target=self._tell, name="progress", daemon=True)

    def __enter__(self) -> Self:
        """Begin to count the seconds."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Fall silent for good."""
        self._ended.set()
        self._thread.join()

    def doing(self, what: str) -> None:
        """Say what is being done from now on, for whoever waits."""
        self._doing = what

    def _tell(self) -> None:
        patience = self._patience
        while not self._ended.wait(patience):
            if self._doing:
                self._write(f"{self._doing} ...")
            patience = BETWEEN
