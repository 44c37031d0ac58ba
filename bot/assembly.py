"""Put the parts of one process together: adapters, flows, doors; start them, and take them down in order."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot import flows  # noqa: F401 - registers every performer and every handler
from bot.flows.delivery import Deliveries
from bot.flows.failures import classify
from bot.flows.parts import Parts
from bot.github import GitHub, convert_manifest, open_session
from bot.jobs import Runner, connector_for
from bot.jobs.performing import performer
from bot.jobs.work import Housekeeping, SweepDeliveries, kind
from bot.logs import keep_out_of_logs
from bot.process_pool import ProcessPool
from bot.registries import Registries, guarded_sessions
from bot.settings import Settings, address, load_settings, settings_file
from bot.settings_file import keep_settings
from bot.signatures import Signatures
from bot.store import Store
from bot.web.admin import admin_application
from bot.web.intake import Intake
from bot.web.listening import listening
from bot.web.manifest import app_manifest
from bot.web.server import Doors, public_application
from bot.web.setup import Setup, setup_application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import web

    from bot.github import AppCredentials
    from bot.jobs.work import Work

log = structlog.get_logger()

HOURLY = "17 * * * *"
EVERY_TEN_MINUTES = "*/10 * * * *"
AT_START = (Housekeeping(), SweepDeliveries())
"""Done also as soon as the doors are open: what happened while nobody listened is looked for first."""


def now() -> datetime:
    """Tell the time; the only clock of the bot."""
    return datetime.now(UTC)


class Bot:
    """One running process: its parts, the runner of its work, and the queue of its deliveries."""

    def __init__(self, parts: Parts, runner: Runner, deliveries: Deliveries) -> None:
        self.parts = parts
        self.runner = runner
        self.deliveries = deliveries


@asynccontextmanager
async def bot(settings: Settings) -> AsyncIterator[Bot]:
    """Open the store and the adapters, and start working; on leaving, give unfinished work back and close."""
    async with AsyncExitStack() as stack:
        store = await Store.open(settings.database_url, keys=settings.keyring)
        stack.push_async_callback(store.close)
        session = await stack.enter_async_context(open_session())
        guarded = await stack.enter_async_context(guarded_sessions())
        registries = Registries(guarded, insecure_hosts=settings.insecure_registries, clock=now)
        executor = stack.enter_context(ProcessPool())
        evidence = stack.enter_context(ProcessPool())
        github = GitHub(
            session,
            settings.app_id,
            settings.key,
            settings.github_url,
            pace=store.pacing,
            clock=now,
            gap=settings.write_gap,
        )
        connector = connector_for(settings.database_url)
        runner: Runner

        async def perform(work: Work) -> None:
            structlog.contextvars.bind_contextvars(work=kind(work))
            await performer(kind(work))(work, parts)

        async def housekeeping() -> None:
            await parts.ask(Housekeeping())

        async def sweep() -> None:
            await parts.ask(SweepDeliveries())

        parts = Parts(
            store=store,
            github=github,
            registries=registries,
            clock=now,
            executor=executor,
            evidence=evidence,
            end_apart=evidence.end_work,
            settle=settings.settle,
            allowed_accounts=settings.allowed_accounts,
            grants=settings.grants,
            hide=keep_out_of_logs,
            signatures=Signatures(settings.sigstore_trusted_root, now),
            severities=settings.severities,
            wake=lambda: runner.wake(),  # noqa: PLW0108 - the runner is made after the parts
        )
        periodic = {HOURLY: housekeeping, EVERY_TEN_MINUTES: sweep}
        runner = Runner(connector, store.due, perform, classify, slots=settings.slots, clock=now, periodic=periodic)
        deliveries = Deliveries(parts)
        await runner.start()
        stack.push_async_callback(runner.stop, settings.shutdown_seconds)
        task = asyncio.create_task(deliveries.run(), name="deliveries")
        stack.push_async_callback(_cancelled, task)
        yield Bot(parts, runner, deliveries)


async def serve(settings: Settings) -> None:
    """Run the doors and the work until the process is told to stop; the setup page while nothing is registered."""
    stopped = _stop_signal()
    async with AsyncExitStack() as stack:
        if not settings.registered:
            settings = await _registered(settings, stopped)
            if stopped.is_set():
                return
        running = await stack.enter_async_context(bot(settings))
        await stack.enter_async_context(listening(_public(running, settings), *address(settings.bind), door="public"))
        await stack.enter_async_context(
            listening(admin_application(running.parts.store, now), *address(settings.admin_bind), door="admin")
        )
        await running.parts.ask(*AT_START)
        log.info("serving", bind=settings.bind, admin=settings.admin_bind)
        await stopped.wait()
        log.info("stopping")


async def work(settings: Settings) -> None:
    """Do work until the process is told to stop, without public doors."""
    stopped = _stop_signal()
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(bot(settings))
        admin = admin_application(running.parts.store, now)
        await stack.enter_async_context(listening(admin, *address(settings.admin_bind), door="admin"))
        await running.parts.ask(*AT_START)
        log.info("working", admin=settings.admin_bind)
        await stopped.wait()
        log.info("stopping")


async def _registered(settings: Settings, stopped: asyncio.Event) -> Settings:
    """Offer the setup page until the App is registered; returns the settings with its credentials."""
    async with open_session() as session:
        setup = Setup(
            manifest=app_manifest(settings.app_manifest, settings.public_url),
            github_web_url=settings.github_web_url,
            convert=lambda code: convert_manifest(session, code, settings.github_url),
            keep=lambda credentials: keep_settings(settings_file(), _as_settings(credentials)),
            secure_cookie=settings.public_url.startswith("https://"),
        )
        async with listening(setup_application(setup), *address(settings.bind), door="setup"):
            log.warning("setup.offered", open=setup.address(settings.public_url))
            await _first(setup.registered, stopped)
    settings = load_settings()
    keep_out_of_logs(settings.secrets)
    return settings


def _as_settings(credentials: AppCredentials) -> dict[str, str]:
    return {
        "NIRO_APP_ID": credentials.client_id,
        "NIRO_PRIVATE_KEY": credentials.private_key,
        "NIRO_WEBHOOK_SECRET": credentials.webhook_secret,
    }


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


def _public(running: Bot, settings: Settings) -> web.Application:
    store = running.parts.store
    intake = Intake(store.deliveries, now, running.deliveries.arrived)

    async def working() -> bool:
        return running.runner.running

    return public_application(
        Doors(
            intake=intake,
            secret=settings.webhook_secret.get_secret_value().encode(),
            hooks=store.hooks,
            probes={"store": store.answers, "work": working},
        )
    )


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    return stopped


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
