"""From a pushed image to a merged pull request."""

from tests.flows.house import House


async def test_a_pushed_tag_becomes_one_pull_request_that_changes_only_the_tag(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert (pull.state, pull.title) == ("open", f"Bump {house.image()} from 1.4.2 to 1.5.0")
    after = await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid)
    assert after == house.deployment().replace(b":1.4.2", b":1.5.0")
