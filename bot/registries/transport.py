"""One request to a registry: redirects, limits, sizes and failures, turned into an Answer or a typed error.

A provider's file sends through `Transport.call` while it logs in, and through `Repository.api` when it reads times of
pushes. Both refuse every host that the provider's file does not name, follow no redirect with an authorization, cap
the body, count the reader's limits, and raise the typed errors.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from bot.registries.access import Access
from bot.registries.connection_failures import failure, is_silence
from bot.registries.endpoints import authority, may_speak_to, same_origin
from bot.registries.errors import InvalidAnswer, RedirectedElsewhere, RegistryUnavailable
from bot.registries.incoming import SLOWEST_PACE, Incoming, Pace, longest_seconds
from bot.registries.limits import TOO_MANY_REQUESTS, Asked, Limits
from bot.registries.outages import Outages, Server
from bot.registries.room import Room, Share
from bot.registries.sessions import Sessions

MOST_REDIRECTS = 5
CHUNK = 65536
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SERVER_ERROR = 500
LARGEST_CALL = 256 * 1024
# The whole of a request is limited by Request.seconds.
DEFAULT_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=5)
LONGEST_REQUEST_SECONDS = 20
# Long lists are read two at a time, other long answers four; what is shorter needs no place.
LISTS, FREE_OF_LIST = 2, 4 * 1024 * 1024
BODIES, FREE_OF_BODY = 4, 256 * 1024
# Blobs that are on their way at a time, each with a connection to either side.
STREAMS = 24
BODY_PATIENCE = 2

# Counts so many bytes, and may have to be waited for.
Count = Callable[[int], Awaitable[None] | None]
ANYWHERE = re.compile(r".*", re.DOTALL)
# Makes a body anew for each time that it is sent.
Body = Callable[[], AsyncIterator[bytes]]
OPENED = frozenset({200, 206})


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a registry. `access` tells whose limits count; `largest` caps the answer's body, in bytes.

    elsewhere: matches the whole `name[:port]` of other origins that a redirect may lead to; None: to none. seconds:
    how long each answer may take, from the connection to the last byte. share: of the room for the answers that the
    caller keeps, which has to be Share.asking; None: the body counts until it is read. body: bytes, or what makes an
    iterator of them, which then has `seconds` for each piece and for the answer after the last one. opened: the body
    of a 200 or 206 is left in Answer.incoming. taken: server errors that are an answer to the caller.
    """

    method: str
    url: URL
    headers: Mapping[str, str]
    access: Access
    largest: int
    redirects: int = MOST_REDIRECTS
    body: bytes | Body | None = None
    asked: Asked = Asked.OTHER
    elsewhere: re.Pattern[str] | None = None
    seconds: float = LONGEST_REQUEST_SECONDS
    share: Share | None = None
    opened: bool = False
    taken: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: never a redirect that was allowed, a 429 or a 5xx. `url` is where it came from in the end.

    incoming: the body that is still to be read, and to be closed by the caller; None where `body` holds it.
    """

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    url: URL
    incoming: Incoming | None = None

    @property
    def content_type(self) -> str:
        """The media type without parameters, in lower case; empty when there is none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class Transport:
    """Sends requests through guarded sessions."""

    def __init__(
        self,
        sessions: Sessions,
        insecure_hosts: Set[str],
        limits: Limits,
        timeout: aiohttp.ClientTimeout,
        outages: Outages,
    ) -> None:
        if not isinstance(sessions, Sessions):
            raise TypeError("Registries are only spoken to through guarded_sessions(): others reach any address")
        self._insecure_hosts = insecure_hosts
        self._sessions = sessions
        self._limits = limits
        self._timeout = timeout
        self.outages = outages
        self.lists = Room(LISTS, FREE_OF_LIST)
        self._bodies = Room(BODIES, FREE_OF_BODY)
        self.streams = asyncio.Semaphore(STREAMS)

    def insecure_hosts(self, access: Access) -> Set[str]:
        """Return the `name[:port]`s this reader may be spoken for by http: the operator's, and its credential's own."""
        credential = access.credential
        return self._insecure_hosts | {credential.host} if credential and credential.insecure else self._insecure_hosts

    async def call(
        self,
        host: str,
        access: Access,
        url: URL | str,
        *,
        allowed: Set[str],
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        largest: int = LARGEST_CALL,
        authorization: str | None = None,
        redirects: int = 0,
    ) -> Answer:
        """Send one request to a server beside a registry, and return the answer whatever its status.

        host: the registry whose sake it is for. url: absolute. allowed: the `name[:port]`s that the provider's file
        promises; another one raises InvalidAnswer and gets nothing. authorization: the header's whole value, never
        given in `headers` or the url; where it is sent no redirect is followed, the answer is the redirect itself.
        Raises all that `send` raises.
        """
        address = self._allowed(host, access, url, allowed)
        followed = 0 if authorization or body else redirects
        request = Request(
            method, address, headers or {}, access, largest, redirects=followed, body=body, asked=Asked.API
        )
        return await self.send(host, request, authorization)

    def _allowed(self, host: str, access: Access, url: URL | str, allowed: Set[str]) -> URL:
        with suppress(ValueError):  # refused below, like every other address
            address = URL(url)
            if authority(address) in allowed and may_speak_to(address, self.insecure_hosts(access)):
                return address
        raise InvalidAnswer(host, "would send a request to a server that is none of its provider's")

    async def send(self, host: str, request: Request, authorization: str | None = None) -> Answer:
        """Send a request and return the answer. host: the registry, as images name it.

        Raises RegistryLimited (429, 503 with a Retry-After, and at once while a former one holds), RegistryUnavailable
        (other 5xx, timeout, no connection), AddressNotAllowed, InvalidCertificate, InvalidAnswer (a body over
        `largest`, a bad redirect). The authorization goes to the origin of `request.url` only.
        """
        self._limits.check(host, request.access.id, request.asked)
        url = request.url
        for _ in range(request.redirects + 1):
            headers = dict(request.headers)
            if authorization and same_origin(url, request.url):
                headers["Authorization"] = authorization
            answer = await self._once(host, request, url, headers)
            if answer.status not in REDIRECTS or not request.redirects:
                return answer
            url = self._next(host, request, answer)
        raise InvalidAnswer(host, f"redirects more than {MOST_REDIRECTS} times")

    def _next(self, host: str, request: Request, answer: Answer) -> URL:
        try:
            # encoded=True: a signed address must go back byte for byte.
            url = answer.url.join(URL(answer.headers["Location"], encoded=True)).with_fragment(None)
            allowed = may_speak_to(url, self.insecure_hosts(request.access))
        except (KeyError, ValueError):
            raise InvalidAnswer(host, "redirects to what is no address") from None
        if not allowed:
            raise InvalidAnswer(host, "redirects to an address without https, or with a user in it")
        elsewhere = request.elsewhere
        if not same_origin(url, request.url) and not (elsewhere and elsewhere.fullmatch(authority(url))):
            sentence = "redirects to another host, which is followed for images' configurations only"
            raise RedirectedElsewhere(host, sentence)
        return url

    async def _once(self, host: str, request: Request, url: URL, headers: Mapping[str, str]) -> Answer:
        server = Server(host, url.origin(), request.access.networks)
        with self.outages.asking(server):
            try:
                async with asyncio.timeout(request.seconds) as limit:
                    answer = await self._exchange(host, request, url, headers, limit)
            except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
                if is_silence(error):
                    self.outages.failed(server)
                # `from None`: aiohttp writes whole addresses into its errors, and their queries may be signed.
                raise failure(host, request.url, url, error) from None
        self.outages.answered(server)
        self._limits.heard(host, request.access.id, request.asked, answer.status, answer.headers)
        if answer.status >= SERVER_ERROR and answer.status not in request.taken:
            raise RegistryUnavailable(host, f"answered {answer.status}")
        return answer

    async def _exchange(
        self, host: str, request: Request, url: URL, headers: Mapping[str, str], limit: asyncio.Timeout
    ) -> Answer:
        # A certificate is the word of whoever brought the credential: for their own servers, not for where they lead.
        trust = same_origin(url, request.url) and self._sessions.trust(request.access, authority(url))
        is_long = request.opened or callable(request.body)
        session = self._sessions.session(request.access.networks, long=is_long)
        response = await session.request(
            request.method,
            url,
            headers=headers,
            data=_paced(request, request.body, limit) if callable(request.body) else request.body,
            allow_redirects=False,
            timeout=self._timeout,
            ssl=trust or True,
        )
        if request.opened and response.status in OPENED:
            incoming = Incoming(response, lambda error: failure(host, request.url, url, error))
            return Answer(response.status, response.headers, b"", url, incoming)
        async with response:
            is_read = response.status < SERVER_ERROR and response.status != TOO_MANY_REQUESTS
            body = await self._read(host, response, request, limit) if is_read else b""
            return Answer(response.status, response.headers, body, url)

    async def _read(
        self, host: str, response: aiohttp.ClientResponse, request: Request, limit: asyncio.Timeout
    ) -> bytes:
        if request.share:
            return await _read(host, response, request.largest, request.share.count)
        with self._bodies.share(host) as share:
            share.limits.append(limit)
            return await _read(host, response, request.largest, share.take)


