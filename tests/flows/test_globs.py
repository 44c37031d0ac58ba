"""A policy about a glob stands for each image that it matches among those in the repository's files."""

import pytest

from bot.sandbox.model import CheckRun
from tests.flows.house import House


def globbed(house: House, more: str = "") -> bytes:
    return house.policy(name="*", more=more)


@pytest.fixture
async def many(house: House) -> House:
    """Two images under one glob."""
    await house.push("1.4.2", "worker")
    await house.commit(
        {
            ".niro/policies.yml": globbed(house, "    pull-request: {auto-merge: true}\n"),
            "deploy/worker.yaml": house.deployment(name="worker"),
        }
    )
    return house


def branches(house: House) -> set[str]:
    return {pull.head_branch for pull in house.open_pulls()}


async def test_each_image_has_a_pull_request_of_its_own(many: House) -> None:
    await many.publish("1.5.0")
    await many.publish("1.6.0", "worker")
    assert branches(many) == {"niro/api", "niro/worker"}


async def test_it_is_merged_as_any_other(many: House) -> None:
    await many.publish("1.5.0")
    (pull,) = many.pulls()
    await many.github.complete_checks(many.repository, pull.head_oid, ("ci",))
    await many.work()
    assert pull.merged


async def test_an_image_that_comes_into_the_files_is_followed_from_then_on(many: House) -> None:
    await many.push("1.4.2", "site")
    await many.push("2.0.0", "site")
    await many.commit({"deploy/site.yaml": many.deployment(name="site")})
    assert branches(many) == {"niro/site"}
    await many.publish("2.1.0", "site")
    assert [pull.title[-5:] for pull in many.pulls()] == ["2.1.0"]


async def test_an_image_that_leaves_the_files_is_no_longer_followed_and_its_pull_request_is_closed(
    many: House,
) -> None:
    await many.publish("1.5.0")
    await many.publish("1.6.0", "worker")
    await many.commit({}, removed=["deploy/worker.yaml"])
    assert branches(many) == {"niro/api"}
    asked = len(many.registry.requests())
    await many.publish("1.7.0", "worker")
    assert len(many.registry.requests()) == asked


async def test_an_image_with_a_policy_of_its_own_is_left_to_that_one(many: House) -> None:
    own = f"  - image: {many.image('worker')}\n    range: 1.5.x\n"
    await many.commit({".niro/policies.yml": globbed(many, own)})
    await many.publish("1.6.0", "worker")
    assert many.pulls() == []


async def test_an_image_that_nobody_uses_is_not_asked_for(many: House) -> None:
    asked = len(many.registry.requests())
    await many.publish("1.5.0", "unheard-of")
    assert len(many.registry.requests()) == asked


def runs(house: House) -> list[CheckRun]:
    found = house.github.repository(house.repository).check_runs.values()
    return [run for run in found if run.name == "niro / policies" and not run.external_id]


def taken(house: House) -> bytes:
    """Return a glob, and a policy whose branch leaves none for an image called worker."""
    return globbed(house, "  - image: ghcr.io/o/x\n    pull-request: {branch: niro/worker/x}\n")


async def test_an_image_that_is_left_out_is_told_on_the_line_of_the_glob(house: House) -> None:
    files = {".niro/policies.yml": taken(house), "deploy/worker.yaml": house.deployment(name="worker")}
    head = await house.commit(files)
    (run,) = runs(house)
    assert (run.head_oid, run.conclusion) == (head, "neutral")
    assert f"'{house.image('worker')}' is left out" in run.output["summary"]
    assert f"    api: {house.image()}\n" in run.output["summary"] + "\n", "what the glob stands for"
    assert [annotation["start_line"] for annotation in run.annotations] == [3]


async def test_an_image_that_is_left_out_is_told_when_it_comes_into_the_files_and_when_it_goes(house: House) -> None:
    other = house.deployment("1.0", "x").replace(house.image("x").encode(), b"ghcr.io/o/x")
    await house.commit({".niro/policies.yml": taken(house), "deploy/x.yaml": other})
    assert runs(house) == []
    await house.commit({"deploy/worker.yaml": house.deployment(name="worker")})
    await house.commit({"README.md": b"Hello\n"})
    assert [run.conclusion for run in runs(house)] == ["neutral"]
    await house.commit({}, removed=["deploy/worker.yaml"])
    assert [run.conclusion for run in runs(house)] == ["neutral", "success"]


async def test_an_image_of_a_group_that_leaves_the_files_leaves_its_pull_request(house: House) -> None:
    await house.push("1.4.2", "worker")
    files = {
        ".niro/policies.yml": globbed(house, "    group: all\n"),
        "deploy/worker.yaml": house.deployment(name="worker"),
    }
    await house.commit(files)
    await house.publish("1.5.0")
    await house.publish("1.6.0", "worker")
    await house.commit({}, removed=["deploy/worker.yaml"])
    (pull,) = house.pulls()
    assert (pull.state, pull.title) == ("open", f"Bump {house.image()} from 1.4.2 to 1.5.0")
