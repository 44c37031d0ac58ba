"""Comments, reactions, issues, and who may command what."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import CommentFacts, Forbidden, IssueFacts, Permission, Reaction, UnexpectedAnswer
from bot.github.talk import LONGEST_BODY
from tests.github.scripted import Answer
from tests.github.wishes import SANDBOXED


@pytest.fixture
async def spoken(sandbox, opened):
    """A comment of mona on the bot's pull request."""
    return await sandbox.comment(SANDBOXED, opened.number, "/niro help\n", "mona")


async def test_a_comment_is_read_as_it_stands(shop, clock, opened, spoken):
    assert await shop.comment(spoken.id) == CommentFacts(
        id=spoken.id,
        number=opened.number,
        body="/niro help\n",
        author_login="mona",
        author_is_bot=False,
        created_at=clock(),
        edited=False,
    )


async def test_a_comment_that_was_edited_says_so(shop, sandbox, clock, spoken):
    clock.forward(seconds=90)
    await sandbox.edit_comment(SANDBOXED, spoken, "/niro merge\n", "mona")
    found = await shop.comment(spoken.id)
    assert (found.body, found.edited) == ("/niro merge\n", True)


async def test_a_comment_that_was_deleted_is_none(shop, sandbox, spoken):
    await sandbox.delete_comment(SANDBOXED, spoken)
    assert await shop.comment(spoken.id) is None


async def test_the_words_of_a_bot_are_known_as_such(shop, live, opened):
    found = await shop.comment(await shop.say(opened.number, "Hello"))
    assert (found.author_login, found.author_is_bot) == ((await live.identity()).bot_login, True)


def comment(**changed: Any) -> dict[str, Any]:
    told = {
        "id": 9,
        "issue_url": "https://api.github.com/repos/acme/shop/issues/5",
        "body": "/niro help",
        "user": {"login": "mona", "type": "User"},
        "performed_via_github_app": None,
        "created_at": "2026-05-01T10:00:00Z",
        "updated_at": "2026-05-01T10:00:00Z",
    }
    return told | changed


@pytest.mark.parametrize(
    ("changed", "login", "is_bot"),
    [
        ({}, "mona", False),
        ({"user": {"login": "ci[bot]", "type": "Bot"}}, "ci[bot]", True),
        ({"performed_via_github_app": {"id": 3}}, "mona", True),
        ({"user": None}, "", True),
        ({"user": {"login": "acme", "type": "Organization"}}, "acme", True),
    ],
)
async def test_whose_a_comment_is(repo, server, changed, login, is_bot):
    server.on("GET /repos/acme/shop/issues/comments/9", Answer(comment(**changed)))
    found = await repo.comment(9)
    assert (found.author_login, found.author_is_bot, found.number) == (login, is_bot, 5)


async def test_a_comment_without_words_is_empty(repo, server):
    server.on("GET /repos/acme/shop/issues/comments/9", Answer(comment(body=None)))
    assert (await repo.comment(9)).body == ""


@pytest.mark.parametrize("answer", [[], {}, {"id": "9"}, comment(issue_url=None)])
async def test_an_answer_that_is_no_comment(repo, server, answer):
    server.on("GET /repos/acme/shop/issues/comments/9", Answer(answer))
    with pytest.raises(UnexpectedAnswer):
        await repo.comment(9)


@pytest.mark.parametrize("reaction", Reaction)
async def test_a_reaction_is_put_once_however_often_it_is_asked_for(shop, sandbox, spoken, reaction):
    assert [await shop.react(spoken.id, reaction) for _ in range(2)] == [True, True]
    assert sandbox.reactions(SANDBOXED, spoken) == [reaction.value]


async def test_there_is_no_reaction_to_a_comment_that_was_deleted(shop, sandbox, spoken):
    await sandbox.delete_comment(SANDBOXED, spoken)
    assert not await shop.react(spoken.id, Reaction.EYES)


async def test_the_bot_comments(shop, sandbox, opened):
    number = await shop.say(opened.number, "Held until <b>you</b> say otherwise.")
    (written,) = sandbox.world.issues.find(sandbox.repository(SANDBOXED), opened.number).comments
    assert (written.id, written.body) == (number, "Held until <b>you</b> say otherwise.")


async def test_a_comment_that_github_would_not_take_is_cut(shop, sandbox, opened):
    await shop.say(opened.number, "x" * 70_000)
    (written,) = sandbox.world.issues.find(sandbox.repository(SANDBOXED), opened.number).comments
    assert (len(written.body), written.body[-1]) == (LONGEST_BODY, "…")


async def test_what_was_said_since_a_moment(shop, sandbox, clock, opened, spoken):
    clock.forward(minutes=5)
    since = clock()
    for word in ("one", "two"):
        clock.forward(minutes=1)
        await sandbox.comment(SANDBOXED, opened.number, word)
    assert [found.body for found in await shop.said_since(opened.number, since)] == ["one", "two"]


async def test_all_pages_of_what_was_said(shop, sandbox, clock, opened):
    since = clock()
    for number in range(120):
        await sandbox.comment(SANDBOXED, opened.number, str(number))
    assert len(await shop.said_since(opened.number, since)) == 120


async def test_no_more_than_a_thousand_comments_are_read(repo, server, clock):
    for page in range(1, 12):
        told = f"since={clock():%Y-%m-%dT%H%%3A%M%%3A%SZ}&per_page=100&page={page}"
        server.on(f"GET /repos/acme/shop/issues/5/comments?{told}", Answer([comment()] * 100))
    assert len(await repo.said_since(5, clock())) == 1000
    assert len(server.asked) == 10


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("none", Permission.NONE),
        ("read", Permission.READ),
        ("triage", Permission.TRIAGE),
        ("write", Permission.WRITE),
        ("maintain", Permission.MAINTAIN),
        ("admin", Permission.ADMIN),
        ("deployers", Permission.WRITE),
    ],
)
async def test_what_people_may_do(shop, sandbox, role, permission):
    sandbox.give_role("mona", role, SANDBOXED)
    assert await shop.permission("mona") is permission


