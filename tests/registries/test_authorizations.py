"""What is sent for a credential itself: its name and secret, its secret as a token, or the login it was changed for."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import encode_basic_auth
from pydantic import SecretStr

from bot.registries import Access, Credential, ProviderKind, RegistryRefused
from bot.registries.providers import PROVIDERS
from bot.registries.providers.provider import Login
from tests.registries.conftest import Clock, RegistriesFor, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
LISTED = Reply(body={"tags": ["1.0"]})
WANTS_BASIC = Reply(401, headers={"WWW-Authenticate": 'Basic realm="x"'})


def wants_token(server: ScriptedServer) -> Reply:
    return Reply(401, headers={"WWW-Authenticate": f'Bearer realm="http://{server.host}/token",service="s"'})


class Cloud:
    """Gives out numbered logins that hold for an hour."""

    def __init__(self) -> None:
        self.given = 0

    async def log_in(self, _access: Access, _host: str, _transport: Any, now: datetime) -> Login:
        self.given += 1
        return Login("cloud", SecretStr(f"login-{self.given}"), now + timedelta(hours=1))

    def header(self, number: int) -> str:
        return encode_basic_auth("cloud", f"login-{number}")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud()
    monkeypatch.setitem(PROVIDERS, ProviderKind.AZURE, replace(PROVIDERS[ProviderKind.AZURE], log_in=cloud.log_in))
    return cloud


@pytest.mark.parametrize("offered", ['Basic realm="x"', 'Bearer realm="http://{host}/token",service="s"', ""])
async def test_a_secret_without_a_user_name_is_a_token_for_the_registry(
    offered: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    refused = Reply(401, headers={"WWW-Authenticate": offered.format(host=scripted.host)} if offered else {})
    scripted.on(TAGS, refused, LISTED).on("/token", Reply(body={"token": "t"}))
    who = credential(scripted.host, "st4tic", username="")
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b", who)).names == ("1.0",)
    assert scripted.authorizations(TAGS) == [None, "Bearer st4tic"]
    assert scripted.authorizations("/token") == []


async def test_a_token_of_ones_own_that_is_refused_is_not_tried_again(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, WANTS_BASIC)
    with pytest.raises(RegistryRefused, match="the credential"):
        await registries_for(scripted.host).tags(scripted.host, "a/b", credential(scripted.host, "s", username=""))
    assert scripted.authorizations(TAGS) == [None, "Bearer s"]


@pytest.mark.parametrize(
    ("username", "secret"),
    [("", "two words"), ("", "a\r\nHost: evil.example"), ("", "ü"), ("na:me", "s"), ("name", "\udcff")],
)
async def test_what_no_header_can_hold_is_not_sent(
    username: str, secret: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, WANTS_BASIC)
    who = credential(scripted.host, secret, username=username)
    with pytest.raises(RegistryRefused, match="cannot be given"):
        await registries_for(scripted.host).tags(scripted.host, "a/b", who)
    assert scripted.authorizations(TAGS) == [None]


async def test_a_credential_without_a_secret_only_tells_how_to_connect(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, wants_token(scripted), LISTED).on("/token", Reply(body={"token": "t"}))
    who = Access(Credential("id", scripted.host, "", SecretStr("")))
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b", who)).names == ("1.0",)
    assert scripted.authorizations("/token") == [None]


async def test_a_login_is_sent_in_place_of_the_secret(
    scripted: ScriptedServer, registries_for: RegistriesFor, cloud: Cloud
) -> None:
    scripted.on(TAGS, WANTS_BASIC, LISTED)
    who = credential(scripted.host, "the-cloud's-key", kind=ProviderKind.AZURE)
    registries = registries_for(scripted.host)
    for _ in range(2):
        await registries.tags(scripted.host, "a/b", who)
    assert scripted.authorizations(TAGS) == [None, cloud.header(1), cloud.header(1)]


async def test_a_login_that_the_registry_refuses_is_made_once_more(
    scripted: ScriptedServer, registries_for: RegistriesFor, cloud: Cloud
) -> None:
    scripted.on(TAGS, WANTS_BASIC, LISTED, WANTS_BASIC, LISTED)
    who = credential(scripted.host, kind=ProviderKind.AZURE)
    registries = registries_for(scripted.host)
    for _ in range(2):
        assert (await registries.tags(scripted.host, "a/b", who)).names == ("1.0",)
    assert scripted.authorizations(TAGS) == [None, cloud.header(1), cloud.header(1), cloud.header(2)]


async def test_a_login_that_the_token_server_refuses_is_made_once_more(
    scripted: ScriptedServer, registries_for: RegistriesFor, cloud: Cloud
) -> None:
    scripted.on(TAGS, wants_token(scripted), LISTED).on("/token", Reply(401), Reply(body={"token": "t"}))
    who = credential(scripted.host, kind=ProviderKind.AZURE)
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b", who)).names == ("1.0",)
    assert scripted.authorizations("/token") == [cloud.header(1), cloud.header(2)]


async def test_a_registry_that_refuses_for_ever_costs_no_login_each_time(
    scripted: ScriptedServer, registries_for: RegistriesFor, cloud: Cloud, clock: Clock
) -> None:
    scripted.on(TAGS, WANTS_BASIC)
    who = credential(scripted.host, kind=ProviderKind.AZURE)
    registries = registries_for(scripted.host)
    for _ in range(5):
        with pytest.raises(RegistryRefused, match="the credential"):
            await registries.tags(scripted.host, "a/b", who)
    assert cloud.given == 2
    clock.forward(301)
    with pytest.raises(RegistryRefused):
        await registries.tags(scripted.host, "a/b", who)
    assert cloud.given == 3


async def test_a_secret_that_was_rotated_never_gets_what_the_old_one_got(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, wants_token(scripted), LISTED, wants_token(scripted), LISTED)
    scripted.on("/token", Reply(body={"token": "old"}), Reply(body={"token": "new"}))
    registries = registries_for(scripted.host)
    old = credential(scripted.host, "old-secret", version="1")
    new = credential(scripted.host, "new-secret", version="2")
    for who in (old, new, old, new):
        await registries.tags(scripted.host, "a/b", who)
    sent = scripted.authorizations(TAGS)
    assert sent == [None, "Bearer old", None, "Bearer new", "Bearer old", "Bearer new"]
