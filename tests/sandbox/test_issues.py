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


async def test_an_issue_has_not_too_much_text(bot: Client) -> None:
    assert (await bot.post(f"{SHOP}/issues", {"title": "t", "body": "x" * 65_537})).status == 422
    made = (await bot.post(f"{SHOP}/issues", {"title": "t", "body": "x" * 65_536})).json
    assert (await bot.patch(f"{SHOP}/issues/{made['number']}", {"body": "x" * 65_537})).status == 422


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


async def test_a_reaction_is_made_once(bot: Client, pull: str) -> None:
    comment = await bot.sandbox.comment("acme/shop", int(pull), "/niro help")
    path = f"{SHOP}/issues/comments/{comment.id}/reactions"
    assert [(await bot.post(path, {"content": content})).status for content in ("eyes", "eyes", "+1")] == [
        201,
        200,
        201,
    ]
    assert bot.sandbox.reactions("acme/shop", comment) == ["eyes", "+1"]
    assert [found["user"]["login"] for found in (await bot.get(path)).json] == ["niro[bot]", "niro[bot]"]
    shown = (await bot.get(f"{SHOP}/issues/comments/{comment.id}")).json["reactions"]
    assert (shown["total_count"], shown["eyes"], shown["confused"]) == (2, 1, 0)


async def test_a_comment_that_is_gone_takes_no_reaction(bot: Client, pull: str) -> None:
    comment = await bot.sandbox.comment("acme/shop", int(pull), "/niro help")
    path = f"{SHOP}/issues/comments/{comment.id}"
    assert (await bot.delete(path)).status == 204
    assert (await bot.get(path)).status == 404
    assert (await bot.post(f"{path}/reactions", {"content": "eyes"})).status == 404


async def test_an_issue_is_opened_changed_closed_and_opened_again(bot: Client) -> None:
    made = await bot.post(f"{SHOP}/issues", {"title": "Images", "body": "One", "labels": ["images"]})
    assert (made.status, made.json["user"]["login"], made.json["labels"][0]["name"]) == (201, "niro[bot]", "images")
    path = f"{SHOP}/issues/{made.json['number']}"
    assert (await bot.patch(path, {"body": "Two"})).json["body"] == "Two"
    assert (await bot.patch(path, {"state": "closed"})).json["closed_by"]["login"] == "niro[bot]"
    assert (await bot.get(f"{SHOP}/issues")).json == []
    assert (await bot.patch(path, {"state": "open"})).json["closed_at"] is None


async def test_an_issue_needs_a_title(bot: Client) -> None:
    assert (await bot.post(f"{SHOP}/issues", {"title": " "})).status == 422


async def test_a_pull_request_is_changed_and_closed_as_an_issue_too(bot: Client, pull: str) -> None:
    changed = (await bot.patch(f"{SHOP}/issues/{pull}", {"title": "Newer", "state": "closed"})).json
    assert (changed["title"], changed["state"]) == ("Newer", "closed")
    assert (await bot.get(f"{SHOP}/pulls/{pull}")).json["state"] == "closed"
    assert (await bot.patch(f"{SHOP}/issues/{pull}", {"state": "open"})).json["state"] == "open"


async def test_issues_are_listed_by_who_opened_them_and_how_they_are_labelled(bot: Client, pull: str) -> None:
    await bot.post(f"{SHOP}/issues", {"title": "Images", "labels": ["images"]})
    await bot.sandbox.world.issues.open(
        bot.sandbox.repository("acme/shop"), title="Broken", body=None, actor=bot.sandbox.person
    )

    async def titles(query: str) -> list[str]:
        return [issue["title"] for issue in (await bot.get(f"{SHOP}/issues?{query}")).json]

    assert await titles("") == ["Broken", "Images", "Bump"]
    assert await titles("direction=asc") == ["Bump", "Images", "Broken"]
    assert await titles("creator=niro%5Bbot%5D") == ["Images", "Bump"]
    assert await titles("labels=images") == ["Images"]
    assert await titles("state=closed") == []
    assert await titles("since=2999-01-01T00:00:00Z") == []


async def test_comments_are_listed_since_a_time(bot: Client, pull: str) -> None:
    path = f"{SHOP}/issues/{pull}/comments"
    await bot.post(path, {"body": "Held."})
    assert len((await bot.get(f"{path}?since=2000-01-01T00:00:00Z")).json) == 1
    assert (await bot.get(f"{path}?since=2999-01-01T00:00:00Z")).json == []