@pytest.mark.parametrize(
    ("word", "role", "permission"),
    [
        ("write", "write", Permission.WRITE),
        ("write", "maintain", Permission.MAINTAIN),
        ("read", "triage", Permission.TRIAGE),
        ("read", "deployers", Permission.READ),
        ("write", "deployers", Permission.WRITE),
        ("admin", "owners", Permission.ADMIN),
        ("read", "admin", Permission.TRIAGE),
        ("none", "admin", Permission.NONE),
        ("write", None, Permission.WRITE),
        ("something-new", "something-new", Permission.NONE),
        (None, "admin", Permission.NONE),
    ],
)
async def test_a_role_counts_for_no_more_than_the_permission_it_is_built_upon(repo, server, word, role, permission):
    told = {"permission": word, "role_name": role, "user": {"login": "mona"}}
    server.on("GET /repos/acme/shop/collaborators/mona/permission", Answer(told))
    assert await repo.permission("mona") is permission


async def test_a_name_that_nobody_has_may_do_nothing(shop):
    assert await shop.permission("nobody-at-all") is Permission.NONE


@pytest.mark.parametrize("login", ["", "..", ".", "a/b", "../../orgs/acme", "mona?x=1", "mona\n", "é", "m" * 200])
async def test_a_name_that_is_none_is_not_asked_for(repo, server, login):
    assert await repo.permission(login) is Permission.NONE
    assert server.seen == []


async def test_a_permission_that_is_not_shown_is_an_error(repo, server):
    server.on("GET /repos/acme/shop/collaborators/mona/permission", Answer({"message": "Forbidden"}, 403))
    with pytest.raises(Forbidden):
        await repo.permission("mona")


async def test_an_issue_is_opened_and_read(shop, live):
    number = await shop.create_issue("Images", "All is well")
    bot = (await live.identity()).bot_login
    expected = IssueFacts(number, "Images", "All is well", open=True, author_login=bot, is_pull_request=False)
    assert await shop.issue(number) == expected


async def test_an_issue_is_changed_closed_and_opened_again(shop):
    number = await shop.create_issue("Images", "All is well")
    await shop.update_issue(number, body="Not quite")
    assert (await shop.issue(number)).body == "Not quite"
    await shop.update_issue(number, open=False)
    assert not (await shop.issue(number)).open
    await shop.update_issue(number, body="Well again", open=True)
    found = await shop.issue(number)
    assert (found.body, found.open) == ("Well again", True)


async def test_a_change_of_nothing_is_not_asked_for(repo, server):
    await repo.update_issue(5)
    assert server.asked == []


async def test_a_pull_request_is_an_issue_too(shop, opened):
    assert (await shop.issue(opened.number)).is_pull_request


async def test_an_issue_that_is_not_there_is_none(shop):
    assert await shop.issue(99) is None


@pytest.mark.parametrize(("status", "location"), [(404, None), (410, None), (301, "/repositories/77/issues/5")])
async def test_an_issue_that_was_deleted_or_moved_elsewhere_is_none(repo, server, status, location):
    headers = {"location": location} if location else {}
    server.on("GET /repos/acme/shop/issues/5", Answer({"message": "gone"}, status, headers))
    assert await repo.issue(5) is None


async def test_a_token_for_talking_opens_no_contents(repo, server):
    server.on("GET /repos/acme/shop/issues/comments/9", Answer(comment()))
    await repo.comment(9)
    assert server.minted[0]["permissions"] == {"issues": "write", "metadata": "read", "pull_requests": "write"}


async def test_only_what_people_are_told_of_counts_as_content(shop, pace, opened, spoken):
    before = pace.contents
    await shop.react(spoken.id, Reaction.UP)
    number = await shop.create_issue("Images", "")
    await shop.say(number, "Hello")
    await shop.update_issue(number, body="x")
    assert pace.contents - before == 2


ISSUES = "GET /repos/acme/shop/issues?creator=niro%5Bbot%5D&state=open&per_page=100&page="


async def test_the_open_issues_of_somebody_are_listed_without_pull_requests(shop, sandbox, live, opened):
    bot_login = (await live.identity()).bot_login
    first, second = [await shop.create_issue(f"Issue {number}", "Text") for number in range(2)]
    await shop.update_issue(first, open=False)
    found = sandbox.repository(SANDBOXED)
    await sandbox.world.issues.open(found, title="Mine", body=None, actor=sandbox.person)
    listed = await shop.open_issues_of(bot_login)
    assert [(each.number, each.title, each.open, each.author_login) for each in listed] == [
        (second, "Issue 1", True, bot_login)
    ]


async def test_a_list_of_issues_ends_with_a_page_that_is_not_full(repo, server):
    row = {"number": 1, "title": "t", "body": None, "state": "open", "user": {"login": "niro[bot]"}}
    server.on(f"{ISSUES}1", Answer([row | {"number": number} for number in range(100)]))
    server.on(f"{ISSUES}2", Answer([row]))
    assert len(await repo.open_issues_of("niro[bot]")) == 101


@pytest.mark.parametrize("told", [{}, ["x"], [{"title": "t"}]])
async def test_a_list_that_holds_no_issues_is_refused(repo, server, told):
    server.on(f"{ISSUES}1", Answer(told))
    with pytest.raises(UnexpectedAnswer):
        await repo.open_issues_of("niro[bot]")
