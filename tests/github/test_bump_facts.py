"""Pull requests of the bot's branch, and nobody else's."""

from __future__ import annotations

from typing import Any

from bot.policies import MergeMethod
from tests.github.scripted import repository
from tests.github.wishes import BRANCH, SANDBOXED, WEB, facts, update


def pull_request(number: int, *, fork: bool = False, state: str = "OPEN") -> dict[str, Any]:
    return {
        "number": number,
        "id": f"PR_{number}",
        "state": state,
        "merged": state == "MERGED",
        "headRefOid": "c" * 40,
        "baseRefName": "main",
        "title": "T",
        "body": "B",
        "url": "u",
        "isCrossRepository": fork,
        "author": {"__typename": "Bot", "login": "niro"},
    }


def told(*by_name: dict[str, Any], of_branch: tuple[dict[str, Any], ...] | None = None) -> Any:
    commit = {"oid": "b" * 40, "tree": {"oid": "e" * 40}}
    own = {"oid": "c" * 40, "message": "m", "changedFilesIfAvailable": None, "tree": {"oid": "f" * 40}, "author": None}
    target = own | {"signature": None, "parents": {"nodes": []}}
    branch = {"target": target, "associatedPullRequests": {"nodes": list(of_branch or ())}}
    return repository(
        default={"name": "main", "target": {"policy": None}},
        base={"name": "main", "target": commit},
        branch=None if of_branch is None else branch,
        pullRequests={"nodes": list(by_name)},
    )


async def test_pull_requests_of_forks_with_our_branchs_name_are_not_ours(repo, server):
    server.on("BumpFacts", told(pull_request(9, fork=True), pull_request(8), pull_request(7, fork=True)))
    found = await repo.bump_facts(None, BRANCH, [])
    assert [item.number for item in found.pull_requests] == [8]


async def test_ours_is_found_behind_any_number_of_forks(repo, server):
    forks = [pull_request(number, fork=True) for number in range(100, 120)]
    server.on("BumpFacts", told(*forks, of_branch=(pull_request(3),)))
    found = await repo.bump_facts(None, BRANCH, [])
    assert [item.number for item in found.pull_requests] == [3]


async def test_one_pull_request_told_twice_is_one_and_the_newest_come_first(repo, server):
    closed = pull_request(2, state="CLOSED")
    server.on("BumpFacts", told(pull_request(3), closed, of_branch=(pull_request(3),)))
    found = await repo.bump_facts(None, BRANCH, [])
    assert [item.number for item in found.pull_requests] == [3, 2]


async def test_a_commit_nobody_signed_is_not_verified_and_has_no_author(repo, server):
    server.on("BumpFacts", told(of_branch=()))
    head = (await repo.bump_facts(None, BRANCH, [])).branch_head
    assert (head.verified, head.author_login, head.author_is_bot, head.changed_files) == (False, "", False, None)
    assert (await repo.bump_facts(None, BRANCH, [])).policy is None


async def test_the_commits_of_the_open_pull_request_come_with_who_vouches_for_them(shop, live, sandbox, opened):
    again = await shop.add_commit(update(opened.head, opened.node))
    pushed = await sandbox.push_as_person(SANDBOXED, BRANCH, {"README.md": b"mine\n"}, login="mona")
    (found,) = (await facts(shop)).pull_requests
    bot = (await live.identity()).bot_login
    assert [(commit.oid, commit.author_login, commit.verified) for commit in found.commits] == [
        (opened.head, bot, True),
        (again.head, bot, True),
        (pushed, "mona", False),
    ]
    assert found.commits_total == 3
    assert found.commits[1].message == "Bump nginx again"


async def test_of_many_commits_the_newest_hundred(shop, sandbox, opened):
    for number in range(101):
        last = await sandbox.commit(SANDBOXED, BRANCH, {"README.md": f"{number}\n".encode()})
    (found,) = (await facts(shop)).pull_requests
    assert (found.commits_total, len(found.commits), found.commits[-1].oid) == (102, 100, last)


async def test_the_newest_that_was_closed_tells_the_commits_that_its_branch_still_holds(shop, opened):
    await shop.close_pull_request(opened.number)
    (found,) = (await facts(shop)).pull_requests
    assert ([commit.oid for commit in found.commits], found.commits_total) == ([opened.head], 1)


async def test_without_its_branch_a_closed_pull_request_tells_no_commits(shop, sandbox, opened):
    await sandbox.delete_branch(SANDBOXED, BRANCH)
    (found,) = (await facts(shop)).pull_requests
    assert (found.commits, found.commits_total) == ((), 0)


async def test_a_branch_used_again_tells_the_commits_of_each_pull_request_as_its_own(shop, sandbox, opened):
    await shop.merge(opened.number, opened.head, MergeMethod.SQUASH)
    await sandbox.delete_branch(SANDBOXED, BRANCH)
    again = await sandbox.push_as_person(SANDBOXED, BRANCH, {WEB: b"image: nginx:9\n"}, login="mona")
    await sandbox.world.pulls.open(
        sandbox.repository(SANDBOXED), head=BRANCH, base="main", title="Mine", body=None, actor=sandbox.person
    )
    newest, older = (await facts(shop)).pull_requests
    told = [[commit.oid for commit in each.commits] for each in (newest, older)]
    assert told == [[again], [opened.head]]


async def test_commits_take_no_request_more(shop, sandbox, opened):
    await facts(shop)
    before = len(sandbox.faults.requests)
    await facts(shop)
    assert len(sandbox.faults.requests) - before == 1
