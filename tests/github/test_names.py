"""Repositories that were renamed: followed on the same host, remembered, and never mistaken for others."""

from __future__ import annotations

import pytest

from bot.github import NotFound
from tests.github.scripted import Answer, repository

TREE = {"tree": [], "truncated": False}
OLD = "GET /repos/acme/shop/git/trees/abc"


def moved(location: str, status: int = 301) -> Answer:
    return Answer({"message": "Moved Permanently"}, status, {"location": location})


async def test_a_renamed_repository_is_followed_and_the_new_address_remembered(github, server):
    server.on(OLD, moved("/repositories/42/git/trees/abc"))
    server.on("GET /repositories/42/git/trees/abc", Answer(TREE))
    for _ in range(2):
        await github.repository(7, 42, "acme/shop").folder("abc")
    assert len(server.requests(OLD)) == 1
    assert len(server.requests("GET /repositories/42/git/trees/abc")) == 2


async def test_a_write_to_a_renamed_repository_is_repeated_as_it_was(repo, server):
    server.on("POST /repos/acme/shop/check-runs", moved("/repositories/42/check-runs", 307))
    server.on("POST /repositories/42/check-runs", Answer({"id": 9}, 201))
    from bot.github import CheckRun, Conclusion

    assert await repo.create_check_run(CheckRun("a" * 40, "niro", Conclusion.SUCCESS, "t", "s")) == 9
    first, second = (seen for seen in server.seen if seen.path.endswith("check-runs"))
    assert first.data == second.data
    assert first.token == second.token


async def test_a_temporary_address_is_followed_but_not_remembered(repo, server):
    server.on(OLD, moved("/repositories/42/git/trees/abc", 302))
    server.on("GET /repositories/42/git/trees/abc", Answer(TREE))
    await repo.folder("abc")
    await repo.folder("abc")
    assert len(server.requests(OLD)) == 2


async def test_the_name_that_graphql_tells_is_used_from_then_on(repo, server):
    server.on("Head", Answer(repository(nameWithOwner="acme/store", head=None).data))
    server.on("GET /repos/acme/store/git/trees/abc", Answer(TREE))
    await repo.head()
    await repo.folder("abc")
    assert repo.full_name == "acme/store"


async def test_a_user_who_learned_of_another_name_is_believed(github, server):
    server.on("Head", Answer(repository(nameWithOwner="acme/store", head=None).data))
    await github.repository(7, 42, "acme/shop").head()
    assert github.repository(7, 42, "acme/shop").full_name == "acme/store"
    assert github.repository(7, 42, "acme/newest").full_name == "acme/newest"


async def test_another_repository_of_the_same_name_is_not_ours(repo, server):
    server.on("Head", repository(databaseId=43, head=None))
    with pytest.raises(NotFound, match="42 is not at acme/shop"):
        await repo.head()


async def test_an_address_that_leads_to_another_repository_is_not_followed(repo, server):
    server.on(OLD, moved("/repositories/43/git/trees/abc"))
    server.on("GET /repositories/43/git/trees/abc", Answer(TREE))
    with pytest.raises(NotFound, match="leads to another one"):
        await repo.folder("abc")
    assert server.requests("GET /repositories/43/git/trees/abc") == []
