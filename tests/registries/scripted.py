"""A server that answers what a test tells it to, and remembers what it was asked."""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True)
class Reply:
    """One answer. A body that is no bytes and no text is sent as JSON."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        headers = dict(self.headers)
        content = self.body
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            content = json.dumps(content).encode()
            headers.setdefault("Content-Type", "application/json")
        return web.Response(status=self.status, body=content, headers=headers)


@dataclass(frozen=True)
class Seen:
    """One request that arrived. `target` is path and query as they came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Answer = Reply | Callable[[web.Request], Reply | Awaitable[Reply]]


class ScriptedServer:
    """Answers by path: the answers of a path one after the other, the last one again and again; 404 otherwise."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.host = ""
        self._answers: defaultdict[str, list[Answer]] = defaultdict(list)

    def on(self, path: str, *answers: Answer) -> Self:
        """Answer a path so, from now on."""
        self._answers[path] = list(answers)
        return self

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [seen.path for seen in self.seen]

    def authorizations(self, path: str) -> list[str | None]:
        """The Authorization headers that came for a path, in order."""
        return [seen.headers.get("Authorization") for seen in self.seen if seen.path == path]

    async def start(self) -> web.AppRunner:
        application = web.Application(client_max_size=2**26)
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.host = f"127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _answer(self, request: web.Request) -> web.Response:
        self.seen.append(Seen(request.method, request.raw_path, dict(request.headers), await request.read()))
        answers = self._answers.get(request.path)
        if not answers:
            return web.Response(status=404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        reply = answer(request) if callable(answer) else answer
        return (reply if isinstance(reply, Reply) else await reply).response()
