"""Two policies about one image whose paths are apart: each has a pull request of its own, with its own files only."""

from datetime import timedelta

import pytest

from bot.sandbox.model import PullRequest
from tests.flows.house import House

APART = """version: 1
images:
  - image: {image}
    name: prod
    update: {{paths: ['prod/**']}}
{prod}  - image: {image}
    name: dev
    update: {{paths: ['dev/**']}}
{dev}"""
PROD, DEV = "prod/a.yaml", "dev/a.yaml"
MERGED = "    pull-request: {auto-merge: true}\n"


async def apart(house: House, *, prod: str = "", dev: str = "", tag: str = "1.4.2") -> None:
    """Let `prod` and `dev` follow the image, each in a folder of its own; their further keys are given."""
    policies = APART.format(image=house.image(), prod=prod, dev=dev)
    files = {path: house.deployment(tag) for path in (PROD, DEV)}
    await house.commit({".niro/policies.yml": policies.encode(), **files}, removed=["deploy/api.yaml"])


async def read(house: House, path: str, ref: str | None = None) -> bytes:
    return await (house.github.read(house.repository, path, ref) if ref else house.github.read(house.repository, path))


async def edited(house: House, pull: PullRequest) -> set[str]:
    """Return which of the two files a pull request changes."""
    return {path for path in (PROD, DEV) if await read(house, path, pull.head_oid) != house.deployment()}


async def green(house: House) -> None:
    """Let every check of every open pull request succeed, again and again, as time goes by."""
    for _ in range(3):
        for pull in house.open_pulls():
            await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
        await house.later(timedelta(minutes=10))


async def standing(house: House) -> dict[str, set[str]]:
    return {pull.head_branch: await edited(house, pull) for pull in house.open_pulls()}


@pytest.mark.parametrize("more", ["", "    pin-digest: always\n", MERGED])
async def test_each_has_one_pull_request_with_its_own_files_only(house: House, more: str) -> None:
    await apart(house, dev=more)
    await house.publish("1.5.0")
    assert await standing(house) == {"niro/prod": {PROD}, "niro/dev": {DEV}}
    assert (len(house.pulls()), await house.dead()) == (2, [])


async def test_each_is_moved_on_by_itself(house: House) -> None:
    await apart(house)
    await house.publish("1.5.0")
    await house.publish("1.6.0")
    assert await standing(house) == {"niro/prod": {PROD}, "niro/dev": {DEV}}
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.6.0", "1.6.0"]


async def test_the_auto_merge_of_one_never_merges_the_change_of_the_other(house: House) -> None:
    await apart(house, prod="    range: 1.x\n", dev=MERGED)
    await house.publish("1.5.0")
    await green(house)
    assert await standing(house) == {"niro/prod": {PROD}}
    assert await read(house, PROD) == house.deployment("1.4.2")
    assert await read(house, DEV) == house.deployment("1.5.0")


async def test_nothing_to_do_for_one_that_is_merged_by_itself_does_nothing_for_the_other(house: House) -> None:
    await apart(house, dev="    range: <=1.4.2\n" + MERGED)
    await house.publish("1.5.0")
    await house.ask(house.bump_work("dev"))
    await green(house)
    assert await standing(house) == {"niro/prod": {PROD}}
    assert (len(house.pulls()), await house.bump("dev")) == (1, None)


@pytest.mark.parametrize("waiting", ["prod", "dev"])
async def test_an_age_that_one_asks_for_holds_up_that_one_only(house: House, waiting: str) -> None:
    await apart(house, **{waiting: "    min-age: 3d\n"})
    await house.publish("1.5.0")
    other = {"prod": "niro/dev", "dev": "niro/prod"}[waiting]
    assert [pull.head_branch for pull in house.pulls()] == [other]
    await house.later(timedelta(days=3, minutes=1))
    assert await standing(house) == {"niro/prod": {PROD}, "niro/dev": {DEV}}
    assert (len(house.pulls()), await house.dead()) == (2, [])


async def test_globs_that_are_written_alike_have_each_a_pull_request_for_each_image(house: House) -> None:
    policies = APART.format(image=house.image("*"), prod="", dev=MERGED)
    files = {path: house.deployment() for path in (PROD, DEV)}
    await house.commit({".niro/policies.yml": policies.encode(), **files}, removed=["deploy/api.yaml"])
    await house.publish("1.5.0")
    assert await standing(house) == {"niro/prod-api": {PROD}, "niro/dev-api": {DEV}}
    await green(house)
    assert await standing(house) == {"niro/prod-api": {PROD}}
    assert await read(house, PROD) == house.deployment("1.4.2")


async def test_two_pins_are_each_written_for_one_and_a_digest_beside_the_other(house: House) -> None:
    digest = await house.push("1.5.0")
    await apart(house, prod="    pin: 1.5.0\n", dev="    pin-digest: always\n")
    await house.tell("1.5.0", digest)
    pulls = {pull.head_branch: pull for pull in house.open_pulls()}
    assert await read(house, PROD, pulls["niro/prod"].head_oid) == house.deployment("1.5.0")
    assert await read(house, DEV, pulls["niro/dev"].head_oid) == house.deployment(f"1.5.0@{digest}")
