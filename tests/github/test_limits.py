"""When GitHub wants less: what is understood, who is told, and that nobody knocks again too early."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.github import Forbidden, GitHubError, MustWait, RateLimited
from tests.github.scripted import INSTALLATION, Answer, repository

TREE = "GET /repos/acme/shop/git/trees/abc"


def spent(clock, seconds: int, resource: str = "core") -> dict[str, str]:
    reset = int(clock.now.timestamp()) + seconds
    return {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(reset),
        "x-ratelimit-resource": resource,
    }


LIMITS = [
    ("primary, 403", lambda clock: Answer({"message": "API rate limit exceeded"}, 403, spent(clock, 900)), 900, False),
    ("primary, 429", lambda clock: Answer({"message": "API rate limit exceeded"}, 429, spent(clock, 900)), 900, False),
    ("secondary, 403", lambda _: Answer({"message": "slow down"}, 403, {"retry-after": "30"}), 30, True),
    ("secondary, 429", lambda _: Answer({"message": "slow down"}, 429, {"retry-after": "30"}), 30, True),
    ("without a time", lambda _: Answer({"message": "You have exceeded a secondary rate limit"}, 403), 60, True),
    ("bare 429", lambda _: Answer(None, 429), 60, True),
    (
        "as a date",
        lambda clock: Answer({}, 429, {"retry-after": format_datetime(clock.now + timedelta(seconds=90))}),
        90,
        True,
    ),
    ("zero seconds", lambda _: Answer({}, 429, {"retry-after": "0"}), 1, True),
    ("longer than a day", lambda _: Answer({}, 429, {"retry-after": "9" * 40}), 86400, True),
    ("no number", lambda _: Answer({}, 429, {"retry-after": "later"}), 60, True),
    (
        "reset is no time",
        lambda _: Answer({}, 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "x"}),
        60,
        False,
    ),
]


@pytest.mark.parametrize("case", LIMITS, ids=[case[0] for case in LIMITS])
async def test_a_limit_says_until_when(repo, server, clock, pace, case):
    _, answer, seconds, secondary = case
    server.on(TREE, answer(clock))
    with pytest.raises(RateLimited) as caught:
        await repo.folder("abc")
    assert caught.value.until == clock.now + timedelta(seconds=seconds)
    assert caught.value.secondary is secondary
    assert pace.holds == {INSTALLATION: caught.value.until}


@pytest.mark.parametrize(
    "error",
    [
        {"type": "RATE_LIMITED", "message": "API rate limit exceeded"},
        {"message": "You have exceeded a secondary rate limit"},
        {"extensions": {"code": "RATE_LIMITED"}, "message": "no"},
    ],
)
async def test_graphql_tells_a_limit_with_status_200(repo, server, clock, pace, error):
    server.on("Head", Answer({"data": None, "errors": [error]}, 200, spent(clock, 120, "graphql")))
    with pytest.raises(RateLimited) as caught:
        await repo.head()
    assert caught.value.until == clock.now + timedelta(seconds=120)
    assert pace.holds[INSTALLATION] == caught.value.until


async def test_graphql_tells_a_limit_with_status_403_too(repo, server, clock):
    server.on("Head", Answer({"message": "secondary rate limit"}, 403, {"retry-after": "17"}))
    with pytest.raises(RateLimited) as caught:
        await repo.head()
    assert caught.value.until == clock.now + timedelta(seconds=17)


async def test_nobody_knocks_again_before_a_limit_ends(repo, server, clock):
    server.on(TREE, Answer({}, 429, {"retry-after": "30"}), Answer({"tree": [], "truncated": False}))
    for _ in range(3):
        with pytest.raises(RateLimited):
            await repo.folder("abc")
    assert len(server.requests(TREE)) == 1
    clock.forward(seconds=31)
    await repo.folder("abc")
    assert len(server.requests(TREE)) == 2


async def test_a_spent_quota_of_rest_leaves_graphql_alone(repo, server, clock):
    server.on(TREE, Answer({}, 403, spent(clock, 900, "core")))
    server.on("Head", repository(head=None))
    with pytest.raises(RateLimited):
        await repo.folder("abc")
    assert await repo.head() is None


async def test_a_limit_of_one_installation_leaves_the_others_alone(github, server):
    server.on(TREE, Answer({}, 429, {"retry-after": "30"}))
    server.on("GET /repos/else/where/git/trees/abc", Answer({"tree": [], "truncated": False}))
    with pytest.raises(RateLimited):
        await github.repository(7, 42, "acme/shop").folder("abc")
    assert (await github.repository(8, 43, "else/where").folder("abc")).entries == ()


async def test_writes_wait_for_the_end_of_a_limit_somewhere_else(repo, server, clock, pace):
    until = clock.now + timedelta(minutes=10)
    await pace.hold(INSTALLATION, until)
    with pytest.raises(MustWait) as caught:
        await repo.close_pull_request(3)
    assert caught.value.until == until
    assert server.seen == []


async def test_a_limit_on_the_apps_own_requests_is_kept_apart(github, server, clock, pace):
    server.on("GET /app", Answer({}, 429, {"retry-after": "30"}))
    with pytest.raises(RateLimited):
        await github.identity()
    with pytest.raises(RateLimited):
        await github.identity()
    assert len(server.seen) == 1
    assert pace.holds == {}


async def test_a_limit_on_minting_tokens_is_a_limit(repo, server, clock):
    server.token_answers = [Answer({"message": "slow"}, 403, {"retry-after": "9"})]
    with pytest.raises(RateLimited):
        await repo.head()


async def test_a_403_that_speaks_of_no_limit_is_none(repo, server, pace):
    left = {"x-ratelimit-remaining": "4999", "x-ratelimit-reset": "1"}
    server.on(TREE, Answer({"message": "Resource not accessible by integration"}, 403, left))
    with pytest.raises(Forbidden, match="not accessible"):
        await repo.folder("abc")
    assert pace.holds == {}


async def test_half_done_mutations_are_not_taken_for_a_limit(github, server, clock):
    data = {"one": {"clientMutationId": None}, "two": None}
    errors = [{"type": "RATE_LIMITED", "message": "API rate limit exceeded", "path": ["two"]}]
    server.on("Both", Answer({"data": data, "errors": errors}))
    access = github.repository(7, 42, "a/b")._channel.access
    from bot.github.scopes import Scope

    reply = await github.graphql(access(Scope.BUMP), "mutation Both { one two }", {})
    assert reply.data == data
    with pytest.raises(GitHubError):
        reply.raise_problems()
