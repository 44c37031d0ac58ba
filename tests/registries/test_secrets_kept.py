"""A secret reaches the registry and its own servers, and nobody else: no other host, no error, no log."""

import asyncio
import base64
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.registries import Access, Registries, RegistryError
from bot.sandbox.registry_process import ACCOUNT
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
SECRET = "passw0rd-secret"
TOKEN = "t0ken-secret"
ENCODED = base64.b64encode(f"{ACCOUNT}:{SECRET}".encode()).decode()
LISTED = Reply(body={"tags": ["1.0"]})
BASIC = Reply(401, headers={"WWW-Authenticate": 'Basic realm="x"'})


def bearer(realm: str) -> Reply:
    return Reply(401, headers={"WWW-Authenticate": f'Bearer realm="{realm}",service="s"'})


def to(server: ScriptedServer, status: int = 307) -> Reply:
    return Reply(status, headers={"Location": f"http://{server.host}/taken?from=registry"})


def next_at(server: ScriptedServer) -> Reply:
    return Reply(body={"tags": ["0.9"]}, headers={"Link": f'<http://{server.host}{TAGS}?last=0.9>; rel="next"'})


# What a registry, its token server and a stranger answer; the registry and the token server are given the secret.
Scene = Callable[[ScriptedServer, ScriptedServer, ScriptedServer], None]


def redirecting_after_basic(registry: ScriptedServer, _: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, BASIC, to(stranger))


def redirecting_after_a_token(registry: ScriptedServer, tokens: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, bearer(f"http://{tokens.host}/token"), to(stranger))


def redirecting_at_once(registry: ScriptedServer, _: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, to(stranger))
    stranger.on("/taken", BASIC)


def paging_elsewhere(registry: ScriptedServer, tokens: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, bearer(f"http://{tokens.host}/token"), next_at(stranger), LISTED)


def naming_a_stranger(registry: ScriptedServer, _: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, bearer(f"http://{stranger.host}/token"))


def naming_a_stranger_beside_basic(registry: ScriptedServer, _: ScriptedServer, stranger: ScriptedServer) -> None:
    offered = f'Bearer realm="http://{stranger.host}/token",service="s", Basic realm="x"'
    registry.on(TAGS, Reply(401, headers={"WWW-Authenticate": offered}), LISTED)


def naming_a_stranger_later(registry: ScriptedServer, tokens: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, bearer(f"http://{tokens.host}/token"), bearer(f"http://{stranger.host}/token"))


def a_token_server_that_redirects(registry: ScriptedServer, tokens: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, bearer(f"http://{tokens.host}/token"), LISTED)
    tokens.on("/token", to(stranger, 302))


def a_user_in_the_realm(registry: ScriptedServer, tokens: ScriptedServer, stranger: ScriptedServer) -> None:
    registry.on(TAGS, bearer(f"http://{tokens.host}@{stranger.host}/token"))


SCENES = [
    redirecting_after_basic,
    redirecting_after_a_token,
    redirecting_at_once,
    paging_elsewhere,
    naming_a_stranger,
    naming_a_stranger_beside_basic,
    naming_a_stranger_later,
    a_token_server_that_redirects,
    a_user_in_the_realm,
]


async def listing(registries: Registries, host: str, who: Access) -> Any:
    return await registries.tags(host, "a/b", who)


async def verifying(registries: Registries, host: str, who: Access) -> Any:
    return await registries.verify(host, "a/b", who)


async def outcome(asking: Awaitable[Any]) -> str:
    """Return all that can be told of what came of it."""
    try:
        return repr(await asking)
    except RegistryError as error:
        return "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))


def assert_no_secret_in(text: str) -> None:
    for secret in (SECRET, TOKEN, ENCODED):
        assert secret not in text


@pytest.mark.parametrize("username", [ACCOUNT, ""])
@pytest.mark.parametrize("scene", SCENES)
async def test_no_other_host_no_error_and_no_log_gets_a_secret(
    scene: Scene,
    username: str,
    scripted_server: ScriptedServers,
    registries_for: RegistriesFor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    registry, tokens, stranger = await scripted_server(), await scripted_server(), await scripted_server()
    tokens.on("/token", Reply(body={"token": TOKEN}))
    stranger.on("/taken", LISTED).on("/token", Reply(body={"token": TOKEN}))
    who = credential(registry.host, SECRET, username=username, token_hosts=frozenset({tokens.host}))
    registries = registries_for(registry.host, tokens.host, stranger.host)
    for asking in (listing, listing, verifying):
        scene(registry, tokens, stranger)
        assert_no_secret_in(await outcome(asking(registries, registry.host, who)))
    assert_no_secret_in(caplog.text + repr(who))
    assert_no_secret_in(repr(stranger.seen))
    assert [seen.headers.get("Authorization") for seen in stranger.seen] == [None] * len(stranger.seen)
    if not username:
        assert_no_secret_in(repr(tokens.seen))


async def test_the_registry_and_its_own_token_server_do_get_it(
    scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    registry, tokens = await scripted_server(), await scripted_server()
    registry.on(TAGS, bearer(f"http://{tokens.host}/token"), LISTED)
    tokens.on("/token", Reply(body={"token": TOKEN}))
    who = credential(registry.host, SECRET, token_hosts=frozenset({tokens.host}))
    await registries_for(registry.host, tokens.host).tags(registry.host, "a/b", who)
    assert tokens.authorizations("/token") == [f"Basic {ENCODED}"]
    assert registry.authorizations(TAGS) == [None, f"Bearer {TOKEN}"]
