"""Opening a pull request: all of it, or nothing that stays."""

from __future__ import annotations

from typing import Any

import pytest

from bot.bumps import PullRequestState
from bot.github import CreatePullRequest, GitHubUnavailable, OpeningFailed, RateLimited, Unprocessable
from tests.github.scripted import Answer, repository
from tests.github.wishes import BRANCH, FILES, SANDBOXED, WEB, facts, opening

BASE, COMMIT, OTHER = "a" * 40, "c" * 40, "d" * 40


async def branch(sandbox: Any, name: str = BRANCH) -> str | None:
    return await sandbox.repository(SANDBOXED).git.branch(name)


async def test_a_pull_request_takes_one_document(shop, sandbox):
    found = await facts(shop)
    before = len(sandbox.faults.requests)
    opened = await shop.open_pull_request(opening(found))

    assert len(sandbox.faults.requests) - before == 1
    assert opened.head == await branch(sandbox)
    pull = sandbox.repository(SANDBOXED).pulls[0]
    assert (pull.number, pull.state, pull.title, pull.body) == (opened.number, "open", opening(found).title, "The body")
    assert opened.url.endswith(f"/pull/{opened.number}")
    assert await sandbox.read(SANDBOXED, WEB, BRANCH) == b"image: nginx:1.26\r\n"
    assert await sandbox.read(SANDBOXED, "apps/api.yaml", BRANCH) == FILES["apps/api.yaml"]


async def test_a_branch_that_somebody_else_made_is_left_alone(shop, sandbox):
    found = await facts(shop)
    theirs = await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})

    with pytest.raises(OpeningFailed) as caught:
        await shop.open_pull_request(opening(found))

    assert await branch(sandbox) == theirs
    assert not caught.value.state.branch_created
    assert caught.value.state.commit is None
    assert caught.value.state.branch_head == theirs
    assert [pull.state for pull in sandbox.repository(SANDBOXED).pulls] in ([], ["closed"])


async def test_a_branch_that_was_there_at_the_base_goes_back_to_it_and_is_not_deleted(shop, sandbox):
    found = await facts(shop)
    await sandbox.force_push(SANDBOXED, BRANCH, found.base.commit)

    with pytest.raises(OpeningFailed) as caught:
        await shop.open_pull_request(opening(found))

    assert await branch(sandbox) == found.base.commit
    assert caught.value.closed
    assert caught.value.state.branch_head == found.base.commit
    assert [pull.state for pull in sandbox.repository(SANDBOXED).pulls] == ["closed"]


async def test_a_commit_that_is_refused_leaves_no_branch(shop, sandbox):
    with pytest.raises(OpeningFailed, match="malformed") as caught:
        await shop.open_pull_request(opening(await facts(shop), files={"apps/../web.yaml": b"x"}))
    assert await branch(sandbox) is None
    assert (caught.value.state.branch_created, caught.value.state.commit) == (True, None)
    assert caught.value.state.branch_head is None


async def test_a_pull_request_that_is_refused_leaves_no_branch(shop, sandbox):
    with pytest.raises(OpeningFailed) as caught:
        await shop.open_pull_request(opening(await facts(shop), base_branch="gone"))
    assert await branch(sandbox) is None
    assert caught.value.state.commit is not None
    assert not caught.value.closed
    assert caught.value.errors


async def test_a_base_that_moved_on_since_still_opens(shop, sandbox):
    found = await facts(shop)
    await sandbox.commit(SANDBOXED, "main", {"README.md": b"newer\n"})
    opened = await shop.open_pull_request(opening(found))
    assert opened.head == await branch(sandbox)


async def test_a_branch_that_is_its_own_base_is_refused_before_anything_is_asked(repo, server):
    with pytest.raises(Unprocessable, match="to itself"):
        await repo.open_pull_request(wish(branch="main"))
    assert server.seen == []


