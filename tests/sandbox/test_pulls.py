"""Pull requests from opening to closing, and the rule that closes them for good."""

from typing import Any

import pytest

from bot.sandbox.model import ZERO_OID
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Client

SHOP = "/repos/acme/shop"
PULLS = f"{SHOP}/pulls"


async def opened(bot: Client, branch: str = "niro/api", **fields: Any) -> dict[str, Any]:
    await bot.sandbox.commit("acme/shop", branch, {"deploy/api.yaml": f"image: {branch}\n".encode()})
    answer = await bot.post(PULLS, {"head": branch, "base": "main", "title": "Bump api", "body": "why", **fields})
    assert answer.status == 201, answer.body
    return answer.json


async def state(bot: Client, number: int) -> tuple[str, bool]:
    shown = (await bot.get(f"{PULLS}/{number}")).json
    return shown["state"], shown["merged"]


async def test_a_pull_request_shows_what_it_would_change(bot: Client) -> None:
    pull = await opened(bot)
    assert (pull["user"]["login"], pull["state"], pull["mergeable"]) == ("niro[bot]", "open", True)
    assert (pull["commits"], pull["changed_files"], pull["additions"], pull["deletions"]) == (1, 1, 1, 1)
    files = (await bot.get(f"{PULLS}/{pull['number']}/files")).json
    assert files[0]["patch"] == "@@ -1 +1 @@\n-image: acme/api:1.0.0\n+image: niro/api"
    commits = (await bot.get(f"{PULLS}/{pull['number']}/commits")).json
    assert [commit["sha"] for commit in commits] == [pull["head"]["sha"]]


async def test_a_second_pull_request_of_the_same_branches_is_refused(bot: Client) -> None:
    await opened(bot)
    refused = await bot.post(PULLS, {"head": "niro/api", "base": "main", "title": "Again"})
    assert (refused.status, refused.reasons) == (422, ["A pull request already exists for acme:niro/api."])


async def test_a_pull_request_needs_a_commit_that_its_base_has_not(bot: Client) -> None:
    base = await bot.sandbox.repository("acme/shop").git.branch("main")
    await bot.sandbox.force_push("acme/shop", "same", base)
    refused = await bot.post(PULLS, {"head": "same", "base": "main", "title": "Nothing"})
    assert refused.reasons == ["No commits between main and same"]


@pytest.mark.parametrize(("head", "base", "field"), [("missing", "main", "head"), ("niro/api", "missing", "base")])
async def test_a_pull_request_needs_both_branches(bot: Client, head: str, base: str, field: str) -> None:
    await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    refused = await bot.post(PULLS, {"head": head, "base": base, "title": "Bump"})
    assert refused.reasons == [f"{field} invalid"]


async def test_pull_requests_are_found_by_their_branches_and_state(bot: Client) -> None:
    first, second = await opened(bot), await opened(bot, "niro/web")
    await bot.patch(f"{PULLS}/{second['number']}", {"state": "closed"})
    numbers = lambda answer: [pull["number"] for pull in answer.json]  # noqa: E731
    assert numbers(await bot.get(PULLS)) == [first["number"]]
    assert numbers(await bot.get(f"{PULLS}?state=all&head=acme:niro/web")) == [second["number"]]
    assert numbers(await bot.get(f"{PULLS}?state=all&base=other")) == []


async def test_title_and_body_are_changed(bot: Client) -> None:
    number = (await opened(bot))["number"]
    await bot.patch(f"{PULLS}/{number}", {"title": "Bump api to 2", "body": "newer"})
    shown = (await bot.get(f"{PULLS}/{number}")).json
    assert (shown["title"], shown["body"]) == ("Bump api to 2", "newer")


async def test_a_body_has_not_too_much_text(bot: Client) -> None:
    long = {"body": "x" * 65_537}
    said = ["body is too long (maximum is 65536 characters)"]
    number = (await opened(bot))["number"]
    assert (await bot.patch(f"{PULLS}/{number}", long)).reasons == said
    await bot.sandbox.commit("acme/shop", "niro/web", {"b": b"1"})
    assert (await bot.post(PULLS, {"head": "niro/web", "base": "main", "title": "Bump", **long})).reasons == said


async def test_a_new_commit_on_the_branch_moves_the_head(bot: Client) -> None:
    number = (await opened(bot))["number"]
    oid = await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    assert (await bot.get(f"{PULLS}/{number}")).json["head"]["sha"] == oid


