"""The public keys with which Google signs its tokens: fetched from one constant address, and kept while they hold."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.registries import guarded_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from bot.registries.sessions import Sessions

GOOGLE_KEYS: Final = "https://www.googleapis.com/oauth2/v3/certs"
"""https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken."""

ONCE_A_MINUTE: Final = 60.0
AFTER_A_FAILURE: Final = 5.0
# How long keys are kept, in seconds: what Google says (some hours), within reason.
_SHORTEST, _USUAL, _LONGEST = 60.0, 3600.0, 86400.0
_LARGEST: Final = 65536
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
_OK: Final = 200
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])")


class KeysUnavailable(Exception):
    """Google's keys are not known and could not be fetched; the same call may succeed later."""


class GoogleKeys:
    """Google's keys by their id. Only one request for them is under way at a time."""

    def __init__(
        self,
        sessions: Callable[[], AbstractAsyncContextManager[Sessions]] = guarded_sessions,
        *,
        clock: Callable[[], float] = time.monotonic,
        address: str = GOOGLE_KEYS,
    ) -> None:
        """Take what opens guarded sessions, a clock in seconds that never goes back, and where the keys are."""
        self._sessions = sessions
        self._clock = clock
        self._address = address
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._hold_until = float("-inf")
        self._rest_until = float("-inf")
        self._failed = False
        self._fetching: asyncio.Task[None] | None = None

    async def key(self, identifier: str) -> RSAPublicKey | None:
        """Return the key of that id; None: Google has none.

        An id that is not known makes the keys be fetched again at most once a minute. Raises KeysUnavailable.
        """
        holds = self._clock() < self._hold_until
        if holds and identifier in self._keys:
            return self._keys[identifier]
        if self._fetching is not None or self._clock() >= self._rest_until:
            await self._fetched()
        elif self._failed or not holds:
            raise KeysUnavailable("Google's keys could not be fetched a moment ago")
        return self._keys.get(identifier)

    async def close(self) -> None:
        """Give up a request that is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    async def _fetched(self) -> None:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(self._done)
        # One caller that goes away must not take the answer from the others.
        await asyncio.shield(self._fetching)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._fetching = None
        if not task.cancelled():
            task.exception()

    async def _fetch(self) -> None:
        self._failed, self._rest_until = True, self._clock() + AFTER_A_FAILURE
        document, headers = await self._answer()
        self._keys = _keys(document)
        self._failed, self._rest_until = False, self._clock() + ONCE_A_MINUTE
        self._hold_until = self._clock() + _lifetime(headers)

    async def _answer(self) -> tuple[Any, Mapping[str, str]]:
        try:
            async with (
                self._sessions() as sessions,
                sessions.session(frozenset()).get(self._address, allow_redirects=False, timeout=_TIMEOUT) as answer,
            ):
                if answer.status != _OK:
                    raise KeysUnavailable(f"Google's keys could not be fetched: {answer.status}")
                return _document(await _body(answer)), answer.headers
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise KeysUnavailable(f"Google's keys could not be fetched: {type(error).__name__}") from None


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """Read the body, and stop where it is larger than any set of keys."""
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > _LARGEST:
            break
    return body


def _document(body: bytes) -> Any:
    if len(body) > _LARGEST:
        raise KeysUnavailable("what should be Google's keys is too large to be them")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise KeysUnavailable("what should be Google's keys is no JSON") from None


def _keys(document: Any) -> dict[str, RSAPublicKey]:
    """Read a JSON Web Key Set (RFC 7517, section 5): the keys that sign with RS256; others are left out."""
    listed = document.get("keys") if isinstance(document, dict) else None
    keys = listed if isinstance(listed, list) else []
    found = {key["kid"]: public for key in keys if (public := _public_key(key)) is not None}
    if not found:
        raise KeysUnavailable("what should be Google's keys holds none")
    return found


def _public_key(key: Any) -> RSAPublicKey | None:
    if not isinstance(key, dict) or not isinstance(key.get("kid"), str):
        return None
    if key.get("kty") != "RSA" or key.get("use", "sig") != "sig" or key.get("alg", "RS256") != "RS256":
        return None
    try:
        made = jwt.algorithms.RSAAlgorithm.from_jwk(key)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return made if isinstance(made, RSAPublicKey) else None


def _lifetime(headers: Mapping[str, str]) -> float:
    """Return for how many seconds an answer may be kept: max-age (RFC 9111) without the age that it has already."""
    said = _MAX_AGE.search(headers.get("Cache-Control", ""))
    age = headers.get("Age", "")
    used = int(age[:9]) if age.isascii() and age.isdigit() else 0
    return min(max(int(said[1]) - used, _SHORTEST), _LONGEST) if said else _USUAL
