"""One HTTP request to GitHub's API and nothing more: with timeouts, with a size cap, and only ever to that host."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import aiohttp
from gidgethub import GitHubException, sansio
from yarl import URL

from bot.github.answers import failure
from bot.github.errors import GitHubUnavailable, UnexpectedAnswer, without_query

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from datetime import datetime

USER_AGENT: Final = "niro-bot"
API_VERSION: Final = "2022-11-28"
ACCEPT: Final = "application/vnd.github+json"
LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""Bytes, after decompression. The largest answer GitHub documents is a tree of 7 MB in git's own form."""

_SUCCESS: Final = range(200, 300)
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_MOVED_FOR_GOOD: Final = frozenset({301, 308})
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `connect` to reach the host, `read` between two pieces of an answer, `total` for all of it."""

    connect: float = 10
    read: float = 30
    total: float = 60
    archive: float = 600

    def within(self, total: float) -> aiohttp.ClientTimeout:
        """Return aiohttp's form of these timeouts, with this total."""
        return aiohttp.ClientTimeout(total=total, connect=self.connect, sock_connect=self.connect, sock_read=self.read)


class Moved(Exception):
    """What was asked for is at `.location` (absolute) now; `.permanent`: for good."""

    def __init__(self, location: str, *, permanent: bool) -> None:
        self.location = location
        self.permanent = permanent
        super().__init__(f"moved to {without_query(location)}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What GitHub said: the decoded body, the URL of the next page, and the headers (any case)."""

    data: Any
    next_page: str | None
    headers: Mapping[str, str]


def open_session() -> aiohttp.ClientSession:
    """Open a session as this room needs it: no proxies from the environment, no cookies."""
    return aiohttp.ClientSession(trust_env=False, cookie_jar=aiohttp.DummyCookieJar())


class Transport:
    """gidgethub's protocol (URLs, headers, JSON, pages) over aiohttp, with our own view of what is an error."""

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str, *, clock: Callable[[], datetime], timeouts: Timeouts
    ) -> None:
        if session.trust_env:
            raise ValueError("the session for GitHub must not take proxies from the environment (trust_env=False)")
        self.base_url = base_url.rstrip("/")
        self.timeouts = timeouts
        self.clock = clock
        self._session = session
        self._origin = urlsplit(self.base_url)[:2]

    @property
    def graphql_url(self) -> str:
        """Where GraphQL lives: GitHub Enterprise Server has it at /api/graphql, beside /api/v3."""
        root = self.base_url
        return f"{root.removesuffix('/v3')}/graphql" if root.endswith("/api/v3") else f"{root}/graphql"

    def at_home(self, url: str) -> bool:
        """Tell whether a URL is on the host of the API: same scheme, host and port."""
        return urlsplit(url)[:2] == self._origin

    def url(self, path: str, variables: Mapping[str, Any] | None = None) -> str:
        """Fill a URI template below the API's root; an absolute URL stays as it is."""
        if urlsplit(path).scheme:
            return path
        return sansio.format_url(path, variables or {}, base_url=self.base_url)

    async def call(
        self, method: str, url: str, *, data: Any = None, token: str | None = None, jwt: str | None = None
    ) -> Answer:
        """Make one request with one credential (or none) and decode its answer.

        Raises the errors of errors.py, and Moved for a redirection: nothing is ever followed here.
        """
        if not self.at_home(url):
            raise UnexpectedAnswer("GitHub pointed to another host; no credential goes there", url=url)
        body = b"" if data is None else json.dumps(data).encode()
        status, headers, content = await self._exchange(method, url, self._headers(token, jwt, body), body)
        if status in _MOVED:
            raise Moved(_location(url, headers), permanent=status in _MOVED_FOR_GOOD)
        if status not in _SUCCESS:
            raise failure(status, headers, content, url=url, now=self.clock())
        return _decoded(status, headers, content, url)

    async def location_of(self, url: str, *, token: str) -> str:
        """Ask for something that GitHub keeps elsewhere; returns the absolute URL it points to (a secret!)."""
        try:
            await self.call("GET", url, token=token)
        except Moved as moved:
            if moved.permanent:
                raise
            return moved.location
        raise UnexpectedAnswer("GitHub answered with a document where it promises a redirection", url=url)

    async def download(self, url: str, *, largest: int) -> AsyncIterator[bytes]:
        """Read from any host, without any credential, at most `largest` bytes.

        Raises GitHubUnavailable, UnexpectedAnswer, or what the status means.
        """
        if urlsplit(self.base_url).scheme == "https" and urlsplit(url).scheme != "https":
            raise UnexpectedAnswer("GitHub pointed to a place without encryption", url=url)
        headers = {"user-agent": USER_AGENT, "accept-encoding": "identity"}
        try:
            async with self._session.get(
                URL(url, encoded=True),
                headers=headers,
                allow_redirects=False,
                timeout=self.timeouts.within(self.timeouts.archive),
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise failure(response.status, response.headers, b"", url=url, now=self.clock())
                async for chunk in _capped(response, largest):
                    yield chunk
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise _unavailable(problem, url) from None

    def _headers(self, token: str | None, jwt: str | None, body: bytes) -> dict[str, str]:
        headers = sansio.create_headers(USER_AGENT, accept=ACCEPT, oauth_token=token, jwt=jwt)
        headers["x-github-api-version"] = API_VERSION
        if body:
            headers["content-type"] = "application/json; charset=utf-8"
        return headers

    async def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        try:
            async with self._session.request(
                method,
                URL(url, encoded=True),
                headers=headers,
                data=body or None,
                allow_redirects=False,
                timeout=self.timeouts.within(self.timeouts.total),
            ) as response:
                content = b"".join([chunk async for chunk in _capped(response, LARGEST_ANSWER)])
                return response.status, response.headers, content
        except (aiohttp.ClientError, TimeoutError) as problem:
            raise _unavailable(problem, url) from None


async def _capped(response: aiohttp.ClientResponse, largest: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        size += len(chunk)
        if size > largest:
            raise UnexpectedAnswer(
                f"the answer is larger than {largest} bytes", status=response.status, url=str(response.url)
            )
        yield chunk


def _decoded(status: int, headers: Mapping[str, str], content: bytes, url: str) -> Answer:
    try:
        data, _, next_page = sansio.decipher_response(HTTPStatus.OK, headers, content)
    except (GitHubException, ValueError, LookupError, RecursionError) as problem:
        raise UnexpectedAnswer(f"the answer is no JSON: {type(problem).__name__}", status=status, url=url) from None
    return Answer(data, next_page, headers)


def _location(url: str, headers: Mapping[str, str]) -> str:
    try:
        return str(URL(urljoin(url, headers["location"]), encoded=True))
    except (KeyError, ValueError):
        raise UnexpectedAnswer("GitHub redirected to nowhere", url=url) from None


def _unavailable(problem: Exception, url: str) -> GitHubUnavailable:
    reason = "no answer in time" if isinstance(problem, TimeoutError) else type(problem).__name__
    return GitHubUnavailable(f"GitHub could not be reached: {reason}", url=url)
