"""A guarded transport that may reach this machine, to log in through without a whole client around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.registries import guarded_sessions
from bot.registries.limits import Limits
from bot.registries.outages import Outages
from bot.registries.transport import DEFAULT_TIMEOUT, Transport
from tests.registries.conftest import Clock


@asynccontextmanager
async def loopback_transport(clock: Clock, *hosts: str) -> AsyncIterator[Transport]:
    """Give a transport that may speak http to the hosts given."""
    async with guarded_sessions(["127.0.0.0/8"]) as sessions:
        yield Transport(sessions, frozenset(hosts), Limits(clock), DEFAULT_TIMEOUT, Outages(clock))
