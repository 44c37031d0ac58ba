"""The newest build is known by what a registry, a signed event or the image itself says, and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.jobs.work import ScanImage
from tests.flows.house import SETTLE, House

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

NEWEST = "strategy: newest-build\n    filter: {pattern: '^main-'}"
CREATED = f"{NEWEST}\n    clock: created"
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


async def following(house: House, rule: str, current: str) -> None:
    files = {".niro/policies.yml": house.policy(rule=rule), "deploy/api.yaml": house.deployment(current)}
    await house.commit(files)
    await house.ask(ScanImage(house.registry.host, f"{house.owner}/api"))


def built(days: int) -> datetime:
    return LONG_AGO + timedelta(days=days)


async def tell_pushes(house: House, pushed: Mapping[str, datetime]) -> None:
    """Push images and tell of them in one go, so that they are first seen at one moment."""
    for tag, at in pushed.items():
        digest = await house.push(tag)
        await house.github.package_published(house.owner, "api", tag, digest, house.repository, pushed_at=at)
    await house.work()
    await house.later(SETTLE)


def proposed(house: House) -> list[str]:
    return [pull.title.rpartition(" ")[2] for pull in house.open_pulls()]


async def test_what_an_image_says_of_its_creation_is_read(house: House) -> None:
    for tag, days in (("main-b", 1), ("main-a", 9), ("main-c", 5)):
        await house.push(tag, created=built(days))
    await following(house, CREATED, "main-b")
    assert proposed(house) == ["main-a"]


async def test_an_image_that_does_not_say_when_it_was_created_is_passed_over(house: House) -> None:
    await house.push("main-b", created=built(1))
    await house.push("main-a")
    await house.push("main-c", created=built(2))
    await following(house, CREATED, "main-b")
    assert proposed(house) == ["main-c"]


async def test_many_builds_are_read_some_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.flows.deciding.MOST_CREATED", 2)
    for number in range(5):
        await house.push(f"main-{number}", created=built(9 - number))
    await following(house, CREATED, "main-4")
    assert proposed(house) == []
    for _ in range(3):
        await house.later(timedelta(minutes=1))
    assert proposed(house) == ["main-0"]


async def test_a_signed_event_tells_when_an_image_was_pushed(house: House) -> None:
    await house.push("main-a")
    await following(house, NEWEST, "main-a")
    now = house.clock()
    # By name or by when they were first seen the last one would win.
    await tell_pushes(house, {"main-x": now + timedelta(minutes=9), "main-y": now + timedelta(minutes=5)})
    assert proposed(house) == ["main-x"]


async def test_what_an_event_tells_of_an_image_that_nobody_follows_is_not_kept(house: House) -> None:
    await house.github.package_published(house.owner, "other", "1.0", f"sha256:{'a' * 64}", pushed_at=LONG_AGO)
    await house.work()
    image = (house.registry.host, f"{house.owner}/other")
    assert await house.parts.store.ledger.told_pushes(*image) == []