async def _paced(request: Request, body: Body, limit: asyncio.Timeout) -> AsyncIterator[bytes]:
    """Give the pieces of a body; only the time that the registry takes for each counts, not what makes them.

    As a whole it has as long as what makes the pieces may take with its breaks, and as the registry may take. Raises
    TimeoutError where the registry takes them in drips.
    """
    clock = asyncio.get_running_loop().time
    ends_at = clock() + BODY_PATIENCE * longest_seconds(int(request.headers.get("Content-Length", 0)))
    limit.reschedule(ends_at)
    pace = Pace(SLOWEST_PACE)
    async for piece in body():
        began = clock()
        limit.reschedule(min(ends_at, began + request.seconds))
        yield piece
        if pace.is_drip(clock() - began, len(piece)):
            raise TimeoutError
        limit.reschedule(ends_at)
    limit.reschedule(clock() + request.seconds)


async def _read(host: str, response: aiohttp.ClientResponse, largest: int, count: Count) -> bytes:
    """Read the body; the length that is announced is not believed, only what comes is counted."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_chunked(CHUNK):
        size += len(chunk)
        if size > largest:
            response.close()
            raise InvalidAnswer(host, f"sent more than {largest:,} bytes")
        if waiting := count(len(chunk)):
            await waiting
        chunks.append(chunk)
    return b"".join(chunks)
