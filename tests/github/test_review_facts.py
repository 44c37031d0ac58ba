"""What a review begins with: the pull request, the policy of its base, and what was said before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.bumps import PullRequestState
from bot.github import NotFound, PolicyBlob, blob_oid
from tests.github.scripted import Answer, repository

POLICY = b"version: 1\n"
BOT = {"__typename": "Bot", "login": "niro"}
MONA = {"__typename": "User", "login": "mona"}


def entry(content: bytes = POLICY) -> dict[str, Any]:
    blob = {"byteSize": len(content), "isBinary": False, "isTruncated": False, "text": content.decode()}
    return {"oid": blob_oid(content), "mode": 0o100644, "type": "blob", "object": blob}


def thread(number: int = 1, *writers: Any, body: str = "B", total: int | None = None, **told: Any) -> dict[str, Any]:
    authors = writers or (BOT,)
    first = {"databaseId": number, "state": "SUBMITTED", "body": body, "author": authors[0]}
    known = {
        "id": f"T{number}",
        "isResolved": False,
        "isOutdated": False,
        "path": "a.yaml",
        "first": {"nodes": [first]},
    }
    everybody = [{"author": author} for author in authors]
    return known | {"all": {"totalCount": total or len(everybody), "nodes": everybody}} | told


def threads(*nodes: Any, before: str | None = None) -> dict[str, Any]:
    return {"nodes": list(nodes), "pageInfo": {"hasPreviousPage": before is not None, "startCursor": before}}


def told(**changed: Any) -> Answer:
    found: dict[str, Any] = {
        "number": 3,
        "id": "PR_3",
        "state": "OPEN",
        "url": "https://github.com/acme/shop/pull/3",
        "isDraft": False,
        "isCrossRepository": False,
        "headRefName": "feature",
        "headRefOid": "b" * 40,
        "baseRefName": "release",
        "author": MONA,
        "baseRef": {"target": {"oid": "a" * 40, "policy": entry()}},
        "reviews": {"nodes": []},
        "reviewThreads": threads(),
    }
    return repository(default={"name": "main"}, pullRequest=found | changed)


@pytest.fixture
def server(server):
    server.on(
        "GET /app", Answer({"id": 1, "slug": "niro", "client_id": "c", "name": "Niro", "owner": {"login": "acme"}})
    )
    return server


async def test_the_pull_request_and_the_policy_of_its_base_come_in_one_query(repo, server):
    server.on("ReviewFacts", told())
    found = await repo.review_facts(3)
    assert (found.number, found.node, found.state, found.draft) == (3, "PR_3", PullRequestState.OPEN, False)
    assert (found.head, found.branch, found.cross_repository) == ("b" * 40, "feature", False)
    assert (found.base_branch, found.base_commit, found.default_branch) == ("release", "a" * 40, "main")
    assert (found.author_login, found.url) == ("mona", "https://github.com/acme/shop/pull/3")
    assert found.policy == PolicyBlob(blob_oid(POLICY), "version: 1\n")
    assert (found.threads, found.pending) == ((), None)
    assert server.asked == ["GET /app", "ReviewFacts"]
    assert server.minted[0]["permissions"]["checks"] == "write"


@pytest.mark.parametrize("state", PullRequestState)
async def test_every_state(repo, server, state):
    server.on("ReviewFacts", told(state=state.value))
    assert (await repo.review_facts(3)).state is state


async def test_a_base_without_a_policy_file(repo, server):
    server.on("ReviewFacts", told(baseRef={"target": {"oid": "a" * 40, "policy": None}}))
    assert (await repo.review_facts(3)).policy is None


async def test_a_base_that_is_gone_has_no_commit_and_no_policy(repo, server):
    server.on("ReviewFacts", told(baseRef=None))
    found = await repo.review_facts(3)
    assert (found.base_commit, found.policy) == ("", None)


async def test_a_deleted_author_has_no_name(repo, server):
    server.on("ReviewFacts", told(author=None))
    assert (await repo.review_facts(3)).author_login == ""


@pytest.mark.parametrize(
    "answer",
    [
        repository(default={"name": "main"}, pullRequest=None),
        Answer(
            {
                "data": {"repository": {"pullRequest": None}},
                "errors": [
                    {"type": "NOT_FOUND", "path": ["repository", "pullRequest"], "message": "Could not resolve"}
                ],
            }
        ),
    ],
)
async def test_no_such_pull_request(repo, server, answer):
    server.on("ReviewFacts", answer)
    assert await repo.review_facts(3) is None


async def test_a_repository_that_is_gone_is_not_a_missing_pull_request(repo, server):
    problem = {"type": "NOT_FOUND", "path": ["repository"], "message": "Could not resolve to a Repository"}
    server.on("ReviewFacts", Answer({"data": {"repository": None}, "errors": [problem]}))
    with pytest.raises(NotFound):
        await repo.review_facts(3)


@pytest.mark.parametrize(
    ("writers", "total", "seen"),
    [
        ((BOT,), None, (True, False)),
        ((BOT, BOT), None, (True, False)),
        ((BOT, MONA), None, (True, True)),
        ((BOT, None), None, (True, True)),
        ((MONA,), None, (False, False)),
        ((MONA, BOT), None, (False, True)),
        (({"__typename": "User", "login": "niro"},), None, (False, False)),
        (({"__typename": "Bot", "login": "other"},), None, (False, False)),
        ((None,), None, (False, False)),
        ((BOT,), 30, (True, True)),
    ],
)
async def test_whose_a_thread_is_and_whether_somebody_answered(repo, server, writers, total, seen):
    server.on("ReviewFacts", told(reviewThreads=threads(thread(1, *writers, total=total))))
    (found,) = (await repo.review_facts(3)).threads
    assert (found.is_ours, found.answered) == seen


async def test_a_thread_tells_where_it_stands(repo, server):
    node = thread(7, body="<!-- niro -->", isResolved=True, isOutdated=True, path="b.yaml")
    server.on("ReviewFacts", told(reviewThreads=threads(node, None)))
    (found,) = (await repo.review_facts(3)).threads
    assert (found.id, found.comment, found.body) == ("T7", 7, "<!-- niro -->")
    assert (found.resolved, found.outdated, found.path) == (True, True, "b.yaml")


async def test_what_nobody_else_can_see_yet_was_not_said(repo, server):
    unsaid = thread(1, first={"nodes": [{"databaseId": 1, "state": "PENDING", "body": "B", "author": BOT}]})
    server.on("ReviewFacts", told(reviewThreads=threads(unsaid, thread(2))))
    assert [found.comment for found in (await repo.review_facts(3)).threads] == [2]


async def test_a_thread_whose_comments_were_deleted_is_nobodys(repo, server):
    empty = thread(1, first={"nodes": []}, all={"totalCount": 0, "nodes": []})
    server.on("ReviewFacts", told(reviewThreads=threads(empty)))
    (found,) = (await repo.review_facts(3)).threads
    assert (found.is_ours, found.body, found.comment, found.answered) == (False, "", 0, False)


async def test_further_threads_come_page_by_page_and_the_oldest_first(repo, server):
    server.on("ReviewFacts", told(reviewThreads=threads(thread(5), thread(6), before="x")))
    pages = [threads(thread(3), thread(4), before="y"), threads(thread(1), thread(2))]
    server.on("MoreThreads", *[repository(pullRequest={"reviewThreads": page}) for page in pages])
    assert [found.comment for found in (await repo.review_facts(3)).threads] == [1, 2, 3, 4, 5, 6]
    assert [seen.variables["before"] for seen in server.requests("MoreThreads")] == ["x", "y"]


async def test_of_very_many_threads_the_newest_thousand(repo, server):
    page = threads(*[thread(number) for number in range(100)], before="x")
    server.on("ReviewFacts", told(reviewThreads=page))
    server.on("MoreThreads", repository(pullRequest={"reviewThreads": page}))
    assert len((await repo.review_facts(3)).threads) == 1000
    assert len(server.requests("MoreThreads")) == 9


async def test_a_pull_request_that_goes_while_its_threads_are_read(repo, server):
    server.on("ReviewFacts", told(reviewThreads=threads(thread(1), before="x")))
    server.on("MoreThreads", repository(pullRequest=None))
    with pytest.raises(NotFound):
        await repo.review_facts(3)


@pytest.mark.parametrize(
    ("nodes", "pending"),
    [
        ([{"id": "R_1", "author": BOT}], "R_1"),
        ([{"id": "R_1", "author": MONA}, {"id": "R_2", "author": BOT}], "R_2"),
        ([{"id": "R_1", "author": MONA}], None),
        ([{"id": "R_1", "author": None}, None], None),
        (None, None),
    ],
)
async def test_a_review_of_ours_that_was_never_submitted(repo, server, nodes, pending):
    server.on("ReviewFacts", told(reviews={"nodes": nodes}))
    assert (await repo.review_facts(3)).pending == pending
