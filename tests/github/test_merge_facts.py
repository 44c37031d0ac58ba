"""What decides a merge, as GitHub tells it."""

from __future__ import annotations

import pytest

from bot.bumps import Check, CheckState, Mergeable, PullRequestState
from bot.github import CheckRun, Conclusion, Conflict, Forbidden, NotFound
from bot.github.contents import blob_oid
from bot.sandbox.model import MergeMethod
from tests.github.merging import HEAD, UNPROTECTED, answer, commits, run
from tests.github.scripted import Answer
from tests.github.wishes import BRANCH, FILES, SANDBOXED, WEB, add_rules, demanding, facts, opening, protect

API = "apps/api.yaml"
BUMPED = b"image: nginx:1.26\r\n"


async def test_a_fresh_pull_request(shop, live, opened):
    found = await shop.merge_facts(opened.number)
    assert (found.number, found.node, found.head, found.branch) == (opened.number, opened.node, opened.head, BRANCH)
    assert (found.base_branch, found.default_branch) == ("main", "main")
    assert found.author_login == (await live.identity()).bot_login
    assert (found.state, found.draft, found.mergeable) == (PullRequestState.OPEN, False, Mergeable.MERGEABLE)
    assert (found.checks, found.required) == ((), ())
    assert (found.merge_queue, found.in_merge_queue, found.strict) == (False, False, False)
    assert found.policy.text == "version: 1\n"


async def test_the_commits_of_a_branch_come_with_who_vouches_for_them(shop, live, sandbox, opened):
    pushed = await sandbox.push_as_person(SANDBOXED, BRANCH, {"README.md": b"mine\n"}, login="mona")
    found = await shop.merge_facts(opened.number)
    bot = (await live.identity()).bot_login
    assert found.commits_total == 2
    assert [(commit.oid, commit.author_login, commit.verified) for commit in found.commits] == [
        (opened.head, bot, True),
        (pushed, "mona", False),
    ]
    assert found.commits[0].message == "Bump nginx\n\nNiro-Bump: web/1234"


async def test_the_newest_hundred_of_many_commits(shop, sandbox, opened):
    for number in range(101):
        last = await sandbox.commit(SANDBOXED, BRANCH, {"README.md": f"{number}\n".encode()})
    found = await shop.merge_facts(opened.number)
    assert (found.commits_total, len(found.commits), found.commits[-1].oid) == (102, 100, last)


async def test_the_paths_that_are_changed(shop, sandbox, opened):
    await sandbox.commit(SANDBOXED, BRANCH, {"README.md": b"hello\n"})
    assert set((await shop.merge_facts(opened.number)).changed) == {WEB, "README.md"}


async def test_more_paths_than_a_hundred_are_not_told(shop, sandbox, opened):
    await sandbox.commit(SANDBOXED, BRANCH, {f"many/{number}": b"x\n" for number in range(100)})
    assert (await shop.merge_facts(opened.number)).changed is None


async def test_files_come_from_the_tip_of_the_base_with_contents_and_from_the_head_without(shop, sandbox, opened):
    moved = await sandbox.commit(SANDBOXED, "main", {API: b"image: api:3\n"})
    found = await shop.merge_facts(opened.number, [WEB, API, "absent.yaml"])
    assert found.base_commit == moved
    assert {path: (blob.content, blob.mode) for path, blob in found.base_files.items()} == {
        WEB: (FILES[WEB], "100644"),
        API: (b"image: api:3\n", "100644"),
    }
    assert {path: (blob.oid, blob.content) for path, blob in found.head_files.items()} == {
        WEB: (blob_oid(BUMPED), None),
        API: (blob_oid(FILES[API]), None),
    }


@pytest.mark.parametrize("written", [b"\xff\xfe\x00binary", "é \r\n".encode(), b""])
async def test_contents_are_byte_for_byte_what_git_holds(shop, sandbox, opened, written):
    await sandbox.commit(SANDBOXED, "main", {API: written})
    assert (await shop.merge_facts(opened.number, [API])).base_files[API].content == written


