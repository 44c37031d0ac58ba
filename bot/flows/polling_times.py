"""When an image is asked for next: at its own moments, so that thousands of polls are spread over the interval."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(milliseconds=1)


def next_poll(now: datetime, interval: timedelta, name: str) -> datetime:
    """Return the next moment (aware UTC) to ask for an image, half an interval away at least.

    The moments of one image are an interval apart, and so is their place in it for each `name`: a restart, or many
    images that are followed at once, make no crowd.
    """
    offset = int.from_bytes(sha256(name.encode()).digest()[:8]) % (interval // _STEP) * _STEP
    earliest = now + interval / 2
    rounds = -((_EPOCH + offset - earliest) // interval)
    return _EPOCH + offset + rounds * interval
