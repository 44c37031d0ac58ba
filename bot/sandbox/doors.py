"""The doors: each request is recorded, checked, handled and answered in one way, REST and GraphQL alike."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

import bot.sandbox.rest as _operations  # noqa: F401 - importing the operations registers them
from bot.sandbox.downloads import ROOT, Downloads
from bot.sandbox.faults import Exchange, Faults, RequestRecord
from bot.sandbox.refusals import DOCUMENTATION, BadRequest, NotFound, RateLimited, Refusal, Unauthorized, Validation
from bot.sandbox.rest import routing
from bot.sandbox.rest.call import Answer, Call
from bot.sandbox.webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.authentication import Token
    from bot.sandbox.graphql import GraphQL
    from bot.sandbox.world import World

ENTERPRISE = "/api/v3"  # stands before each REST path of an Enterprise server
BY_ID = re.compile(r"^/repositories/(\d+)(?=/|$)")
BY_NAME = re.compile(r"^/repos/([^/]+)/([^/]+)(?=/|$)")
OPERATION_NAME = re.compile(r"\b(?:query|mutation)\s+(\w+)")
JSON_TYPE = "application/json; charset=utf-8"
READ_POINTS, WRITE_POINTS = 1, 5


class Doors:
    """Answers HTTP requests about one world."""

    def __init__(self, world: World, graphql: GraphQL | None) -> None:
        self.world = world
        self.graphql = graphql
        self.faults = Faults()
        self.downloads = Downloads()
        self.webhooks = Webhooks(world)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request: observers before, the handling with its faults, observers after."""
        content = await request.read()
        record = self._record(request, content)
        await asyncio.sleep(self.faults.latency)
        for observer in self.faults.before:
            await observer(record)
        fault = self.faults.take(record)
        record.faulted = fault is not None
        if fault is not None and not fault.after_handling:
            answer = None if fault.status is None else Answer(fault.body, fault.status, fault.headers)
        else:
            answer = await self._answered(request, record, content)
            if fault is not None:
                answer = None if fault.status is None else Answer(fault.body, fault.status, fault.headers)
        for observer in self.faults.after:
            await observer(record)
        return self._sent(request, record, content, answer)

    async def _answered(self, request: web.Request, record: RequestRecord, content: bytes) -> Answer:
        if request.path.startswith(ROOT):
            return await _refusing(self._download(request))
        if record.operation == "graphql":
            return await _refusing(self._graphql(request, content))
        return await self._rest(request, content)

    async def _download(self, request: web.Request) -> Answer:
        archive = await self.downloads.fetch(request.path, request.query.get("token", ""))
        return Answer(archive, headers={"Content-Type": "application/x-gzip"})

    async def _graphql(self, request: web.Request, content: bytes) -> Answer:
        token, document = self._token(request), _json_object(content)
        if self.graphql is None or not isinstance(document.get("query"), str):
            raise BadRequest("Problems parsing JSON")
        query, name = document["query"], document.get("operationName")
        points = WRITE_POINTS if self.graphql.is_mutation(query, name) else READ_POINTS
        try:
            self.world.limits.spend(token, "graphql", points=points)
        except RateLimited as limited:
            return Answer({"errors": [{"type": limited.kind, "message": limited.message}]}, headers=limited.headers)
        body = await self.graphql.execute(token, query, document.get("variables"), name)
        return Answer(body, headers=self.world.limits.headers(token, "graphql"))

    async def _rest(self, request: web.Request, content: bytes) -> Answer:
        """Answer a REST request; the limits' headers stand in refusals too."""
        try:
            found = routing.find(request.method, self._known_path(request.rel_url.raw_path))
            if found is None:
                raise NotFound
            token = None if found[0].open else self._token(request)
        except Refusal as refusal:
            return refused(refusal)
        if token is None:
            return await _refusing(self._called(request, content, found, None))
        answer = await _refusing(self._limited(request, content, found, token))
        return _conditional(self, request, token, answer)

    async def _limited(
        self, request: web.Request, content: bytes, found: tuple[routing.Operation, dict[str, str]], token: Token
    ) -> Answer:
        points = READ_POINTS if request.method == "GET" else WRITE_POINTS
        self.world.limits.spend(token, "core", points=points)
        return await _refusing(self._called(request, content, found, token))

    async def _called(
        self, request: web.Request, content: bytes, found: tuple[routing.Operation, dict[str, str]], token: Token | None
    ) -> Answer:
        operation, values = found
        moved = self._moved(request, token)
        if moved is not None:
            return moved
        call = Call(self, token, request.path, values, request.query, request.headers, content)
        return await operation.handler(call)

    def _known_path(self, raw_path: str) -> str:
        """Return the path as the operations know it: without a prefix, a repository's id replaced by its name."""
        raw_path = raw_path.removeprefix(ENTERPRISE)
        match = BY_ID.match(raw_path)
        if match is None:
            return raw_path.rstrip("/") or "/"
        repository = self.world.repositories.get(int(match[1]))
        if repository is None:
            raise NotFound
        return f"/repos/{repository.full_name}{raw_path[match.end() :]}"

    def _moved(self, request: web.Request, token: Token | None) -> Answer | None:
        """Return the redirect of a repository that has another name now."""
        path = request.path.removeprefix(ENTERPRISE)
        match = BY_NAME.match(path)
        number = self.world.former_names.get(f"{match[1]}/{match[2]}".lower()) if match else None
        if match is None or number is None or token is None:
            return None
        token.require(self.world.repositories[number])
        query = f"?{request.query_string}" if request.query_string else ""
        prefix = request.path.removesuffix(path)
        target = f"{self.world.url}{prefix}/repositories/{number}{path[match.end() :]}{query}"
        body = {"message": "Moved Permanently", "url": target, "documentation_url": DOCUMENTATION}
        # What is not only read must be sent again as it was, and 307 says so.
        return Answer(body, 301 if request.method in {"GET", "HEAD"} else 307, {"Location": target})

    def _token(self, request: web.Request) -> Token:
        return self.world.tokens.check(request.headers.get("Authorization"))

    def _record(self, request: web.Request, content: bytes) -> RequestRecord:
        operation, name = self._named(request, content)
        authorized = "Authorization" in request.headers
        record = RequestRecord(request.method, request.path, operation, name, self.world.now(), authorized)
        self.faults.requests.append(record)
        return record

    def _named(self, request: web.Request, content: bytes) -> tuple[str, str | None]:
        """Return the operation's id, and the name of a GraphQL operation."""
        if request.path.startswith(ROOT):
            return "download", None
        if request.path in {"/graphql", "/api/graphql"} and request.method == "POST":
            return "graphql", _graphql_name(content)
        try:
            found = routing.find(request.method, self._known_path(request.rel_url.raw_path))
        except NotFound:
            found = None
        return (found[0].identifier if found else ""), None

    def _sent(
        self, request: web.Request, record: RequestRecord, content: bytes, answer: Answer | None
    ) -> web.StreamResponse:
        if answer is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499)
        record.status = answer.status
        body, headers = _encoded(answer)
        for observer in self.faults.exchanges:
            observer(
                Exchange(
                    request.method,
                    request.raw_path.removeprefix(ENTERPRISE),
                    answer.status,
                    dict(request.headers),
                    content,
                    headers,
                    body,
                    faulted=record.faulted,
                )
            )
        return web.Response(body=body or None, status=answer.status, headers=headers)