async def test_more_files_than_fifty(shop, sandbox, opened):
    files = {f"many/{number}.yaml": f"value: {number}\n".encode() for number in range(60)}
    await sandbox.commit(SANDBOXED, "main", files)
    found = await shop.merge_facts(opened.number, [*files, WEB])
    assert {path: blob.content for path, blob in found.base_files.items()} == files | {WEB: FILES[WEB]}
    assert {path: blob.oid for path, blob in found.head_files.items()} == {WEB: blob_oid(BUMPED)}


async def test_once_the_demanded_checks_are_known_it_takes_one_request(shop, sandbox, opened):
    files = {f"many/{number}.yaml": b"x\n" for number in range(49)}
    await shop.merge_facts(opened.number)
    before = len(sandbox.faults.requests)
    await shop.merge_facts(opened.number, [WEB, *files])
    assert len(sandbox.faults.requests) - before == 1


@pytest.mark.parametrize("source", ["protection", "ruleset"])
async def test_a_demanded_check_that_has_not_reported_is_named(shop, sandbox, opened, source):
    if source == "protection":
        protect(sandbox, "ci", "lint")
    else:
        add_rules(sandbox, demanding("ci", "lint"))
    found = await shop.merge_facts(opened.number)
    assert (found.required, found.checks) == (("ci", "lint"), ())


async def test_a_base_that_demands_branches_that_are_up_to_date_says_so(shop, sandbox, opened):
    add_rules(sandbox, demanding("ci", strict=True))
    assert (await shop.merge_facts(opened.number)).strict


async def test_check_runs_and_statuses_are_both_checks(shop, sandbox, opened):
    protect(sandbox, "ci")
    await sandbox.complete_checks(SANDBOXED, opened.head, ["ci"])
    await sandbox.complete_checks(SANDBOXED, opened.head, ["spelling"], "failure")
    await sandbox.set_status(SANDBOXED, opened.head, "coverage", "pending")
    found = await shop.merge_facts(opened.number)
    assert set(found.checks) == {
        Check("ci", required=True, state=CheckState.SUCCESS, app=sandbox.world.actions.id),
        Check("spelling", required=False, state=CheckState.FAILURE, app=sandbox.world.actions.id),
        Check("coverage", required=False, state=CheckState.PENDING),
    }
    assert found.required == ("ci",)


async def test_the_bots_own_check_is_told_from_one_of_the_same_name(shop, sandbox, opened):
    await shop.create_check_run(CheckRun(opened.head, "niro / images", Conclusion.FAILURE, "Bad", ""))
    await sandbox.complete_checks(SANDBOXED, opened.head, ["niro / images"])
    found = (await shop.merge_facts(opened.number)).checks
    assert {(check.own, check.state) for check in found} == {(True, CheckState.FAILURE), (False, CheckState.SUCCESS)}


async def test_more_checks_than_one_page_holds(shop, sandbox, opened):
    names = [f"job-{number}" for number in range(120)]
    await sandbox.complete_checks(SANDBOXED, opened.head, names)
    assert {check.name for check in (await shop.merge_facts(opened.number)).checks} == set(names)


async def test_a_pull_request_that_is_not_there(shop):
    with pytest.raises(NotFound):
        await shop.merge_facts(99)


async def test_one_that_was_merged_and_lost_its_branch(shop, sandbox, opened):
    await shop.merge(opened.number, opened.head, MergeMethod.SQUASH)
    await sandbox.delete_branch(SANDBOXED, BRANCH)
    found = await shop.merge_facts(opened.number, [WEB])
    assert (found.state, found.head, found.head_files) == (PullRequestState.MERGED, opened.head, {})
    assert found.base_files[WEB].content == BUMPED


