"""Remembers which registry asked which reader for a pause, for what, and until when."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum

from multidict import CIMultiDictProxy

from bot.registries.errors import RegistryLimited
from bot.registries.pauses import free_again, pause_until, told_pause
from bot.registries.recent import Recent

TOO_MANY_REQUESTS = 429
SERVICE_UNAVAILABLE = 503
MOST_PAUSES = 20_000


class Asked(Enum):
    """What a request asks for, as far as registries count one apart from the other."""

    MANIFEST = "a manifest's bytes: what registries call a pull"
    DIGEST = "the headers of a manifest, which are free where pulls are counted"
    API = "something beside the registry: an API, a cloud's login"
    OTHER = "anything else"


# Whose pause, and from what; None: from everything.
Key = tuple[str, str, Asked | None]


class Limits:
    """Pauses by registry host and reader: one reader's limit does not hold back another's work."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._until: Recent[Key, datetime] = Recent(MOST_PAUSES)

    def check(self, host: str, reader: str, asked: Asked = Asked.OTHER) -> None:
        """Raise RegistryLimited while this host wants nothing like this from this reader (Access.id)."""
        now = self._clock()
        for key in ((host, reader, None), (host, reader, asked)):
            until = self._until.get(key)
            if until and until > now:
                raise RegistryLimited(host, until)
            self._until.take(key)

    def heard(self, host: str, reader: str, asked: Asked, status: int, headers: CIMultiDictProxy[str]) -> None:
        """Remember what an answer says of limits.

        Raises RegistryLimited for a 429, and for a 503 that says when to come back. Where nothing is left but that is
        all that is said, only what is counted is paused: the free question for a digest goes on.
        """
        now = self._clock()
        free_at = free_again(headers, now)
        if free_at:
            self._pause((host, reader, Asked.MANIFEST if asked is Asked.DIGEST else asked), free_at)
        retry_after = told_pause(headers)
        if status == TOO_MANY_REQUESTS or (status == SERVICE_UNAVAILABLE and retry_after):
            if free_at and retry_after is None:
                raise RegistryLimited(host, free_at)
            until = pause_until(retry_after, now)
            self._pause((host, reader, Asked.API if asked is Asked.API else None), until)
            raise RegistryLimited(host, until)

    def _pause(self, key: Key, until: datetime) -> None:
        self._until.put(key, max(until, self._until.get(key) or until))
