"""A bump is merged only under the policy that it was compared with; a changed policy file is compared first."""

import json
from dataclasses import replace

import pytest

from bot.jobs.work import BumpRepository, MergeBump
from tests.flows.house import House

MERGE = "    pull-request:\n      auto-merge: true\n"


async def change_unheard(house: House, policy: bytes) -> None:
    """Change the policy file without the bot being told."""
    house.github.webhooks.paused = True
    await house.github.commit(house.repository, "main", {".niro/policies.yml": policy})
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False


@pytest.mark.parametrize("heard", [True, False])
async def test_a_policy_narrowed_before_the_checks_are_green_closes_instead_of_merging(
    house: House, *, heard: bool
) -> None:
    await house.publish("2.0.0")
    (pull,) = house.pulls()
    narrowed = house.policy(rule="range: 1.x", more=MERGE)
    if heard:
        await house.github.commit(house.repository, "main", {".niro/policies.yml": narrowed})
    else:
        await change_unheard(house, narrowed)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert (pull.merged, pull.state) == (False, "closed")


@pytest.mark.parametrize("more", [MERGE + "\n", MERGE + "# A remark.\n"])
async def test_a_policy_file_that_changed_in_any_byte_is_compared_again_and_what_it_still_wants_is_merged(
    house: House, more: str
) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await change_unheard(house, house.policy(more=more))
    begin = len(house.performed)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert (pull.merged, len(house.pulls())) == (True, 1)
    steps = [type(work) for work in house.performed[begin:]]
    compared = steps.index(BumpRepository)
    assert MergeBump in steps[:compared]
    assert MergeBump in steps[compared:]


async def test_a_policy_file_that_did_not_change_is_not_compared_again(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    begin = len(house.performed)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged
    steps = [type(work) for work in house.performed[begin:]]
    assert steps.index(MergeBump) < steps.index(BumpRepository), "only the merge itself leads to another look"


async def test_a_bump_that_an_older_version_noted_is_compared_and_merged(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    bump = await house.bump()
    assert bump is not None
    known = json.loads(bump.proposals)
    older = json.dumps({"proposals": known["proposals"], "blobs": known["blobs"]})
    await house.parts.store.bumps.save(replace(bump, proposals=older))
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert (pull.merged, len(house.pulls())) == (True, 1)


async def test_a_policy_file_that_was_removed_unheard_merges_nothing(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    house.github.webhooks.paused = True
    await house.github.commit(house.repository, "main", {}, removed=[".niro/policies.yml"])
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert not pull.merged
