"""What a policy allows to be merged: which kinds of update, in which hours, with which checks."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.work import MergeBump
from tests.flows.house import House

NEVER_NOW = "{days: %s, hours: '09:00-17:00', timezone: UTC}"


async def allow(house: House, keys: str) -> None:
    await house.commit({".niro/policies.yml": house.policy(more=f"    pull-request: {{auto-merge: {{{keys}}}}}\n")})


async def checked(house: House) -> bool:
    """Let the checks of the only pull request turn green; returns whether it was merged."""
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    return pull.merged


@pytest.mark.parametrize(("tag", "merged"), [("1.4.3", True), ("1.5.0", True), ("2.0.0", False)])
async def test_only_the_kinds_of_update_that_are_named_are_merged(house: House, tag: str, *, merged: bool) -> None:
    await allow(house, "updates: [patch, minor]")
    await house.publish(tag)
    assert await checked(house) is merged


async def forget_kind(house: House) -> None:
    """Let the bump be noted as an older version did, which did not tell how far it goes."""
    bump = await house.bump()
    assert bump is not None
    known = json.loads(bump.proposals)
    for proposal in known["proposals"]:
        del proposal["update"]
    await house.parts.store.bumps.save(replace(bump, proposals=json.dumps(known)))


@pytest.mark.parametrize(("tag", "merged"), [("1.5.0", True), ("2.0.0", False)])
async def test_a_kind_that_an_older_version_did_not_note_is_found_out(house: House, tag: str, *, merged: bool) -> None:
    await allow(house, "updates: [patch, minor]")
    await house.publish(tag)
    await forget_kind(house)
    assert await checked(house) is merged
    bump = await house.bump()
    assert bump is not None
    assert '"update"' in bump.proposals


async def test_a_kind_that_cannot_be_found_out_is_left_to_people(house: House) -> None:
    await allow(house, "updates: [patch, minor]")
    await house.publish("1.5.0")
    await forget_kind(house)
    await house.parts.store.ledger.record(house.registry.host, f"{house.owner}/api", [], house.clock())
    assert not await checked(house)
    assert await house.dead() == []


async def test_outside_the_window_it_waits_and_is_merged_once_it_opens(house: House) -> None:
    tomorrow = (house.clock() + timedelta(days=1)).strftime("%a").lower()
    await allow(house, f"window: {NEVER_NOW % tomorrow}")
    await house.publish("1.5.0")
    assert not await checked(house)
    now = house.clock()
    opening = (now + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    await house.later(opening - now - timedelta(minutes=2))
    (pull,) = house.pulls()
    assert not pull.merged
    await house.later(timedelta(minutes=3))
    assert pull.merged


async def test_a_window_that_is_taken_out_of_the_policy_is_not_waited_for(house: House) -> None:
    tomorrow = (house.clock() + timedelta(days=1)).strftime("%a").lower()
    await allow(house, f"window: {NEVER_NOW % tomorrow}")
    await house.publish("1.5.0")
    assert not await checked(house)
    await allow(house, "method: squash")
    await house.later(timedelta(hours=1))
    assert [pull.merged for pull in house.pulls()] == [True]


async def test_without_a_required_check_it_is_merged_only_where_the_policy_does_without(house: House) -> None:
    await house.require_checks()
    await house.publish("1.5.0")
    assert not await checked(house)
    await allow(house, "require-checks: false")
    await house.ask(MergeBump(house.installation.id, house.github.repository(house.repository).id, "api"))
    assert [pull.merged for pull in house.pulls()] == [True]


async def test_a_failed_check_stops_it_though_none_is_required(house: House) -> None:
    await house.require_checks()
    tomorrow = (house.clock() + timedelta(days=1)).strftime("%a").lower()
    await allow(house, f"require-checks: false, window: {NEVER_NOW % tomorrow}")
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",), "failure")
    await allow(house, "require-checks: false")
    await house.later(timedelta(hours=1))
    assert not pull.merged