async def test_one_whose_base_is_gone_is_read_all_the_same_once_it_is_closed(shop, sandbox):
    await sandbox.commit(SANDBOXED, "next", {"README.md": b"hello\n"})
    opened = await shop.open_pull_request(opening(await facts(shop, base="next")))
    await shop.close_pull_request(opened.number)
    await sandbox.delete_branch(SANDBOXED, "next")
    found = await shop.merge_facts(opened.number, [WEB])
    assert (found.state, found.base_commit, found.base_files) == (PullRequestState.CLOSED, "", {})


async def test_a_part_that_github_does_not_show_is_never_taken_for_green(repo, told):
    shown = answer(commits=commits(HEAD, run("COMPLETED", "SUCCESS"))).data
    errors = [{"type": "FORBIDDEN", "message": "Resource not accessible", "path": ["repository", "pullRequest"]}]
    told.on("MergeFacts", Answer(shown | {"errors": errors}))
    with pytest.raises(Forbidden):
        await repo.merge_facts(5)


async def test_a_demand_that_only_the_branch_itself_tells_counts(repo, server):
    protection = {"enabled": True, "required_status_checks": {"contexts": ["ci"]}}
    server.on("GET /repos/acme/shop/branches/main", Answer({"protected": True, "protection": protection}))
    server.on("GET /repos/acme/shop/rules/branches/main?per_page=100&page=1", Answer([demanding("scan")]))
    server.on("MergeFacts", answer())
    assert (await repo.merge_facts(5)).required == ("ci", "scan")


async def test_a_demand_that_only_the_query_tells_counts(repo, told):
    base = {"refUpdateRule": {"requiredStatusCheckContexts": ["ci"]}, "rules": None, "target": {"oid": HEAD}}
    told.on("MergeFacts", answer(baseRef=base))
    assert (await repo.merge_facts(5)).required == ("ci",)


ELSEWHERE = {"target": {"oid": "b" * 40}}


async def test_a_branch_that_is_elsewhere_than_its_open_pull_request_is_a_conflict(repo, told):
    told.on("MergeFacts", answer(headRef=ELSEWHERE))
    with pytest.raises(Conflict, match="moved"):
        await repo.merge_facts(5)


async def test_a_branch_that_went_on_after_its_pull_request_was_closed_tells_nothing_of_it(repo, told):
    told.on("MergeFacts", answer(state="CLOSED", headRef=ELSEWHERE))
    assert (await repo.merge_facts(5)).head_files == {}


@pytest.mark.parametrize(
    ("listed", "changed"),
    [
        ({"totalCount": 1, "nodes": [{"path": "a", "changeType": "MODIFIED"}]}, ("a",)),
        ({"totalCount": 1, "nodes": [{"path": "a", "changeType": "RENAMED"}]}, None),
        ({"totalCount": 1, "nodes": [{"path": "a", "changeType": "COPIED"}]}, None),
        ({"totalCount": 2, "nodes": [{"path": "a", "changeType": "MODIFIED"}]}, None),
        ({"totalCount": 1, "nodes": [None]}, None),
        (None, None),
    ],
)
async def test_paths_are_told_only_where_all_of_them_are_known(repo, told, listed, changed):
    told.on("MergeFacts", answer(files=listed))
    assert (await repo.merge_facts(5)).changed == changed


HIDDEN = Answer({"message": "Not Found"}, 404)


@pytest.mark.parametrize(("branch", "rules"), [(HIDDEN, Answer([])), (Answer(UNPROTECTED), HIDDEN)])
async def test_what_the_base_demands_may_not_be_hidden_while_it_is_open(repo, server, branch, rules):
    server.on("GET /repos/acme/shop/branches/main", branch)
    server.on("GET /repos/acme/shop/rules/branches/main?per_page=100&page=1", rules)
    server.on("MergeFacts", answer())
    with pytest.raises(NotFound):
        await repo.merge_facts(5)
