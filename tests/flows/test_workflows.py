"""Files in .github/workflows are edited where a policy asks for it and the App was given the permission."""

from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

import pytest

from bot.flows.workflows import NOT_ASKED_FOR, NOT_PERMITTED
from bot.jobs.work import BumpRepository
from tests.flows.house import House

WORKFLOW = ".github/workflows/ci.yaml"
TOKEN = "apps/create-installation-access-token"
ASKED = "    update: {workflows: true}\n"
MERGED = ASKED + "    pull-request: {auto-merge: true}\n"
A_TOKENS_LIFE = timedelta(hours=1)

Logs = list[MutableMapping[str, Any]]


def workflow(house: House, tag: str, name: str = "api") -> bytes:
    """Write a workflow with its own line ends, comments and quotes; {tag} is the only thing in it that moves."""
    return (
        "on: {push: {}}\r\n"
        "jobs:\r\n"
        "  test:\r\n"
        "    runs-on: ubuntu-latest   # small\r\n"
        "    container:\r\n"
        f"      image: '{house.image(name)}:{tag}'   # tested in itself\r\n"
        "    steps:\r\n"
        "      - uses: actions/checkout@v4\r\n"
        '      - run: echo "1.4.2"\r\n'
    ).encode()


async def grant(house: House) -> None:
    await house.github.world.accept(house.installation, {"workflows": "write"})
    await house.work()


async def withdraw(house: House) -> None:
    """Take the permission away, and let the tokens that were minted with it end."""
    del house.installation.permissions["workflows"]
    await house.later(A_TOKENS_LIFE)


async def begin(house: House, more: str = ASKED, *, removed: tuple[str, ...] = ()) -> None:
    """Put a workflow beside the Deployment, both at 1.4.2."""
    files = {".niro/policies.yml": house.policy(more=more), WORKFLOW: workflow(house, "1.4.2")}
    await house.commit(files, removed=removed)


async def pulled(house: House, path: str) -> bytes:
    """Return a file as the one open pull request has it."""
    (pull,) = house.open_pulls()
    return await house.github.read(house.repository, path, pull.head_oid)


def skipped(logs: Logs) -> list[tuple[str, str, str]]:
    return [(each["path"], each["reason"], each["message"]) for each in logs if each["event"] == "file.skipped"]


async def green(house: House) -> None:
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()


async def test_a_workflow_moves_byte_for_byte_with_the_rest(house: House, logs: Logs) -> None:
    await grant(house)
    await begin(house)
    await house.publish("1.5.0")
    assert await pulled(house, WORKFLOW) == workflow(house, "1.5.0")
    assert await pulled(house, "deploy/api.yaml") == house.deployment("1.5.0")
    assert skipped(logs) == []


async def test_the_pull_request_goes_on_to_the_next_tag_and_to_a_new_base(house: House) -> None:
    await grant(house)
    await begin(house)
    await house.publish("1.5.0")
    await house.publish("1.6.0")
    assert await pulled(house, WORKFLOW) == workflow(house, "1.6.0")
    await house.commit({WORKFLOW: workflow(house, "1.4.2") + b"# more\r\n"})
    assert await pulled(house, WORKFLOW) == workflow(house, "1.6.0") + b"# more\r\n"
    assert len(house.pulls()) == 1


async def test_it_is_merged_once_it_is_green(house: House) -> None:
    await grant(house)
    await begin(house, MERGED)
    await house.publish("1.5.0")
    await green(house)
    assert [pull.merged for pull in house.pulls()] == [True]
    assert await house.github.read(house.repository, WORKFLOW) == workflow(house, "1.5.0")


async def test_without_the_wish_a_workflow_stays_and_the_log_says_why(house: House, logs: Logs) -> None:
    await grant(house)
    await begin(house, "")
    await house.publish("1.5.0")
    assert await pulled(house, WORKFLOW) == workflow(house, "1.4.2")
    assert await pulled(house, "deploy/api.yaml") == house.deployment("1.5.0")
    assert (WORKFLOW, "workflow", NOT_ASKED_FOR) in skipped(logs)


async def test_without_the_permission_the_rest_moves_and_the_log_says_what_to_do(house: House, logs: Logs) -> None:
    await begin(house)
    await house.publish("1.5.0")
    assert await pulled(house, WORKFLOW) == workflow(house, "1.4.2")
    assert await pulled(house, "deploy/api.yaml") == house.deployment("1.5.0")
    assert (WORKFLOW, "no-permission", NOT_PERMITTED) in skipped(logs)
    assert "`workflows: write`" in NOT_PERMITTED
    assert await house.dead() == []