async def test_an_answer_that_got_lost_leaves_a_pull_request_to_be_found(shop, sandbox):
    found = await facts(shop)
    sandbox.faults.drop("graphql:OpenPullRequest", after_handling=True)
    with pytest.raises(GitHubUnavailable):
        await shop.open_pull_request(opening(found))
    again = await facts(shop)
    assert again.pull_requests[0].head == again.branch_head.oid


def wish(**changed: Any) -> Any:
    from types import SimpleNamespace

    place = SimpleNamespace(repository_node="R_42", base=SimpleNamespace(branch="main", commit=BASE))
    return opening(place, **changed)


def half(*, created: bool = True, commit: str | None = COMMIT, head: str | None = COMMIT) -> Answer:
    """Answer an opening of which parts went wrong."""
    pull_request = None if head is None else {"id": "PR_9", "number": 9, "url": "u/9", "headRefOid": head}
    data = {
        "branch": {"clientMutationId": None} if created else None,
        "commit": None if commit is None else {"commit": {"oid": commit}},
        "pullRequest": None if pull_request is None else {"pullRequest": pull_request},
    }
    errors = [{"message": f"{name} failed", "path": [name]} for name, value in data.items() if value is None]
    return Answer({"data": data, **({"errors": errors} if errors else {})})


def standing(head: str | None, *open_pull_requests: int) -> Answer:
    nodes = [{"number": number} for number in open_pull_requests]
    found = None if head is None else {"target": {"oid": head}, "associatedPullRequests": {"nodes": nodes}}
    return repository(branch=found)


DONE = Answer({"data": {"branch": {"clientMutationId": None}}})
REFUSED = Answer({"data": {"branch": None}, "errors": [{"message": "protected", "path": ["branch"]}]})
ZEROS = "0" * 40

HALVES = [
    # what happened, where the branch stands then, what is done, where it is said to stand
    ("head is another commit", half(head=OTHER), standing(OTHER), ["close"], OTHER),
    ("no pull request", half(head=None), standing(COMMIT), [(COMMIT, ZEROS)], None),
    ("no commit", half(commit=None, head=None), standing(BASE), [(BASE, ZEROS)], None),
    ("no commit, yet a pull request", half(commit=None, head=BASE), standing(BASE), ["close", (BASE, ZEROS)], None),
    ("branch was there", half(created=False), standing(COMMIT), ["close", (COMMIT, BASE)], BASE),
    ("branch was there and moved", half(created=False, commit=None, head=None), standing(OTHER), [], OTHER),
    ("branch was there at the base", half(created=False, commit=None, head=None), standing(BASE), [], BASE),
    ("somebody pushed meanwhile", half(head=None), standing(OTHER), [], OTHER),
    ("somebody opened theirs meanwhile", half(head=None), standing(COMMIT, 10), [], COMMIT),
    ("the branch is gone", half(head=None), standing(None), [], None),
    ("nothing at all", half(created=False, commit=None, head=None), standing(None), [], None),
]


@pytest.mark.parametrize("case", HALVES, ids=[case[0] for case in HALVES])
async def test_what_half_happened_is_taken_back_where_that_is_safe(repo, server, case):
    _, answer, stands, done, left = case
    server.on("OpenPullRequest", answer)
    server.on("PATCH /repos/acme/shop/pulls/9", Answer({}))
    server.on("BranchState", stands)
    server.on("UpdateRefs", DONE)

    with pytest.raises(OpeningFailed) as caught:
        await repo.open_pull_request(wish())

    assert taken_back(server) == done
    assert caught.value.closed is ("close" in done)
    assert caught.value.state.branch_head == left
    assert caught.value.errors


def taken_back(server: Any) -> list[Any]:
    steps: list[Any] = []
    for seen in server.seen:
        if seen.method == "PATCH":
            assert seen.data == {"state": "closed"}
            steps.append("close")
        if seen.operation == "UpdateRefs":
            (update,) = seen.variables["branch"]["refUpdates"]
            assert update["name"] == f"refs/heads/{BRANCH}"
            steps.append((update["beforeOid"], update["afterOid"]))
    return steps


