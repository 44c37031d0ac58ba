"""Tokens for reading a repository: fetched once for many, kept while they hold, renewed before they end."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from yarl import URL

from bot.registries.access import Access
from bot.registries.authorizations import VISIBLE, Authorizations, holds_secret
from bot.registries.endpoints import Endpoint
from bot.registries.errors import InvalidAnswer, TokenRefused, UntrustedRealm
from bot.registries.recent import Recent
from bot.registries.transport import REDIRECTS, Answer, Request, Transport

DEFAULT_LIFE = 60
LONGEST_LIFE = 24 * 3600
LARGEST_ANSWER = 256 * 1024
MOST_TOKENS = 10_000
# A token is renewed when this part of its life is over, so that none ends on its way.
USED_LIFE = 0.8
OK = 200
REFUSALS = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class TokenKey:
    """What a token is good for: two requests share a token exactly when all four are equal.

    version: Access.version, so that a credential with a new secret gets new tokens.
    """

    host: str
    version: str
    service: str
    scope: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A way to a token: what to ask for, where, and for whom."""

    key: TokenKey
    registry: Endpoint
    realm: URL
    access: Access


@dataclass(frozen=True, slots=True)
class _Held:
    authorization: str = field(repr=False)
    renew_at: datetime


class Tokens:
    """The tokens of one process. Whoever needs the same token at the same time waits for one request."""

    def __init__(self, transport: Transport, own: Authorizations, clock: Callable[[], datetime]) -> None:
        self._transport = transport
        self._own = own
        self._clock = clock
        self._held: Recent[TokenKey, _Held] = Recent(MOST_TOKENS)
        self._under_way: dict[TokenKey, asyncio.Task[str]] = {}

    async def authorization(self, grant: Grant, *, refused: str | None = None) -> str:
        """Return an Authorization header for the grant.

        refused: the header that the registry just answered with 401; what is held is thrown away if it is that one.
        Raises TokenRefused, RegistryRefused, UntrustedRealm (the token server redirects), InvalidAnswer and all that
        Transport.send raises.
        """
        held = self._held.get(grant.key)
        if held and held.authorization != refused and self._clock() < held.renew_at:
            return held.authorization
        task = self._under_way.get(grant.key)
        if task is None:
            task = asyncio.create_task(self._fetch(grant))
            self._under_way[grant.key] = task
            task.add_done_callback(lambda done: self._done(grant.key, done))
        # One waiter that is cancelled must not take the token from the others.
        return await asyncio.shield(task)

    def _done(self, key: TokenKey, task: "asyncio.Task[str]") -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at, so that a failure nobody waits for any more is not logged as forgotten

    async def _fetch(self, grant: Grant) -> str:
        asked_at = self._clock()
        answer = await self._ask(grant)
        token, life = _read(grant, answer)
        authorization = f"Bearer {token}"
        self._held.put(grant.key, _Held(authorization, asked_at + timedelta(seconds=life * USED_LIFE)))
        return authorization

    async def _ask(self, grant: Grant) -> Answer:
        """Ask the token server, with another login once more when it refuses one that was held."""
        # A redirect of the token server could carry the credential anywhere: none is followed.
        request = Request("GET", _question(grant), {}, grant.access, LARGEST_ANSWER, redirects=0)
        host = grant.registry.host
        own = await self._own.of(grant.access, host)
        # A ready token is for the registry itself.
        own = None if own is None or own.is_bearer else own
        answer = await self._transport.send(host, request, own.header.get_secret_value() if own else None)
        if own is None or answer.status not in {401, 403}:
            return answer
        renewed = await self._own.renewed(grant.access, host, own)
        return await self._transport.send(host, request, renewed.header.get_secret_value()) if renewed else answer


def _question(grant: Grant) -> URL:
    """Return the realm with service and scopes added: each scope of a list as a parameter of its own."""
    wanted = [("service", grant.key.service)] if grant.key.service else []
    return grant.realm.extend_query([*wanted, *(("scope", scope) for scope in grant.key.scope.split())])


def _read(grant: Grant, answer: Answer) -> tuple[str, float]:
    host = grant.registry.host
    if answer.status in REDIRECTS:
        raise UntrustedRealm(host, grant.realm.host or "", "its token server redirects, which is never followed")
    if answer.status in REFUSALS:
        whose = "the credential" if holds_secret(grant.access) else "a request without a credential"
        raise TokenRefused(host, f"its token server refused {whose} ({answer.status})")
    if answer.status != OK:
        raise InvalidAnswer(host, f"its token server answered {answer.status}")
    try:
        fields = json.loads(answer.body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise InvalidAnswer(host, "its token server did not answer with a JSON object")
    return _token(host, fields), _life(fields)


def _token(host: str, fields: Mapping[str, Any]) -> str:
    token = fields.get("token") or fields.get("access_token")
    # Visible ASCII only: what goes into a header must not be able to end it.
    if not isinstance(token, str) or not VISIBLE.fullmatch(token):
        raise InvalidAnswer(host, "its token server sent no usable token")
    return token


def _life(fields: Mapping[str, Any]) -> float:
    """Return the token's life in seconds, from when it was asked for.

    `issued_at` is not used: the clocks of two machines differ. Some servers write the number as a text.
    """
    told = fields.get("expires_in")
    try:
        seconds = float(told) if isinstance(told, (int, float, str)) and not isinstance(told, bool) else DEFAULT_LIFE
    except (ValueError, OverflowError):
        return DEFAULT_LIFE
    return min(seconds, LONGEST_LIFE) if seconds > 0 else DEFAULT_LIFE
