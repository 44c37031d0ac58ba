"""When a registry is down, asks for a pause or refuses: its own images wait, everybody else's go on."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.jobs.work import ScanImage
from bot.registries import Registries, guarded_sessions
from tests.flows.house import House


@dataclass
class Gate:
    """Stands before the real registry, and answers with a failure while it has one."""

    behind: str
    session: aiohttp.ClientSession
    failure: web.Response | None = None
    refused: str = ""
    asked: list[str] = field(default_factory=list)
    host: str = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.failure is not None:
            return web.Response(status=self.failure.status, headers=dict(self.failure.headers))
        if request.path == self.refused:
            return web.Response(status=403)
        headers = {"Accept": request.headers.get("Accept", "*/*")}
        address = f"http://{self.behind}{request.path_qs}"
        async with self.session.request(request.method, address, headers=headers) as answer:
            kept = {name: answer.headers[name] for name in KEPT if name in answer.headers}
            return web.Response(body=await answer.read(), status=answer.status, headers=kept)


KEPT = ("Content-Type", "Docker-Content-Digest")


@asynccontextmanager
async def standing(house: House) -> AsyncIterator[Gate]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        gate = Gate(house.registry.host, session)
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", gate.handle)
        runner = web.AppRunner(application)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        gate.host = "{}:{}".format(*runner.addresses[0][:2])
        guarded = await stack.enter_async_context(guarded_sessions(["127.0.0.0/8"]))
        hosts = frozenset({gate.host, house.registry.host})
        house.parts = replace(house.parts, registries=Registries(guarded, insecure_hosts=hosts, clock=house.clock))
        yield gate


@pytest.fixture
async def gate(house: House) -> AsyncIterator[Gate]:
    """A second registry, and a second repository that follows an image in it."""
    async with standing(house) as opened:
        image = f"{opened.host}/{house.owner}/web"
        await house.push("1.0.0", "web")
        policy = f"version: 1\nimages:\n  - image: {image}\n"
        manifest = house.deployment("1.0.0", "web").replace(house.registry.host.encode(), opened.host.encode())
        files = {".niro/policies.yml": policy.encode(), "web.yaml": manifest}
        await house.github.add_repository(f"{house.owner}/site", files)
        await house.work()
        yield opened


async def both(house: House, gate: Gate) -> None:
    """Push a newer tag to both registries and look at both images."""
    await house.push("1.5.0")
    await house.push("1.1.0", "web")
    await house.ask(ScanImage(gate.host, f"{house.owner}/web"), ScanImage(house.registry.host, f"{house.owner}/api"))


def opened(house: House) -> tuple[int, int]:
    return len(house.pulls(f"{house.owner}/site")), len(house.pulls())


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_registry_that_is_broken_is_asked_again_later(house: House, gate: Gate, status: int) -> None:
    gate.failure = web.Response(status=status)
    await both(house, gate)
    assert opened(house) == (0, 1)
    gate.failure = None
    await house.later(timedelta(minutes=1))
    assert (opened(house), await house.dead()) == ((1, 1), [])


async def test_a_registry_that_asks_for_a_pause_gets_it(house: House, gate: Gate) -> None:
    gate.failure = web.Response(status=429, headers={"Retry-After": "300"})
    await both(house, gate)
    assert opened(house) == (0, 1)
    gate.failure = None
    asked = len(gate.asked)
    await house.ask(ScanImage(gate.host, f"{house.owner}/web"))
    await house.later(timedelta(minutes=4))
    assert (opened(house), len(gate.asked)) == ((0, 1), asked)
    await house.later(timedelta(minutes=2))
    assert (opened(house), await house.dead()) == ((1, 1), [])


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_registry_that_refuses_is_left_until_it_is_heard_of_again(
    house: House, gate: Gate, status: int
) -> None:
    gate.failure = web.Response(status=status)
    await both(house, gate)
    await house.later(timedelta(hours=1))
    assert (opened(house), await house.dead()) == ((0, 1), [])
    gate.failure = None
    await both(house, gate)
    assert opened(house) == (1, 1)
