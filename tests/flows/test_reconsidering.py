"""What time alone decides is looked at when the time has come, without any event."""

from datetime import timedelta

import pytest

from tests.flows.house import House

DAYS = timedelta(days=3)


@pytest.fixture
async def patient(house: House) -> House:
    """A policy that waits until a tag is three days old."""
    await house.commit({".niro/policies.yml": house.policy(rule="min-age: 3d")})
    return house


async def test_a_young_tag_is_proposed_when_it_is_old_enough(patient: House) -> None:
    await patient.publish("1.5.0")
    await patient.later(DAYS - timedelta(minutes=5))
    assert patient.pulls() == []
    await patient.later(timedelta(minutes=5))
    assert [pull.title[-5:] for pull in patient.pulls()] == ["1.5.0"]


async def test_each_of_several_young_tags_is_proposed_in_its_time(patient: House) -> None:
    await patient.publish("1.5.0")
    await patient.later(timedelta(days=1))
    await patient.publish("1.6.0")
    await patient.later(timedelta(days=2))
    assert [pull.title[-5:] for pull in patient.pulls()] == ["1.5.0"]
    assert "1.6.0 was pushed on" in patient.pulls()[0].body
    await patient.later(timedelta(days=1))
    assert [pull.title[-5:] for pull in patient.pulls()] == ["1.6.0"]


async def test_waiting_for_a_time_holds_up_no_event(patient: House) -> None:
    await patient.publish("1.5.0")
    asked = len(patient.registry.requests())
    await patient.publish("1.6.0")
    assert any("/tags/list" in request.path for request in patient.registry.requests()[asked:])


async def test_a_policy_that_waits_no_longer_proposes_at_once(patient: House) -> None:
    await patient.publish("1.5.0")
    await patient.commit({".niro/policies.yml": patient.policy()})
    assert [pull.title[-5:] for pull in patient.pulls()] == ["1.5.0"]


async def test_a_policy_that_begins_to_wait_is_looked_at_again_too(house: House) -> None:
    await house.push("1.5.0")
    await house.commit({".niro/policies.yml": house.policy(rule="range: 9.x")})
    await house.publish("1.5.0")
    await house.commit({".niro/policies.yml": house.policy(rule="min-age: 1h")})
    assert house.pulls() == []
    await house.later(timedelta(hours=1))
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.5.0"]
