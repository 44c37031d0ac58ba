"""When GitHub says "not now": primary and secondary limits, told by REST headers or by GraphQL errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from bot.github.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_A_TIME: Final = timedelta(seconds=60)
"""A secondary limit that names no time: at least a minute (GitHub's best practices for integrators)."""

_LONGEST: Final = timedelta(hours=24)
_LIMIT_STATUSES: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_GRAPHQL_LIMIT_TYPES: Final = frozenset({"RATE_LIMITED", "RATE_LIMIT"})


def limited_answer(
    status: int, headers: Mapping[str, str], message: str, now: datetime, url: str
) -> RateLimited | None:
    """Tell whether an answer is a limit. `headers` are looked up in lower case; `message` is the body's."""
    if status not in _LIMIT_STATUSES:
        return None
    spent = headers.get("x-ratelimit-remaining") == "0"
    speaks_of_it = "rate limit" in message.lower() or "abuse detection" in message.lower()
    if status != HTTPStatus.TOO_MANY_REQUESTS and not (spent or speaks_of_it or "retry-after" in headers):
        return None
    return _limit(status, headers, message, now, url)


def limited_query(
    headers: Mapping[str, str], errors: list[tuple[str, str]], now: datetime, url: str
) -> RateLimited | None:
    """Tell whether a GraphQL answer with status 200 is a limit. `errors`: their types and messages."""
    for kind, message in errors:
        if kind in _GRAPHQL_LIMIT_TYPES or "secondary rate limit" in message.lower():
            return _limit(HTTPStatus.OK, headers, message, now, url)
    return None


def _limit(status: int, headers: Mapping[str, str], message: str, now: datetime, url: str) -> RateLimited:
    asked = _retry_after(headers.get("retry-after"), now)
    spent = headers.get("x-ratelimit-remaining") == "0"
    secondary = asked is not None or not spent or "secondary" in message.lower()
    until = asked or (_reset(headers.get("x-ratelimit-reset")) if spent else None) or now + WITHOUT_A_TIME
    return RateLimited(
        message or "GitHub's rate limit",
        until=min(max(until, now + timedelta(seconds=1)), now + _LONGEST),
        secondary=secondary,
        resource="" if secondary else headers.get("x-ratelimit-resource", ""),
        status=status,
        url=url,
    )


def _retry_after(value: str | None, now: datetime) -> datetime | None:
    if value is None:
        return None
    if value.strip().isdecimal():
        return now + min(timedelta(seconds=min(int(value[:9]), 10**6)), _LONGEST)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _reset(value: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(value or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


class LimitMemory:
    """Remembers the limits this process ran into, so that it does not knock again before they end.

    A primary limit belongs to one resource ("core", "graphql"); a secondary one to everything.
    """

    def __init__(self) -> None:
        self._until: dict[tuple[int, str], RateLimited] = {}

    def remember(self, installation: int, limited: RateLimited) -> None:
        """Keep a limit of one installation (0: the App itself)."""
        self._until[installation, limited.resource] = limited

    def check(self, installation: int, resource: str, now: datetime) -> None:
        """Raise RateLimited when a limit that holds for this resource has not ended."""
        for key in ((installation, resource), (installation, "")):
            limited = self._until.get(key)
            if limited is None:
                continue
            if limited.until > now:
                raise RateLimited(
                    limited.message.partition(": wait until ")[0],
                    until=limited.until,
                    secondary=limited.secondary,
                    resource=limited.resource,
                )
            del self._until[key]
