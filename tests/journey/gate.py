"""A gate before a registry and its token server, at which a test sees every request and may end the client there."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.sandbox.registry import SandboxRegistry

LARGEST = 16 * 1024 * 1024
OF_THE_CONNECTION = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "host"})


@dataclass(frozen=True, slots=True)
class Passing:
    """One request at a gate: `place` is the gate's name, `path` with its query."""

    place: str
    method: str
    path: str
    status: int = 0

    @property
    def writes(self) -> bool:
        """Whether it may change something at the registry."""
        return self.method not in {"GET", "HEAD"}

    def __str__(self) -> str:
        return f"{self.place}: {self.method} {self.path}"


@dataclass
class Gate:
    """A registry as the bot sees it. `before` says whether a request goes on, `after` whether its answer does."""

    name: str
    registry: SandboxRegistry
    session: aiohttp.ClientSession
    before: Callable[[Passing], Awaitable[bool]]
    after: Callable[[Passing], Awaitable[bool]]
    host: str = ""
    seen: list[Passing] = field(default_factory=list)

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        """Send a request on to where it belongs, and its answer back."""
        body = await request.read()
        passing = Passing(self.name, request.method, request.path_qs)
        if not await self.before(passing):
            return _lost(request)
        status, headers, content = await self._answer(request, body)
        passing = Passing(self.name, request.method, request.path_qs, status)
        self.seen.append(passing)
        if not await self.after(passing):
            return _lost(request)
        if request.method == "HEAD":
            return web.Response(status=status, headers=headers)
        headers.pop("Content-Length", None)
        return web.Response(status=status, headers=headers, body=content)

    async def _answer(self, request: web.Request, body: bytes) -> tuple[int, dict[str, str], bytes]:
        origin = self.registry.tokens.host if request.path == "/token" else self.registry.host
        headers = {name: value for name, value in request.headers.items() if name.lower() not in OF_THE_CONNECTION}
        # The registry names the places of uploads as it was called.
        headers["Host"] = self.host
        async with self.session.request(
            request.method,
            f"http://{origin}{request.raw_path}",
            headers=headers,
            data=body or None,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            told = {name: value for name, value in answer.headers.items() if name.lower() not in OF_THE_CONNECTION}
            if request.method == "HEAD" and "Content-Length" in answer.headers:
                told["Content-Length"] = answer.headers["Content-Length"]
            if answer.status == HTTPStatus.UNAUTHORIZED and "WWW-Authenticate" in told:
                realm, gate = self.registry.tokens.realm, f"http://{self.host}/token"
                told["WWW-Authenticate"] = told["WWW-Authenticate"].replace(realm, gate)
            return answer.status, told, content


def _lost(request: web.Request) -> web.Response:
    """Answer somebody who is not there any more."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=HTTPStatus.BAD_GATEWAY)


@asynccontextmanager
async def gate(
    name: str,
    registry: SandboxRegistry,
    before: Callable[[Passing], Awaitable[bool]],
    after: Callable[[Passing], Awaitable[bool]],
) -> AsyncIterator[Gate]:
    """Open a gate on a free port of loopback."""
    async with aiohttp.ClientSession(trust_env=False, auto_decompress=False) as session:
        opened = Gate(name, registry, session, before, after)
        application = web.Application(client_max_size=LARGEST)
        application.router.add_route("*", "/{path:.*}", opened.pass_on)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        opened.host = f"127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield opened
        finally:
            await runner.cleanup()