async def test_without_the_permission_the_rest_is_merged(house: House) -> None:
    await begin(house, MERGED)
    await house.publish("1.5.0")
    await green(house)
    assert [pull.merged for pull in house.pulls()] == [True]


async def test_an_image_of_workflows_alone_waits_for_the_permission_without_repetition(house: House) -> None:
    await begin(house, removed=("deploy/api.yaml",))
    done = len(house.performed)
    await house.publish("1.5.0")
    await house.later(timedelta(days=1))
    tried = [work for work in house.performed[done:] if isinstance(work, BumpRepository)]
    assert (house.pulls(), len(tried), await house.dead()) == ([], 1, [])


async def test_what_waited_moves_with_the_next_tag_once_the_permission_is_there(house: House) -> None:
    await begin(house, removed=("deploy/api.yaml",))
    await house.publish("1.5.0")
    await grant(house)
    await house.later(timedelta(minutes=11))
    await house.publish("1.6.0")
    assert await pulled(house, WORKFLOW) == workflow(house, "1.6.0")


async def test_a_wish_that_comes_later_takes_the_workflow_into_the_open_pull_request(house: House) -> None:
    await grant(house)
    await begin(house, "")
    await house.publish("1.5.0")
    await house.commit({".niro/policies.yml": house.policy(more=ASKED)})
    assert await pulled(house, WORKFLOW) == workflow(house, "1.5.0")
    await house.commit({".niro/policies.yml": house.policy()})
    assert await pulled(house, WORKFLOW) == workflow(house, "1.4.2")
    assert (len(house.pulls()), await house.dead()) == (1, [])


async def test_of_a_group_only_the_policy_that_asks_has_its_workflows_edited(house: House) -> None:
    await grant(house)
    await house.push("1.4.2", "web")
    text = f"version: 1\nimages:\n  - {{image: {house.image()}, range: '*', group: all, update: {{workflows: true}}}}\n"
    text += f"  - {{image: {house.image('web')}, range: '*', group: all}}\n"
    web = ".github/workflows/web.yaml"
    await house.commit(
        {
            ".niro/policies.yml": text.encode(),
            WORKFLOW: workflow(house, "1.4.2"),
            web: workflow(house, "1.4.2", "web"),
            "deploy/web.yaml": house.deployment("1.4.2", "web"),
        }
    )
    await house.publish("1.5.0", "web")
    await house.publish("1.5.0")
    assert await pulled(house, WORKFLOW) == workflow(house, "1.5.0")
    assert await pulled(house, "deploy/web.yaml") == house.deployment("1.5.0", "web")
    assert await pulled(house, web) == workflow(house, "1.4.2", "web")


async def test_a_permission_that_is_taken_away_before_the_merge_takes_the_workflow_out(
    house: House, logs: Logs
) -> None:
    await grant(house)
    await begin(house, MERGED)
    await house.publish("1.5.0")
    await withdraw(house)
    await green(house)
    assert [each["sentence"] for each in logs if each["event"] == "merge.not_permitted"] == [NOT_PERMITTED]
    assert await pulled(house, WORKFLOW) == workflow(house, "1.4.2")
    assert await pulled(house, "deploy/api.yaml") == house.deployment("1.5.0")
    await green(house)
    assert ([pull.merged for pull in house.pulls()], await house.dead()) == ([True], [])


async def test_a_permission_that_is_taken_away_leaves_no_pull_request_with_workflows_alone(house: House) -> None:
    await grant(house)
    await begin(house, MERGED, removed=("deploy/api.yaml",))
    await house.publish("1.5.0")
    await withdraw(house)
    await green(house)
    assert ([pull.merged for pull in house.pulls()], house.open_pulls(), await house.dead()) == ([False], [], [])


@pytest.mark.parametrize("is_granted", [True, False])
async def test_the_permission_is_asked_for_once(house: House, is_granted: bool) -> None:
    if is_granted:
        await grant(house)
    await house.parts.github.identity()
    await begin(house)
    await house.publish("1.5.0")
    counted = house.counted()
    await house.ask(house.bump_work())
    assert counted.names == ["BumpFacts"]


@pytest.mark.parametrize("more", ["", ASKED])
async def test_a_bump_without_workflows_asks_for_no_permission(house: House, more: str) -> None:
    await grant(house)
    await house.client().bump_facts(None, "niro/api", [])
    await house.client().review_facts(1)
    counted = house.counted()
    await house.commit({".niro/policies.yml": house.policy(more=more)})
    await house.publish("1.5.0")
    assert (TOKEN in counted.names, "OpenPullRequest" in counted.names) == (False, True)
