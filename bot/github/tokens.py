"""The credentials of the App: its own signed token, and the short-lived ones of its installations."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.github.errors import (
    Forbidden,
    GitHubError,
    NotFound,
    NotInstalled,
    RateLimited,
    UnexpectedAnswer,
    Unprocessable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.github.scopes import Access
    from bot.github.transport import Transport

_BACKDATED: Final = timedelta(seconds=60)
_VALID: Final = timedelta(minutes=9)
_USED: Final = timedelta(minutes=7)
RENEW_EARLY: Final = timedelta(minutes=5)
_MOST_KEPT: Final = 20_000


class AppKey:
    """Signs the App's own token (RS256, issued 60 s back against clock drift, valid at most 10 minutes).

    Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
    """

    def __init__(self, app_id: str, private_key: str, clock: Callable[[], datetime]) -> None:
        self._app_id = app_id
        self._key = _rsa_key(private_key)
        self._clock = clock
        self._token = ""
        self._signed_at: datetime | None = None

    def token(self) -> str:
        """Return a token with at least two minutes left, signed only when the one before is used up."""
        now = self._clock()
        if self._signed_at is None or not self._signed_at <= now < self._signed_at + _USED:
            claims = {"iat": _epoch(now - _BACKDATED), "exp": _epoch(now + _VALID), "iss": self._app_id}
            self._token = jwt.encode(claims, self._key, algorithm="RS256")
            self._signed_at = now
        return self._token


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def _rsa_key(private_key: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(private_key.encode(), password=None)
    except (ValueError, TypeError):
        raise ValueError(
            "the App's private key is no PEM that can be read; download a new one from its settings"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the App's private key is no RSA key; Apps sign with RS256 only")  # noqa: TRY004
    return key


@dataclass(frozen=True, slots=True)
class InstallationToken:
    """A token of one installation. Its value never shows in a representation."""

    value: str = field(repr=False)
    expires_at: datetime


class InstallationTokens:
    """Tokens by what they open, renewed five minutes early, with one request in flight for each.

    A token that opens more than is asked for, for the same repositories, serves too: it saves a request.
    """

    def __init__(self, transport: Transport, key: AppKey) -> None:
        self._transport = transport
        self._key = key
        self._kept: OrderedDict[Access, InstallationToken] = OrderedDict()
        self._locks: dict[Access, asyncio.Lock] = {}

    async def token(self, access: Access) -> str:
        """Return a token that opens `access`. Raises NotInstalled, Forbidden (permission not granted), and others."""
        kept = self._fresh(access)
        if kept is not None:
            return kept.value
        async with self._locks.setdefault(access, asyncio.Lock()):
            kept = self._fresh(access)
            if kept is None:
                kept = await self._mint(access)
                self._keep(access, kept)
        return kept.value

    def forget(self, value: str) -> None:
        """Drop a token that GitHub does not accept any more, wherever it is kept."""
        for access in [access for access, kept in self._kept.items() if kept.value == value]:
            del self._kept[access]

    def _fresh(self, access: Access) -> InstallationToken | None:
        soon = self._transport.clock() + RENEW_EARLY
        for candidate in access.wider():
            kept = self._kept.get(candidate)
            if kept is not None and kept.expires_at > soon:
                self._kept.move_to_end(candidate)
                return kept
        return None

    def _keep(self, access: Access, token: InstallationToken) -> None:
        self._kept[access] = token
        while len(self._kept) > _MOST_KEPT:
            oldest, _ = self._kept.popitem(last=False)
            self._locks.pop(oldest, None)

    async def _mint(self, access: Access) -> InstallationToken:
        wanted: dict[str, Any] = {"permissions": dict(sorted(access.permissions.items()))}
        if access.repository is not None:
            wanted["repository_ids"] = [access.repository]
        url = self._transport.url(
            "/app/installations/{installation}/access_tokens", {"installation": str(access.installation)}
        )
        try:
            answer = await self._transport.call("POST", url, data=wanted, jwt=self._key.token())
        except RateLimited:
            raise
        except GitHubError as problem:
            raise _refused(problem) from None
        return _token(answer.data, url)


def _refused(problem: GitHubError) -> GitHubError:
    place = {"status": problem.status, "url": problem.url}
    if isinstance(problem, Unprocessable) and "permission" in str(problem).lower():
        return Forbidden(f"{problem.message}; grant it in the settings of the App", **place)  # type: ignore[arg-type]
    if isinstance(problem, (NotFound, Forbidden, Unprocessable)):
        return NotInstalled(f"no token for this installation: {problem.message}", **place)  # type: ignore[arg-type]
    return problem


def _token(data: Mapping[str, Any], url: str) -> InstallationToken:
    try:
        return InstallationToken(str(data["token"]), datetime.fromisoformat(data["expires_at"]))
    except (KeyError, TypeError, ValueError):
        raise UnexpectedAnswer("GitHub's answer holds no token", url=url) from None
