"""The bot as it runs in production: `niro serve` in a process of its own, heard through its log."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

Event = dict[str, Any]

PATIENCE_SECONDS = 60.0
LONGEST_LINE = 1024 * 1024


class BotEnded(Exception):
    """The bot's process ended, or did not come to do what was expected in time. Its last lines say why."""


class BotProcess:
    """A running `niro serve`, with every event it logged so far."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.url = url
        self._process = process
        self._heard: list[Event] = []
        self._spoke = asyncio.Condition()
        self._listener = asyncio.create_task(self._listen())

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ready(self) -> None:
        """Wait until `/readyz` answers 200. Raises BotEnded."""
        async with aiohttp.ClientSession(trust_env=False) as session:
            while True:
                if self._process.returncode is not None:
                    raise BotEnded(self._last_words())
                with suppress(aiohttp.ClientError):  # nobody listens yet
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == HTTPStatus.OK:
                            return
                await asyncio.sleep(0.05)

    @property
    def told(self) -> int:
        """How many events were logged so far."""
        return len(self._heard)

    async def event(self, name: str, *, since: int = 0, **expected: object) -> Event:
        """Wait for a log event with these fields, an old one too. Raises BotEnded after a minute without it.

        `since`: the events before it are passed over, as counted by `told`.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._spoke:
                while True:
                    for event in self._heard[since:]:
                        if event.get("event") == name and expected.items() <= event.items():
                            return event
                    if self._listener.done():
                        raise BotEnded(self._last_words())
                    await self._spoke.wait()
        except TimeoutError:
            raise BotEnded(f"no {name!r} {expected} within {PATIENCE_SECONDS:.0f} s\n{self._last_words()}") from None

    async def heard(self, name: str, *, more_than: int) -> None:
        """Wait until an event was logged more often than so. Raises BotEnded when the log ends before."""
        async with self._spoke:
            while len(self.events(name)) <= more_than:
                if self._listener.done():
                    raise BotEnded(self._last_words())
                await self._spoke.wait()

    def events(self, name: str) -> list[Event]:
        """Return every event of this name so far."""
        return [event for event in self._heard if event.get("event") == name]

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._listener

    async def stop(self) -> int:
        """Ask it to stop, and return its exit code."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        code = await self._process.wait()
        await self._listener
        return code

    async def _listen(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            try:
                event = json.loads(line)
            except ValueError:
                event = {"event": line.decode(errors="replace").rstrip()}
            async with self._spoke:
                self._heard.append(event)
                self._spoke.notify_all()
        async with self._spoke:
            self._spoke.notify_all()

    def _last_words(self) -> str:
        return "\n".join(json.dumps(event) for event in self._heard[-20:])


async def start_bot(url: str, settings: Mapping[str, str]) -> BotProcess:
    """Start `niro serve` with these settings and nothing of this process's own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NIRO_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "serve",
        env=environment | dict(settings),
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    return BotProcess(process, url)


@asynccontextmanager
async def running_bot(url: str, settings: Mapping[str, str]) -> AsyncIterator[BotProcess]:
    """Start the bot, wait until it is ready, and stop it at the end."""
    bot = await start_bot(url, settings)
    try:
        await bot.ready()
        yield bot
    finally:
        await bot.stop()
