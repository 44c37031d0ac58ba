"""Merges, what stands in their way, auto-merge and the merge queue."""

from typing import Any

import pytest

from bot.sandbox.model import BranchProtection, MergeMethod, PullRequest, QueueEntry, RequiredCheck
from bot.sandbox.refusals import Validation
from tests.sandbox.conftest import MANIFEST, Client

SHOP = "/repos/acme/shop"
PULLS = f"{SHOP}/pulls"
CI = {
    "type": "required_status_checks",
    "parameters": {"strict_required_status_checks_policy": False, "required_status_checks": [{"context": "ci"}]},
}
QUEUE = {
    "type": "merge_queue",
    "parameters": {
        "check_response_timeout_minutes": 60,
        "grouping_strategy": "ALLGREEN",
        "max_entries_to_build": 5,
        "max_entries_to_merge": 5,
        "merge_method": "SQUASH",
        "min_entries_to_merge": 1,
        "min_entries_to_merge_wait_minutes": 5,
    },
}


async def opened(bot: Client, branch: str = "niro/api", content: bytes | None = None) -> PullRequest:
    files = {"deploy/api.yaml": content or f"image: {branch}\n".encode()}
    await bot.sandbox.commit("acme/shop", branch, files, "Bump api")
    made = await bot.post(PULLS, {"head": branch, "base": "main", "title": "Bump api"})
    return bot.sandbox.world.issues.find_pull(bot.sandbox.repository("acme/shop"), made.json["number"])


async def merged(bot: Client, pull: PullRequest, **fields: Any) -> Any:
    return await bot.put(f"{PULLS}/{pull.number}/merge", {"sha": pull.head_oid, "merge_method": "squash", **fields})


def required(bot: Client, *names: str, **more: Any) -> None:
    checks = [RequiredCheck(name) for name in names]
    bot.sandbox.world.rules.protect(
        bot.sandbox.repository("acme/shop"), "main", BranchProtection(required_checks=checks, **more)
    )


@pytest.mark.parametrize(("method", "parents"), [("squash", 1), ("merge", 2), ("rebase", 1)])
async def test_a_merge_puts_the_change_on_the_base(bot: Client, method: str, parents: int) -> None:
    pull = await opened(bot)
    await bot.sandbox.commit("acme/shop", "main", {"other": b"1"})
    answer = await merged(bot, pull, merge_method=method)
    commit = await pull.repository.git.commit("main")
    assert commit is not None
    assert (answer.json["merged"], answer.json["sha"], len(commit.parents)) == (True, commit.oid, parents)
    assert await bot.sandbox.read("acme/shop", "deploy/api.yaml") == b"image: niro/api\n"
    assert await bot.sandbox.read("acme/shop", "other") == b"1"
    assert (await bot.get(f"{PULLS}/{pull.number}/merge")).status == 204


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((), "Bump api (#1)\n\nWhy: it is newer"),
        (("Mend it",), "Bump (#1)\n\n* Bump api\n\nWhy: it is newer\n\n* Mend it"),
    ],
)
async def test_a_squash_tells_what_its_commits_told(bot: Client, more: tuple[str, ...], message: str) -> None:
    for number, said in enumerate(("Bump api\n\nWhy: it is newer", *more)):
        await bot.sandbox.commit("acme/shop", "niro/api", {"a": str(number).encode()}, said)
    made = await bot.post(PULLS, {"head": "niro/api", "base": "main", "title": "Bump"})
    pull = bot.sandbox.world.issues.find_pull(bot.sandbox.repository("acme/shop"), made.json["number"])
    await merged(bot, pull)
    commit = await pull.repository.git.commit("main")
    assert commit is not None
    assert commit.message.strip() == message


@pytest.mark.parametrize(("method", "signed"), [("squash", True), ("merge", True), ("rebase", False)])
async def test_github_signs_every_merge_but_a_rebase(bot: Client, method: str, signed: bool) -> None:
    pull = await opened(bot)
    await bot.sandbox.commit("acme/shop", "main", {"other": b"1"})
    answer = await merged(bot, pull, merge_method=method)
    assert (answer.json["sha"] in pull.repository.verified) is signed


