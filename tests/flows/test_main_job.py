"""From a pushed image to a merged pull request."""

from tests.flows.house import House


async def test_a_pushed_tag_becomes_one_pull_request_that_changes_only_the_tag(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert (pull.state, pull.title) == ("open", f"Bump {house.image()} from 1.4.2 to 1.5.0")
    after = await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid)
    assert after == house.deployment().replace(b":1.4.2", b":1.5.0")


async def test_it_waits_for_the_required_check_and_is_merged_once_that_is_green(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged
    assert await house.github.read(house.repository, "deploy/api.yaml") == house.deployment("1.5.0")


async def test_it_is_not_merged_while_the_required_check_has_not_reported(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    bump = await house.parts.store.bumps.by_pull_request(house.github.repository(house.repository).id, pull.number)
    assert bump is not None
    facts = await house.client().merge_facts(pull.number)
    assert (pull.merged, facts.required) == (False, ("ci",))
