"""A pull request gets one check and few comments: about what it brings, once, and nothing when all is well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.flows.house import House
from tests.flows.reviewing import API, check, checks, pull_request, push, said, threads, workload

LATEST = workload("nginx:latest")
POLICY = ".niro/policies.yml"


async def test_what_a_change_brings_is_commented_on_its_line(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    (thread,) = threads(house, pull)
    assert (thread.path, thread.line) == (API, LATEST.decode().splitlines().index("          image: nginx:latest") + 1)
    assert "latest-image-tag" in said(house, pull)[0]


async def test_the_check_names_the_rule_and_the_place(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    run = check(house, pull.head_oid)
    assert run.conclusion == "neutral"
    assert run.output["title"] == f"latest-image-tag: {API} line 15"
    assert [(each["path"], each["start_line"]) for each in run.annotations] == [(API, 15)]


async def test_nothing_is_said_when_all_is_well(house: House) -> None:
    pull = await pull_request(house, {API: workload()})
    assert check(house, pull.head_oid).conclusion == "success"
    assert threads(house, pull) == []
    assert house.github.reviews(house.repository, pull.number) == []
    assert check(house, pull.head_oid).actions == []


async def test_a_change_without_manifests_has_its_check_too(house: House) -> None:
    pull = await pull_request(house, {"README.md": b"Hello\n"})
    run = check(house, pull.head_oid)
    assert (run.conclusion, run.output["title"]) == ("success", "No manifests changed")


async def test_a_pull_request_of_the_bot_has_its_check_and_no_comments(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    assert check(house, pull.head_oid).conclusion == "success"
    assert threads(house, pull) == []


async def test_without_a_policy_file_nothing_is_said(house: House) -> None:
    await house.commit({}, removed=[POLICY])
    pull = await pull_request(house, {API: LATEST})
    assert checks(house, pull.head_oid) == []


async def test_where_nothing_is_to_be_done_nothing_is_judged(house: House) -> None:
    await house.commit({POLICY: b"version: 1\nenabled: false\n"})
    pull = await pull_request(house, {API: LATEST})
    assert check(house, pull.head_oid).conclusion == "success"
    assert threads(house, pull) == []


async def test_what_stood_before_is_not_the_changes_doing(house: House) -> None:
    await house.commit({API: LATEST})
    pull = await pull_request(house, {API: workload("nginx:latest", replicas=4)})
    assert check(house, pull.head_oid).conclusion == "success"
    assert threads(house, pull) == []


async def test_lines_that_move_make_no_new_finding(house: House) -> None:
    await house.commit({API: LATEST})
    pull = await pull_request(house, {API: b"# moved\n\n# down\n" + LATEST})
    assert check(house, pull.head_oid).conclusion == "success"


async def test_a_renamed_file_keeps_its_findings(house: House) -> None:
    await house.commit({API: LATEST})
    pull = await pull_request(house, {"deploy/other.yaml": LATEST}, removed=[API])
    assert check(house, pull.head_oid).conclusion == "success"


async def test_a_file_that_moves_into_production_is_judged_as_there(house: House) -> None:
    environments = "environments:\n  - {name: production, paths: ['prod/**']}\n  - {name: dev, paths: ['dev/**']}\n"
    await house.commit({POLICY: house.policy(more=environments), "dev/web.yaml": LATEST})
    pull = await pull_request(house, {"prod/web.yaml": LATEST}, removed=["dev/web.yaml"])
    assert check(house, pull.head_oid).output["title"].startswith("latest-image-tag: prod/web.yaml line 15")


async def test_what_is_mended_is_told_in_the_check(house: House) -> None:
    await house.commit({API: LATEST})
    pull = await pull_request(house, {API: workload()})
    run = check(house, pull.head_oid)
    assert (run.conclusion, run.output["title"]) == ("success", "No new findings, 1 fixed")


async def test_the_same_is_not_said_at_the_next_push(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await push(house, {"other.md": b"b\n"})
    assert len(threads(house, pull)) == 1
    assert check(house, pull.head_oid).conclusion == "neutral"


async def test_what_a_person_deleted_is_not_said_again(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await house.github.delete_review_comment(house.repository, threads(house, pull)[0].comments[0])
    await push(house, {"other.md": b"b\n"})
    assert threads(house, pull) == []


async def test_a_thread_is_resolved_when_its_finding_is_gone(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await push(house, {API: workload()})
    assert [thread.resolved for thread in threads(house, pull)] == [True]
    assert check(house, pull.head_oid).conclusion == "success"


async def test_a_finding_that_comes_back_has_its_thread_again(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await push(house, {API: workload()})
    await push(house, {API: LATEST})
    assert [thread.resolved for thread in threads(house, pull)] == [False]
    await push(house, {API: workload()})
    assert [thread.resolved for thread in threads(house, pull)] == [True]


async def test_a_thread_that_a_person_resolved_stays_so(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await house.github.resolve(house.repository, threads(house, pull)[0])
    await push(house, {API: b"# more\n" + LATEST})
    assert [thread.resolved for thread in threads(house, pull)] == [True]


@pytest.mark.parametrize("how", ["enabled", "removed"])
async def test_where_nothing_is_judged_any_more_the_threads_close(house: House, how: str) -> None:
    pull = await pull_request(house, {API: LATEST})
    if how == "enabled":
        await house.commit({POLICY: b"version: 1\nenabled: false\n"})
    else:
        await house.commit({}, removed=[POLICY])
    assert [thread.resolved for thread in threads(house, pull)] == [True]


async def test_a_branch_that_is_pushed_over_is_judged_anew_and_nothing_is_said_twice(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await push(house, {API: b"# other\n" + LATEST}, force=True)
    assert len(threads(house, pull)) == 1
    assert check(house, pull.head_oid).output["title"] == f"latest-image-tag: {API} line 16"


async def test_a_draft_is_judged_and_not_commented(house: House) -> None:
    await house.github.commit(house.repository, "feature", {API: LATEST})
    world, found = house.github.world, house.github.repository(house.repository)
    pull = await world.pulls.open(
        found, head="feature", base="main", title="Draft", body="", actor=house.github.person, draft=True
    )
    await house.work()
    assert check(house, pull.head_oid).conclusion == "neutral"
    assert threads(house, pull) == []
    await world.pulls.mark_ready(pull, house.github.person)
    await house.work()
    assert len(threads(house, pull)) == 1


async def test_at_most_ten_comments_stand_and_the_check_has_them_all(house: House) -> None:
    files = {f"deploy/{number}.yaml": workload("nginx:latest", name=f"web{number}") for number in range(12)}
    pull = await pull_request(house, files)
    assert len(threads(house, pull)) == 10
    assert len(check(house, pull.head_oid).annotations) == 12
    assert len(house.github.reviews(house.repository, pull.number)) == 1
    await push(house, {"more.yaml": workload("nginx:latest", name="more")})
    assert len(threads(house, pull)) == 10


async def test_resolving_comments_brings_none_for_what_was_there_already(house: House) -> None:
    files = {f"deploy/{number}.yaml": workload("nginx:latest", name=f"web{number}") for number in range(12)}
    pull = await pull_request(house, files)
    for thread in threads(house, pull):
        await house.github.resolve(house.repository, thread)
    await push(house, {"more.yaml": workload("nginx:latest", name="more")})
    assert [thread.path for thread in threads(house, pull) if not thread.resolved] == ["more.yaml"]


async def test_where_a_thousand_findings_were_said_the_check_alone_tells_more(house: House) -> None:
    pull = await pull_request(house, {API: workload()})
    said_before = {f"{number:032x}": "latest-image-tag" for number in range(1_000)}
    repository = house.github.repository(house.repository).id
    await house.parts.store.findings.say(repository, pull.number, said_before, house.clock())
    await push(house, {API: LATEST})
    assert threads(house, pull) == []
    assert check(house, pull.head_oid).conclusion == "neutral"


@pytest.mark.parametrize(("fail_on", "conclusion"), [("never", "neutral"), ("high", "failure"), ("low", "failure")])
async def test_the_policy_file_says_what_fails(house: House, fail_on: str, conclusion: str) -> None:
    await house.commit({POLICY: house.policy(more=f"findings: {{fail-on: {fail_on}}}\n")})
    pull = await pull_request(house, {API: LATEST})
    assert check(house, pull.head_oid).conclusion == conclusion


async def test_a_finding_below_the_threshold_stands_in_the_check_alone(house: House) -> None:
    pull = await pull_request(house, {API: workload(replicas=1)})
    assert "single-replica" in check(house, pull.head_oid).output["title"]
    assert threads(house, pull) == []


async def test_the_suggestion_that_is_taken_makes_the_finding_go(house: House) -> None:
    without = (
        workload()
        .replace(b"            requests: {cpu: 100m, memory: 128Mi}\n", b"")
        .replace(b"            limits: {cpu: 200m, memory: 256Mi}\n", b"            limits: {cpu: 200m}\n")
    )
    pull = await pull_request(house, {API: without})
    asked = next(each for each in threads(house, pull) if "missing-resource-requests" in each.comments[0].body)
    assert "```suggestion" in asked.comments[0].body
    await house.github.take_suggestion(house.repository, pull.number, asked.comments[0])
    await house.work()
    assert "missing-resource-requests" not in str(check(house, pull.head_oid).annotations)
    assert asked.resolved


async def test_a_comment_that_was_said_is_not_said_again_where_the_store_forgot_it(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    repository = house.github.repository(house.repository).id
    await house.parts.store.findings.forget(repository, pull.number)
    await house.parts.store.reviews.remove(repository, pull.number)
    await push(house, {"other.md": b"b\n"})
    assert len(threads(house, pull)) == 1


async def test_a_check_is_made_again_when_somebody_asks_for_it(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await house.github.rerequest(house.repository, check(house, pull.head_oid))
    await house.work()
    assert len(checks(house, pull.head_oid)) == 2
    assert len(threads(house, pull)) == 1


async def test_another_base_is_another_judgement(house: House) -> None:
    stable = await house.github.commit(house.repository, "stable", {API: LATEST})
    await house.github.force_push(house.repository, "feature", stable)
    pull = await pull_request(house, {API: LATEST, "b.yaml": workload(name="b")})
    assert check(house, pull.head_oid).conclusion == "neutral"
    await house.github.retarget(house.repository, pull.number, "stable")
    await house.work()
    assert [run.conclusion for run in checks(house, pull.head_oid)] == ["neutral", "success"]


async def test_a_changed_policy_file_judges_open_pull_requests_anew(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await house.commit({POLICY: house.policy(more="findings: {rules: {latest-image-tag: off}}\n")})
    assert [run.conclusion for run in checks(house, pull.head_oid)] == ["neutral", "success"]
    assert [thread.resolved for thread in threads(house, pull)] == [True]


async def test_a_service_account_elsewhere_in_the_repository_counts(house: House) -> None:
    account = b"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nimagePullSecrets: [{name: ghcr}]\n"
    await house.commit({"accounts.yaml": account})
    pull = await pull_request(house, {API: workload("ghcr.io/acme/app:1.4.2")})
    assert check(house, pull.head_oid).conclusion == "success"
    await push(house, {"accounts.yaml": b"# gone\n", API: workload("ghcr.io/acme/app:1.4.3")})
    assert "public-image-no-credential" in check(house, pull.head_oid).output["title"]


async def test_a_waiver_of_the_base_counts_until_its_day(house: House) -> None:
    today = house.clock().date()
    until = (today + timedelta(days=2)).isoformat()
    ignore = f"findings:\n  ignore:\n    - {{rule: latest-image-tag, reason: soon, until: {until}}}\n"
    await house.commit({POLICY: house.policy(more=ignore)})
    pull = await pull_request(house, {API: LATEST})
    assert check(house, pull.head_oid).conclusion == "success"
    assert "soon" in check(house, pull.head_oid).output["summary"]
    await house.later(timedelta(days=2))
    assert [run.conclusion for run in checks(house, pull.head_oid)] == ["success", "neutral"]


async def test_an_annotation_counts_from_the_merge_on(house: House) -> None:
    annotated = LATEST.replace(
        b"  name: web\nspec:", b"  name: web\n  annotations: {ignore.niro.bot/latest-image-tag: ok}\nspec:"
    )
    pull = await pull_request(house, {API: annotated})
    run = check(house, pull.head_oid)
    assert run.conclusion == "neutral"
    assert "take effect after" in run.output["summary"]
    await house.commit({API: annotated})
    other = await pull_request(house, {API: annotated.replace(b"replicas: 3", b"replicas: 4")}, branch="other")
    assert check(house, other.head_oid).conclusion == "success"


async def test_nothing_asks_a_registry(house: House) -> None:
    before = len(house.registry.requests())
    pull = await pull_request(house, {API: workload(f"{house.image('new')}:latest")})
    assert check(house, pull.head_oid).conclusion == "neutral"
    assert len(house.registry.requests()) == before
