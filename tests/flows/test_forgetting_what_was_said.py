"""Every hour what was said long ago is forgotten, and nothing sooner."""

from datetime import timedelta

import pytest

from bot.jobs.work import Housekeeping
from bot.selection import RestrictionKind
from bot.store import BumpRecord, BumpState, CommentState, RestrictionRecord, ReviewRecord
from tests.flows.house import House

MOMENT = timedelta(minutes=1)
"""The clock runs on while a test works, so what is just too young stays so for longer than any test takes."""


def repository(house: House) -> int:
    return house.bump_work().repository


@pytest.mark.parametrize(("age", "state"), [(-MOMENT, CommentState.STARTED), (MOMENT, CommentState.NEW)])
async def test_a_comment_is_known_for_thirty_days(house: House, age: timedelta, state: CommentState) -> None:
    await house.work()
    comments = house.parts.store.comments
    await comments.begin(repository(house), 7, house.clock() - timedelta(days=30) - age)
    await house.ask(Housekeeping())
    assert await comments.begin(repository(house), 7, house.clock()) is state


@pytest.mark.parametrize(("age", "kept"), [(-MOMENT, 1), (MOMENT, 0)])
async def test_a_restriction_that_ended_is_kept_for_a_week(house: House, age: timedelta, kept: int) -> None:
    await house.work()
    restrictions, end = house.parts.store.restrictions, house.clock() - timedelta(days=7) - age
    nothing = {"tag": None, "digest": None, "range": None, "beyond": None, "reason": "", "source": "", "by": ""}
    await restrictions.lay(
        RestrictionRecord(repository(house), "api", RestrictionKind.SNOOZE, **nothing, until=end, at=end)
    )
    await house.ask(Housekeeping())
    assert len(await restrictions.of(repository(house), end - MOMENT)) == kept


@pytest.mark.parametrize(("age", "left"), [(-MOMENT, 1), (MOMENT, 0)])
async def test_an_opening_is_kept_for_an_hour(house: House, age: timedelta, left: int) -> None:
    await house.work()
    then = house.clock() - timedelta(hours=1) - age
    bump = BumpRecord(repository(house), "other", "niro/other", "main", "", None, BumpState.OPENING, "", "[]", then)
    await house.parts.store.bumps.begin(bump, lambda *_: None, then)
    await house.ask(Housekeeping())
    assert await house.parts.store.openings.prune(house.clock()) == left


@pytest.mark.parametrize(("age", "kept"), [(-MOMENT, 1), (MOMENT, 0)])
async def test_a_review_and_what_it_said_are_kept_for_half_a_year(house: House, age: timedelta, kept: int) -> None:
    await house.work()
    store, then = house.parts.store, house.clock() - timedelta(days=180) - age
    await store.reviews.put(
        ReviewRecord(
            repository(house), 7, "h", "m", "p", "d", "neutral", cross_repository=False, at=then, again_at=None
        )
    )
    await store.findings.say(repository(house), 7, {"f1": "single-replica"}, then)
    await house.ask(Housekeeping())
    assert len(await store.reviews.of(repository(house))) == kept
    assert len(await store.findings.said(repository(house), 7)) == kept
