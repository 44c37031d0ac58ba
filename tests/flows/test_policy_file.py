"""A policy file that cannot be understood: a check run says where and why, and nothing else happens."""

from datetime import timedelta

from bot.sandbox.model import CheckRun
from tests.flows.house import House

BROKEN = b"version: 1\nimages:\n  - image: nginx\n    rnage: 1.x\n"


def runs(house: House) -> list[CheckRun]:
    found = house.github.repository(house.repository).check_runs.values()
    return [run for run in found if run.name == "niro / policies" and not run.external_id]


async def test_the_check_run_on_the_head_names_line_and_key_and_annotates_it(house: House) -> None:
    head = await house.commit({".niro/policies.yml": BROKEN})
    (run,) = runs(house)
    assert (run.head_oid, run.status, run.conclusion) == (head, "completed", "failure")
    assert "line 4" in run.output["title"]
    assert "rnage" in run.output["summary"]
    (annotation,) = run.annotations
    assert (annotation["path"], annotation["start_line"]) == (".niro/policies.yml", 4)
    assert (annotation["annotation_level"], "rnage" in f"{annotation}") == ("failure", True)


async def test_nothing_else_happens_and_the_last_good_file_is_not_used(house: House, logs) -> None:
    await house.commit({".niro/policies.yml": BROKEN})
    counted = house.counted()
    await house.publish("1.5.0")
    await house.ask(house.bump_work())
    assert (house.pulls(), counted.names) == ([], [])
    assert [event for event in logs if event["event"] == "tag.decided"] == []


async def test_a_pull_request_that_is_open_stays_as_it_is_and_is_not_merged(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    head = pull.head_oid
    await house.commit({".niro/policies.yml": BROKEN})
    await house.publish("1.6.0")
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert (pull.state, pull.head_oid, pull.merged) == ("open", head, False)


async def test_mended_the_check_turns_green_and_what_was_missed_is_made_up_for(house: House) -> None:
    await house.commit({".niro/policies.yml": BROKEN})
    await house.publish("1.5.0")
    head = await house.commit({".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()})
    assert [(run.head_oid, run.conclusion) for run in runs(house)][1:] == [(head, "success")]
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.5.0"]


async def test_mended_by_a_revert_it_turns_green_too(house: House) -> None:
    await house.commit({".niro/policies.yml": BROKEN})
    await house.commit({".niro/policies.yml": house.policy(more="    pull-request:\n      auto-merge: true\n")})
    assert [run.conclusion for run in runs(house)] == ["failure", "success"]
    await house.publish("1.5.0")
    assert len(house.pulls()) == 1


async def test_each_new_head_with_the_problem_says_so_and_the_same_head_only_once(house: House) -> None:
    first = await house.commit({".niro/policies.yml": BROKEN})
    second = await house.commit({"README.md": b"Hello\n"})
    told = next(each for each in reversed(house.github.webhooks.deliveries) if each.event == "push")
    await house.github.deliver("push", told.payload)
    await house.work()
    assert [run.head_oid for run in runs(house)] == [first, second]


async def test_a_file_that_was_always_good_gets_no_check_run(house: House) -> None:
    await house.publish("1.5.0")
    assert runs(house) == []


async def test_a_check_run_that_github_does_not_take_at_first_is_written_later(house: House) -> None:
    house.github.faults.bad_gateway("checks/create")
    await house.commit({".niro/policies.yml": BROKEN})
    assert runs(house) == []
    await house.later(timedelta(seconds=10))
    assert len(runs(house)) == 1


async def test_a_broken_file_in_one_repository_leaves_the_others_alone(house: House) -> None:
    other = f"{house.owner}/other"
    files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(other, files)
    await house.commit({".niro/policies.yml": BROKEN})
    await house.publish("1.5.0")
    assert (house.pulls(), len(house.pulls(other))) == ([], 1)


async def test_text_that_would_be_rendered_stays_text(house: House) -> None:
    hostile = "version: 1\nimages:\n  - image: nginx\n    '<img src=x> @octocat ``` [a](b)': 1\n"
    await house.commit({".niro/policies.yml": hostile.encode()})
    (run,) = runs(house)
    lines = [line for line in run.output["summary"].splitlines() if "<img" in line]
    assert lines
    assert all(line.startswith("    ") for line in lines)