def refused(refusal: Refusal) -> Answer:
    """Return a refusal in REST's shape."""
    body: dict[str, Any] = {
        "message": refusal.message,
        "documentation_url": DOCUMENTATION,
        "status": str(refusal.status),
    }
    if isinstance(refusal, Validation) and refusal.errors:
        body["errors"] = [{k: v for k, v in asdict(error).items() if v is not None} for error in refusal.errors]
    return Answer(body, refusal.status, refusal.headers)


async def _refusing(handling: Any) -> Answer:
    try:
        answer: Answer = await handling
    except Unauthorized as refusal:
        return refused(refusal)
    except Refusal as refusal:
        return refused(refusal)
    return answer


def _conditional(doors: Doors, request: web.Request, token: Token, answer: Answer) -> Answer:
    """Add the limits' headers and the ETag; answer 304, which costs nothing, where the caller has it already.

    The tag depends on Accept and Authorization too, as GitHub's does: a new token makes all that is cached stale.
    """
    headers = {**doors.world.limits.headers(token, "core"), **answer.headers}
    if request.method != "GET" or answer.status != 200:  # noqa: PLR2004
        return Answer(answer.body, answer.status, headers)
    body, _ = _encoded(answer)
    parts = (request.headers.get("Accept", ""), request.headers.get("Authorization", ""))
    tag = f'"{hashlib.sha256(":".join(parts).encode() + b":" + body).hexdigest()}"'
    headers |= {
        "ETag": f"W/{tag}",
        "Vary": "Accept, Authorization",
        "Cache-Control": "private, max-age=60, s-maxage=60",
    }
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        doors.world.limits.give_back(token, "core")
        return Answer(None, 304, {**headers, **doors.world.limits.headers(token, "core")})
    return Answer(answer.body, 200, headers)


def _encoded(answer: Answer) -> tuple[bytes, dict[str, str]]:
    """Return the body's bytes and the headers with its type."""
    known: Mapping[str, str] = {"X-GitHub-Request-Id": "0000:0000:0000:0000", **answer.headers}
    if answer.body is None:
        return b"", dict(known)
    if isinstance(answer.body, bytes):
        return answer.body, dict(known)
    return json.dumps(answer.body, default=dict).encode(), {"Content-Type": JSON_TYPE, **known}


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError as invalid:
        raise BadRequest("Problems parsing JSON") from invalid
    if not isinstance(found, dict):
        raise BadRequest("Problems parsing JSON")
    return found


def _graphql_name(content: bytes) -> str | None:
    try:
        document = _json_object(content)
    except BadRequest:
        return None
    if isinstance(document.get("operationName"), str):
        return str(document["operationName"])
    match = OPERATION_NAME.search(str(document.get("query", "")))
    return match[1] if match else None