async def test_a_branch_that_may_not_be_deleted_is_said_to_stand(repo, server):
    server.on("OpenPullRequest", half(head=None))
    server.on("BranchState", standing(COMMIT))
    server.on("UpdateRefs", REFUSED)
    with pytest.raises(OpeningFailed) as caught:
        await repo.open_pull_request(wish())
    assert caught.value.state.branch_head == COMMIT


async def test_putting_things_right_is_not_held_up_by_pacing(repo, server, clock):
    server.on("OpenPullRequest", half(head=None))
    server.on("BranchState", standing(COMMIT))
    server.on("UpdateRefs", DONE)
    with pytest.raises(OpeningFailed):
        await repo.open_pull_request(wish())
    assert clock.slept == []


async def test_the_branch_is_made_from_nothing_and_the_commit_locked_to_the_base(repo, server):
    server.on("OpenPullRequest", half())
    assert (await repo.open_pull_request(wish())).head == COMMIT
    (seen,) = server.requests("OpenPullRequest")
    (update,) = seen.variables["branch"]["refUpdates"]
    assert (update["beforeOid"], update["afterOid"], update["force"]) == (ZEROS, BASE, False)
    assert seen.variables["commit"]["expectedHeadOid"] == BASE
    assert seen.variables["commit"]["branch"] == {"repositoryNameWithOwner": "acme/shop", "branchName": BRANCH}


async def test_hostile_text_travels_in_variables_alone(repo, server):
    hostile = '"}) { x } mutation Evil { y }'
    server.on("OpenPullRequest", half())
    await repo.open_pull_request(wish(title=hostile, body=hostile, files={hostile: b"x"}))
    assert hostile not in server.requests("OpenPullRequest")[0].data["query"]


async def test_a_limit_met_at_the_opening_is_a_limit(shop, sandbox):
    found = await facts(shop)
    sandbox.faults.secondary_limit("graphql:OpenPullRequest")
    with pytest.raises(RateLimited):
        await shop.open_pull_request(opening(found))
    assert await branch(sandbox) is None


async def create(shop: Any, head: str, **changed: Any) -> Any:
    found = await facts(shop)
    wish = {"node": found.repository_node, "base_branch": "main", "branch": BRANCH, "head": head, "title": "T"}
    return await shop.create_pull_request(CreatePullRequest(**wish | {"body": "B"} | changed))


async def test_a_pull_request_from_a_branch_that_is_there(shop, sandbox):
    head = await sandbox.commit(SANDBOXED, BRANCH, {WEB: b"image: nginx:1.26\n"})
    opened = await create(shop, head)
    (pull_request,) = (await facts(shop)).pull_requests
    assert (opened.number, opened.head) == (pull_request.number, head)


async def test_a_pull_request_from_a_branch_that_moved_is_closed_again(shop, sandbox):
    head = await sandbox.commit(SANDBOXED, BRANCH, {WEB: b"image: nginx:1.26\n"})
    newer = await sandbox.commit(SANDBOXED, BRANCH, {WEB: b"image: nginx:1.27\n"})
    with pytest.raises(OpeningFailed) as caught:
        await create(shop, head)
    assert caught.value.closed
    assert caught.value.state.branch_head == newer
    assert [item.state for item in (await facts(shop)).pull_requests] == [PullRequestState.CLOSED]


async def test_a_second_pull_request_from_a_branch_is_refused_and_the_first_stays(shop, sandbox):
    head = await sandbox.commit(SANDBOXED, BRANCH, {WEB: b"image: nginx:1.26\n"})
    await create(shop, head)
    with pytest.raises(OpeningFailed, match="already exists"):
        await create(shop, head)
    assert [item.state for item in (await facts(shop)).pull_requests] == [PullRequestState.OPEN]
