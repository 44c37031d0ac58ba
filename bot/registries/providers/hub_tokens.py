"""Tokens of Docker Hub's own API: each exchanged for a credential, and kept for its life."""

import asyncio
import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from yarl import URL

from bot.registries.errors import InvalidAnswer, RegistryRefused

if TYPE_CHECKING:
    from bot.registries.repository import Repository

# "This expires in 10 minutes"; renewed earlier, so that none ends on its way.
LIFE_SECONDS = 8 * 60
LARGEST_ANSWER = 64 * 1024
MOST_TOKENS = 1000
VISIBLE = re.compile(r"[!-~]{1,65536}")
REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class _Held:
    authorization: str = field(repr=False)
    ends_at: float


class HubTokens:
    """The tokens of one process. Whoever needs the same token at the same time waits for one request."""

    def __init__(self, api: URL, clock: Callable[[], float] = time.monotonic) -> None:
        """api: the API's origin. clock: seconds that never go back."""
        self._address = api.with_path("/v2/auth/token")
        self._clock = clock
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[str]] = {}

    async def authorization(self, repository: "Repository", *, refused: str | None = None) -> str | None:
        """Return the Authorization header for the API, or None for nobody in particular.

        refused: the header that the API just answered with 401; a token held is thrown away if it is that one. Raises
        RegistryRefused, InvalidAnswer and all that Repository.api raises.
        """
        if repository.access.credential is None:
            return None
        key = repository.access.version
        held = self._held.get(key)
        if held and held.authorization != refused and self._clock() < held.ends_at:
            return held.authorization
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch(key, repository))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        # One waiter that is cancelled must not take the token from the others.
        return await asyncio.shield(task)

    def _done(self, key: str, task: "asyncio.Task[str]") -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at, so that a failure nobody waits for any more is not logged as forgotten

    async def _fetch(self, key: str, repository: "Repository") -> str:
        credential = repository.access.credential
        if credential is None:
            raise RegistryRefused(repository.host, "gives nobody in particular a token for its API")
        asked_at = self._clock()
        answer = await repository.api(
            self._address,
            method="POST",
            headers={"Accept": "application/json", "Content-Type": "application/json"},
            body=json.dumps(
                {"identifier": credential.username, "secret": credential.secret.get_secret_value()}
            ).encode(),
            largest=LARGEST_ANSWER,
            authorization=None,
        )
        authorization = f"Bearer {_token(repository.host, answer.status, answer.body)}"
        self._held[key] = _Held(authorization, asked_at + LIFE_SECONDS)
        self._held.move_to_end(key)
        while len(self._held) > MOST_TOKENS:
            self._held.popitem(last=False)
        return authorization


def _token(host: str, status: int, body: bytes) -> str:
    """Read `access_token`, the one field of the answer."""
    if status in REFUSALS:
        raise RegistryRefused(host, f"refused the credential at its API ({status}): check its user name and token")
    if status != HTTPStatus.OK:
        raise InvalidAnswer(host, f"answered {status} when asked for a token of its API")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    token = fields.get("access_token") if isinstance(fields, dict) else None
    # Visible ASCII only: what goes into a header must not be able to end it.
    if not isinstance(token, str) or not VISIBLE.fullmatch(token):
        raise InvalidAnswer(host, "sent no usable token of its API")
    return token
