"""A wish that cannot be carried out, or not all of it: what cannot be written is not told, and keeps nothing open."""

import pytest

from bot.store import BumpState
from tests.flows.house import House


def sharing(house: House, tag: str, other: str) -> bytes:
    """Write the Helm values of two images that share a tag by an alias; a tag that another image shares stays."""
    host, _, api = house.image().partition("/")
    image = "{}:\n  image: {{registry: '{}', repository: {}, tag: {}}}\n"
    shared = image.format("api", host, api, f"&tag {tag}")
    return (shared + image.format("other", host, f"{house.owner}/{other}", "*tag")).encode()


@pytest.fixture
async def values(house: House) -> House:
    """The image stands in Helm values at a tag of its own, and in no other file."""
    await house.commit({"values.yaml": alone(house)}, removed=["deploy/api.yaml"])
    return house


def alone(house: House) -> bytes:
    return sharing(house, "1.4.2", "tool").partition(b"other:")[0]


async def test_nothing_is_opened_for_a_tag_that_another_image_shares(values: House) -> None:
    await values.commit({"values.yaml": sharing(values, "1.4.2", "tool")})
    await values.publish("1.5.0")
    assert values.pulls() == []


async def test_a_pull_request_is_closed_when_nothing_of_it_can_be_written_any_more(values: House) -> None:
    await values.publish("1.5.0")
    (pull,) = values.pulls()
    await values.commit({"values.yaml": sharing(values, "1.4.2", "tool")})
    assert (pull.state, await values.on_branch()) == ("closed", None)
    bump = await values.bump()
    assert bump is not None
    assert bump.state is BumpState.CLOSED


async def test_it_is_opened_again_once_it_can_be_written_again(values: House) -> None:
    await values.publish("1.5.0")
    await values.commit({"values.yaml": sharing(values, "1.4.2", "tool")})
    await values.commit({"values.yaml": alone(values)})
    assert [pull.state for pull in values.pulls()] == ["closed", "open"]


async def test_only_what_is_written_is_told(values: House) -> None:
    await values.push("1.3.0")
    await values.commit({"values.yaml": sharing(values, "1.3.0", "tool"), "deploy/api.yaml": values.deployment()})
    await values.publish("1.5.0")
    (pull,) = values.pulls()
    assert pull.title == f"Bump {values.image()} from 1.4.2 to 1.5.0"
    assert "1.3.0" not in pull.body
    assert await values.github.read(values.repository, "deploy/api.yaml", pull.head_oid) == values.deployment("1.5.0")


async def test_the_same_wish_is_written_once_although_a_part_of_it_cannot_be(values: House) -> None:
    await values.push("1.3.0")
    await values.commit({"values.yaml": sharing(values, "1.3.0", "tool"), "deploy/api.yaml": values.deployment()})
    await values.publish("1.5.0")
    (pull,) = values.pulls()
    head, counted = pull.head_oid, values.counted()
    await values.ask(values.bump_work())
    assert (values.open_pulls(), pull.head_oid, counted.names) == ([pull], head, ["BumpFacts"])