async def test_a_merge_of_another_head_is_a_conflict(bot: Client) -> None:
    pull = await opened(bot)
    seen = pull.head_oid
    await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    refused = await merged(bot, pull, sha=seen)
    assert (refused.status, refused.message) == (409, "Head branch was modified. Review and try the merge again.")
    assert (await bot.get(f"{PULLS}/{pull.number}/merge")).status == 404


async def test_what_conflicts_is_not_merged(bot: Client) -> None:
    pull = await opened(bot)
    await bot.sandbox.commit("acme/shop", "main", {"deploy/api.yaml": b"image: elsewhere\n"})
    refused = await merged(bot, pull)
    assert (refused.status, refused.message) == (405, "Pull Request is not mergeable")


async def test_what_is_merged_is_not_merged_again(bot: Client) -> None:
    pull = await opened(bot)
    await merged(bot, pull)
    assert (await merged(bot, pull)).status == 405


async def test_a_method_the_repository_does_not_allow_is_refused(bot: Client) -> None:
    pull = await opened(bot)
    pull.repository.merge_methods = {MergeMethod.MERGE}
    assert (await merged(bot, pull)).message == "Squash merges are not allowed on this repository."


@pytest.mark.parametrize(
    ("conclusion", "message"),
    [
        (None, 'Required status check "ci" is expected.'),
        ("failure", 'Required status check "ci" is failing.'),
        ("success", None),
        ("neutral", None),
        ("skipped", None),
    ],
)
async def test_required_checks_hold_a_merge_back(bot: Client, conclusion: str | None, message: str | None) -> None:
    required(bot, "ci")
    pull = await opened(bot)
    if conclusion:
        await bot.sandbox.complete_checks("acme/shop", pull.head_oid, conclusion=conclusion)
    answer = await merged(bot, pull)
    assert answer.status == (405 if message else 200)
    assert message is None or answer.message == message


async def test_a_check_that_is_not_required_only_makes_it_unstable(bot: Client) -> None:
    pull = await opened(bot)
    await bot.sandbox.complete_checks("acme/shop", pull.head_oid, names=["lint"], conclusion="failure")
    assert (await bot.get(f"{PULLS}/{pull.number}")).json["mergeable_state"] == "unstable"
    assert (await merged(bot, pull)).status == 200


async def test_a_status_counts_as_the_required_check(bot: Client) -> None:
    required(bot, "ci")
    pull = await opened(bot)
    await bot.sandbox.set_status("acme/shop", pull.head_oid, state="pending")
    assert (await bot.get(f"{PULLS}/{pull.number}")).json["mergeable_state"] == "blocked"
    await bot.sandbox.set_status("acme/shop", pull.head_oid, state="success")
    assert (await merged(bot, pull)).status == 200


async def test_a_check_required_of_one_app_is_not_met_by_another(bot: Client) -> None:
    repository = bot.sandbox.repository("acme/shop")
    rule = RequiredCheck("ci", bot.sandbox.app.id)
    bot.sandbox.world.rules.protect(repository, "main", BranchProtection(required_checks=[rule]))
    pull = await opened(bot)
    await bot.sandbox.complete_checks("acme/shop", pull.head_oid)
    assert (await merged(bot, pull)).status == 405


async def test_a_ruleset_says_that_it_was_violated(bot: Client) -> None:
    bot.sandbox.world.rules.add_ruleset(bot.sandbox.repository("acme/shop"), "checks", [CI])
    pull = await opened(bot)
    refused = await merged(bot, pull)
    assert refused.message == 'Repository rule violations found\n\nRequired status check "ci" is expected.\n\n'
    rules = (await bot.get(f"{SHOP}/rules/branches/main")).json
    assert rules[0]["parameters"]["required_status_checks"] == [{"context": "ci"}]
    assert (await bot.get(f"{SHOP}/rules/branches/niro/api")).json == []


