"""The commands that run until they are told to stop: `niro serve`, `niro worker`, `niro demo`."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from bot.cli.running import read_settings, run
from bot.logs import configure_logs, keep_out_of_logs

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.settings import Settings


@click.command()
def serve() -> None:
    """Start the doors and the work behind them; without credentials, the setup page."""
    from bot.assembly import serve as start  # noqa: PLC0415 - the other commands start faster without it

    _start(start)


@click.command()
def worker() -> None:
    """Do work without opening the public doors: one more machine, on PostgreSQL."""
    from bot.assembly import work as start  # noqa: PLC0415

    _start(start)


@click.command()
@click.option("--serve", "keep", is_flag=True, help="Keep the bot and its sandbox running until Ctrl-C.")
def demo(*, keep: bool) -> None:
    """Show the bot's main job on a sandbox GitHub and a real registry."""
    from bot.demo import demonstrate  # noqa: PLC0415

    sys.exit(asyncio.run(demonstrate(keep=keep)))


def _start(work: Callable[[Settings], Coroutine[object, object, None]]) -> None:
    """Run what serves or works until it ends; from here on everything is said through the log."""
    settings = read_settings()
    configure_logs(settings.log_format, settings.log_level)
    keep_out_of_logs(settings.secrets)
    run(work(settings))
