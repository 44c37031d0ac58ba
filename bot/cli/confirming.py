"""Asking before something is done that cannot be taken back: at a terminal; elsewhere `--yes` says it."""

from __future__ import annotations

import sys
from typing import Final

import click

from bot.cli.mistakes import BadInput

YES: Final = click.option("--yes", is_flag=True, help="Do not ask.")
"""The option of every command that asks."""


def confirm(question: str, *, yes: bool) -> None:
    """Go on when it is agreed to. Raises BadInput where nobody can be asked, click.Abort for a no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput("this is asked at a terminal; elsewhere give --yes")
    click.confirm(question, abort=True, err=True)