async def test_protection_is_shown(bot: Client) -> None:
    assert (await bot.get(f"{SHOP}/branches/main/protection")).status == 404
    required(bot, "ci", strict=True, required_approvals=2)
    shown = (await bot.get(f"{SHOP}/branches/main/protection")).json
    assert shown["required_status_checks"]["contexts"] == ["ci"]
    assert shown["required_pull_request_reviews"]["required_approving_review_count"] == 2
    assert (await bot.get(f"{SHOP}/branches/main")).json["protected"] is True


async def test_approvals_hold_a_merge_back(bot: Client) -> None:
    required(bot, required_approvals=1)
    pull = await opened(bot)
    assert (await merged(bot, pull)).status == 405
    await bot.sandbox.world.issues.approve(pull, bot.sandbox.person)
    assert (await merged(bot, pull)).status == 200


async def test_a_head_behind_a_strict_base_is_out_of_date(bot: Client) -> None:
    required(bot, "ci", strict=True)
    pull = await opened(bot)
    await bot.sandbox.complete_checks("acme/shop", pull.head_oid)
    await bot.sandbox.commit("acme/shop", "main", {"other": b"1"})
    assert (await bot.get(f"{PULLS}/{pull.number}")).json["mergeable_state"] == "behind"
    assert (await merged(bot, pull)).status == 409


async def test_a_protected_branch_takes_no_direct_push_of_the_app(bot: Client) -> None:
    required(bot, "ci")
    oid = await bot.sandbox.commit("acme/shop", "feature", {"a": b"1"})
    refused = await bot.patch(f"{SHOP}/git/refs/heads/main", {"sha": oid})
    assert (refused.status, refused.message) == (422, 'Required status check "ci" is expected.')


@pytest.mark.parametrize(
    ("rule", "method"), [("creation", "POST"), ("update", "PATCH"), ("deletion", "DELETE"), ("pull_request", "PATCH")]
)
async def test_a_ruleset_forbids_what_it_names(bot: Client, rule: str, method: str) -> None:
    repository = bot.sandbox.repository("acme/shop")
    oid = await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    newer = await bot.sandbox.commit("acme/shop", "other", {"b": b"1"})
    bot.sandbox.world.rules.add_ruleset(repository, "bots", [{"type": rule}], include=("refs/heads/niro/*",))
    path, body = f"{SHOP}/git/refs", {"ref": "refs/heads/niro/new", "sha": oid}
    if method != "POST":
        path, body = f"{path}/heads/niro/api", {"sha": newer, "force": True}
    refused = await bot.ask(method, path, None if method == "DELETE" else body)
    assert refused.status == 422
    assert refused.message.startswith("Repository rule violations found")
    repository.rulesets[0].bypass.append(bot.sandbox.app.id)
    assert (await bot.ask(method, path, None if method == "DELETE" else body)).status < 300


async def test_auto_merge_waits_for_the_checks(bot: Client) -> None:
    required(bot, "ci")
    pull = await opened(bot)
    pull.repository.allow_auto_merge = True
    merging = bot.sandbox.world.merging
    await merging.enable_auto_merge(pull, bot.sandbox.app.bot, method=MergeMethod.SQUASH, expected_head=pull.head_oid)
    assert not pull.merged
    run = await bot.sandbox.start_check("acme/shop", pull.head_oid)
    assert not pull.merged
    await bot.sandbox.finish_check("acme/shop", run)
    assert pull.merged
    assert pull.merged_by is bot.sandbox.app.bot


@pytest.mark.parametrize(
    ("allowed", "checks", "message"),
    [
        (False, ("ci",), "Auto merge is not allowed for this repository"),
        (True, (), "Pull request is in clean status"),
    ],
)
async def test_auto_merge_is_refused_where_it_cannot_wait(
    bot: Client, allowed: bool, checks: tuple[str, ...], message: str
) -> None:
    required(bot, *checks)
    pull = await opened(bot)
    pull.repository.allow_auto_merge = allowed
    with pytest.raises(Validation, match=message):
        await bot.sandbox.world.merging.enable_auto_merge(pull, bot.sandbox.app.bot)