async def test_a_closed_pull_request_keeps_its_head_and_can_be_opened_again(bot: Client) -> None:
    pull = await opened(bot)
    path = f"{PULLS}/{pull['number']}"
    await bot.patch(path, {"state": "closed"})
    newer = await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    assert (await bot.get(path)).json["head"]["sha"] == pull["head"]["sha"]
    assert (await bot.patch(path, {"state": "open"})).json["head"]["sha"] == newer


async def test_a_branch_that_points_at_its_base_closes_the_pull_request_for_good(bot: Client) -> None:
    pull = await opened(bot)
    path, branch = f"{PULLS}/{pull['number']}", f"{SHOP}/git/refs/heads/niro/api"
    await bot.patch(branch, {"sha": pull["base"]["sha"], "force": True})
    assert await state(bot, pull["number"]) == ("closed", False)
    await bot.patch(branch, {"sha": pull["head"]["sha"], "force": True})
    refused = await bot.patch(path, {"state": "open"})
    assert refused.status == 422
    assert refused.reasons == ["state cannot be changed. The niro/api branch was force-pushed or recreated."]
    assert (await bot.post(PULLS, {"head": "niro/api", "base": "main", "title": "Anew"})).status == 201


async def test_a_deleted_branch_closes_its_pull_request(bot: Client) -> None:
    number = (await opened(bot))["number"]
    await bot.delete(f"{SHOP}/git/refs/heads/niro/api")
    assert await state(bot, number) == ("closed", False)
    refused = await bot.patch(f"{PULLS}/{number}", {"state": "open"})
    assert refused.reasons == ["state cannot be changed. The niro/api branch has been deleted."]


async def test_a_force_pushed_branch_cannot_be_opened_again(bot: Client) -> None:
    pull = await opened(bot)
    await bot.patch(f"{PULLS}/{pull['number']}", {"state": "closed"})
    await bot.sandbox.force_push("acme/shop", "niro/api", ZERO_OID)
    await bot.sandbox.commit("acme/shop", "niro/api", {"other": b"1"})
    refused = await bot.patch(f"{PULLS}/{pull['number']}", {"state": "open"})
    assert "force-pushed or recreated" in refused.reasons[0]


async def test_a_closed_one_stays_closed_while_another_is_open(bot: Client) -> None:
    pull = await opened(bot)
    await bot.patch(f"{PULLS}/{pull['number']}", {"state": "closed"})
    await bot.post(PULLS, {"head": "niro/api", "base": "main", "title": "Anew"})
    refused = await bot.patch(f"{PULLS}/{pull['number']}", {"state": "open"})
    assert "already an open pull request" in refused.reasons[0]


async def test_it_is_merged_when_its_head_arrives_in_the_base(bot: Client) -> None:
    pull = await opened(bot)
    await bot.sandbox.force_push("acme/shop", "main", pull["head"]["sha"])
    assert await state(bot, pull["number"]) == ("closed", True)


async def test_a_conflict_is_told(bot: Client) -> None:
    number = (await opened(bot))["number"]
    await bot.sandbox.commit("acme/shop", "main", {"deploy/api.yaml": b"image: elsewhere\n"})
    shown = (await bot.get(f"{PULLS}/{number}")).json
    assert (shown["mergeable"], shown["mergeable_state"]) == (False, "dirty")


async def test_mergeability_can_be_unknown_at_first(bot: Client) -> None:
    number = (await opened(bot))["number"]
    bot.sandbox.world.issues.find_pull(bot.sandbox.repository("acme/shop"), number).unknown_mergeability = 1
    states = [(await bot.get(f"{PULLS}/{number}")).json["mergeable_state"] for _ in range(2)]
    assert states == ["unknown", "clean"]


async def test_a_draft_becomes_ready(bot: Client) -> None:
    pull = await opened(bot, draft=True)
    assert pull["mergeable_state"] == "draft"
    record = bot.sandbox.world.issues.find_pull(bot.sandbox.repository("acme/shop"), pull["number"])
    await bot.sandbox.world.pulls.mark_ready(record, bot.sandbox.person)
    assert (await bot.get(f"{PULLS}/{pull['number']}")).json["mergeable_state"] == "clean"


async def test_an_issue_is_no_pull_request(bot: Client, sandbox: Sandbox) -> None:
    issue = await sandbox.world.issues.open(
        sandbox.repository("acme/shop"), title="Dashboard", body=None, actor=sandbox.person
    )
    assert (await bot.get(f"{PULLS}/{issue.number}")).status == 404
    assert (await bot.get(f"{SHOP}/issues/{issue.number}")).json["title"] == "Dashboard"
