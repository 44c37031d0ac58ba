"""The bot's command line in processes of their own that need not be imported anew: forked from one that has it all.

Run as a program it is that one: it reads a command as a line of JSON, and answers with the number of the new process
and then with how that one ended. One process runs at a time.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.process import BotEnded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
LONGEST_LINE = 1024 * 1024


class WarmBot:
    """Starts `niro ...` again and again, as a process that may be killed, in a small part of the time."""

    def __init__(self, nursery: asyncio.subprocess.Process, log: Path) -> None:
        self._nursery = nursery
        self._log = log
        self._child = 0
        self._end: asyncio.Task[int] | None = None

    async def start(self, arguments: Sequence[str], settings: Mapping[str, str], output: Path | None = None) -> None:
        """Begin a command; what it says goes to the log, its standard output to `output` if that is given."""
        assert self._nursery.stdin is not None
        order = {
            "arguments": list(arguments),
            "environment": dict(settings),
            "log": str(self._log),
            "output": str(output or self._log),
        }
        self._nursery.stdin.write(json.dumps(order).encode() + b"\n")
        await self._nursery.stdin.drain()
        self._child = int(await self._answer())
        self._end = asyncio.create_task(self._ending())

    @property
    def runs(self) -> bool:
        """Whether the process that was started last is still there."""
        return self._end is not None and not self._end.done()

    async def run(self, arguments: Sequence[str], settings: Mapping[str, str]) -> str:
        """Run a command to its end, and return its standard output. Raises BotEnded when it fails."""
        output = self._log.with_suffix(".output")
        output.write_text("")
        await self.start(arguments, settings, output)
        if (code := await self.ended()) != 0:
            raise BotEnded(f"niro {' '.join(arguments)} ended with {code}\n{self.last_words()}")
        return output.read_text()

    def strike(self) -> None:
        """Kill the process where it stands: SIGKILL, which it does not notice."""
        if self.runs:
            os.kill(self._child, signal.SIGKILL)

    async def ended(self) -> int:
        """Wait until the process is gone, and return its exit code, negative for a signal."""
        return 0 if self._end is None else await self._end

    async def kill(self) -> None:
        """End the process at once, if there is one, as a power cut would."""
        self.strike()
        await self.ended()

    def last_words(self) -> str:
        """Return the last lines that were logged."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-30:])

    async def _ending(self) -> int:
        return int(await self._answer())

    async def _answer(self) -> bytes:
        assert self._nursery.stdout is not None
        line = await self._nursery.stdout.readline()
        if not line:
            raise BotEnded(self.last_words())
        return line


@asynccontextmanager
async def warm_bot(log: Path) -> AsyncIterator[WarmBot]:
    """Import the bot once; on leaving, whatever runs is killed."""
    nursery = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.journey.warm_bot",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    bot = WarmBot(nursery, log)
    try:
        yield bot
    finally:
        await bot.kill()
        assert nursery.stdin is not None
        nursery.stdin.close()
        await nursery.wait()


def _serve_orders() -> None:
    """Fork for each order, and wait for its end before the next."""
    from bot import assembly  # noqa: F401 - all that `niro serve` imports
    from bot.cli import hooks, registries, serving  # noqa: F401

    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(order)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(order: dict[str, object]) -> None:
    """Be `niro ...` from here on, with the order's settings and nothing of this process's own."""
    from bot.cli import main

    code = 1
    try:
        for name in [name for name in os.environ if name.startswith("NIRO_")]:
            del os.environ[name]
        os.environ.update(order["environment"])  # type: ignore[call-overload]
        for number, path in ((1, str(order["output"])), (2, str(order["log"]))):
            os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        main(order["arguments"])  # type: ignore[arg-type]
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        with suppress(ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve_orders()