async def test_a_merge_queue_takes_the_place_of_the_merge(bot: Client, receiver: Any) -> None:
    world, repository = bot.sandbox.world, bot.sandbox.repository("acme/shop")
    world.rules.add_ruleset(repository, "queue", [CI, QUEUE])
    pull = await opened(bot)
    await bot.sandbox.complete_checks("acme/shop", pull.head_oid)
    assert "merge queue" in (await merged(bot, pull)).message
    entry = await world.merging.enqueue(pull, bot.sandbox.app.bot, expected_head=pull.head_oid)
    assert not pull.merged
    with pytest.raises(Validation, match="already in the queue"):
        await world.merging.enqueue(pull, bot.sandbox.app.bot)
    await bot.sandbox.complete_checks("acme/shop", entry.group_oid)
    assert pull.merged
    assert repository.queue == []
    assert await repository.git.branch("main") == entry.group_oid
    assert await repository.git.branch(entry.group_branch) is None
    await bot.sandbox.webhooks.idle()
    groups = [(event["action"], event["merge_group"]["head_sha"]) for event in receiver.of("merge_group")]
    assert groups == [("checks_requested", entry.group_oid), ("destroyed", entry.group_oid)]
    actions = [(event["action"], event.get("reason")) for event in receiver.of("pull_request")]
    assert actions == [("opened", None), ("enqueued", None), ("dequeued", "MERGE"), ("closed", None)]


async def test_an_apps_own_check_of_the_group_counts(bot: Client, receiver: Any) -> None:
    world, repository, app = bot.sandbox.world, bot.sandbox.repository("acme/shop"), bot.sandbox.app
    checks = [{"context": "niro / policies", "integration_id": app.id}]
    own = {"type": "required_status_checks", "parameters": {"required_status_checks": checks}}
    world.rules.add_ruleset(repository, "queue", [own, QUEUE])
    pull = await opened(bot)
    report = {"name": "niro / policies", "conclusion": "neutral"}
    await bot.post(f"{SHOP}/check-runs", {**report, "head_sha": pull.head_oid})
    base = await repository.git.branch("main")
    await world.merging.enqueue(pull, bot.sandbox.person)
    await bot.sandbox.webhooks.idle()
    (asked,) = receiver.of("merge_group")
    group = asked["merge_group"]
    assert (asked["action"], group["base_sha"], group["base_ref"]) == ("checks_requested", base, "refs/heads/main")
    assert group["head_ref"] == f"refs/heads/gh-readonly-queue/main/pr-{pull.number}-{base}"
    await bot.sandbox.complete_checks("acme/shop", group["head_sha"], ["niro / policies"])
    assert not pull.merged
    await bot.post(f"{SHOP}/check-runs", {**report, "head_sha": group["head_sha"]})
    assert pull.merged


@pytest.mark.parametrize("by_ruleset", [False, True])
async def test_threads_must_be_resolved_where_a_branch_asks_for_it(bot: Client, by_ruleset: bool) -> None:
    pull, rules = await opened(bot), bot.sandbox.world.rules
    repository = bot.sandbox.repository("acme/shop")
    if by_ruleset:
        rule = {"type": "pull_request", "parameters": {"required_review_thread_resolution": True}}
        rules.add_ruleset(repository, "resolved", [rule])
    else:
        rules.protect(repository, "main", BranchProtection(conversation_resolution=True))
    await bot.sandbox.review("acme/shop", pull.number, "Look", path="deploy/api.yaml")
    assert "conversation must be resolved" in (await merged(bot, pull)).message
    await bot.sandbox.resolve("acme/shop", pull.threads[0])
    assert (await merged(bot, pull)).json["merged"]


async def test_a_failed_group_leaves_the_queue(bot: Client) -> None:
    world, repository = bot.sandbox.world, bot.sandbox.repository("acme/shop")
    world.rules.add_ruleset(repository, "queue", [CI, QUEUE])
    pull = await opened(bot)
    await bot.sandbox.complete_checks("acme/shop", pull.head_oid)
    entry = await world.merging.enqueue(pull, bot.sandbox.app.bot)
    await bot.sandbox.complete_checks("acme/shop", entry.group_oid, conclusion="failure")
    assert (pull.state, pull.merged, repository.queue) == ("open", False, [])


