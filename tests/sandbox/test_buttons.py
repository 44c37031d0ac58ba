"""The buttons of check runs, and what GitHub takes of a check run with buttons and annotations."""

from typing import Any

import pytest

from tests.sandbox.conftest import Client, Receiver

NAME = "acme/shop"
RUNS = f"/repos/{NAME}/check-runs"
BUTTON = {"label": "Explain", "description": "Say what the rule asks for", "identifier": "explain"}
OUTPUT = {"title": "t", "summary": "s"}
ANNOTATION = {"path": "a.yaml", "start_line": 3, "end_line": 4, "annotation_level": "warning", "message": "m"}


async def reported(bot: Client, head: str | None = None, **fields: Any) -> Any:
    head = head or await bot.sandbox.repository(NAME).git.branch("main")
    return await bot.post(RUNS, {"name": "niro / policies", "head_sha": head, "conclusion": "neutral", **fields})


async def told(receiver: Receiver, bot: Client, action: str) -> list[dict[str, Any]]:
    await bot.sandbox.webhooks.idle()
    return [event for event in receiver.of("check_run") if event["action"] == action]


async def test_a_button_that_is_pressed_is_told(receiver: Receiver, bot: Client) -> None:
    await bot.sandbox.commit(NAME, "change", {"a.yaml": b"a: 1\n"})
    pull = await bot.sandbox.open_pull(NAME, "change", "ann")
    run = (await reported(bot, pull.head_oid, external_id="1", actions=[BUTTON])).json
    await bot.sandbox.press(NAME, run["id"], "explain", "ann")
    (event,) = await told(receiver, bot, "requested_action")
    assert event["requested_action"] == {"identifier": "explain"}
    assert (event["sender"]["login"], event["check_run"]["id"]) == ("ann", run["id"])
    assert [found["number"] for found in event["check_run"]["pull_requests"]] == [pull.number]


async def test_a_button_of_a_forks_check_names_no_pull_request(receiver: Receiver, bot: Client) -> None:
    await bot.sandbox.fork(NAME, "ann")
    await bot.sandbox.push_as_person("ann/shop", "change", {"a.yaml": b"a: 1\n"}, "ann")
    pull = await bot.sandbox.open_pull(NAME, "ann:change", "ann")
    run = (await reported(bot, pull.head_oid, actions=[BUTTON])).json
    await bot.sandbox.press(NAME, run["id"], "explain", "ann")
    (event,) = await told(receiver, bot, "requested_action")
    assert (event["check_run"]["pull_requests"], event["check_run"]["check_suite"]["pull_requests"]) == ([], [])


async def test_a_button_that_is_not_there_is_not_pressed(receiver: Receiver, bot: Client) -> None:
    run = (await reported(bot, actions=[BUTTON])).json
    with pytest.raises(ValueError, match="no button 'ignore'"):
        await bot.sandbox.press(NAME, run["id"], "ignore")
    await bot.patch(f"{RUNS}/{run['id']}", {"actions": []})
    with pytest.raises(ValueError, match="no button 'explain'"):
        await bot.sandbox.press(NAME, run["id"], "explain")
    assert await told(receiver, bot, "requested_action") == []


async def test_a_check_asked_for_anew_is_told_to_its_app_alone(receiver: Receiver, bot: Client) -> None:
    run = (await reported(bot)).json
    (other,) = await bot.sandbox.complete_checks(NAME, run["head_sha"])
    await bot.sandbox.rerequest(NAME, run["id"], "ann")
    await bot.sandbox.rerequest(NAME, other)
    (event,) = await told(receiver, bot, "rerequested")
    assert (event["check_run"]["id"], event["check_run"]["conclusion"]) == (run["id"], "neutral")


async def test_check_runs_of_a_commit_are_seen_with_all_that_they_say(bot: Client) -> None:
    output = {**OUTPUT, "annotations": [ANNOTATION]}
    run = (await reported(bot, actions=[BUTTON], output=output)).json
    await reported(bot)
    await bot.patch(f"{RUNS}/{run['id']}", {"output": output})
    every = bot.sandbox.repository(NAME).check_runs
    (latest,) = bot.sandbox.check_runs_of(NAME, run["head_sha"])
    assert (latest.name, latest.conclusion, latest.actions) == ("niro / policies", "neutral", [])
    assert (every[run["id"]].actions, every[run["id"]].annotations) == ([BUTTON], [ANNOTATION] * 2)


@pytest.mark.parametrize(
    "fields",
    [
        {"actions": [BUTTON] * 4},
        {"actions": [{**BUTTON, "label": "x" * 21}]},
        {"actions": [{**BUTTON, "description": "x" * 41}]},
        {"actions": [{**BUTTON, "identifier": "x" * 21}]},
        {"output": {**OUTPUT, "annotations": [{**ANNOTATION, "title": "x" * 256}]}},
        {"output": {**OUTPUT, "annotations": [{**ANNOTATION, "message": "x" * 65_537}]}},
        {"output": {**OUTPUT, "annotations": [{**ANNOTATION, "message": "é" * 32_769}]}},
        {"output": {**OUTPUT, "annotations": [{**ANNOTATION, "end_line": 2}]}},
        {"output": {**OUTPUT, "annotations": [ANNOTATION] * 51}},
    ],
)
async def test_what_is_too_much_for_a_check_run_is_refused(
    undescribed: None, bot: Client, fields: dict[str, Any]
) -> None:
    assert (await reported(bot, **fields)).status == 422


async def test_the_longest_that_github_takes_is_taken(bot: Client) -> None:
    button = {"label": "x" * 20, "description": "x" * 40, "identifier": "x" * 20}
    annotation = {**ANNOTATION, "title": "x" * 255, "message": "x" * 65_536}
    run = await reported(bot, actions=[button] * 3, output={**OUTPUT, "annotations": [annotation] * 50})
    assert run.status == 201
