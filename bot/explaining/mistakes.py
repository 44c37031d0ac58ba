"""What the caller of a command got wrong."""

from __future__ import annotations


class Mistake(Exception):
    """Something the caller can mend. Each of `.lines` is one line for the terminal, with nothing hostile in it."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))
