"""What comes back over the wire, or does not."""

from __future__ import annotations

import logging

import aiohttp
import pytest

from bot.github import (
    Conflict,
    Forbidden,
    GitHub,
    GitHubUnavailable,
    NotFound,
    Timeouts,
    UnexpectedAnswer,
    Unprocessable,
    open_session,
    transport,
)
from tests.github.scripted import APP_ID, Answer, repository

TREE = "GET /repos/acme/shop/git/trees/abc"
GOOD = Answer({"tree": [], "truncated": False})

BROKEN = [
    (Answer(status=502, body=b"<html>Bad Gateway", headers={"content-type": "text/html"}), GitHubUnavailable),
    (Answer({"message": "Server Error"}, 500), GitHubUnavailable),
    (Answer(status=520, body=b"odd"), GitHubUnavailable),
    (Answer(status=503, body=b"{", headers={"content-type": "application/json"}), GitHubUnavailable),
    (Answer({"message": "Not Found"}, 404), NotFound),
    (Answer({"message": "no"}, 403), Forbidden),
    (Answer({"message": "Git Repository is empty."}, 409), Conflict),
    (Answer({"message": "Validation Failed", "errors": [{"resource": "PR", "code": "custom"}]}, 422), Unprocessable),
    (Answer({"message": "Validation Failed", "errors": "text"}, 422), Unprocessable),
    (Answer([1, 2], 422), Unprocessable),
    (Answer({"message": "teapot"}, 418), UnexpectedAnswer),
    (Answer(status=200, body=b"{", headers={"content-type": "application/json"}), UnexpectedAnswer),
    (Answer(status=200, body=b"[" * 100_000, headers={"content-type": "application/json"}), UnexpectedAnswer),
    (Answer(status=200, body=b"\xff", headers={"content-type": "application/json"}), UnexpectedAnswer),
    (Answer(status=200, body=b"x", headers={"content-type": "text/plain; charset=klingon"}), UnexpectedAnswer),
    (Answer({"unexpected": 1}), UnexpectedAnswer),
    (Answer(status=200, body=b""), UnexpectedAnswer),
]


@pytest.mark.parametrize(("answer", "error"), BROKEN)
async def test_every_broken_answer_has_its_error(repo, server, answer, error):
    server.on(TREE, answer)
    with pytest.raises(error):
        await repo.folder("abc")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"data": None, "errors": [{"type": "NOT_FOUND", "message": "no repository"}]}, NotFound),
        ({"data": {"repository": None}, "errors": [{"type": "FORBIDDEN", "message": "no"}]}, Forbidden),
        ({"data": None, "errors": [{"type": "STALE_DATA", "message": "moved"}]}, Conflict),
        (
            {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]},
            GitHubUnavailable,
        ),
        ({"data": None, "errors": [{"message": "Field 'x' doesn't exist"}]}, Unprocessable),
        ({"data": {"repository": None}}, NotFound),
        ({}, UnexpectedAnswer),
        ([], UnexpectedAnswer),
        ({"data": []}, UnexpectedAnswer),
        ({"data": "text"}, UnexpectedAnswer),
        (None, UnexpectedAnswer),
    ],
)
async def test_every_graphql_error_has_its_type(repo, server, body, error):
    server.on("Head", Answer(body))
    with pytest.raises(error):
        await repo.head()


async def test_no_answer_in_time_is_an_outage(session, server, pem, pace, clock):
    hurried = Timeouts(connect=1, read=0.05, total=0.1)
    github = GitHub(session, APP_ID, pem, server.url, pace=pace, clock=clock, timeouts=hurried)
    server.on(TREE, Answer({}, silent=0.3))
    with pytest.raises(GitHubUnavailable, match="no answer in time"):
        await github.repository(7, 42, "acme/shop").folder("abc")


async def test_nobody_at_home_is_an_outage(session, pem, pace, clock):
    github = GitHub(session, APP_ID, pem, "http://127.0.0.1:1", pace=pace, clock=clock)
    with pytest.raises(GitHubUnavailable):
        await github.identity()


async def test_an_endless_answer_is_cut_off(repo, server, monkeypatch):
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 1000)
    server.on(TREE, Answer(status=200, body=b"x" * 2000))
    with pytest.raises(UnexpectedAnswer, match="larger than 1000 bytes"):
        await repo.folder("abc")


