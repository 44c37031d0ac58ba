"""The code GitHub sends back becomes the App's credentials, once."""

from __future__ import annotations

import pytest

from bot.github import GitHubUnavailable, NotFound, UnexpectedAnswer, convert_manifest
from tests.github.scripted import Answer

CONVERSION = "POST /app-manifests/c0de/conversions"
APP = {
    "id": 12,
    "client_id": "Iv1.abc",
    "slug": "niro",
    "name": "Niro",
    "html_url": "https://github.com/apps/niro",
    "pem": "-----BEGIN RSA",
    "webhook_secret": "hook-secret",
    "client_secret": "client-secret",
}


async def test_a_code_becomes_credentials(session, server):
    server.on(CONVERSION, Answer(APP, 201))
    credentials = await convert_manifest(session, "c0de", server.url)
    assert (credentials.app_id, credentials.client_id, credentials.slug) == (12, "Iv1.abc", "niro")
    assert (credentials.private_key, credentials.webhook_secret) == ("-----BEGIN RSA", "hook-secret")
    assert "authorization" not in server.seen[0].headers


async def test_credentials_do_not_show(session, server):
    server.on(CONVERSION, Answer(APP, 201))
    shown = repr(await convert_manifest(session, "c0de", server.url))
    assert all(APP[key] not in shown for key in ("pem", "webhook_secret", "client_secret"))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"message": "Not Found"}, 404), NotFound),
        (Answer({}, 201), UnexpectedAnswer),
        (Answer([], 201), UnexpectedAnswer),
        (Answer({**APP, "id": "x"}, 201), UnexpectedAnswer),
        (Answer(status=502, body=b"<html>"), GitHubUnavailable),
        (Answer(status=301, headers={"location": "/elsewhere"}), UnexpectedAnswer),
    ],
)
async def test_what_goes_wrong_has_its_error_and_keeps_the_code(session, server, answer, error):
    server.on(CONVERSION, answer)
    with pytest.raises(error) as caught:
        await convert_manifest(session, "c0de", server.url)
    assert "c0de" not in str(caught.value)


async def test_a_hostile_code_stays_in_its_place(session, server):
    with pytest.raises(GitHubUnavailable):
        await convert_manifest(session, "../../app?x", server.url)
    assert server.seen[0].path == "/app-manifests/..%2F..%2Fapp%3Fx/conversions"