async def two_queued(bot: Client, files: dict[str, bytes]) -> list[QueueEntry]:
    """Two pull requests in the queue: the usual one, and behind it one with these files."""
    world, repository = bot.sandbox.world, bot.sandbox.repository("acme/shop")
    await bot.sandbox.commit("acme/shop", "main", {"other": b"1"})
    world.rules.add_ruleset(repository, "queue", [CI, QUEUE])
    first = await opened(bot)
    await bot.sandbox.commit("acme/shop", "two", files)
    made = await bot.post(PULLS, {"head": "two", "base": "main", "title": "Two"})
    entries = []
    for pull in (first, world.issues.find_pull(repository, made.json["number"])):
        await bot.sandbox.complete_checks("acme/shop", pull.head_oid)
        entries.append(await world.merging.enqueue(pull, bot.sandbox.app.bot))
    return entries


async def test_two_in_the_queue_are_merged_one_after_the_other(bot: Client) -> None:
    entries = await two_queued(bot, {"two": b"2"})
    first, second = (entry.pull for entry in entries)
    await bot.sandbox.complete_checks("acme/shop", entries[1].group_oid)
    assert not second.merged
    await bot.sandbox.complete_checks("acme/shop", entries[0].group_oid)
    assert first.merged
    assert second.merged


async def test_who_stood_behind_one_that_failed_is_merged_without_it(bot: Client, receiver: Any) -> None:
    first, second = await two_queued(bot, {"two": b"2"})
    before = second.group_oid
    await bot.sandbox.complete_checks("acme/shop", before)
    await bot.sandbox.fail_checks("acme/shop", first.group_oid)
    assert (first.pull.state, second.pull.merged, second.group_oid != before) == ("open", False, True)
    await bot.sandbox.complete_checks("acme/shop", second.group_oid)
    assert second.pull.merged
    assert await bot.sandbox.read("acme/shop", "deploy/api.yaml") == MANIFEST
    await bot.sandbox.webhooks.idle()
    evicted = [event for event in receiver.of("pull_request") if event["action"] == "dequeued"]
    assert [(event["reason"], event["sender"]["login"]) for event in evicted] == [
        ("CI_FAILURE", "github-merge-queue[bot]"),
        ("MERGE", "github-merge-queue[bot]"),
    ]
    ended = [event["reason"] for event in receiver.of("merge_group") if event["action"] == "destroyed"]
    assert ended == ["dequeued", "invalidated", "merged"]


async def test_what_was_pushed_past_the_queue_is_kept(bot: Client) -> None:
    first, second = await two_queued(bot, {"two": b"2"})
    await bot.sandbox.commit("acme/shop", "main", {"urgent": b"1"})
    await bot.sandbox.complete_checks("acme/shop", first.group_oid)
    assert not first.pull.merged
    await bot.sandbox.complete_checks("acme/shop", first.group_oid)
    await bot.sandbox.complete_checks("acme/shop", second.group_oid)
    assert (first.pull.merged, second.pull.merged) == (True, True)
    assert await bot.sandbox.read("acme/shop", "urgent") == b"1"


async def test_who_conflicts_with_what_was_pushed_leaves_the_queue(bot: Client) -> None:
    first, second = await two_queued(bot, {"two": b"2"})
    await bot.sandbox.commit("acme/shop", "main", {"two": b"elsewhere"})
    await bot.sandbox.complete_checks("acme/shop", first.group_oid)
    assert first.pull.repository.queue == [first]
    assert second.pull.state == "open"


async def test_a_pull_request_that_is_closed_is_not_merged_by_the_queue(bot: Client) -> None:
    first, second = await two_queued(bot, {"two": b"2"})
    await bot.sandbox.close_pull("acme/shop", first.pull.number)
    assert first.pull.repository.queue == [second]
    await bot.sandbox.complete_checks("acme/shop", second.group_oid)
    assert (first.pull.merged, second.pull.merged) == (False, True)


