"""How long an answer asks to wait: Retry-After, and the headers that tell how many requests are left."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from multidict import CIMultiDictProxy

DEFAULT_PAUSE = timedelta(minutes=1)
SHORTEST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=6)
NUMBER = re.compile(r"\s*(\d{1,12})(?!\d)")
WINDOW = re.compile(r";\s*w=(\d{1,12})(?!\d)")
# `"default";r=0;t=50` of the later drafts, `remaining=0, reset=50` of one before.
LEFT = re.compile(r"(?:^|[;,\s])(?:r|remaining)=(\d{1,12})(?!\d)")
RESET = re.compile(r"(?:^|[;,\s])(?:t|reset)=(\d{1,12})(?!\d)")
# A number of seconds that is a date: some say when, where the draft wants to know how long.
A_DATE = 1_000_000_000


def pause_until(retry_after: str | None, now: datetime) -> datetime:
    """Return when to come back: Retry-After in seconds or as a date (RFC 9110), else a minute; at most six hours.

    A number that can only be a date is a Unix time.
    """
    return now + _within_reason(_pause(retry_after or "", now))


def told_pause(headers: CIMultiDictProxy[str]) -> str | None:
    """Return what an answer says of when to come back, or None: Retry-After, else X-Retry-After.

    The second is Docker Hub's, a Unix time (Docker Hub API reference, "Rate limiting", until 2025).
    """
    return headers.get("Retry-After", headers.get("X-Retry-After"))


def free_again(headers: CIMultiDictProxy[str], now: datetime) -> datetime | None:
    """Return when one more request is free where an answer says that none is left; None where it does not say so.

    Read are `ratelimit-limit: 100;w=21600` with `ratelimit-remaining: 0;w=21600` (Docker Hub, "Pull usage and
    limits": a window that rolls on, so one request is free after window/limit seconds), and RateLimit-Reset and
    RateLimit of draft-ietf-httpapi-ratelimit-headers. At most six hours.
    """
    pauses = [*_of_three_headers(headers, now), *_of_one_header(headers)]
    return now + _within_reason(max(pauses)) if pauses else None


def _of_three_headers(headers: CIMultiDictProxy[str], now: datetime) -> Iterator[timedelta]:
    if _number(headers.get("RateLimit-Remaining")) != 0:
        return
    reset = _number(headers.get("RateLimit-Reset"))
    if reset is not None:
        yield timedelta(seconds=reset - now.timestamp() if reset >= A_DATE else reset)
        return
    told = headers.get("RateLimit-Limit", "")
    limit, window = _number(told), WINDOW.search(told)
    yield timedelta(seconds=int(window[1]) / limit) if limit and window else DEFAULT_PAUSE


def _of_one_header(headers: CIMultiDictProxy[str]) -> Iterator[timedelta]:
    told = ", ".join(headers.getall("RateLimit", []))
    # One policy of several in the header begins with its name.
    for policy in re.split(r',\s*(?=")', told):
        left, reset = LEFT.search(policy), RESET.search(policy)
        if left and int(left[1]) == 0:
            yield timedelta(seconds=int(reset[1])) if reset else DEFAULT_PAUSE


def _number(text: str | None) -> int | None:
    match = NUMBER.match(text or "")
    return int(match[1]) if match else None


def _within_reason(pause: timedelta) -> timedelta:
    return min(max(pause, SHORTEST_PAUSE), LONGEST_PAUSE)


def _pause(retry_after: str, now: datetime) -> timedelta:
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:12])
        return timedelta(seconds=seconds - now.timestamp() if seconds >= A_DATE else seconds)
    try:
        date = parsedate_to_datetime(text)
        return date - now if date.tzinfo else DEFAULT_PAUSE
    except (ValueError, OverflowError):
        return DEFAULT_PAUSE
