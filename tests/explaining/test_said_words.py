"""What was said is told in rows: what, by whom, when, where, until when, why."""

import pytest

from bot.explaining.said import SaidOfPolicy
from bot.explaining.said_words import said_rows
from bot.selection import RestrictionKind
from bot.store import BumpState, NoteKind
from tests.explaining.said_there import NEVER, THEN, bump, note, order, restriction

HOLD, PIN, SNOOZE = (RestrictionKind(name) for name in ("hold", "pin", "snooze"))
WHEN = "2026-01-04 15:00 UTC"


@pytest.mark.parametrize(
    ("record", "row"),
    [
        (restriction(tag="1.5.0"), ("ignore 1.5.0", f"by octocat, {WHEN}, in comment 77")),
        (
            restriction(range=">=1.5 <2", reason="It crashes."),
            ("ignore >=1.5 <2", f"by octocat, {WHEN}, in comment 77: It crashes."),
        ),
        (
            restriction(tag="1.5.0", digest=f"sha256:{'0123456789abcdef' * 4}"),
            ("ignore 1.5.0 sha256:0123456789ab...", f"by octocat, {WHEN}, in comment 77"),
        ),
        (
            restriction(beyond="1.5.0", source="pull-request:12"),
            ("ignore", f"by octocat, {WHEN}, by closing #12, until something better than 1.5.0 is there"),
        ),
        (
            restriction(HOLD, beyond="1.5.0", source="revert", by=""),
            ("hold", f"{WHEN}, by a revert, until something better than 1.5.0 is there"),
        ),
        (
            restriction(PIN, tag="1.4.0", source="dashboard:3"),
            ("pin 1.4.0", f"by octocat, {WHEN}, on the dashboard #3"),
        ),
        (
            restriction(SNOOZE, until=THEN.replace(hour=18), source="elsewhere"),
            ("snooze", f"by octocat, {WHEN}, elsewhere, until 2026-01-04 18:00 UTC"),
        ),
    ],
)
def test_a_restriction_is_told_with_who_when_where_and_why(record, row) -> None:
    assert list(said_rows(SaidOfPolicy("acme/shop", (record,)))) == [row]


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (bump(), "#12 from niro/api to main, at 9c1e4b7"),
        (bump(state=BumpState.OPENING, pull_request=None), "about to be opened from niro/api to main"),
    ],
)
def test_a_pull_request_is_told_with_its_branches(record, told) -> None:
    assert list(said_rows(SaidOfPolicy("acme/shop", pull_request=record))) == [("pull request", told)]


@pytest.mark.parametrize("kind", NoteKind)
def test_a_note_is_told_with_its_kind_and_since_when(kind) -> None:
    said = SaidOfPolicy("acme/shop", note=note(kind))
    assert list(said_rows(said)) == [(kind.value, f"It waits. (since {WHEN})")]


def test_an_order_is_told_with_the_head_that_it_is_about() -> None:
    said = SaidOfPolicy("acme/shop", order=order())
    assert list(said_rows(said)) == [("merge", f"by hubot, {WHEN}, at 9c1e4b7")]


def test_the_pull_request_comes_first_and_the_restrictions_last() -> None:
    said = SaidOfPolicy("acme/shop", (restriction(HOLD, until=NEVER),), bump(), note(), order())
    assert [first for first, _ in said_rows(said)] == ["pull request", "waiting", "merge", "hold"]
