"""The one door to GitHub's API: which credential a request takes, what a limit or a refused token leads to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.github import deliveries, installations, required_checks, sources
from bot.github.errors import NotFound, RateLimited, TokenRejected, UnexpectedAnswer
from bot.github.grants import Grants
from bot.github.graphql import Reply, read_reply
from bot.github.kept import Kept
from bot.github.limits import LimitMemory
from bot.github.names import RepositoryNames
from bot.github.pacing import WRITE_GAP, Pace, WriteRow
from bot.github.repository import RepositoryClient
from bot.github.tokens import AppKey, InstallationTokens
from bot.github.transport import Answer, Moved, Timeouts, Transport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from datetime import datetime, timedelta

    import aiohttp

    from bot.github.deliveries import Attempt
    from bot.github.installations import AppIdentity, InstallationFacts, RepositoryFacts
    from bot.github.required_checks import RequiredChecks
    from bot.github.scopes import Access
    from bot.github.sources import Release, SourceRepository

T = TypeVar("T")

GITHUB: Final = "https://api.github.com"
_APP: Final = 0
_LONGEST_CHAIN: Final = 3
_MOST_PAGES: Final = 1000


class GitHub:
    """GitHub as one App sees it. One of these serves a whole process.

    `app_id` is the App's id or client id; `base_url` the root of REST ("https://host/api/v3" for GitHub Enterprise
    Server). `clock` returns an aware time in UTC; `pace` is shared by all processes; `gap` lies between two writes
    to one installation.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        app_id: str,
        private_key: str,
        base_url: str = GITHUB,
        *,
        pace: Pace,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        gap: timedelta = WRITE_GAP,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.transport = Transport(session, base_url, clock=clock, timeouts=timeouts or Timeouts())
        self.writes = WriteRow(pace, clock, sleep, gap)
        self.names = RepositoryNames()
        self._key = AppKey(app_id, private_key, clock)
        self._tokens = InstallationTokens(self.transport, self._key)
        self._grants = Grants(self._minted, clock)
        self._limits = LimitMemory()
        self._pace = pace
        self._clock = clock
        self._identity: AppIdentity | None = None
        self.required_checks: Kept[tuple[int, str], RequiredChecks] = Kept(
            clock, required_checks.KEPT_FOR, required_checks.MOST_KEPT
        )
        self.sources: Kept[tuple[int, str], SourceRepository | None] = Kept(
            clock, sources.KEPT_FOR, sources.MOST_SOURCES
        )
        self.releases: Kept[tuple[int, str], tuple[Release, ...]] = Kept(clock, sources.KEPT_FOR, sources.MOST_RELEASES)

    def repository(self, installation: int, repository_id: int, full_name: str) -> RepositoryClient:
        """Return the client of one repository: its tokens open nothing else. Makes no request."""
        return RepositoryClient(self, installation, repository_id, full_name)

    async def identity(self) -> AppIdentity:
        """Tell who the bot is. Asked once."""
        if self._identity is None:
            self._identity = await installations.identity(self)
        return self._identity

    async def installations(self) -> list[InstallationFacts]:
        """List every installation of the App."""
        return await installations.every_installation(self)

    async def installation(self, installation: int) -> InstallationFacts | None:
        """Look at one installation. None: it is gone."""
        return await installations.one_installation(self, installation)

    async def repositories(self, installation: int) -> list[RepositoryFacts]:
        """List the repositories an installation was given. Raises NotInstalled when it is gone or suspended."""
        return await installations.repositories(self, installation)

    async def repository_by_id(self, installation: int, repository_id: int) -> RepositoryFacts | None:
        """Look at one repository. None: it is gone, or was taken out of the installation."""
        return await installations.repository_by_id(self, installation, repository_id)

    def attempts(self, since: datetime) -> AsyncIterator[Attempt]:
        """List the webhooks that GitHub tried to bring since a moment, newest first."""
        return deliveries.attempts(self, since)

    async def redeliver(self, attempt: int) -> None:
        """Ask GitHub to bring a delivery again, by the id of one of its attempts."""
        await deliveries.redeliver(self, attempt)

    async def grants(self, access: Access) -> bool:
        """Tell whether an installation was given the permissions of an access. A no is believed for ten minutes."""
        return await self._grants.granted(access)

    async def as_app(self, method: str, path: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """Make a REST request as the App itself. `path` may be the absolute URL of a next page."""
        url = self.transport.url(path, variables)
        self._limits.check(_APP, "core", self._clock())
        try:
            return await self._followed(method, url, None, jwt=self._key.token())
        except RateLimited as limited:
            self._limits.remember(_APP, limited)
            raise

    async def rest(
        self,
        access: Access,
        method: str,
        path: str,
        variables: Mapping[str, Any] | None = None,
        *,
        data: Any = None,
        on_move: Callable[[Moved], None] | None = None,
    ) -> Answer:
        """Make a REST request as an installation. `path` is a URI template, or an absolute URL of the same host.

        A redirection on the same host (a renamed repository) is followed; `on_move` hears of it.
        """
        url = self.transport.url(path, variables)

        async def send(token: str) -> Answer:
            return await self._followed(method, url, data, token=token, on_move=on_move)

        return await self.with_token(access, "core", send)

    async def pages(self, access: Access, path: str, variables: Mapping[str, Any] | None = None) -> AsyncIterator[Any]:
        """Read page after page of a REST list as an installation."""
        page: str | None = self.transport.url(path, variables)
        for _ in range(_MOST_PAGES):
            if page is None:
                return
            answer = await self.rest(access, "GET", page)
            yield answer.data
            page = answer.next_page
        raise UnexpectedAnswer("the list of pages has no end", url=page)

    async def graphql(self, access: Access, document: str, variables: Mapping[str, Any]) -> Reply:
        """Send a GraphQL document as an installation. Errors come beside the data: see Reply.raise_problems."""
        url = self.transport.graphql_url
        data = {"query": document, "variables": dict(variables)}

        async def send(token: str) -> Reply:
            answer = await self.transport.call("POST", url, data=data, token=token)
            return read_reply(answer, url, self._clock())

        try:
            return await self.with_token(access, "graphql", send)
        except Moved as moved:
            raise UnexpectedAnswer("GraphQL has moved; is the base URL right?", url=moved.location) from None

    async def with_token(self, access: Access, resource: str, send: Callable[[str], Awaitable[T]]) -> T:
        """Run `send` with a token; once more with a new one where GitHub rejects it; remember a limit it meets."""
        self._limits.check(access.installation, resource, self._clock())
        try:
            token = await self._tokens.token(access)
            try:
                return await send(token)
            except TokenRejected:
                self._tokens.forget(token)
                return await send(await self._tokens.token(access))
        except RateLimited as limited:
            self._limits.remember(access.installation, limited)
            await self._pace.hold(access.installation, limited.until)
            raise

    async def _minted(self, access: Access) -> None:
        """Have a token for an access. Raises Forbidden where the installation does not grant its permissions."""

        async def nothing(_: str) -> None:
            return None

        await self.with_token(access, "core", nothing)

    async def _followed(
        self,
        method: str,
        url: str,
        data: Any,
        *,
        token: str | None = None,
        jwt: str | None = None,
        on_move: Callable[[Moved], None] | None = None,
    ) -> Answer:
        for _ in range(_LONGEST_CHAIN):
            try:
                return await self.transport.call(method, url, data=data, token=token, jwt=jwt)
            except Moved as moved:
                if on_move is not None:
                    on_move(moved)
                url = moved.location
        raise NotFound("redirected too often", url=url)
