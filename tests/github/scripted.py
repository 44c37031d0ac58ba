"""A scripted GitHub on loopback: real HTTP, real signatures of the App, and any fault a test wants."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jwt
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric import rsa

APP_ID = "Iv23liExample"
INSTALLATION = 7
REPOSITORY = 42
FULL_NAME = "acme/shop"


class Clock:
    """A clock that only moves when somebody sleeps or a test moves it. Kept whole seconds, as GitHub's times are."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def forward(self, **units: float) -> None:
        self.now += timedelta(**units)


class Pace:
    """The shared memory of writes, in memory: a place more than five seconds away is told, but not taken."""

    def __init__(self) -> None:
        self.next: dict[int, datetime] = {}
        self.holds: dict[int, datetime] = {}
        self.reserved = 0
        self.contents = 0

    async def reserve(self, installation: int, now: datetime, gap: timedelta, content: bool = False) -> datetime:
        place = max(now, self.next.get(installation, now), self.holds.get(installation, now))
        if place <= now + timedelta(seconds=5):
            self.reserved += 1
            self.contents += content
            self.next[installation] = place + gap
        return place

    async def hold(self, installation: int, until: datetime) -> None:
        self.holds[installation] = max(until, self.holds.get(installation, until))


@dataclass
class Answer:
    """What the server says. `data` is sent as JSON unless `body` is given; `silent` seconds pass first."""

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    silent: float = 0


@dataclass
class Seen:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    data: Any
    operation: str

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").partition(" ")[2]

    @property
    def variables(self) -> dict[str, Any]:
        return self.data["variables"]


class ScriptedGitHub:
    """Answers what a test told it to, in order; the last answer stays. Installation tokens are real enough."""

    def __init__(self, public_key: rsa.RSAPublicKey, clock: Clock) -> None:
        self.seen: list[Seen] = []
        self.minted: list[dict[str, Any]] = []
        self.url = ""
        self.token_answers: list[Answer] = []
        self.claims: list[dict[str, Any]] = []
        self._public_key = public_key
        self._clock = clock
        self._answers: defaultdict[str, list[Answer]] = defaultdict(list)

    def on(self, what: str, *answers: Answer) -> None:
        """Script answers to "GET /path" or, for GraphQL, to the name of an operation."""
        self._answers[what].extend(answers)

    def requests(self, what: str) -> list[Seen]:
        return [seen for seen in self.seen if what in (f"{seen.method} {seen.path}", seen.operation)]

    @property
    def asked(self) -> list[str]:
        """Everything asked for, without the tokens."""
        wanted = [seen.operation or f"{seen.method} {seen.path}" for seen in self.seen]
        return [what for what in wanted if not what.endswith("/access_tokens")]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        data = json.loads(body) if body else None
        operation = _operation(data) if request.path.endswith("/graphql") else ""
        headers = {name.lower(): value for name, value in request.headers.items()}
        seen = Seen(request.method, request.path_qs, headers, data, operation)
        self.seen.append(seen)
        answer = self._token(seen) if seen.path.endswith("/access_tokens") else self._answer(seen)
        if answer.silent:
            await asyncio.sleep(answer.silent)
        return _response(answer)

    def check_jwt(self, token: str) -> dict[str, Any]:
        claims = jwt.decode(
            token, self._public_key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False}
        )
        self.claims.append(claims)
        return claims

    def _token(self, seen: Seen) -> Answer:
        self.check_jwt(seen.token)
        if self.token_answers:
            return self.token_answers.pop(0)
        self.minted.append({"path": seen.path, **seen.data})
        expires = (self._clock.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Answer({"token": f"ghs_token{len(self.minted)}", "expires_at": expires}, status=201)

    def _answer(self, seen: Seen) -> Answer:
        answers = self._answers[seen.operation or f"{seen.method} {seen.path}"]
        if not answers:
            return Answer({"message": "nothing scripted"}, status=500)
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _operation(data: dict[str, Any]) -> str:
    found = re.match(r"\s*(?:query|mutation) (\w+)", data["query"])
    assert found is not None
    return found[1]


def _response(answer: Answer) -> web.Response:
    if answer.body is not None:
        return web.Response(body=answer.body, status=answer.status, headers=answer.headers)
    return web.json_response(answer.data, status=answer.status, headers=answer.headers)


async def listen(handle: Callable[[web.Request], Any]) -> tuple[str, Callable[[], Any]]:
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}", runner.cleanup


def repository(**fields: Any) -> Answer:
    """Answer a query about the repository."""
    named = {"id": "R_42", "databaseId": REPOSITORY, "nameWithOwner": FULL_NAME}
    return Answer({"data": {"repository": named | fields}})
