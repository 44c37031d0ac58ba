"""ETags, and GitHub's primary and secondary limits."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Client

SHOP = "/repos/acme/shop"


async def test_what_has_not_changed_is_not_sent_again_and_costs_nothing(bot: Client) -> None:
    first = await bot.get(SHOP)
    again = await bot.get(SHOP, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["X-RateLimit-Remaining"] == first.headers["X-RateLimit-Remaining"]


async def test_a_change_makes_a_new_tag(bot: Client) -> None:
    path = f"{SHOP}/git/ref/heads/main"
    first = await bot.get(path)
    await bot.sandbox.commit("acme/shop", "main", {"a": b"1"})
    assert (await bot.get(path, headers={"If-None-Match": first.headers["ETag"]})).status == 200


async def test_a_tag_belongs_to_the_token_and_can_be_worked_out_for_a_new_one(bot: Client, session: Any) -> None:
    first = await bot.get(SHOP)
    token = bot.sandbox.world.tokens.for_installation(bot.sandbox.installation("acme"))
    renewed = Client(session, bot.sandbox, token.text)
    assert (await renewed.get(SHOP, headers={"If-None-Match": first.headers["ETag"]})).status == 200
    worked_out = hashlib.sha256(f"*/*:Bearer {token.text}:".encode() + first.body).hexdigest()
    assert (await renewed.get(SHOP, headers={"If-None-Match": f'W/"{worked_out}"'})).status == 304


async def test_every_answer_says_what_is_left(bot: Client) -> None:
    remaining = [int((await bot.get(SHOP)).headers["X-RateLimit-Remaining"]) for _ in range(2)]
    assert remaining == [4999, 4998]
    told = (await bot.get("/rate_limit")).json["resources"]
    assert (told["core"]["remaining"], told["graphql"]["remaining"]) == (4998, 5000)


async def test_beyond_the_limit_all_is_refused_until_the_reset(tmp_path: Any, session: Any) -> None:
    moment = datetime.now(UTC)
    sandbox = await Sandbox.start(tmp_path / "github", now=lambda: moment)
    await sandbox.add_repository("acme/shop", {"a": b"1"})
    sandbox.world.limits.settings.core = 2
    person = Client(session, sandbox, sandbox.world.tokens.for_user(sandbox.person))
    answers = [await person.get(SHOP) for _ in range(3)]
    moment += timedelta(hours=1, seconds=1)
    after = await person.get(SHOP)
    await sandbox.stop()
    assert [answer.status for answer in [*answers, after]] == [200, 200, 403, 200]
    assert answers[2].headers["X-RateLimit-Remaining"] == "0"
    assert "rate limit exceeded" in answers[2].message


async def test_installations_are_counted_apart_and_their_tokens_together(bot: Client, session: Any) -> None:
    bot.sandbox.world.limits.settings.core = 1
    await bot.sandbox.add_repository("other/blog", {"a": b"1"})
    tokens = bot.sandbox.world.tokens
    renewed = Client(session, bot.sandbox, tokens.for_installation(bot.sandbox.installation("acme")).text)
    other = Client(session, bot.sandbox, tokens.for_installation(bot.sandbox.installation("other")).text)
    assert (await bot.get(SHOP)).status == 200
    assert (await renewed.get(SHOP)).status == 403
    assert (await other.get("/repos/other/blog")).status == 200


@pytest.mark.parametrize("told", [True, False])
async def test_too_much_content_at_once_is_a_secondary_limit(bot: Client, told: bool) -> None:
    settings = bot.sandbox.world.limits.settings
    settings.content_each_minute, settings.sends_retry_after = 1, told
    issue = await bot.sandbox.world.issues.open(
        bot.sandbox.repository("acme/shop"), title="t", body=None, actor=bot.sandbox.person
    )
    path = f"{SHOP}/issues/{issue.number}/comments"
    assert (await bot.post(path, {"body": "one"})).status == 201
    refused = await bot.post(path, {"body": "two"})
    assert refused.status == 403
    assert "secondary rate limit" in refused.message
    assert refused.headers.get("Retry-After") == ("60" if told else None)
    assert refused.headers["X-RateLimit-Remaining"] != "0"


async def test_writes_weigh_more_than_reads(bot: Client) -> None:
    bot.sandbox.world.limits.settings.points_each_minute = 6
    body = {"labels": ["x"]}
    issue = await bot.sandbox.world.issues.open(
        bot.sandbox.repository("acme/shop"), title="t", body=None, actor=bot.sandbox.person
    )
    statuses = [
        (await bot.get(SHOP)).status,
        (await bot.post(f"{SHOP}/issues/{issue.number}/labels", body)).status,
        (await bot.get(SHOP)).status,
    ]
    assert statuses == [200, 200, 403]


async def test_graphql_has_a_limit_of_its_own_and_words_it_as_an_error(bot: Client) -> None:
    bot.sandbox.world.limits.settings.graphql = 1
    document = {"query": 'query Head { repository(owner: "acme", name: "shop") { id } }'}
    first, second = [await bot.post("/graphql", document) for _ in range(2)]
    assert first.json["data"]["repository"]["id"]
    assert (second.status, second.json["errors"][0]["type"]) == (200, "RATE_LIMITED")
    assert second.headers["X-RateLimit-Remaining"] == "0"
    assert (await bot.get(SHOP)).status == 200


async def test_content_may_be_made_again_after_an_hour(tmp_path: Any, session: Any) -> None:
    moment = datetime.now(UTC)
    sandbox = await Sandbox.start(tmp_path / "github", now=lambda: moment)
    repository = await sandbox.add_repository("acme/shop", {"a": b"1"})
    sandbox.world.limits.settings.content_each_hour = 1
    issue = await sandbox.world.issues.open(repository, title="t", body=None, actor=sandbox.person)
    person = Client(session, sandbox, sandbox.world.tokens.for_user(sandbox.person))
    statuses = []
    for _ in range(3):
        statuses.append((await person.post(f"{SHOP}/issues/{issue.number}/comments", {"body": "one"})).status)
        moment += timedelta(minutes=40)
    await sandbox.stop()
    assert statuses == [201, 403, 201]


async def test_the_points_of_rest_and_graphql_are_counted_apart(bot: Client) -> None:
    settings = bot.sandbox.world.limits.settings
    settings.enforce_points()
    assert (settings.points_each_minute, settings.graphql_points_each_minute) == (900, 2000)
    settings.graphql_points_each_minute = 1
    document = {"query": 'query Head { repository(owner: "acme", name: "shop") { id } }'}
    first, second = [await bot.post("/graphql", document) for _ in range(2)]
    assert (first.status, second.status, (await bot.get(SHOP)).status) == (200, 403, 200)
    assert "secondary rate limit" in second.message


async def test_an_issue_is_content_and_a_reaction_is_not(bot: Client) -> None:
    bot.sandbox.world.limits.settings.content_each_minute = 1
    made = await bot.post(f"{SHOP}/issues", {"title": "Images"})
    assert (made.status, (await bot.post(f"{SHOP}/issues", {"title": "Images"})).status) == (201, 403)
    comment = await bot.sandbox.comment("acme/shop", made.json["number"], "/niro help")
    reacted = await bot.post(f"{SHOP}/issues/comments/{comment.id}/reactions", {"content": "eyes"})
    assert reacted.status == 201