async def test_requests_name_the_api_version_and_who_asks(repo, server):
    server.on(TREE, GOOD)
    await repo.folder("abc")
    for seen in server.seen:
        assert seen.headers["x-github-api-version"] == "2022-11-28"
        assert seen.headers["user-agent"] == "niro-bot"
        assert seen.headers["accept"] == "application/vnd.github+json"


async def test_a_redirection_to_another_host_gets_no_credential(repo, server, elsewhere):
    server.on(TREE, Answer(status=301, headers={"location": f"{elsewhere.url}/repos/acme/shop/git/trees/abc"}))
    with pytest.raises(UnexpectedAnswer, match="another host"):
        await repo.folder("abc")
    assert elsewhere.seen == []


async def test_a_next_page_on_another_host_gets_no_credential(github, server, elsewhere):
    link = {"link": f'<{elsewhere.url}/installation/repositories?page=2>; rel="next"'}
    server.on("GET /installation/repositories?per_page=100", Answer({"repositories": []}, 200, link))
    with pytest.raises(UnexpectedAnswer, match="another host"):
        await github.repositories(7)
    assert elsewhere.seen == []


async def test_a_circle_of_redirections_ends(repo, server):
    server.on(TREE, Answer(status=302, headers={"location": TREE.removeprefix("GET ")}))
    with pytest.raises(NotFound, match="too often"):
        await repo.folder("abc")


async def test_github_enterprise_has_its_own_roots(session, server, pem, pace, clock):
    github = GitHub(session, APP_ID, pem, f"{server.url}/api/v3", pace=pace, clock=clock)
    repo = github.repository(7, 42, "acme/shop")
    server.on("GET /api/v3/repos/acme/shop/git/trees/abc", GOOD)
    server.on("Head", repository(head=None))
    await repo.folder("abc")
    await repo.head()
    assert [seen.path for seen in server.seen] == [
        "/api/v3/app/installations/7/access_tokens",
        "/api/v3/repos/acme/shop/git/trees/abc",
        "/api/graphql",
    ]


@pytest.mark.parametrize(
    ("base", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://api.github.com/", "https://api.github.com/graphql"),
        ("https://ghe.example/api/v3", "https://ghe.example/api/graphql"),
        ("https://ghe.example/api/v3/", "https://ghe.example/api/graphql"),
        ("https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
    ],
)
async def test_where_graphql_lives(session, clock, base, graphql):
    assert transport.Transport(session, base, clock=clock, timeouts=Timeouts()).graphql_url == graphql


async def test_a_session_that_takes_proxies_from_the_environment_is_refused(pem, pace, clock):
    async with aiohttp.ClientSession(trust_env=True) as session:
        with pytest.raises(ValueError, match="proxies"):
            GitHub(session, APP_ID, pem, pace=pace, clock=clock)


async def test_our_own_session_takes_no_proxies_and_keeps_no_cookies():
    async with open_session() as session:
        assert not session.trust_env
        assert isinstance(session.cookie_jar, aiohttp.DummyCookieJar)


async def test_hostile_names_stay_inside_their_place_in_the_address(github, server):
    repo = github.repository(7, 42, "acme/../../admin?x=/y#")
    with pytest.raises(GitHubUnavailable):
        await repo.folder("../../../app")
    path = server.seen[-1].path
    assert path == "/repos/acme/..%2F..%2Fadmin%3Fx%3D%2Fy%23/git/trees/..%2F..%2F..%2Fapp"


async def test_no_error_and_no_log_holds_a_credential(repo, server, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = "ghs_abc123 github_pat_11ABC eyJhbGciOi.eyJpc3Mi.c2ln"
    errors = [{"message": secrets}]
    for status in (401, 403, 404, 409, 422, 500, 418):
        server.on(TREE, Answer({"message": f"echo {secrets}\n\x1b[31m", "errors": errors}, status))
    for _ in range(6):
        with pytest.raises(Exception, match="echo") as caught:
            await repo.folder("abc")
        text = f"{caught.value} {caught.value!r} {getattr(caught.value, 'errors', '')}"
        assert "ghs_" not in text
        assert "github_pat" not in text
        assert "eyJ" not in text
        assert "\x1b" not in text
    assert "ghs_token" not in caplog.text
    assert "eyJ" not in caplog.text
