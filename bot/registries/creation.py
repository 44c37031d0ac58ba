"""The time that an image says it was built at."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

CREATED = "org.opencontainers.image.created"  # Pre-Defined Annotation Keys of the OCI image specification
# RFC 3339, section 5.6. Python's own reader also takes dates without a time, weeks and times without a zone.
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*([Zz]|[+-]\d\d:\d\d)")
LONGEST_TIME = 64
# Builds that are to be the same each time say 1970, or the first second their tools know.
FIRST = datetime(1971, 1, 1, tzinfo=UTC)
MOST_AHEAD = timedelta(days=1)


def parse_time(text: object) -> datetime | None:
    """Return an RFC 3339 time in UTC, to the microsecond; None for what is none, and for all before 1971."""
    match = TIME.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST_TIME and text.isascii() else None
    if match is None:
        return None
    day, time, fraction, zone = match.groups(default="")
    with suppress(ValueError, OverflowError):
        read = datetime.fromisoformat(f"{day}T{time}{fraction.ljust(7, '0') if fraction else ''}{zone.upper()}")
        read = read.astimezone(UTC)
        return read if read >= FIRST else None
    return None


def annotated(manifest: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return the time in a manifest's or an index's own annotation; None for one that is more than a day ahead."""
    return _past(_of(manifest, "annotations"), now)


def built(configuration: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return the time in an image's configuration: of `created` and the label the later one.

    Labels are inherited: the label of an image that sets none is the one of the image it was built from. A time that
    is more than a day ahead is none.
    """
    inner = configuration.get("config")
    label = _of(inner, "Labels") if isinstance(inner, dict) else None
    return newest([_past(parse_time(configuration.get("created")), now), _past(label, now)])


def newest(times: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of the times that are known, or None."""
    return max((time for time in times if time), default=None)


def _past(time: datetime | None, now: datetime) -> datetime | None:
    """Return the time unless it is too far ahead to be the fault of a clock: such an image would be the newest."""
    return time if time and time <= now + MOST_AHEAD else None


def _of(holder: Mapping[str, Any], name: str) -> datetime | None:
    texts = holder.get(name)
    return parse_time(texts.get(CREATED)) if isinstance(texts, dict) else None