async def test_the_branch_is_deleted_after_the_merge_where_the_repository_says_so(bot: Client) -> None:
    pull = await opened(bot)
    pull.repository.delete_branch_on_merge = True
    await merged(bot, pull)
    assert await pull.repository.git.branch("niro/api") is None
    assert pull.merged


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("merge", "Merge commits are not allowed on this repository."),
        ("rebase", "Rebase merges are not allowed on this repository."),
    ],
)
async def test_a_method_that_is_switched_off_is_named(bot: Client, method: str, message: str) -> None:
    pull = await opened(bot)
    pull.repository.merge_methods = {MergeMethod.SQUASH}
    refused = await bot.put(f"{PULLS}/{pull.number}/merge", {"merge_method": method})
    assert (refused.status, refused.message) == (405, message)


async def test_a_base_left_to_others_takes_neither_merge_nor_push(bot: Client) -> None:
    pull = await opened(bot)
    required(bot, pushers=["octocat"])
    refused = await merged(bot, pull)
    assert refused.status == 405
    assert "not authorized to push to this branch" in refused.message
    pushed = await bot.patch(f"{SHOP}/git/refs/heads/main", {"sha": pull.head_oid})
    assert (pushed.status, pushed.message) == (403, refused.message)


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("DELETE", "Cannot delete this protected branch"),
        ("PATCH", "Cannot force-push to this protected branch"),
    ],
)
async def test_a_protected_branch_is_neither_deleted_nor_rewritten(bot: Client, method: str, message: str) -> None:
    await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    newer = await bot.sandbox.commit("acme/shop", "other", {"b": b"1"})
    repository = bot.sandbox.repository("acme/shop")
    bot.sandbox.world.rules.protect(repository, "niro/api", BranchProtection())
    body = None if method == "DELETE" else {"sha": newer, "force": True}
    refused = await bot.ask(method, f"{SHOP}/git/refs/heads/niro/api", body)
    assert (refused.status, refused.message) == (422, message)
    more = BranchProtection(allow_deletions=True, allow_force_pushes=True)
    bot.sandbox.world.rules.protect(repository, "niro/api", more)
    assert (await bot.ask(method, f"{SHOP}/git/refs/heads/niro/api", body)).status < 300


async def test_a_branch_that_asks_for_signatures_takes_what_github_signed(bot: Client) -> None:
    repository = bot.sandbox.repository("acme/shop")
    base = await repository.git.branch("main")
    bot.sandbox.world.rules.add_ruleset(
        repository, "signed", [{"type": "required_signatures"}], include=("refs/heads/niro/*",)
    )
    tree = (await bot.get(f"{SHOP}/git/trees/main")).json["sha"]
    author = {"name": "Ann", "email": "ann@example.org"}
    made = [
        (await bot.post(f"{SHOP}/git/commits", {"tree": tree, "parents": [base], "message": "Bump", **more})).json
        for more in ({"author": author}, {})
    ]
    refs = [{"ref": "refs/heads/niro/api", "sha": commit["sha"]} for commit in made]
    unsigned, signed = [await bot.post(f"{SHOP}/git/refs", ref) for ref in refs]
    assert (unsigned.status, signed.status) == (422, 201)
    assert "Commits must have verified signatures." in unsigned.message


async def test_a_ruleset_forbids_to_rewrite_a_branch(bot: Client) -> None:
    await bot.sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    newer = await bot.sandbox.commit("acme/shop", "other", {"b": b"1"})
    repository = bot.sandbox.repository("acme/shop")
    rules = [{"type": "non_fast_forward"}]
    bot.sandbox.world.rules.add_ruleset(repository, "bots", rules, include=("refs/heads/niro/*",))
    refused = await bot.patch(f"{SHOP}/git/refs/heads/niro/api", {"sha": newer, "force": True})
    assert (refused.status, "Cannot force-push to this branch" in refused.message) == (422, True)
