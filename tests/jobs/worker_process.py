"""A process that performs due work: worker_process.py DATABASE_URL FOLDER hold|do|share.

Its log in FOLDER says what began, what was done, and which keys it found running elsewhere.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.jobs import BackOff, Runner, Timing, connector_for, key
from bot.store import Store

# A process that is killed is taken for dead after a second here, not after half a minute.
IMPATIENT = Timing(tick=0.05, poll=0.05, recovery=0.1, heartbeat=0.2, stalled=1.0, lease=5.0)
PATIENT = Timing(tick=0.05, poll=0.05)


class Log:
    def __init__(self, folder):
        self._folder = folder
        self._file = os.open(folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, event, work):
        os.write(self._file, f"{event} {key(work)}\n".encode())

    async def do(self, work):
        """Do a piece of work in several steps, and see whether another process does it at the same time."""
        self.write("began", work)
        mark = self._folder / key(work).encode().hex()
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            self.write("overlapped", work)
            return
        for _ in range(20):
            await asyncio.sleep(0)
        mark.unlink()
        self.write("did", work)

    async def hold(self, work):
        self.write("began", work)
        await asyncio.Event().wait()


async def main(url, folder, what):
    store = await Store.open(url)
    log = Log(Path(folder))
    perform = {"hold": log.hold, "do": log.do, "share": log.do}[what]
    timing = PATIENT if what == "share" else IMPATIENT
    runner = Runner(connector_for(url), store.due, perform, lambda error: BackOff(repr(error)), timing=timing)
    await runner.start()
    print("started", flush=True)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
