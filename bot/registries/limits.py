"""Remembers which registry asked for a pause, and until when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.registries.errors import RegistryLimited

DEFAULT_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


class Limits:
    """Pauses by registry host and credential id: one credential's limit does not hold back another's work."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], datetime] = {}

    def check(self, host: str, credential_id: str) -> None:
        """Raise RegistryLimited while this host wants nothing from this credential."""
        until = self._until.get((host, credential_id))
        if until is None:
            return
        if until > self._clock():
            raise RegistryLimited(host, until)
        del self._until[host, credential_id]

    def limited(self, host: str, credential_id: str, retry_after: str | None) -> RegistryLimited:
        """Remember a 429 and return the error for it. retry_after is the header as it came, or None."""
        until = pause_until(retry_after, self._clock())
        self._until[host, credential_id] = until
        return RegistryLimited(host, until)


def pause_until(retry_after: str | None, now: datetime) -> datetime:
    """Return when to come back: Retry-After in seconds or as a date (RFC 9110), else a minute; at most six hours."""
    pause = _pause(retry_after or "", now)
    return now + min(max(pause, timedelta(seconds=1)), LONGEST_PAUSE)


def _pause(retry_after: str, now: datetime) -> timedelta:
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), LONGEST_PAUSE.total_seconds()))
    try:
        date = parsedate_to_datetime(text)
        return date - now if date.tzinfo else DEFAULT_PAUSE
    except (ValueError, OverflowError):
        return DEFAULT_PAUSE
