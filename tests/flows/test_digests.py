"""Files that say which digest they mean: it moves with the tag, or when the tag was pushed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.registry_images import build_image
from tests.flows.house import BOTH, House

if TYPE_CHECKING:
    from bot.sandbox.registry_process import RegistryRequest

ONLY_AMD64 = ("linux/amd64",)
FOLLOW = "strategy: digest"


async def standing_at(house: House, tag: str, *, rule: str = "range: '*'") -> str:
    """Let the Deployment stand at a tag with its digest, under a rule; returns the digest."""
    digest = await house.push(tag)
    files = {".niro/policies.yml": house.policy(rule=rule), "deploy/api.yaml": house.deployment(f"{tag}@{digest}")}
    await house.commit(files)
    return digest


async def proposed(house: House) -> bytes:
    return await house.github.read(house.repository, "deploy/api.yaml", "niro/api")


def asked(house: House, since: int, method: str) -> list[RegistryRequest]:
    return [each for each in house.registry.requests()[since:] if each.method == method and house.owner in each.path]


async def test_a_digest_moves_with_its_tag(house: House) -> None:
    await standing_at(house, "1.4.3")
    digest = await house.publish("1.5.0")
    assert await proposed(house) == house.deployment(f"1.5.0@{digest}")


async def test_a_tag_that_was_pushed_again_is_proposed_by_its_new_digest(house: House) -> None:
    await standing_at(house, "main", rule=FOLLOW)
    digest = await house.publish("main", content="again")
    assert await proposed(house) == house.deployment(f"main@{digest}")
    assert ["another digest" in pull.body for pull in house.pulls()] == [True]


async def test_a_tag_that_is_pushed_once_more_updates_the_same_pull_request(house: House) -> None:
    await standing_at(house, "main", rule=FOLLOW)
    await house.publish("main", content="again")
    digest = await house.publish("main", content="and again")
    assert len(house.pulls()) == 1
    assert await proposed(house) == house.deployment(f"main@{digest}")


async def test_a_tag_that_is_pushed_back_closes_the_pull_request(house: House) -> None:
    await standing_at(house, "main", rule=FOLLOW)
    await house.publish("main", content="again")
    await house.publish("main")
    assert [pull.state for pull in house.pulls()] == ["closed"]


async def test_a_policy_that_always_pins_moves_the_digest_of_the_tag_that_stands(house: House) -> None:
    await standing_at(house, "1.4.3", rule="pin-digest: always")
    digest = await house.publish("1.4.3", content="again")
    assert await proposed(house) == house.deployment(f"1.4.3@{digest}")


async def test_a_policy_that_never_pins_leaves_the_digest_of_the_tag_that_stands(house: House) -> None:
    await standing_at(house, "1.4.3")
    await house.publish("1.4.3", content="again")
    assert house.pulls() == []


async def test_the_digest_is_added_where_none_stands(house: House) -> None:
    digest = await house.push("1.4.2")
    await house.commit({".niro/policies.yml": house.policy(rule="pin-digest: if-not-present")})
    assert await proposed(house) == house.deployment(f"1.4.2@{digest}")


async def test_the_digest_that_is_added_is_the_one_of_now_though_the_tags_were_read_lately(house: House) -> None:
    await house.publish("1.5.0", platforms=ONLY_AMD64)
    digest = await house.push("1.4.2", content="again")
    await house.commit({".niro/policies.yml": house.policy(rule="range: 1.4.x\n    pin-digest: if-not-present")})
    assert await proposed(house) == house.deployment(f"1.4.2@{digest}")


async def test_an_unchanged_tag_that_is_followed_costs_one_list_and_one_head(house: House) -> None:
    digest = await standing_at(house, "main", rule=FOLLOW)
    await house.tell("main", digest)
    since = len(house.registry.requests())
    await house.tell("main", digest)
    assert ["/tags/list" in each.path for each in asked(house, since, "GET")] == [True]
    assert len(asked(house, since, "HEAD")) == 1


async def test_a_tag_that_is_read_for_the_first_time_is_asked_for_once(house: House) -> None:
    since = len(house.registry.requests())
    await standing_at(house, "main", rule=FOLLOW)
    assert sum(each.path.endswith("/manifests/main") for each in asked(house, since, "HEAD")) == 1


@pytest.mark.parametrize("rule", [FOLLOW, "range: '*'"])
async def test_the_platforms_of_the_digest_in_use_are_required_though_its_tag_has_moved_on(
    house: House, rule: str
) -> None:
    await standing_at(house, "1.4.3", rule=rule)
    await house.publish("1.4.3", platforms=ONLY_AMD64, content="again")
    await house.publish("1.5.0", platforms=ONLY_AMD64)
    assert house.pulls() == []


async def test_a_tag_that_is_pushed_again_one_platform_after_the_other_is_proposed_once_it_is_whole(
    house: House,
) -> None:
    await standing_at(house, "main", rule=FOLLOW)
    name = f"{house.owner}/api"
    image = build_image(f"{name}:main", BOTH, content="again")
    await house.registry.push_platform(name, "main", image, "linux/amd64")
    await house.registry.push_manifest_only(name, "main", image.top)
    await house.tell("main", image.top.digest)
    assert house.pulls() == []
    await house.registry.push_image(name, "main", image)
    await house.tell("main", image.top.digest)
    assert await proposed(house) == house.deployment(f"main@{image.top.digest}")


async def test_a_pinned_digest_that_no_tag_has_any_more_is_proposed(house: House) -> None:
    pinned = await house.push("1.4.2", content="the one that works")
    await house.push("1.4.2")
    await house.commit({".niro/policies.yml": house.policy(rule=f"pin: {pinned}")})
    assert await proposed(house) == house.deployment(f"1.4.2@{pinned}")


async def test_what_stood_and_what_was_decided_are_remembered_with_their_digests(house: House) -> None:
    old = await standing_at(house, "1.4.3")
    new = await house.publish("1.5.0")
    repository = house.github.repository(house.repository).id
    decided = await house.parts.store.decisions.all_of(repository, "api")
    assert (f"1.4.3@{old}", f"1.5.0@{new}") in {(each.current, each.selected) for each in decided}
