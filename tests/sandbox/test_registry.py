"""The registry in the sandbox: with certificates of its own, and with accounts that change while it runs."""

import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import ACCOUNT, PASSWORD, Access


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=Access)
async def registry(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SandboxRegistry]:
    """A registry with TLS, for each kind of access."""
    folder = tmp_path_factory.mktemp("registry")
    running = await SandboxRegistry.start(folder, access=request.param, anonymous_pull=False, tls=True)
    yield running
    await running.stop()


@pytest_asyncio.fixture
async def tokens(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A registry that wants tokens; nobody in particular gets one."""
    running = await SandboxRegistry.start(
        tmp_path_factory.mktemp("registry"), access=Access.TOKEN, anonymous_pull=False
    )
    yield running
    await running.stop()


async def asked(registry: SandboxRegistry, path: str = "/v2/", trusted: str | None = None) -> aiohttp.ClientResponse:
    context = ssl.create_default_context(cadata=trusted)
    async with aiohttp.ClientSession() as session, session.get(f"https://{registry.host}{path}", ssl=context) as answer:
        return answer


async def token_status(registry: SandboxRegistry, password: str, account: str = ACCOUNT) -> int:
    query = {"service": "sandbox-registry", "scope": "repository:team/api:pull"}
    headers = {"Authorization": aiohttp.encode_basic_auth(account, password)}
    return await status_of(registry.tokens.realm, params=query, headers=headers)


async def read_status(registry: SandboxRegistry, repository: str, account: str = ACCOUNT) -> int:
    headers = {"Authorization": f"Bearer {registry.tokens.token([f'repository:{repository}:pull'], account)}"}
    return await status_of(f"http://{registry.host}/v2/{repository}/tags/list", headers=headers)


async def status_of(address: str, **request: Any) -> int:
    async with aiohttp.ClientSession() as session, session.get(address, **request) as answer:
        return answer.status


class TestWithTls:
    async def test_who_trusts_its_authority_is_answered(self, registry: SandboxRegistry) -> None:
        answer = await asked(registry, trusted=registry.certificate_authority)
        assert answer.status in {200, 401}

    async def test_nobody_else_speaks_with_it(self, registry: SandboxRegistry) -> None:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await asked(registry)

    async def test_it_speaks_no_plain_http(self, registry: SandboxRegistry) -> None:
        assert await status_of(f"http://{registry.host}/v2/") == 400

    async def test_images_are_pushed_to_it(self, registry: SandboxRegistry) -> None:
        assert (await registry.push("team/api", "1.0.0")).startswith("sha256:")

    async def test_what_it_says_of_tokens_is_said_by_https(self, registry: SandboxRegistry) -> None:
        answer = await asked(registry, trusted=registry.certificate_authority)
        assert "http://" not in answer.headers.get("WWW-Authenticate", "")


class TestAccounts:
    async def test_a_new_password_takes_the_place_of_the_old(self, tokens: SandboxRegistry) -> None:
        tokens.tokens.set_password(ACCOUNT, "another")
        assert [await token_status(tokens, password) for password in ("another", PASSWORD)] == [200, 401]

    async def test_the_refused_are_counted_by_name(self, tokens: SandboxRegistry) -> None:
        await token_status(tokens, "wrong")
        assert tokens.tokens.refused == [ACCOUNT]

    async def test_an_account_that_was_removed_is_refused(self, tokens: SandboxRegistry) -> None:
        tokens.tokens.remove_account(ACCOUNT)
        assert await token_status(tokens, PASSWORD) == 401

    async def test_an_account_reads_only_the_repositories_it_is_limited_to(self, tokens: SandboxRegistry) -> None:
        for repository in ("team/api", "team/web"):
            await tokens.push(repository, "1.0.0")
        tokens.tokens.set_password("reader", "secret")
        tokens.tokens.limit("reader", ["team/api"])
        assert [await read_status(tokens, name, "reader") for name in ("team/api", "team/web")] == [200, 401]

    async def test_a_limit_does_not_stop_the_sandbox_itself(self, tokens: SandboxRegistry) -> None:
        tokens.tokens.limit(ACCOUNT, [])
        assert (await tokens.push("team/api", "1.0.0")).startswith("sha256:")

    async def test_every_token_handed_out_is_kept(self, tokens: SandboxRegistry) -> None:
        await token_status(tokens, PASSWORD)
        assert len(tokens.tokens.minted) == 1
