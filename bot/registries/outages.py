"""Remembers which servers just did not answer: until they do, they are asked by one request at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from yarl import URL

from bot.registries.errors import RegistryUnavailable
from bot.registries.recent import Recent

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=5)
# Many requests that were under way together end together: they are one failure.
ONE_FAILURE = timedelta(seconds=15)
MOST_OUTAGES = 10_000


@dataclass(frozen=True, slots=True)
class Server:
    """Who is asked: an origin, for the sake of a registry, by readers who may reach the same networks.

    Kept apart by registry, because each may lead anywhere: it must not be able to shut another one's servers.
    """

    host: str
    origin: URL
    networks: frozenset[str]


@dataclass(slots=True)
class _Outage:
    failed_at: datetime
    pause: timedelta
    is_probed: bool = False

    @property
    def until(self) -> datetime:
        return self.failed_at + self.pause


class Outages:
    """The servers that do not answer. A server that hangs so holds one request's time, not that of all of them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._outages: Recent[Server, _Outage] = Recent(MOST_OUTAGES)

    @contextmanager
    def asking(self, server: Server) -> Iterator[None]:
        """Hold the place of one request to a server.

        While the server is silent one request at a time tries it, and others get RegistryUnavailable at once. All are
        let through again after an answer, or when nobody tried for the pause: a minute, up to five while it lasts.
        """
        outage = self._outages.get(server)
        if outage is None or self._clock() >= outage.until:
            yield
            return
        if outage.is_probed:
            until = outage.until.isoformat(timespec="seconds")
            raise RegistryUnavailable(server.host, f"did not answer just now; tried again at {until}")
        outage.is_probed = True
        try:
            yield
        finally:
            outage.is_probed = False

    def failed(self, server: Server) -> None:
        """Remember that a server did not answer."""
        now = self._clock()
        outage = self._outages.get(server)
        if outage is None:
            self._outages.put(server, _Outage(now, FIRST_PAUSE))
        elif now >= outage.failed_at + ONE_FAILURE:
            outage.failed_at, outage.pause = now, min(outage.pause * 2, LONGEST_PAUSE)

    def answered(self, server: Server) -> None:
        """Forget what was remembered: the server is there."""
        self._outages.take(server)
