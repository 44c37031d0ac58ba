"""When something was pushed, in the words of a provider's API: read strictly, or not at all."""

import re
from datetime import UTC, datetime, timedelta

from bot.images import is_tag
from bot.registries.documents import DIGEST
from bot.registries.providers.provider import PushTime

# Registries that know no time send the beginning of their calendar (year 1, 1970); none was there before 2000.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DATE_AND_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})"
)
MILLISECONDS = re.compile(r"[0-9]{12,13}")


def push_time(tag: object, digest: object, pushed_at: datetime | None) -> PushTime | None:
    """Put together what an API tells of one tag; None when a part of it is not what it has to be.

    digest: None or "" where the API tells none.
    """
    if not isinstance(tag, str) or not is_tag(tag) or pushed_at is None:
        return None
    if digest is None or digest == "":
        return PushTime(tag, None, pushed_at)
    return PushTime(tag, digest, pushed_at) if isinstance(digest, str) and DIGEST.fullmatch(digest) else None


def from_text(told: object) -> datetime | None:
    """Read a date and time with its zone (RFC 3339, `2026-01-31T12:00:00.5Z`) as aware UTC; None for all else."""
    match = DATE_AND_TIME.fullmatch(told) if isinstance(told, str) else None
    if match is None:
        return None
    seconds, fraction, zone = match.groups()
    try:
        # Go writes nanoseconds; a datetime holds six digits.
        read = datetime.fromisoformat(f"{seconds}.{(fraction or '')[:6]:0<6}{zone.replace('Z', '+00:00')}")
        return _in_our_days(read.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def from_seconds(told: object) -> datetime | None:
    """Read seconds since 1970, a number, as aware UTC; None for all else."""
    if not isinstance(told, int):
        return None
    try:
        return _in_our_days(EPOCH + timedelta(seconds=told))
    except OverflowError:
        return None


def from_milliseconds(told: object) -> datetime | None:
    """Read milliseconds since 1970, a number or (as Google writes them) a text, as aware UTC; None for all else."""
    if isinstance(told, str):
        told = int(told) if MILLISECONDS.fullmatch(told) else None
    if not isinstance(told, int):
        return None
    try:
        return _in_our_days(EPOCH + timedelta(milliseconds=told))
    except OverflowError:
        return None


def _in_our_days(moment: datetime) -> datetime | None:
    return moment if EARLIEST <= moment < LATEST else None
