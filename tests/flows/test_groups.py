"""Images of one group travel together: one branch, one pull request, one merge."""

import pytest

from tests.flows.house import House


@pytest.fixture
async def grouped(house: House) -> House:
    """Two images of a group, both at 1.4.2, with a policy that allows merging."""
    await house.push("1.4.2", "worker")
    policies = (
        "version: 1\n"
        "groups:\n"
        "  shop: {branch: niro/shop, labels: [shop], auto-merge: true}\n"
        "images:\n"
        f"  - {{image: {house.image()}, group: shop}}\n"
        f"  - {{image: {house.image('worker')}, group: shop}}\n"
    )
    files = {".niro/policies.yml": policies.encode(), "deploy/worker.yaml": house.deployment(name="worker")}
    await house.commit(files)
    return house


async def read(house: House, name: str) -> bytes:
    return await house.github.read(house.repository, f"deploy/{name}.yaml", "niro/shop")


async def test_newer_tags_of_two_images_share_one_pull_request(grouped: House) -> None:
    await grouped.publish("1.5.0")
    await grouped.publish("1.6.0", "worker")
    (pull,) = grouped.pulls()
    assert (pull.state, [label.name for label in pull.labels]) == ("open", ["shop"])
    api, worker = grouped.image(), grouped.image("worker")
    assert pull.title == f"Bump {api}, {worker} from 1.4.2 to 1.5.0, 1.6.0"
    assert await read(grouped, "api") == grouped.deployment("1.5.0")
    assert await read(grouped, "worker") == grouped.deployment("1.6.0", "worker")


async def test_they_are_merged_together(grouped: House) -> None:
    await grouped.publish("1.5.0")
    await grouped.publish("1.6.0", "worker")
    (pull,) = grouped.pulls()
    await grouped.github.complete_checks(grouped.repository, pull.head_oid, ("ci",))
    await grouped.work()
    assert pull.merged
    assert await grouped.github.read(grouped.repository, "deploy/worker.yaml") == grouped.deployment("1.6.0", "worker")


async def test_a_policy_that_leaves_the_group_takes_its_image_out_of_the_pull_request(grouped: House) -> None:
    await grouped.publish("1.5.0")
    await grouped.publish("1.6.0", "worker")
    text = (await grouped.github.read(grouped.repository, ".niro/policies.yml")).decode()
    apart = text.replace(f"{grouped.image('worker')}, group: shop", grouped.image("worker"))
    await grouped.commit({".niro/policies.yml": apart.encode()})
    titles = {pull.title for pull in grouped.open_pulls()}
    assert titles == {
        f"Bump {grouped.image()} from 1.4.2 to 1.5.0",
        f"Bump {grouped.image('worker')} from 1.4.2 to 1.6.0",
    }


async def test_a_member_that_cannot_be_decided_does_not_hold_up_the_pull_request_of_the_other(house: House) -> None:
    policies = (
        f"version: 1\nimages:\n  - {{image: {house.image()}, group: all}}\n"
        f"  - {{image: {house.image('nowhere')}, group: all}}\n"
    )
    files = {".niro/policies.yml": policies.encode(), "deploy/b.yaml": house.deployment(name="nowhere")}
    await house.commit(files)
    await house.publish("1.5.0")
    await house.publish("1.6.0")
    (pull,) = house.pulls()
    assert pull.title[-5:] == "1.6.0"
    assert f"> - For {house.image('nowhere')}:1.4.2: " in pull.body
    assert await house.github.read(house.repository, "deploy/b.yaml", pull.head_oid) == house.deployment(name="nowhere")


async def test_a_member_that_cannot_be_decided_any_more_keeps_what_is_proposed_for_it(grouped: House) -> None:
    await grouped.publish("1.5.0")
    await grouped.publish("1.6.0", "worker")
    await lost(grouped, "worker")
    await grouped.publish("1.7.0")
    (pull,) = grouped.pulls()
    assert await read(grouped, "api") == grouped.deployment("1.7.0")
    assert await read(grouped, "worker") == grouped.deployment("1.6.0", "worker")
    await grouped.github.complete_checks(grouped.repository, pull.head_oid, ("ci",))
    await grouped.work()
    assert pull.merged


async def test_what_is_kept_of_it_is_not_merged_under_a_policy_file_that_it_was_not_compared_with(
    grouped: House,
) -> None:
    await grouped.publish("1.5.0")
    await grouped.publish("1.6.0", "worker")
    await lost(grouped, "worker")
    text = await grouped.github.read(grouped.repository, ".niro/policies.yml")
    worker = grouped.image("worker").encode()
    await grouped.commit({".niro/policies.yml": text.replace(worker + b",", worker + b", range: 1.5.x,")})
    await grouped.publish("1.7.0")
    (pull,) = grouped.pulls()
    assert await read(grouped, "api") == grouped.deployment("1.7.0")
    await grouped.github.complete_checks(grouped.repository, pull.head_oid, ("ci",))
    await grouped.work()
    assert not pull.merged


async def lost(house: House, name: str) -> None:
    """Let nothing be known any more of an image's tags."""
    image = house.registry.host, f"{house.owner}/{name}"
    await house.parts.store.ledger.record(*image, [], house.clock())
