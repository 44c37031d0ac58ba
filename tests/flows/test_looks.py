"""What is told of images that cannot be read: tables of what was known, and whether it is news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.looks import NOT_FOLLOWED, _is_news, _with_what_mends, is_trouble
from bot.flows.readers import ReaderGone, SecretLocked
from bot.registries import ImageNotFound, RegistryError, RegistryLimited, RegistryRefused, RegistryUnavailable
from bot.store import ScanState

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
REFUSED = RegistryRefused("registry.example", "forbids to read acme/api")
AWAY = RegistryUnavailable("registry.example", "answered 503")
GOOD = ScanState(NOW - MINUTE, None, "digest")


def failing(since: timedelta, error: Exception = REFUSED) -> ScanState:
    return ScanState(NOW - MINUTE, _with_what_mends(error), "digest", NOW - since)


@pytest.mark.parametrize(
    ("before", "error", "news"),
    [
        (None, REFUSED, True),
        (GOOD, REFUSED, True),
        (replace(GOOD, error=NOT_FOLLOWED, failing_since=NOW), REFUSED, True),
        (failing(10 * MINUTE), REFUSED, False),
        (failing(10 * MINUTE), ImageNotFound("registry.example", "repository acme/api"), False),
        (failing(HOUR), REFUSED, True),
        (failing(HOUR + 10 * MINUTE), REFUSED, False),
        (None, AWAY, False),
        (GOOD, AWAY, False),
        (failing(59 * MINUTE, AWAY), AWAY, False),
        (failing(HOUR, AWAY), AWAY, True),
        (failing(HOUR + 10 * MINUTE, AWAY), AWAY, False),
    ],
)
def test_a_failure_is_news_when_it_begins_or_an_hour_has_passed(
    before: ScanState | None, error: Exception, news: bool
) -> None:
    assert _is_news(error, before, NOW) is news


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        (GOOD, False),
        (replace(GOOD, error=NOT_FOLLOWED, failing_since=NOW - 9 * HOUR), False),
        (failing(MINUTE), True),
        (failing(MINUTE, AWAY), False),
        (failing(HOUR, AWAY), True),
        (failing(MINUTE, RegistryLimited("registry.example", NOW)), False),
    ],
)
def test_what_may_pass_is_trouble_when_it_has_not_for_an_hour(state: ScanState, trouble: bool) -> None:
    assert is_trouble(state, NOW) is trouble


@pytest.mark.parametrize(
    "error",
    [
        REFUSED,
        AWAY,
        ImageNotFound("registry.example", "repository acme/api"),
        ReaderGone("it was removed"),
        SecretLocked("it does not open"),
        RegistryError("registry.example", "is odd"),
    ],
)
def test_every_failure_is_told_with_what_mends_it(error: Exception) -> None:
    said = _with_what_mends(error)
    assert said.startswith(f"{error}; ")
    assert len(said) > len(f"{error}; ")
