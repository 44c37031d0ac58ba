"""Tokens of Docker Hub's own API: each exchanged for a credential, and kept for its life."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr
from yarl import URL

from bot.registries.errors import InvalidAnswer
from bot.registries.recent import Recent

if TYPE_CHECKING:
    from bot.registries.credentials import Credential
    from bot.registries.repository import Repository

# "This expires in 10 minutes"; renewed earlier, so that none ends on its way.
LIFE_SECONDS = 8 * 60
LARGEST_ANSWER = 64 * 1024
MOST_TOKENS = 1000
VISIBLE = re.compile(r"[!-~]{1,65536}")


@dataclass(frozen=True, slots=True)
class _Held:
    authorization: SecretStr
    ends_at: float


class HubTokens:
    """The tokens of one process. Whoever needs the same token at the same time waits for one request."""

    def __init__(self, api: URL, clock: Callable[[], float] = time.monotonic) -> None:
        """api: the API's origin. clock: seconds that never go back."""
        self._address = api.with_path("/v2/auth/token")
        self._clock = clock
        self._held: Recent[str, _Held] = Recent(MOST_TOKENS)
        self._under_way: dict[str, asyncio.Task[str]] = {}

    async def authorization(self, repository: "Repository") -> str | None:
        """Return the Authorization header for the API, or None without a user name and secret.

        Raises RegistryRefused, InvalidAnswer and all that Repository.api raises.
        """
        credential = repository.access.credential
        if credential is None or not credential.username or not credential.secret.get_secret_value():
            return None
        key = repository.access.version
        held = self._held.get(key)
        if held and self._clock() < held.ends_at:
            return held.authorization.get_secret_value()
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch(key, repository, credential))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        # One waiter that is cancelled must not take the token from the others.
        return await asyncio.shield(task)

    def _done(self, key: str, task: "asyncio.Task[str]") -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at, so that a failure nobody waits for any more is not logged as forgotten

    async def _fetch(self, key: str, repository: "Repository", credential: "Credential") -> str:
        asked_at = self._clock()
        answer = await repository.api(
            self._address,
            method="POST",
            headers={"Accept": "application/json", "Content-Type": "application/json"},
            body=_question(credential),
            largest=LARGEST_ANSWER,
            authorization=None,
        )
        authorization = f"Bearer {_token(repository.host, answer.body)}"
        self._held.put(key, _Held(SecretStr(authorization), asked_at + LIFE_SECONDS))
        return authorization


def _question(credential: "Credential") -> bytes:
    return json.dumps({"identifier": credential.username, "secret": credential.secret.get_secret_value()}).encode()


def _token(host: str, body: bytes) -> str:
    """Read `access_token`, the one field of the answer."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    token = fields.get("access_token") if isinstance(fields, dict) else None
    # Visible ASCII only: what goes into a header must not be able to end it.
    if not isinstance(token, str) or not VISIBLE.fullmatch(token):
        raise InvalidAnswer(host, "sent no usable token of its API")
    return token
