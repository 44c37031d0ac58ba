"""Repositories that images say they were built from, and what they released."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import GitHubUnavailable, SourceRepository, UnexpectedAnswer
from bot.github.sources import LONGEST_TEXT
from tests.github.scripted import INSTALLATION, Answer

ASKED = "GET /repos/upstream/nginx"
RELEASES = "GET /repos/upstream/nginx/releases?per_page=100"


async def test_a_repository_of_our_own_and_its_releases(shop, sandbox):
    private = await sandbox.add_repository("acme/engine", {"README.md": b"x\n"})
    await sandbox.release("acme/engine", "v1.0.0", "First")
    await sandbox.release("acme/engine", "v1.1.0", "Second")
    found = await shop.source("acme/engine")
    assert found == SourceRepository("acme/engine", private.private, f"{sandbox.url}/acme/engine")
    released = await shop.releases("acme/engine")
    assert [(release.tag, release.body) for release in released] == [("v1.1.0", "Second"), ("v1.0.0", "First")]


async def test_a_public_repository_of_strangers_is_shown_and_a_private_one_is_not(shop, sandbox):
    await sandbox.add_repository("strangers/open", {"README.md": b"x\n"}, private=False)
    await sandbox.add_repository("strangers/closed", {"README.md": b"x\n"}, private=True)
    await sandbox.release("strangers/closed", "v1.0.0", "Secret")
    assert (await shop.source("strangers/open")).private is False
    assert await shop.source("strangers/closed") is None
    assert await shop.releases("strangers/closed") == ()


async def test_one_that_is_not_there(shop):
    assert (await shop.source("acme/nothing"), await shop.releases("acme/nothing")) == (None, ())


@pytest.mark.parametrize(
    "name",
    ["", "acme", "/", "acme/", "/shop", "a/b/c", "../orgs", "acme/..", "acme/.", "acme/shop?x=1", "acme/shop#", "é/x",
     "acme/shop\n", "acme/" + "x" * 101, "a cme/shop", "acme/%2e%2e"],
)  # fmt: skip
async def test_a_name_that_is_none_is_not_asked_for(repo, server, name):
    assert (await repo.source(name), await repo.releases(name)) == (None, ())
    assert server.seen == []


def described(**changed: Any) -> Answer:
    told = {"full_name": "upstream/nginx", "private": False, "html_url": "https://github.com/upstream/nginx"}
    return Answer(told | changed)


def release(**changed: Any) -> dict[str, Any]:
    told = {
        "tag_name": "v1.0.0",
        "name": "One",
        "html_url": "https://github.com/upstream/nginx/releases/tag/v1.0.0",
        "body": "Text",
        "draft": False,
        "prerelease": False,
        "published_at": "2026-05-01T10:00:00Z",
    }
    return told | changed


async def test_the_token_reads_and_opens_what_the_installation_was_given(repo, server):
    server.on(ASKED, described())
    await repo.source("upstream/nginx")
    path = f"/app/installations/{INSTALLATION}/access_tokens"
    assert server.minted == [{"path": path, "permissions": {"contents": "read", "metadata": "read"}}]


async def test_what_was_seen_is_believed_for_an_hour(repo, server, clock):
    server.on(ASKED, described())
    server.on(RELEASES, Answer([release()]))
    for minutes in (59, 2):
        for name in ("upstream/nginx", "Upstream/Nginx"):
            assert await repo.source(name)
            assert await repo.releases(name)
        clock.forward(minutes=minutes)
    assert server.asked == [ASKED, RELEASES]
    assert await repo.source("upstream/nginx")
    assert server.asked == [ASKED, RELEASES, ASKED]


async def test_what_one_installation_sees_is_not_told_to_another(github, server):
    server.on(ASKED, described(private=True), Answer({"message": "Not Found"}, 404))
    seen = [await github.repository(number, 42, "acme/shop").source("upstream/nginx") for number in (7, 8)]
    assert [found is not None for found in seen] == [True, False]


async def test_one_that_was_renamed_goes_by_its_new_name(repo, server):
    server.on(ASKED, Answer({"message": "Moved"}, 301, {"location": "/repositories/9"}))
    server.on("GET /repositories/9", described(full_name="upstream/engine"))
    assert (await repo.source("upstream/nginx")).full_name == "upstream/engine"


@pytest.mark.parametrize("status", [403, 404, 410, 451])
async def test_one_that_is_not_shown_is_none(repo, server, status):
    server.on(ASKED, Answer({"message": "Repository access blocked"}, status))
    server.on(RELEASES, Answer({"message": "Repository access blocked"}, status))
    assert (await repo.source("upstream/nginx"), await repo.releases("upstream/nginx")) == (None, ())


async def test_a_failure_is_an_error_and_not_kept(repo, server):
    server.on(ASKED, Answer({"message": "oops"}, 502), described())
    with pytest.raises(GitHubUnavailable):
        await repo.source("upstream/nginx")
    assert await repo.source("upstream/nginx")


async def test_an_installation_that_grants_no_contents_sees_none(repo, server):
    refused = "The permissions requested are not granted to this installation."
    server.token_answers.append(Answer({"message": refused}, 422))
    assert await repo.source("upstream/nginx") is None


@pytest.mark.parametrize("answer", [[], {}, {"full_name": "x/y", "private": "no"}])
async def test_an_answer_that_describes_nothing(repo, server, answer):
    server.on(ASKED, Answer(answer))
    with pytest.raises(UnexpectedAnswer):
        await repo.source("upstream/nginx")


async def test_drafts_are_left_out_and_previews_are_marked(repo, server):
    draft = release(tag_name="v3", draft=True, published_at=None)
    server.on(RELEASES, Answer([draft, release(tag_name="v2-rc", prerelease=True), release()]))
    found = await repo.releases("upstream/nginx")
    assert [(each.tag, each.prerelease) for each in found] == [("v2-rc", True), ("v1.0.0", False)]


async def test_long_texts_are_cut_and_missing_ones_are_empty(repo, server):
    server.on(RELEASES, Answer([release(body="x" * 100_000, name="n" * 5_000), release(body=None, name=None)]))
    long, missing = await repo.releases("upstream/nginx")
    assert (len(long.body), long.body[-1], len(long.name)) == (LONGEST_TEXT, "…", 200)
    assert (missing.body, missing.name) == ("", "")
