"""The App's own token, and those of its installations."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.github import Forbidden, GitHub, NotInstalled, TokenRejected, UnexpectedAnswer
from tests.github.scripted import APP_ID, Answer, repository

EMPTY = repository(head=None)


async def test_the_app_signs_with_its_id_as_a_string_a_minute_back_and_for_at_most_ten_minutes(github, server, clock):
    server.on("GET /app", Answer({"id": 1, "slug": "niro"}))

    identity = await github.identity()

    claims = server.check_jwt(server.requests("GET /app")[0].token)
    now = int(clock.now.timestamp())
    assert claims["iss"] == APP_ID
    assert claims["iat"] == now - 60
    assert now < claims["exp"] <= now + 600
    assert (identity.app_id, identity.slug, identity.bot_login) == (1, "niro", "niro[bot]")


async def test_the_identity_is_asked_for_once(github, server):
    server.on("GET /app", Answer({"id": 1, "slug": "niro"}))
    await github.identity()
    await github.identity()
    assert len(server.seen) == 1


async def test_a_signed_token_is_used_again_until_it_gets_old(github, server, clock):
    server.on("GET /app/installations/7", Answer({"id": 7, "account": {"login": "acme"}, "target_type": "User"}))
    for _ in range(2):
        await github.installation(7)
    clock.forward(minutes=8)
    await github.installation(7)
    first, second, third = (seen.token for seen in server.seen)
    assert first == second != third


async def test_a_token_opens_one_repository_for_one_use(repo, server):
    server.on("Head", EMPTY)
    server.on("POST /repos/acme/shop/check-runs", Answer({"id": 5}, status=201))
    await repo.head()
    assert server.minted == [
        {
            "path": "/app/installations/7/access_tokens",
            "repository_ids": [42],
            "permissions": {"contents": "read", "metadata": "read"},
        }
    ]


async def test_a_token_is_minted_once_for_everybody_who_waits_for_it(repo, server):
    server.on("Head", EMPTY)
    await asyncio.gather(*(repo.head() for _ in range(10)))
    assert len(server.minted) == 1
    assert len(server.requests("Head")) == 10


async def test_one_who_gives_up_waiting_does_not_take_the_token_from_the_others(github, server):
    server.token_answers = []
    server.on("Head", EMPTY)
    repo = github.repository(7, 42, "acme/shop")
    first = asyncio.create_task(repo.head())
    others = [asyncio.create_task(repo.head()) for _ in range(3)]
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [None, None, None]


@pytest.mark.parametrize(("minutes", "minted"), [(54, 1), (55, 2), (61, 2)])
async def test_a_token_is_renewed_five_minutes_before_it_ends(repo, server, clock, minutes, minted):
    server.on("Head", EMPTY)
    await repo.head()
    clock.forward(minutes=minutes)
    await repo.head()
    assert len(server.minted) == minted


async def test_a_token_that_may_write_serves_for_reading_too(repo, server):
    server.on("GET /repos/acme/shop/git/trees/abc", Answer({"tree": [], "truncated": False}))
    server.on("PATCH /repos/acme/shop/pulls/3", Answer({}))
    await repo.close_pull_request(3)
    await repo.folder("abc")
    assert len(server.minted) == 1


async def test_a_token_that_may_read_never_serves_for_writing(repo, server):
    server.on("GET /repos/acme/shop/git/trees/abc", Answer({"tree": [], "truncated": False}))
    server.on("PATCH /repos/acme/shop/pulls/3", Answer({}))
    await repo.folder("abc")
    await repo.close_pull_request(3)
    assert [minted["permissions"]["contents"] for minted in server.minted] == ["read", "write"]


async def test_no_repository_is_read_with_the_token_of_another(github, server):
    server.on("Head", EMPTY)
    await github.repository(7, 42, "acme/shop").head()
    server.on("GET /repos/acme/other/git/trees/abc", Answer({"tree": [], "truncated": False}))
    await github.repository(7, 43, "acme/other").folder("abc")
    server.on("GET /repos/evil/shop/git/trees/abc", Answer({"tree": [], "truncated": False}))
    await github.repository(8, 42, "evil/shop").folder("abc")
    used = [seen.token for seen in server.seen if "access_tokens" not in seen.path]
    assert used == ["ghs_token1", "ghs_token2", "ghs_token3"]


async def test_a_refused_token_is_renewed_once_and_the_work_goes_on(repo, server):
    server.on("Head", Answer({"message": "Bad credentials"}, status=401), EMPTY)
    assert await repo.head() is None
    assert [seen.token for seen in server.requests("Head")] == ["ghs_token1", "ghs_token2"]


async def test_a_token_refused_twice_is_an_error(repo, server):
    server.on("Head", Answer({"message": "Bad credentials"}, status=401))
    with pytest.raises(TokenRejected):
        await repo.head()
    assert len(server.requests("Head")) == 2


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (404, "Not Found", NotInstalled),
        (403, "This installation has been suspended", NotInstalled),
        (422, "There is at least one repository that does not exist or is not accessible", NotInstalled),
        (422, "The permissions requested are not granted to this installation.", Forbidden),
        (401, "A JSON web token could not be decoded", TokenRejected),
    ],
)
async def test_why_there_is_no_token(repo, server, status, message, error):
    server.token_answers = [Answer({"message": message}, status=status)] * 2
    with pytest.raises(error, match=message[:20]):
        await repo.head()
    assert server.asked == []


async def test_an_installation_suspended_meanwhile_says_so(repo, server):
    server.on("Head", Answer({"message": "This installation has been suspended"}, status=403))
    with pytest.raises(NotInstalled):
        await repo.head()


@pytest.mark.parametrize("data", [{}, [], {"token": "x", "expires_at": "soon"}, {"token": "x", "expires_at": None}])
async def test_an_answer_without_a_token_is_an_error(repo, server, data):
    server.token_answers = [Answer(data, status=201)]
    with pytest.raises(UnexpectedAnswer):
        await repo.head()


async def test_a_new_token_with_fields_nobody_knows_is_taken(repo, server, clock):
    expires = (clock.now + timedelta(hours=1)).isoformat()
    server.token_answers = [Answer({"token": "ghs_1_a.b.c", "expires_at": expires, "new_field": {}}, status=201)]
    server.on("Head", EMPTY)
    await repo.head()
    assert server.requests("Head")[0].token == "ghs_1_a.b.c"


@pytest.mark.parametrize("pem_text", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
async def test_a_private_key_that_cannot_be_read_is_told_at_once(session, pace, clock, pem_text):
    with pytest.raises(ValueError, match="private key"):
        GitHub(session, APP_ID, pem_text, pace=pace, clock=clock)
