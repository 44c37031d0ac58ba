"""What a fork wrote is read as data: it decides nothing, asks nobody, and learns nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.flows.house import House
from tests.flows.reviewing import API, check, pull_request, threads, workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.model import PullRequest

POLICY = ".niro/policies.yml"


async def from_fork(house: House, files: Mapping[str, bytes]) -> PullRequest:
    fork = await house.github.fork(house.repository, "mallory")
    await house.github.commit(fork.full_name, "feature", files, author=house.github.account("mallory"))
    pull = await house.github.open_pull(house.repository, "mallory:feature", "mallory")
    await house.work()
    return pull


async def test_a_fork_is_judged_by_the_bases_file(house: House) -> None:
    off = house.policy(more="findings: {rules: {latest-image-tag: off}, ignore: []}\n")
    pull = await from_fork(house, {POLICY: off, API: workload("nginx:latest")})
    assert check(house, pull.head_oid).output["title"] == f"latest-image-tag: {API} line 15"
    assert len(threads(house, pull)) == 1


async def test_an_annotation_of_a_fork_waives_nothing(house: House) -> None:
    annotation = b"  annotations: {ignore.niro.bot/latest-image-tag: ok}\n"
    annotated = workload("nginx:latest").replace(b"  name: web\nspec:", b"  name: web\n" + annotation + b"spec:")
    pull = await from_fork(house, {API: annotated})
    assert check(house, pull.head_oid).conclusion == "neutral"


@pytest.mark.parametrize("trusted", [True, False])
async def test_the_digest_of_a_tag_is_offered_to_those_who_may_push_alone(house: House, trusted: bool) -> None:
    await house.commit({POLICY: house.policy(name="web", rule="strategy: digest\n    track: latest")})
    digest = await house.publish("latest", name="web")
    image = f"{house.image('web')}:latest"
    await house.commit({"deploy/old.yaml": workload(image, name="old")})
    files = {API: workload(image)}
    pull = await pull_request(house, files) if trusted else await from_fork(house, files)
    (thread,) = [each for each in threads(house, pull) if "latest-image-tag" in each.comments[0].body]
    assert (f"{image}@{digest}" in thread.comments[0].body) is trusted


async def test_nothing_asks_a_registry_for_a_fork(house: House) -> None:
    before = len(house.registry.requests())
    pull = await from_fork(
        house, {API: workload(f"{house.image('stolen')}:latest"), POLICY: house.policy(name="stolen")}
    )
    assert check(house, pull.head_oid).conclusion == "neutral"
    assert len(house.registry.requests()) == before


async def test_a_fork_is_not_told_what_its_policy_file_would_do(house: House) -> None:
    await house.commit({POLICY: house.policy(rule="range: 1.4.x")})
    await house.publish("1.5.0")
    pull = await from_fork(house, {POLICY: house.policy(rule="range: 1.x")})
    assert "1.5.0" not in check(house, pull.head_oid).output["summary"]


async def test_no_whole_tree_is_read_for_a_fork(house: House) -> None:
    counted = house.counted()
    pull = await from_fork(house, {POLICY: house.policy(rule="range: 1.x")})
    assert "told to people who may push" in check(house, pull.head_oid).output["summary"]
    assert not [name for name in counted.names if "archive" in name or "tree" in name]
