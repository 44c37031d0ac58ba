"""A policy file that an earlier version understood and this one does not: that is told once, and others go on."""

from dataclasses import replace

import pytest

from bot.jobs.work import ReportPolicyFile
from bot.sandbox.model import CheckRun
from tests.flows.house import House


def runs(house: House) -> list[CheckRun]:
    found = house.github.repository(house.repository).check_runs.values()
    return [run for run in found if run.name == "niro / policies" and not run.external_id]


async def refuse(house: House) -> House:
    """Let the file at the head be noted as one that was understood, which it is not."""
    found = house.github.repository(house.repository)
    text = house.policy(more="    rnage: 1.x\n").decode()
    await house.github.commit(house.repository, "main", {".niro/policies.yml": text.encode()})
    await house.github.webhooks.idle()
    head, record = await house.client().head(), await house.parts.store.repositories.policy(found.id)
    assert head is not None
    assert head.policy is not None
    assert record is not None
    noted = replace(record, blob=head.policy.oid, text=text, commit=head.commit, problems=())
    await house.parts.store.repositories.save_policy(found.id, noted)
    await house.parts.store.index.finish(found.id, head.commit, head.tree)
    return house


@pytest.fixture
async def refused(house: House) -> House:
    return await refuse(house)


async def told_once(house: House) -> None:
    (run,) = runs(house)
    assert (run.conclusion, "rnage" in run.output["summary"]) == ("failure", True)
    done = [type(work) for work in house.performed]
    assert done.count(ReportPolicyFile) == 1
    assert await house.dead() == []


async def test_a_scan_tells_it_once_and_is_not_done_again_for_it(refused: House) -> None:
    await refused.publish("1.5.0")
    await refused.publish("1.6.0")
    await told_once(refused)
    assert refused.pulls() == []


async def test_it_is_told_where_a_pull_request_is_asked_for(refused: House) -> None:
    await refused.ask(refused.bump_work())
    await told_once(refused)


async def test_another_repository_is_served_by_the_same_scan(refused: House, logs) -> None:
    other = f"{refused.owner}/other"
    files = {".niro/policies.yml": refused.policy(), "deploy/api.yaml": refused.deployment()}
    await refused.github.add_repository(other, files)
    await refused.publish("1.5.0")
    assert (refused.pulls(), len(refused.pulls(other))) == ([], 1)
    assert [event for event in logs if event["event"] == "job failed"] == []


async def test_a_mended_file_is_in_force_again(refused: House) -> None:
    await refused.publish("1.5.0")
    await refused.commit({".niro/policies.yml": refused.policy()})
    assert [run.conclusion for run in runs(refused)] == ["failure", "success"]
    assert len(refused.pulls()) == 1


async def test_a_later_version_that_understands_it_again_needs_no_push(refused: House) -> None:
    await refused.publish("1.5.0")
    found = refused.github.repository(refused.repository)
    assert await refused.parts.store.index.unfinished(refused.installation.id) == [found.id]


async def test_a_pull_request_that_is_green_is_not_merged_and_it_is_told(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = (await refuse(house)).pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert not pull.merged
    await told_once(house)
