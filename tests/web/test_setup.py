"""The setup page opens once, for whoever read the log, and ends when the App exists."""

import re
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from bot.github import AppCredentials, GitHubError, GitHubUnavailable, NotFound, UnexpectedAnswer
from bot.web.setup import COOKIE
from tests.web.conftest import CREDENTIALS, Offer, Offering


async def opened(offer: Offer, http: ClientSession) -> str:
    """Use the token; returns the session's cookie."""
    async with http.get(f"{offer.url}/", params={"setup": offer.setup.token}, allow_redirects=False) as answer:
        return answer.cookies[COOKIE].value


async def state_of(offer: Offer, http: ClientSession, session: str) -> str:
    async with http.get(f"{offer.url}/setup", cookies={COOKIE: session}) as answer:
        found = re.search(r"state=([\w-]+)", await answer.text())
        assert found is not None
        return found[1]


async def created(offer: Offer, http: ClientSession, session: str, **query: str) -> int:
    async with http.get(f"{offer.url}/setup/created", params=query, cookies={COOKIE: session}) as answer:
        return answer.status


async def test_without_the_token_only_the_name_is_told(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    for query in ({}, {"setup": ""}, {"setup": "guessed"}, {"setup": "é"}):
        async with http.get(made.url, params=query) as answer:
            assert (answer.status, await answer.text()) == (200, "Niro bot\n")


async def test_the_token_opens_the_page_once(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    token = made.setup.token
    async with http.get(f"{made.url}/", params={"setup": token}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/setup")
        assert answer.cookies[COOKIE]["httponly"]
    async with http.get(f"{made.url}/", params={"setup": token}, allow_redirects=False) as answer:
        assert (answer.status, await answer.text()) == (200, "Niro bot\n")


async def test_the_page_is_for_the_browser_that_used_the_token(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    session = await opened(made, http)
    http.cookie_jar.clear()
    for cookies, status in (({}, 404), ({COOKIE: "other"}, 404), ({COOKIE: session}, 200)):
        async with http.get(f"{made.url}/setup", cookies=cookies) as answer:
            assert answer.status == status


async def test_a_right_state_and_code_register_the_app(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    session = await opened(made, http)
    state = await state_of(made, http, session)
    assert await created(made, http, session, code="abc", state=state) == 200
    assert (made.kept, made.codes, made.setup.registered.is_set()) == ([CREDENTIALS], ["abc"], True)


async def test_a_wrong_state_registers_nothing(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    session = await opened(made, http)
    await state_of(made, http, session)
    assert await created(made, http, session, code="abc", state="other") == 403
    assert made.codes == []


async def test_a_state_counts_once(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    session = await opened(made, http)
    state = await state_of(made, http, session)
    assert await created(made, http, session, code="abc", state="other") == 403
    assert await created(made, http, session, code="abc", state=state) == 403


async def test_an_answer_without_the_session_registers_nothing(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    session = await opened(made, http)
    state = await state_of(made, http, session)
    http.cookie_jar.clear()
    assert await created(made, http, "other", code="abc", state=state) == 403
    assert made.codes == []


async def test_the_page_is_gone_once_the_app_is_registered(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    session = await opened(made, http)
    state = await state_of(made, http, session)
    await created(made, http, session, code="abc", state=state)
    async with http.get(f"{made.url}/setup", cookies={COOKIE: session}) as answer:
        assert answer.status == 404


async def test_an_organisation_that_cannot_be_is_refused(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    session = await opened(made, http)
    async with http.get(
        f"{made.url}/setup", params={"organisation": '"><script>'}, cookies={COOKIE: session}
    ) as answer:
        assert answer.status == 400
        assert "<script>" not in await answer.text()


@pytest.mark.parametrize("error", [NotFound("no code"), GitHubUnavailable("HTTP 500"), UnexpectedAnswer("no keys")])
async def test_what_github_refuses_can_be_tried_again(offer: Offering, http: ClientSession, error: GitHubError) -> None:
    made = await offer()
    made.errors.append(error)
    session = await opened(made, http)
    query = {"code": "abc", "state": await state_of(made, http, session)}
    async with http.get(f"{made.url}/setup/created", params=query, cookies={COOKIE: session}) as answer:
        assert answer.status == 502
        assert 'href="/setup"' in await answer.text()
    assert not made.setup.registered.is_set()
    state = await state_of(made, http, session)
    assert await created(made, http, session, code="def", state=state) == 200
    assert made.kept == [CREDENTIALS]


async def test_keys_that_cannot_be_written_are_kept_until_they_can(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    made.full = True
    session = await opened(made, http)
    query = {"code": "abc", "state": await state_of(made, http, session)}
    async with http.get(f"{made.url}/setup/created", params=query, cookies={COOKIE: session}) as answer:
        text = await answer.text()
        assert (answer.status, "No space left on device" in text) == (500, True)
        assert CREDENTIALS.webhook_secret not in text
    assert (made.kept, made.setup.registered.is_set()) == ([], False)
    made.full = False
    async with http.get(f"{made.url}/setup", cookies={COOKIE: session}) as answer:
        assert answer.status == 200
    assert (made.kept, made.codes, made.setup.registered.is_set()) == ([CREDENTIALS], ["abc"], True)


async def test_an_app_without_a_webhook_secret_is_refused(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    made.setup.convert = without_secret
    session = await opened(made, http)
    state = await state_of(made, http, session)
    assert await created(made, http, session, code="abc", state=state) == 502
    assert made.kept == []


async def without_secret(_code: str) -> AppCredentials:
    return replace(CREDENTIALS, webhook_secret="")


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://localhost:8080/webhook", True),
        ("http://127.0.0.1:8080/webhook", True),
        ("https://niro.example/webhook", False),
    ],
)
async def test_an_address_that_github_cannot_reach_is_told(
    offer: Offering, http: ClientSession, url: str, *, warned: bool
) -> None:
    made = await offer(manifest={"default_permissions": {}, "hook_attributes": {"url": url}})
    session = await opened(made, http)
    async with http.get(f"{made.url}/setup", cookies={COOKIE: session}) as answer:
        text = await answer.text()
    assert (url in text, "GitHub cannot reach this address" in text) == (True, warned)


async def test_every_answer_of_the_setup_forbids_scripts_and_copies(offer: Offering, http: ClientSession) -> None:
    made = await offer()
    token = made.setup.token
    async with http.get(made.url, params={"setup": token}, allow_redirects=False) as redirect:
        assert redirect.headers["Cache-Control"] == "no-store"
        assert redirect.headers["Referrer-Policy"] == "no-referrer"
    async with http.get(f"{made.url}/setup") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
