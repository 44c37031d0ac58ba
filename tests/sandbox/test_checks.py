"""Check runs and statuses over REST."""

from typing import Any

import pytest

from tests.sandbox.conftest import Client

SHOP = "/repos/acme/shop"
RUNS = f"{SHOP}/check-runs"
ANNOTATION = {
    "path": ".niro/policies.yml",
    "start_line": 3,
    "end_line": 3,
    "annotation_level": "failure",
    "message": "unknown key",
}


async def head(bot: Client) -> str:
    found = await bot.sandbox.repository("acme/shop").git.branch("main")
    assert found is not None
    return found


async def reported(bot: Client, **fields: Any) -> Any:
    return await bot.post(RUNS, {"name": "niro", "head_sha": await head(bot), **fields})


async def test_a_check_run_is_reported_and_completed(bot: Client) -> None:
    run = (await reported(bot, status="in_progress")).json
    assert (run["app"]["slug"], run["status"], run["conclusion"]) == ("niro", "in_progress", None)
    output = {"title": "Fine", "summary": "All well"}
    ended = await bot.patch(f"{RUNS}/{run['id']}", {"conclusion": "success", "output": output})
    assert (ended.json["status"], ended.json["output"]["title"]) == ("completed", "Fine")
    assert ended.json["completed_at"]
    assert (await bot.get(f"{RUNS}/{run['id']}")).json["conclusion"] == "success"


async def test_annotations_are_appended(bot: Client) -> None:
    output = {"title": "t", "summary": "s", "annotations": [ANNOTATION] * 50}
    run = (await reported(bot, conclusion="failure", output=output)).json
    await bot.patch(f"{RUNS}/{run['id']}", {"output": {"title": "t", "summary": "s", "annotations": [ANNOTATION]}})
    assert (await bot.get(f"{RUNS}/{run['id']}")).json["output"]["annotations_count"] == 51
    shown = (await bot.get(f"{RUNS}/{run['id']}/annotations?per_page=1")).json
    assert (shown[0]["message"], shown[0]["start_line"]) == ("unknown key", 3)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "completed"},
        {"conclusion": "splendid"},
        {"head_sha": "1" * 40, "conclusion": "success"},
        {"conclusion": "success", "output": {"title": "t", "summary": "x" * 65_536}},
        {"conclusion": "success", "output": {"title": "t", "summary": "é" * 32_768}},
        {"conclusion": "success", "output": {"title": "t", "summary": "s", "annotations": [ANNOTATION] * 51}},
    ],
)
async def test_a_check_run_beyond_what_github_takes_is_refused(
    undescribed: None, bot: Client, fields: dict[str, Any]
) -> None:
    assert (await reported(bot, **fields)).status == 422


async def test_the_latest_run_of_each_name_is_listed(bot: Client) -> None:
    for conclusion in ("failure", "success"):
        await reported(bot, conclusion=conclusion)
    path = f"{SHOP}/commits/main/check-runs"
    latest, every = (await bot.get(path)).json, (await bot.get(f"{path}?filter=all")).json
    assert [run["conclusion"] for run in latest["check_runs"]] == ["success"]
    assert (latest["total_count"], every["total_count"]) == (1, 2)
    assert (await bot.get(f"{path}?check_name=other")).json["total_count"] == 0


async def test_only_an_app_reports_checks_and_only_its_own_are_changed(bot: Client, person: Client) -> None:
    refused = await person.post(RUNS, {"name": "mine", "head_sha": await head(bot), "conclusion": "success"})
    assert refused.message == "You must authenticate via a GitHub App."
    (run,) = await bot.sandbox.complete_checks("acme/shop", await head(bot))
    assert (await bot.patch(f"{RUNS}/{run.id}", {"conclusion": "failure"})).status == 403


async def test_statuses_are_combined_by_the_latest_of_each_context(person: Client, shop: Any) -> None:
    oid = await shop.git.branch("main")
    for context, state in (("build", "pending"), ("build", "success"), ("lint", "failure")):
        made = await person.post(f"{SHOP}/statuses/{oid}", {"context": context, "state": state})
        assert made.status == 201
    combined = (await person.get(f"{SHOP}/commits/main/status")).json
    assert (combined["state"], combined["total_count"]) == ("failure", 2)
    assert {status["context"]: status["state"] for status in combined["statuses"]} == {
        "build": "success",
        "lint": "failure",
    }
    assert len((await person.get(f"{SHOP}/commits/main/statuses")).json) == 3


async def test_nothing_said_is_pending(bot: Client) -> None:
    assert (await bot.get(f"{SHOP}/commits/main/status")).json["state"] == "pending"
