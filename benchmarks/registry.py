"""A registry in a process of its own: it knows how its tags are called, and counts what it is asked.

It listens on several ports, each a registry host of its own; the first wants a token for every repository. One more
port stands for GitHub, and counts what comes. Tags come in pages, as the specification of distribution has them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import aiohttp
import uvloop
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

INDEX = "application/vnd.oci.image.index.v1+json"
TAGS = 50
MOVING = "main"
LARGE = "large/image"
TAGS_OF_LARGE = 100_000
TOKEN_SECONDS = 3600


def tags_of(repository: str) -> list[str]:
    """Name the tags that a repository has at first, in the registry's order."""
    if repository == LARGE:
        return tags_of_large()
    return [*(f"1.{number // 10}.{number % 10}" for number in range(TAGS - 1)), MOVING]


@cache
def tags_of_large() -> list[str]:
    """Name very many tags."""
    return [f"1.{number // 100}.{number % 100}" for number in range(TAGS_OF_LARGE)]


def page_of(repository: str, tags: Sequence[str]) -> bytes:
    """Write a page of a list as the registry sends it."""
    return json.dumps({"name": repository, "tags": list(tags)}).encode()


def index_of(repository: str, tag: str) -> bytes:
    """Write the index that a tag stands for: two platforms, whose manifests are of this tag alone."""
    children = [
        {
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": digest(f"{repository}:{tag} {architecture}".encode()),
            "size": 1234,
            "platform": {"os": "linux", "architecture": architecture},
        }
        for architecture in ("amd64", "arm64")
    ]
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": children}).encode()


def digest(content: bytes) -> str:
    """Name some bytes by their digest."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass(frozen=True, slots=True)
class RegistryProcess:
    """The registry as its caller sees it. `hosts` are `name:port`; the first wants tokens."""

    hosts: tuple[str, ...]
    github_url: str
    session: aiohttp.ClientSession

    async def asked(self) -> Counter[str]:
        """Return how often each kind of question was asked since the last time, and begin to count anew."""
        async with self.session.post(f"{self.github_url}/-/asked") as answer:
            return Counter(await answer.json())

    async def push(self, repository: str, tag: str) -> None:
        """Let a repository have one tag more."""
        async with self.session.post(f"{self.github_url}/-/push/{repository}:{tag}") as answer:
            assert answer.status == 200


class _Registry:
    """What stands behind all the ports."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._pushed: dict[str, list[str]] = {}
        self._contents: dict[str, bytes] = {}

    def application(self, *, wants_tokens: bool) -> web.Application:
        """Make the application of one registry host."""

        async def list_tags(request: web.Request) -> web.Response:
            return self._refused(request, wants_tokens) or self._listed(request)

        async def manifest(request: web.Request) -> web.Response:
            return self._refused(request, wants_tokens) or self._manifest(request)

        application = web.Application()
        application.router.add_get("/token", self._token)
        application.router.add_get("/v2/{name:.+}/tags/list", list_tags)
        application.router.add_get("/v2/{name:.+}/manifests/{reference}", manifest)
        return application

    def github(self) -> web.Application:
        """Make the application that stands for GitHub, and takes the orders."""
        application = web.Application()
        application.router.add_post("/-/asked", self._tell)
        application.router.add_post("/-/push/{name:.+}:{tag}", self._push)
        application.router.add_route("*", "/{path:.*}", self._unwanted)
        return application

    def _refused(self, request: web.Request, wants_tokens: bool) -> web.Response | None:
        if not wants_tokens or request.headers.get("Authorization", "").startswith("Bearer "):
            return None
        self.asked["refused"] += 1
        scope = f"repository:{request.match_info['name']}:pull"
        challenge = f'Bearer realm="http://{request.host}/token",service="bench",scope="{scope}"'
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})

    async def _token(self, _request: web.Request) -> web.Response:
        self.asked["token"] += 1
        # As long as those of Docker Hub.
        return web.json_response({"token": "t" * 2400, "expires_in": TOKEN_SECONDS})

    def _listed(self, request: web.Request) -> web.Response:
        self.asked["list"] += 1
        name, size = request.match_info["name"], int(request.query["n"])
        tags = [*tags_of(name), *self._pushed.get(name, [])]
        first = int(request.query.get("from", 0))
        headers = {"Content-Type": "application/json"}
        if first + size < len(tags):
            headers["Link"] = f'</v2/{name}/tags/list?n={size}&from={first + size}>; rel="next"'
        return web.Response(body=page_of(name, tags[first : first + size]), headers=headers)

    def _manifest(self, request: web.Request) -> web.Response:
        self.asked["head" if request.method == "HEAD" else "manifest"] += 1
        name, reference = request.match_info["name"], request.match_info["reference"]
        content = self._contents.get(reference) or index_of(name, reference)
        named = reference if reference.startswith("sha256:") else digest(content)
        self._contents.setdefault(named, content)
        headers = {"Content-Type": INDEX, "Docker-Content-Digest": named}
        return web.Response(body=content, headers=headers)

    async def _tell(self, _request: web.Request) -> web.Response:
        asked, self.asked = self.asked, Counter()
        return web.json_response(asked)

    async def _push(self, request: web.Request) -> web.Response:
        self._pushed.setdefault(request.match_info["name"], []).append(request.match_info["tag"])
        return web.Response()

    async def _unwanted(self, _request: web.Request) -> web.Response:
        self.asked["github"] += 1
        return web.Response(status=404)


async def serve(hosts: int) -> None:
    """Listen, tell the ports on standard output, and answer until standard input ends."""
    registry = _Registry()
    applications = [registry.github(), *(registry.application(wants_tokens=number == 0) for number in range(hosts))]
    ports = []
    for application in applications:
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
    print(json.dumps(ports), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@asynccontextmanager
async def running_registry(hosts: int) -> AsyncIterator[RegistryProcess]:
    """Run a registry with so many hosts."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.registry", str(hosts)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        github, *others = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession(trust_env=False) as session:
            yield RegistryProcess(tuple(f"127.0.0.1:{port}" for port in others), f"http://127.0.0.1:{github}", session)
    finally:
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
