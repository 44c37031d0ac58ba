"""Labels, comments, assignees and reviewers."""

from typing import Any

import pytest

from bot.sandbox.model import Role
from tests.sandbox.conftest import Client

SHOP = "/repos/acme/shop"


@pytest.fixture
async def pull(bot: Client) -> str:
    await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    made = await bot.post(f"{SHOP}/pulls", {"head": "niro/api", "base": "main", "title": "Bump"})
    return str(made.json["number"])


async def test_labels_that_are_new_to_the_repository_are_made(bot: Client, pull: str) -> None:
    path = f"{SHOP}/issues/{pull}/labels"
    await bot.post(path, {"labels": ["dependencies"]})
    answer = await bot.post(path, {"labels": ["Dependencies", "backend"]})
    assert [label["name"] for label in answer.json] == ["dependencies", "backend"]
    shown = (await bot.get(f"{SHOP}/pulls/{pull}")).json
    assert [label["name"] for label in shown["labels"]] == ["dependencies", "backend"]
    assert [label["name"] for label in (await bot.delete(f"{path}/backend")).json] == ["dependencies"]
    assert (await bot.delete(f"{path}/backend")).status == 404
    assert [label["name"] for label in (await bot.get(path)).json] == ["dependencies"]


async def test_labels_and_assignees_are_set_together(bot: Client, pull: str) -> None:
    changed = await bot.patch(f"{SHOP}/issues/{pull}", {"labels": ["x"], "assignees": ["octocat", "nobody"]})
    assert [label["name"] for label in changed.json["labels"]] == ["x"]
    assert [person["login"] for person in changed.json["assignees"]] == ["octocat"]


async def test_comments_are_made_edited_and_listed(bot: Client, pull: str) -> None:
    path = f"{SHOP}/issues/{pull}/comments"
    made = (await bot.post(path, {"body": "Held."})).json
    await bot.patch(f"{SHOP}/issues/comments/{made['id']}", {"body": "Held until Monday."})
    listed = (await bot.get(path)).json
    assert [(comment["body"], comment["user"]["login"]) for comment in listed] == [("Held until Monday.", "niro[bot]")]
    assert (await bot.get(f"{SHOP}/issues/comments/{made['id']}")).json["performed_via_github_app"]["slug"] == "niro"


@pytest.mark.parametrize("body", ["", " \n", "x" * 65_537])
async def test_a_comment_has_text_and_not_too_much(bot: Client, pull: str, body: str) -> None:
    assert (await bot.post(f"{SHOP}/issues/{pull}/comments", {"body": body})).status == 422


async def test_only_collaborators_are_asked_to_review(bot: Client, pull: str) -> None:
    repository, path = bot.sandbox.repository("acme/shop"), f"{SHOP}/pulls/{pull}/requested_reviewers"
    bot.sandbox.world.add_account("ann")
    repository.collaborators["ann"] = Role.WRITE
    asked = await bot.post(path, {"reviewers": ["ann"]})
    assert [person["login"] for person in asked.json["requested_reviewers"]] == ["ann"]
    refused = await bot.post(path, {"reviewers": ["nobody"]})
    assert refused.status == 422
    assert "not a collaborator" in refused.message
    itself = await bot.post(path, {"reviewers": ["niro[bot]"]})
    assert itself.message == "Review cannot be requested from pull request author."


async def test_people_are_assigned_and_strangers_left_out(bot: Client, pull: str) -> None:
    assigned = await bot.post(f"{SHOP}/issues/{pull}/assignees", {"assignees": ["octocat", "nobody"]})
    assert [person["login"] for person in assigned.json["assignees"]] == ["octocat"]


async def test_the_permission_for_pull_requests_is_enough_for_their_labels(
    bot: Client, pull: str, session: Any
) -> None:
    world, installation = bot.sandbox.world, bot.sandbox.installation("acme")
    narrow = world.tokens.for_installation(installation, permissions={"pull_requests": "write"})
    client = Client(session, bot.sandbox, narrow.text)
    assert (await client.post(f"{SHOP}/issues/{pull}/labels", {"labels": ["x"]})).status == 200
    issue = await world.issues.open(bot.sandbox.repository("acme/shop"), title="t", body=None, actor=bot.sandbox.person)
    assert (await client.post(f"{SHOP}/issues/{issue.number}/labels", {"labels": ["x"]})).status == 403
