"""What a command writes: text as wide as the terminal, in letters that it has."""

from __future__ import annotations

import os
import shutil
import sys

import click

WIDEST = 100
"""Columns; longer lines are hard to read."""


def width() -> int:
    """Give the columns to write in. What is no terminal gets whole lines, which can be searched."""
    from bot.explaining import UNWRAPPED  # noqa: PLC0415

    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return UNWRAPPED
    return min(shutil.get_terminal_size().columns, WIDEST)


def say(text: str, *, err: bool = False) -> None:
    """Write a text as it is; letters that the terminal has no code for are escaped."""
    encoding = (sys.stderr if err else sys.stdout).encoding or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False, err=err)
