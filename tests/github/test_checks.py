"""Check runs and labels: what the bot writes beside its commits."""

from __future__ import annotations

from bot.github import Annotation, CheckRun, Conclusion, Level
from bot.github.checks import LONGEST_SUMMARY
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


async def test_a_summary_is_cut_to_what_github_takes(repo, server):
    server.on("POST /repos/acme/shop/check-runs", Answer({"id": 5}, 201))
    await repo.create_check_run(CheckRun("a" * 40, "n", Conclusion.NEUTRAL, "t", "x" * 100_000))
    summary = server.requests("POST /repos/acme/shop/check-runs")[0].data["output"]["summary"]
    assert len(summary) == LONGEST_SUMMARY
    assert summary.endswith("…")


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
