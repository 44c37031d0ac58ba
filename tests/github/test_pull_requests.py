"""One pull request, looked up by its number."""

from __future__ import annotations

from typing import Any

import pytest

from bot.bumps import PullRequestState
from bot.github import OnePullRequest, UnexpectedAnswer
from bot.policies import MergeMethod
from tests.github.scripted import REPOSITORY, Answer
from tests.github.wishes import BRANCH

HEAD = "a" * 40


async def test_a_pull_request_of_the_bot(shop, live, opened):
    assert await shop.pull_request(opened.number) == OnePullRequest(
        number=opened.number,
        node=opened.node,
        state=PullRequestState.OPEN,
        head=opened.head,
        branch=BRANCH,
        base_branch="main",
        author_login=(await live.identity()).bot_login,
        cross_repository=False,
    )


async def test_closed_and_merged_are_told_apart(shop, opened):
    await shop.close_pull_request(opened.number)
    assert (await shop.pull_request(opened.number)).state is PullRequestState.CLOSED


async def test_merged(shop, opened):
    await shop.merge(opened.number, opened.head, MergeMethod.SQUASH)
    assert (await shop.pull_request(opened.number)).state is PullRequestState.MERGED


async def test_one_that_is_not_there_and_an_issue_are_none(shop):
    issue = await shop.create_issue("Images", "")
    assert [await shop.pull_request(number) for number in (issue, 99)] == [None, None]


def pull_request(**changed: Any) -> dict[str, Any]:
    told = {
        "number": 5,
        "node_id": "PR_5",
        "state": "open",
        "merged": False,
        "user": {"login": "mona"},
        "head": {"sha": HEAD, "ref": "niro/web", "repo": {"id": REPOSITORY}},
        "base": {"sha": HEAD, "ref": "main", "repo": {"id": REPOSITORY}},
    }
    return told | changed


@pytest.mark.parametrize(
    ("repository", "cross"), [({"id": REPOSITORY}, False), ({"id": REPOSITORY + 1}, True), (None, True)]
)
async def test_a_branch_of_a_fork_or_of_a_fork_that_is_gone(repo, server, repository, cross):
    head = {"sha": HEAD, "ref": "niro/web", "repo": repository}
    server.on("GET /repos/acme/shop/pulls/5", Answer(pull_request(head=head)))
    assert (await repo.pull_request(5)).cross_repository is cross


async def test_an_author_whose_account_is_gone(repo, server):
    server.on("GET /repos/acme/shop/pulls/5", Answer(pull_request(user=None)))
    assert (await repo.pull_request(5)).author_login == ""


@pytest.mark.parametrize("answer", [[], {}, pull_request(number=6)])
async def test_an_answer_about_something_else(repo, server, answer):
    server.on("GET /repos/acme/shop/pulls/5", Answer(answer))
    with pytest.raises(UnexpectedAnswer):
        await repo.pull_request(5)
