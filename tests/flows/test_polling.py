"""Images that nobody tells of are found by polling, with as few requests as an unchanged list takes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.flows.configure import CHECK_NAME
from bot.jobs.work import Housekeeping, PollImage, key, kind
from tests.flows.test_registry_failures import standing

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.model import CheckRun
    from bot.sandbox.registry_process import RegistryRequest
    from tests.flows.house import House

INTERVAL = timedelta(minutes=5)
ROUND = INTERVAL * 3 / 2
"""Within this time each image was polled once at least."""


def requests(house: House, since: int) -> list[tuple[str, str]]:
    made: list[RegistryRequest] = house.registry.requests()[since:]
    return [(each.method, each.path.partition("?")[0]) for each in made if house.owner in each.path]


def listing(house: House) -> tuple[str, str]:
    return "GET", f"/v2/{house.owner}/api/tags/list"


def heading(house: House, tag: str) -> tuple[str, str]:
    return "HEAD", f"/v2/{house.owner}/api/manifests/{tag}"


async def following(house: House, *, rule: str = "range: '*'", tag: str = "1.4.2") -> None:
    """Let a repository follow an image that was read to its end."""
    await house.push(tag)
    await house.commit({".niro/policies.yml": house.policy(rule=rule), "deploy/api.yaml": house.deployment(tag)})


async def polls(house: House) -> set[str]:
    return await house.parts.store.due.keys(kind(PollImage))


def checks(house: House) -> list[CheckRun]:
    return [run for run in house.github.repository(house.repository).check_runs.values() if run.name == CHECK_NAME]


async def due_at(house: House) -> datetime | None:
    return await house.parts.store.due.next_due(house.clock())


async def test_a_tag_that_nobody_told_of_is_proposed(house: House) -> None:
    await following(house)
    await house.push("1.5.0")
    await house.later(ROUND)
    assert [pull.title for pull in house.open_pulls()] == [f"Bump {house.image()} from 1.4.2 to 1.5.0"]


async def test_a_poll_that_finds_nothing_new_is_one_list(house: House) -> None:
    await following(house)
    since = len(house.registry.requests())
    await house.later(ROUND)
    assert requests(house, since) == [listing(house)]


async def test_however_many_repositories_follow_an_image_it_is_one_list(house: House) -> None:
    await following(house)
    files = {".niro/policies.yml": house.policy(), "api.yaml": house.deployment()}
    for name in ("one", "two", "three"):
        await house.github.add_repository(f"{house.owner}/{name}", files)
    await house.work()
    since = len(house.registry.requests())
    await house.later(ROUND)
    assert requests(house, since) == [listing(house)]


async def test_a_tag_that_is_followed_by_its_digest_costs_one_head_more(house: House) -> None:
    await following(house, rule="strategy: digest", tag="main")
    since = len(house.registry.requests())
    await house.later(ROUND)
    assert requests(house, since) == [listing(house), heading(house, "main")]


async def test_a_tag_that_was_pushed_again_is_found_by_its_digest(house: House) -> None:
    digest = await house.push("main")
    files = {
        ".niro/policies.yml": house.policy(rule="strategy: digest"),
        "deploy/api.yaml": house.deployment(f"main@{digest}"),
    }
    await house.commit(files)
    again = await house.push("main", content="again")
    await house.later(ROUND)
    assert await house.github.read(house.repository, "deploy/api.yaml", "niro/api") == house.deployment(f"main@{again}")


async def test_an_image_whose_platforms_come_one_after_the_other_is_proposed_when_it_is_whole(house: House) -> None:
    await following(house)
    await house.push("1.5.0", platforms=("linux/amd64",))
    await house.later(ROUND)
    assert house.pulls() == []
    await house.push("1.5.0")
    await house.later(ROUND)
    assert len(house.open_pulls()) == 1


async def test_a_policy_says_how_often(house: House) -> None:
    await following(house, rule="poll: 1h")
    since = len(house.registry.requests())
    await house.later(timedelta(minutes=29))
    assert requests(house, since) == []
    await house.later(timedelta(minutes=91))
    assert requests(house, since) == [listing(house)]


async def test_a_policy_that_wants_it_more_often_is_not_kept_waiting(house: House) -> None:
    await following(house, rule="poll: 24h")
    await house.commit({".niro/policies.yml": house.policy(rule="poll: 5m")})
    due = await due_at(house)
    assert due is not None
    assert due - house.clock() <= ROUND


async def test_the_shortest_wish_counts_for_all_followers(house: House) -> None:
    await following(house, rule="poll: 24h")
    files = {".niro/policies.yml": house.policy(rule="poll: 5m"), "api.yaml": house.deployment()}
    await house.github.add_repository(f"{house.owner}/hasty", files)
    await house.work()
    since = len(house.registry.requests())
    await house.later(ROUND)
    assert requests(house, since) == [listing(house)]


async def test_what_nobody_follows_any_more_is_not_polled(house: House) -> None:
    await following(house)
    await house.commit({"deploy/api.yaml": house.deployment()}, removed=(".niro/policies.yml",))
    since = len(house.registry.requests())
    await house.later(ROUND)
    assert (requests(house, since), await polls(house)) == ([], set())


async def test_a_poll_that_was_lost_is_asked_for_again_every_hour(house: House) -> None:
    await following(house)
    work = PollImage(house.registry.host, f"{house.owner}/api")
    row = await house.parts.store.due.begin(
        kind(work), key(work), now=house.clock() + timedelta(days=1), until=house.clock()
    )
    assert row is not None
    await house.parts.store.due.finish(row)
    await house.ask(Housekeeping())
    assert await polls(house) == {key(work)}


@pytest.mark.parametrize("status", [500, 429, 404, 401])
async def test_a_poll_stands_whatever_the_registry_does(house: House, status: int) -> None:
    async with standing(house) as gate:
        image = f"{gate.host}/{house.owner}/web"
        await house.push("1.0.0", "web")
        manifest = house.deployment("1.0.0", "web").replace(house.registry.host.encode(), gate.host.encode())
        policy = f"version: 1\nimages: [{{image: '{image}'}}]".encode()
        await house.commit({".niro/policies.yml": policy, "web.yaml": manifest})
        gate.failure = web.Response(status=status)
        for _ in range(30):
            await house.later(ROUND)
        gate.failure = None
        await house.push("1.1.0", "web")
        await house.later(ROUND)
        await house.later(ROUND)
        assert (len(house.open_pulls()), await house.dead()) == (1, [])


async def test_an_image_that_cannot_be_read_is_told_on_the_default_branch(house: House) -> None:
    head = await house.commit(
        {".niro/policies.yml": house.policy(name="nothing"), "deploy/api.yaml": house.deployment(name="nothing")}
    )
    told = checks(house)[-1]
    assert (told.head_oid, told.conclusion) == (head, "neutral")
    assert f"has no repository {house.owner}/nothing" in told.output["summary"]
    assert "mend the image's name" in told.output["summary"]


async def test_what_was_told_is_taken_back_when_the_image_can_be_read(house: House) -> None:
    await house.commit(
        {".niro/policies.yml": house.policy(name="late"), "deploy/api.yaml": house.deployment(name="late")}
    )
    await house.push("1.4.2", "late")
    await house.later(ROUND)
    assert [run.conclusion for run in checks(house)] == ["neutral", "success"]


async def test_the_same_trouble_is_told_once_on_a_commit(house: House) -> None:
    await house.commit(
        {".niro/policies.yml": house.policy(name="none"), "deploy/api.yaml": house.deployment(name="none")}
    )
    for _ in range(4):
        await house.later(ROUND)
    assert len(checks(house)) == 1


async def test_a_policy_that_matches_nothing_is_told_until_it_does(house: House) -> None:
    await following(house, rule="range: '>=9'")
    told = checks(house)[-1]
    assert "Policies that match nothing" in told.output["summary"]
    await house.publish("9.0.0")
    assert checks(house)[-1].conclusion == "success"


async def test_a_policy_whose_image_stands_in_no_file_is_told(house: House) -> None:
    await house.push("1.4.2")
    await house.commit({"README.md": b"nothing here"}, removed=("deploy/api.yaml",))
    assert f"no file here uses {house.image()}" in checks(house)[-1].output["summary"]


async def test_a_marker_that_names_no_policy_is_told_on_its_line(house: House) -> None:
    await house.push("1.4.2")
    marked = house.deployment().replace(b"# bumped by the bot", b'# {"$imagepolicy": "team:gone"}')
    await house.commit({".niro/policies.yml": house.policy(), "deploy/api.yaml": marked})
    told = checks(house)[-1]
    assert "team:gone" in told.output["summary"]
    assert [(each["path"], each["start_line"]) for each in told.annotations] == [("deploy/api.yaml", 11)]


def test_keys_of_polls_are_those_of_their_images() -> None:
    assert json.loads(key(PollImage("ghcr.io", "acme/api", "c-1"))) == ["ghcr.io", "acme/api", "c-1"]


async def test_a_registry_that_asks_for_an_hour_is_left_alone_for_an_hour_and_delays_nobody_else(house: House) -> None:
    async with standing(house) as gate:
        image = f"{gate.host}/{house.owner}/web"
        await house.push("1.0.0", "web")
        manifest = house.deployment("1.0.0", "web").replace(house.registry.host.encode(), gate.host.encode())
        policies = house.policy() + f"  - image: '{image}'\n".encode()
        await house.commit({".niro/policies.yml": policies, "web.yaml": manifest})
        gate.failure = web.Response(status=429, headers={"Retry-After": "3600"})
        await house.later(ROUND)
        gate.asked.clear()
        await house.push("1.5.0")
        for _ in range(6):
            await house.later(ROUND)
        assert (gate.asked, len(house.open_pulls())) == ([], 1)
        gate.failure = None
        await house.push("1.1.0", "web")
        await house.later(timedelta(hours=1))
        await house.later(ROUND)
        assert (len(house.open_pulls()), await house.dead()) == (2, [])


async def test_one_tag_that_a_registry_refuses_holds_up_only_who_wants_it(house: House) -> None:
    async with standing(house) as gate:
        host = house.registry.host.encode()
        files = {
            ".niro/policies.yml": house.policy().replace(host, gate.host.encode()),
            "api.yaml": house.deployment().replace(host, gate.host.encode()),
        }
        narrow = house.policy(rule="range: 1.4.x").replace(host, gate.host.encode())
        await house.github.add_repository(f"{house.owner}/wide", files)
        await house.github.add_repository(f"{house.owner}/narrow", files | {".niro/policies.yml": narrow})
        await house.work()
        await house.push("1.4.3")
        await house.push("1.5.0")
        gate.refused = f"/v2/{house.owner}/api/manifests/1.5.0"
        await house.later(ROUND)
        assert len(house.open_pulls(f"{house.owner}/narrow")) == 1
        assert house.pulls(f"{house.owner}/wide") == []
        gate.refused = ""
        await house.later(ROUND)
        assert len(house.open_pulls(f"{house.owner}/wide")) == 1


async def test_a_scan_that_failed_half_way_is_made_up_for_by_the_next_poll(house: House) -> None:
    async with standing(house) as gate:
        image = f"{gate.host}/{house.owner}/web"
        for tag in ("1.0.0", "1.1.0"):
            await house.push(tag, "web")
        manifest = house.deployment("1.0.0", "web").replace(house.registry.host.encode(), gate.host.encode())
        narrow = f"version: 1\nimages: [{{image: '{image}', range: 1.0.x}}]".encode()
        await house.commit({".niro/policies.yml": narrow, "web.yaml": manifest})
        await house.later(timedelta(minutes=6))
        gate.failure = web.Response(status=403)
        await house.commit({".niro/policies.yml": narrow.replace(b"1.0.x", b"1.x")})
        gate.failure = None
        await house.later(ROUND)
        assert len(house.open_pulls()) == 1
