"""What decides a merge, as GitHub tells it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.bumps import Check, CheckState, Mergeable, PullRequestState
from bot.github import CheckRun, Conclusion, Conflict, Forbidden, NotFound
from bot.github.contents import blob_oid
from bot.sandbox.model import MergeMethod
from tests.github.scripted import Answer, repository
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
        Check("ci", required=True, state=CheckState.SUCCESS),
        Check("spelling", required=False, state=CheckState.FAILURE),
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


HEAD = "a" * 40
BRANCH_OF_NOBODY = {"protected": False, "protection": {"enabled": False}}


def pull_request(**changed: Any) -> dict[str, Any]:
    told = {
        "number": 5,
        "id": "PR_5",
        "title": "T",
        "url": "u",
        "state": "OPEN",
        "isDraft": False,
        "headRefName": "niro/web",
        "headRefOid": HEAD,
        "baseRefName": "main",
        "mergeable": "UNKNOWN",
        "mergeStateStatus": "UNKNOWN",
        "isMergeQueueEnabled": False,
        "isInMergeQueue": False,
        "author": None,
        "baseRef": None,
        "headRef": None,
        "files": {"totalCount": 0, "nodes": []},
        "newest": {"totalCount": 0, "nodes": []},
        "commits": {"nodes": []},
    }
    return told | changed


def answer(**changed: Any) -> Answer:
    default = {"name": "main", "target": {"policy": None}}
    return repository(default=default, pullRequest=pull_request(**changed))


@pytest.fixture
def told(server):
    """A scripted GitHub whose main branch demands nothing."""
    server.on("GET /repos/acme/shop/branches/main", Answer(BRANCH_OF_NOBODY))
    server.on("GET /repos/acme/shop/rules/branches/main?per_page=100&page=1", Answer([]))
    return server


def commits(oid: str, *nodes: dict[str, Any], more: bool = False) -> dict[str, Any]:
    contexts = {"pageInfo": {"hasNextPage": more, "endCursor": "100"}, "nodes": list(nodes)}
    return {"nodes": [{"commit": {"oid": oid, "statusCheckRollup": {"contexts": contexts}}}]}


def run(status: str, conclusion: str | None) -> dict[str, Any]:
    named = {"__typename": "CheckRun", "name": "ci", "isRequired": True, "checkSuite": {"app": None}}
    return named | {"status": status, "conclusion": conclusion}


def status(state: str) -> dict[str, Any]:
    return {"__typename": "StatusContext", "context": "ci", "state": state, "isRequired": True}


@pytest.mark.parametrize(
    ("node", "state", "green"),
    [
        (run("COMPLETED", "SUCCESS"), CheckState.SUCCESS, True),
        (run("COMPLETED", "NEUTRAL"), CheckState.NEUTRAL, True),
        (run("COMPLETED", "SKIPPED"), CheckState.SKIPPED, True),
        (run("COMPLETED", "STALE"), CheckState.FAILURE, False),
        (run("COMPLETED", "CANCELLED"), CheckState.FAILURE, False),
        (run("COMPLETED", "SOMETHING_NEW"), CheckState.FAILURE, False),
        (run("COMPLETED", None), CheckState.FAILURE, False),
        (run("IN_PROGRESS", None), CheckState.PENDING, False),
        (run("IN_PROGRESS", "SUCCESS"), CheckState.PENDING, False),
        (run("WAITING", None), CheckState.PENDING, False),
        (status("SUCCESS"), CheckState.SUCCESS, True),
        (status("EXPECTED"), CheckState.PENDING, False),
        (status("ERROR"), CheckState.FAILURE, False),
    ],
)
async def test_how_checks_are_read(repo, told, node, state, green):
    told.on("MergeFacts", answer(commits=commits(HEAD, node)))
    (check,) = (await repo.merge_facts(5)).checks
    assert (check.state, check.state.is_green, check.own) == (state, green, False)


async def test_green_checks_of_an_older_commit_count_for_nothing(repo, told):
    told.on("MergeFacts", answer(commits=commits("b" * 40, run("COMPLETED", "SUCCESS"))))
    assert (await repo.merge_facts(5)).checks == ()


async def test_a_part_that_github_does_not_show_is_never_taken_for_green(repo, told):
    shown = answer(commits=commits(HEAD, run("COMPLETED", "SUCCESS"))).data
    errors = [{"type": "FORBIDDEN", "message": "Resource not accessible", "path": ["repository", "pullRequest"]}]
    told.on("MergeFacts", Answer(shown | {"errors": errors}))
    with pytest.raises(Forbidden):
        await repo.merge_facts(5)


async def test_a_head_that_moves_while_its_checks_are_read_is_a_conflict(repo, told):
    told.on("MergeFacts", answer(commits=commits(HEAD, more=True)))
    told.on("MoreChecks", answer(headRefOid="b" * 40))
    with pytest.raises(Conflict, match="moved"):
        await repo.merge_facts(5)


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


@pytest.mark.parametrize(("branch", "rules"), [(HIDDEN, Answer([])), (Answer(BRANCH_OF_NOBODY), HIDDEN)])
async def test_what_the_base_demands_may_not_be_hidden_while_it_is_open(repo, server, branch, rules):
    server.on("GET /repos/acme/shop/branches/main", branch)
    server.on("GET /repos/acme/shop/rules/branches/main?per_page=100&page=1", rules)
    server.on("MergeFacts", answer())
    with pytest.raises(NotFound):
        await repo.merge_facts(5)
