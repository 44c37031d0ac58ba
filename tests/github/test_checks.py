"""Check runs and labels: what the bot writes beside its commits."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import Annotation, CheckAction, CheckRun, Conclusion, Level, UnexpectedAnswer
from bot.github.checks import LONGEST_MESSAGE, LONGEST_SUMMARY
from tests.github.scripted import Answer
from tests.github.wishes import SANDBOXED, facts, opening


def annotations(count: int) -> tuple[Annotation, ...]:
    return tuple(
        Annotation("a.yml", line, line, Level.FAILURE, f"problem {line}", "key") for line in range(1, count + 1)
    )


async def test_a_check_run_stands_on_its_commit(shop, sandbox):
    head = (await shop.head()).commit
    number = await shop.create_check_run(
        CheckRun(head, "niro / policies", Conclusion.FAILURE, "1 problem", "**bad**", annotations(1))
    )
    run = sandbox.repository(SANDBOXED).check_runs[number]
    assert (run.name, run.head_oid, run.status, run.conclusion) == ("niro / policies", head, "completed", "failure")


async def test_many_annotations_all_arrive_fifty_at_a_time(repo, server):
    server.on("POST /repos/acme/shop/check-runs", Answer({"id": 5}, 201))
    server.on("PATCH /repos/acme/shop/check-runs/5", Answer({"id": 5}))
    given = annotations(120)
    assert await repo.create_check_run(CheckRun("a" * 40, "n", Conclusion.FAILURE, "t", "s", given)) == 5
    sent = [seen.data["output"]["annotations"] for seen in server.seen if "check-runs" in seen.path]
    assert [len(batch) for batch in sent] == [50, 50, 20]
    assert [each["start_line"] for batch in sent for each in batch] == list(range(1, 121))


async def test_what_check_runs_are_about_can_be_asked(shop):
    head = (await shop.head()).commit
    await shop.create_check_run(CheckRun(head, "niro / policies", Conclusion.SUCCESS, "t", "s", about="7"))
    await shop.create_check_run(CheckRun(head, "other", Conclusion.SUCCESS, "t", "s", about="8"))
    assert await shop.checks_about(head, "niro / policies") == {"7"}


@pytest.mark.parametrize("answer", [[], {"check_runs": None}, {}])
async def test_an_answer_without_check_runs_is_an_error(repo, server, answer):
    server.on("GET /repos/acme/shop/commits/" + "a" * 40 + "/check-runs?check_name=n&per_page=100", Answer(answer))
    with pytest.raises(UnexpectedAnswer):
        await repo.checks_about("a" * 40, "n")


async def test_a_summary_is_cut_to_what_github_takes(repo, server):
    server.on("POST /repos/acme/shop/check-runs", Answer({"id": 5}, 201))
    await repo.create_check_run(CheckRun("a" * 40, "n", Conclusion.NEUTRAL, "t", "x" * 100_000))
    summary = server.requests("POST /repos/acme/shop/check-runs")[0].data["output"]["summary"]
    assert summary == "x" * (LONGEST_SUMMARY - 3) + "…"


async def test_a_summary_is_cut_by_bytes_and_never_through_a_letter(repo, server):
    (sent,) = await written(repo, server, summary="\N{GRINNING FACE}" * 20_000)
    summary = sent["output"]["summary"]
    assert LONGEST_SUMMARY - 7 < len(summary.encode()) <= LONGEST_SUMMARY
    assert set(summary) == {"\N{GRINNING FACE}", "…"}


async def written(repo: Any, server: Any, **changed: Any) -> list[dict[str, Any]]:
    """What GitHub is sent for a check run, request by request."""
    server.on("POST /repos/acme/shop/check-runs", Answer({"id": 5}, 201))
    server.on("PATCH /repos/acme/shop/check-runs/5", Answer({"id": 5}))
    await repo.create_check_run(CheckRun("a" * 40, "n", Conclusion.NEUTRAL, **{"title": "t", "summary": "s"} | changed))
    return [seen.data for seen in server.seen if "check-runs" in seen.path]


async def test_buttons_and_a_link_go_with_every_request(repo, server):
    buttons = (CheckAction("Explain", "Say why", "explain"), CheckAction("Ignore", "Open a pull request", "ignore"))
    sent = await written(repo, server, actions=buttons, details_url="https://niro/x", annotations=annotations(60))
    assert [data["details_url"] for data in sent] == ["https://niro/x"] * 2
    assert [data["actions"][0] for data in sent] == [
        {"label": "Explain", "description": "Say why", "identifier": "explain"}
    ] * 2
    assert [len(data["actions"]) for data in sent] == [2, 2]


async def test_without_buttons_and_link_none_are_named(repo, server):
    (sent,) = await written(repo, server)
    assert not {"actions", "details_url", "external_id"} & sent.keys()


async def test_github_shows_three_buttons(repo, server):
    (sent,) = await written(repo, server, actions=tuple(CheckAction(str(n), "d", str(n)) for n in range(4)))
    assert [action["label"] for action in sent["actions"]] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "named",
    [("x" * 21, "d", "i"), ("l", "x" * 41, "i"), ("l", "d", "x" * 21)],
    ids=["label", "description", "identifier"],
)
def test_a_button_that_is_too_long_for_github_is_refused(named):
    with pytest.raises(ValueError, match="20, 40 and 20"):
        CheckAction(*named)


@pytest.mark.parametrize(
    ("given", "told"), [((3, 5), (3, 5)), ((3, 3), (3, 3)), ((5, 3), (5, 5)), ((0, 0), (1, 1)), ((-2, 4), (1, 4))]
)
async def test_lines_of_annotations_are_as_github_wants_them(repo, server, given, told):
    (sent,) = await written(repo, server, annotations=(Annotation("a.yml", *given, Level.NOTICE, "m"),))
    (annotation,) = sent["output"]["annotations"]
    assert (annotation["start_line"], annotation["end_line"]) == told


@pytest.mark.parametrize("character", ["x", "é", "\U0001f600"])
async def test_what_an_annotation_says_is_cut_to_what_github_takes(repo, server, character):
    annotation = Annotation("a.yml", 1, 1, Level.NOTICE, character * 70_000, character * 300)
    (sent,) = await written(repo, server, annotations=(annotation,), title="t" * 300)
    (told,) = sent["output"]["annotations"]
    assert LONGEST_MESSAGE - 10 < len(told["message"].encode()) <= LONGEST_MESSAGE
    assert told["message"].endswith(character + "…")
    assert (len(told["title"]), len(sent["output"]["title"])) == (255, 255)


async def test_the_token_of_a_review_writes_its_check_run(repo, server):
    server.on("GET /repos/acme/shop/compare/a...b?per_page=1&page=1", Answer({"merge_base_commit": {"sha": "c"}}))
    await repo.compare("a", "b")
    await written(repo, server)
    assert len(server.minted) == 1


async def test_labels_take_one_request_and_those_of_people_stay(shop, sandbox):
    opened = await shop.open_pull_request(opening(await facts(shop)))
    await shop.label(opened.number, ["theirs"])
    before = len(sandbox.faults.requests)
    await shop.label(opened.number, ["dependencies", "niro"])
    assert len(sandbox.faults.requests) - before == 1
    labels = {label.name for label in sandbox.repository(SANDBOXED).pulls[0].labels}
    assert labels == {"theirs", "dependencies", "niro"}


async def test_nothing_to_label_is_no_request(repo, server):
    await repo.label(3, [])
    assert server.seen == []


async def test_people_and_teams_are_asked_and_assigned(repo, server):
    server.on("POST /repos/acme/shop/pulls/3/requested_reviewers", Answer({}, 201))
    server.on("POST /repos/acme/shop/issues/3/assignees", Answer({}, 201))
    await repo.label(3, [], reviewers=["ann", "acme/ops"], assignees=["bob"])
    reviewers, assignees = (seen.data for seen in server.seen if "access_tokens" not in seen.path)
    assert reviewers == {"reviewers": ["ann"], "team_reviewers": ["ops"]}
    assert assignees == {"assignees": ["bob"]}


async def test_what_a_check_is_about_is_told_once_when_it_is_made(repo, server):
    sent = await written(repo, server, about="7", annotations=annotations(60))
    assert [data.get("external_id") for data in sent] == ["7", None]
