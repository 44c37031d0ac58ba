"""The public door of the bot without the work behind it: what comes in is stored and answered, and waits.

So it is when the work is done by `niro worker` on other machines. It is put together like bot/assembly.py does it.
"""

from __future__ import annotations

import asyncio
import signal

import uvloop
from aiohttp import web

from bot.assembly import now
from bot.logs import configure_logs
from bot.settings import Settings, address, load_settings
from bot.store import Store
from bot.web.intake import Intake
from bot.web.server import Doors, public_application


async def serve(settings: Settings) -> None:
    """Answer until the process is told to stop."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with await Store.open(settings.database_url) as store:
        secret = settings.webhook_secret.get_secret_value().encode()
        intake = Intake(store.deliveries, now, lambda: None)
        runner = web.AppRunner(public_application(Doors(intake, secret, store.hooks, {})), access_log=None)
        await runner.setup()
        host, port = address(settings.bind)
        await web.TCPSite(runner, host, port, reuse_port=True).start()
        await stopped.wait()
        await runner.cleanup()


if __name__ == "__main__":
    chosen = load_settings()
    configure_logs(chosen.log_format, chosen.log_level)
    uvloop.run(serve(chosen))
