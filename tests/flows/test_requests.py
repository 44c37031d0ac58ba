"""How many requests GitHub gets: a warm process knows token, policy file and index already."""

from datetime import timedelta

import pytest

from tests.flows.house import House

TOKEN = "apps/create-installation-access-token"


@pytest.fixture
async def plain(empty_house: House) -> House:
    """A repository whose policy neither labels nor merges, and whose tokens are known."""
    house = empty_house
    await house.push("1.4.2")
    files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(house.repository, files)
    await house.work()
    await house.parts.github.identity()
    await house.ask(house.bump_work())
    return house


async def published(house: House, tag: str) -> list[str]:
    """Return what the bot asked of GitHub for a new tag, without what the pull request's own events lead to."""
    house.github.webhooks.paused = True
    digest = await house.push(tag)
    counted = house.counted()
    house.github.webhooks.paused = False
    await house.github.package_published(house.owner, "api", tag, digest, house.repository)
    await house.work()
    house.github.webhooks.paused = True
    await house.later(house.parts.settle)
    house.github.webhooks.paused = False
    return counted.names


async def test_opening_takes_one_query_and_one_document(plain: House) -> None:
    assert await published(plain, "1.5.0") == ["BumpFacts", "OpenPullRequest"]


async def test_labels_take_one_request_more_and_only_when_it_is_opened(plain: House) -> None:
    labelled = plain.policy(more="    pull-request: {labels: [images, bot]}\n")
    await plain.commit({".niro/policies.yml": labelled})
    assert await published(plain, "1.5.0") == ["BumpFacts", "OpenPullRequest", "issues/add-labels"]
    assert await published(plain, "1.6.0") == ["BumpFacts", "AddCommit"]
    assert [label.name for label in plain.pulls()[0].labels] == ["images", "bot"]


async def test_updating_takes_two(plain: House) -> None:
    await published(plain, "1.5.0")
    assert await published(plain, "1.6.0") == ["BumpFacts", "AddCommit"]


async def test_rebuilding_takes_at_most_four(plain: House) -> None:
    await published(plain, "1.5.0")
    plain.github.webhooks.paused = True
    await plain.commit({"deploy/api.yaml": plain.deployment().replace(b"8080", b"9090")})
    names = await published(plain, "1.6.0")
    assert names == ["BumpFacts", "git/create-tree", "git/create-commit", "MoveBranch"]


async def test_no_change_takes_one(plain: House) -> None:
    await published(plain, "1.5.0")
    counted = plain.counted()
    await plain.ask(plain.bump_work())
    assert counted.names == ["BumpFacts"]


async def test_an_event_that_changes_nothing_takes_none(plain: House) -> None:
    assert await published(plain, "1.0.0") == []


async def test_merging_takes_two(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    counted = house.counted()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.github.webhooks.idle()
    house.github.webhooks.paused = True
    await house.work()
    assert pull.merged
    assert counted.names == ["MergeFacts", "pulls/merge"]


async def test_a_merge_reads_what_the_base_demands_with_two_more_after_ten_minutes(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.later(timedelta(minutes=11))
    counted = house.counted()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.github.webhooks.idle()
    house.github.webhooks.paused = True
    await house.work()
    assert pull.merged
    assert counted.names == ["MergeFacts", "repos/get-branch", "repos/get-branch-rules", "pulls/merge"]


async def test_a_cold_token_takes_one_more(plain: House) -> None:
    await plain.later(timedelta(hours=1))
    assert await published(plain, "1.5.0") == [TOKEN, "BumpFacts", "OpenPullRequest"]


async def test_a_cold_process_opens_a_first_pull_request_without_asking_who_it_is(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(house.repository, files)
    await house.work()
    assert await published(house, "1.5.0") == [TOKEN, "BumpFacts", "OpenPullRequest"]


async def test_a_push_of_an_unrelated_file_takes_a_look_at_the_head_and_its_tree(plain: House) -> None:
    await published(plain, "1.5.0")
    counted = plain.counted()
    await plain.commit({"README.md": b"Hello\n"})
    assert counted.names == ["Head", "git/get-tree"]


async def test_a_push_to_another_branch_takes_none(plain: House) -> None:
    counted = plain.counted()
    await plain.commit({"README.md": b"Hello\n"}, branch="feature")
    assert counted.names == []


async def test_a_push_that_was_looked_at_already_takes_one(plain: House) -> None:
    told = next(each for each in plain.github.webhooks.deliveries if each.event == "push")
    counted = plain.counted()
    await plain.github.deliver("push", told.payload)
    await plain.work()
    assert counted.names == ["Head"]


async def test_comments_and_issues_take_none(plain: House) -> None:
    counted = plain.counted()
    for event in ("issue_comment", "issues"):
        await plain.github.deliver(event, {"action": "created", "installation": {"id": plain.installation.id}})
    await plain.work()
    assert counted.names == []
