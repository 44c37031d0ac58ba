"""A copy asks for just the tokens that it needs, and says where a credential may not do what it has to."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio
from aiohttp import web

from bot.registries import ANONYMOUS, Access, CopyOrder, Progress, PushRefused, Registries, RegistryRefused, Side
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import ACCOUNT, PASSWORD
from bot.sandbox.registry_process import Access as Doors
from tests.registries.conftest import Clock, RegistriesFor, credential
from tests.registries.copying_house import fragile_house
from tests.registries.fragile import Hook
from tests.registries.scripted import Reply, ScriptedServer

NUMBERS = count()
OTHER = "other-account"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def second(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A second registry that wants tokens."""
    registry = await SandboxRegistry.start(tmp_path_factory.mktemp("second"), access=Doors.TOKEN, anonymous_pull=False)
    registry.tokens.set_password(OTHER, PASSWORD)
    yield registry
    await registry.stop()


@pytest.fixture
def registries(private_registry: SandboxRegistry, second: SandboxRegistry, registries_for: RegistriesFor) -> Registries:
    hosts = [private_registry.host, second.host, private_registry.tokens.host, second.tokens.host]
    return registries_for(*hosts, token_hosts=frozenset(hosts[2:]))


@pytest.fixture
def name() -> str:
    return f"team/image-{next(NUMBERS)}"


def known(registry: SandboxRegistry, **options: str) -> Access:
    return credential(registry.host, **options)


async def copying(
    source: SandboxRegistry, target: SandboxRegistry, name: str, reader: Access, writer: Access
) -> CopyOrder:
    """Push an image and return the order to copy it to another repository."""
    digest = await source.push(name, "1.0")
    places = Side(source.host, name, reader), Side(target.host, f"{name}-to", writer)
    return CopyOrder(*places, digest, "1.0", "2.0")


def scopes(registry: SandboxRegistry, name: str) -> list[tuple[str, ...]]:
    """What the token server was asked for about a repository and its copy."""
    asked = [tuple(sorted(request.scopes)) for request in registry.tokens.requests]
    return [scopes for scopes in asked if any(name in scope for scope in scopes)]


async def test_one_token_does_for_both_within_a_registry(
    second: SandboxRegistry, registries: Registries, name: str
) -> None:
    access = known(second)
    copied = await registries.copy(await copying(second, second, name, access, access))
    assert (copied.streamed_bytes, copied.mounted) == (0, 4)
    assert scopes(second, name) == [(f"repository:{name}-to:pull,push", f"repository:{name}:pull")]


async def test_each_registry_is_asked_for_its_own_token(
    private_registry: SandboxRegistry, second: SandboxRegistry, registries: Registries, name: str
) -> None:
    order = await copying(private_registry, second, name, known(private_registry), known(second, id="credential-2"))
    copied = await registries.copy(order)
    assert copied.streamed_bytes > 0
    assert scopes(private_registry, name) == [(f"repository:{name}:pull",)]
    assert scopes(second, name) == [(f"repository:{name}-to:pull,push",)]
    assert await registries.head(second.host, f"{name}-to", "2.0", order.target.access) == order.digest


async def test_what_the_pusher_may_not_read_is_sent_by_the_reader(
    second: SandboxRegistry, registries: Registries, name: str
) -> None:
    second.tokens.limit(OTHER, [f"{name}-to"])
    order = await copying(second, second, name, known(second), known(second, id="credential-2", username=OTHER))
    copied = await registries.copy(order)
    assert (copied.mounted, copied.streamed_bytes > 0) == (0, True)
    assert await registries.head(second.host, f"{name}-to", "2.0", order.target.access) == order.digest


def wants_tokens(realm: str) -> Hook:
    """Want a token for everything, and have no blob of the copy until it was asked for once."""
    looked: set[str] = set()

    async def hook(request: web.Request) -> web.Response | None:
        if "Authorization" not in request.headers:
            return web.Response(status=401, headers={"WWW-Authenticate": f'Bearer realm="{realm}",service="s"'})
        is_first = request.method == "HEAD" and "/b/blobs/" in request.path and request.path not in looked
        looked.add(request.path)
        return web.Response(status=404) if is_first else None

    return hook


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_what_a_token_server_does_not_give_together_is_asked_for_apart(
    status: int, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    def token(request: web.Request) -> Reply:
        is_joint = len(request.query.getall("scope")) > 1
        return Reply(status) if is_joint else Reply(body={"token": "for-one"})

    async with fragile_house(registries_for) as house:
        host = house.source.host
        house.source.hook = wants_tokens(f"http://{scripted.on('/token', token).host}/token")
        registries = registries_for(host, scripted.host, token_hosts=frozenset({scripted.host}))
        target = Side(host, "team/b", credential(host, id="credential-2"))
        copied = await registries.copy(house.order(target=target))
        assert (copied.mounted, copied.streamed_bytes > 0, "2.0" in house.source.tags) == (0, True, True)
        assert not [path for path in house.source.methods("POST") if "mount=" in path]


async def test_a_credential_that_gets_no_token_either_way_is_told_so(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    def token(request: web.Request) -> Reply:
        return Reply(403) if "push" in request.query_string else Reply(body={"token": "to-read"})

    async with fragile_house(registries_for) as house:
        host = house.source.host
        house.source.hook = wants_tokens(f"http://{scripted.on('/token', token).host}/token")
        registries = registries_for(host, scripted.host, token_hosts=frozenset({scripted.host}))
        with pytest.raises(RegistryRefused, match="token server refused"):
            await registries.copy(house.order(target=Side(host, "team/b", credential(host, id="credential-2"))))
        assert "2.0" not in house.source.tags


async def test_a_credential_without_the_right_to_push_is_told_so(
    second: SandboxRegistry, registries: Registries, name: str
) -> None:
    second.tokens.limit(OTHER, [name])
    writer = known(second, id="credential-2", username=OTHER)
    order = await copying(second, second, name, known(second), writer)
    with pytest.raises(RegistryRefused) as caught:
        await registries.copy(order)
    assert PASSWORD not in str(caught.value)
    assert await second.tags(f"{name}-to") == []


async def test_a_credential_that_may_only_read_the_target_is_told_that_it_may_not_push(
    token_registry: SandboxRegistry, registries_for: RegistriesFor, name: str
) -> None:
    host, tokens = token_registry.host, token_registry.tokens.host
    registries = registries_for(host, tokens, token_hosts=frozenset({tokens}))
    order = await copying(token_registry, token_registry, name, ANONYMOUS, ANONYMOUS)
    with pytest.raises(PushRefused, match="no right to"):
        await registries.copy(order)
    assert await token_registry.tags(f"{name}-to") == []


async def test_a_credential_that_is_revoked_half_way_ends_the_copy_without_a_tag(
    second: SandboxRegistry, registries: Registries, name: str, clock: Clock
) -> None:
    second.tokens.set_password("leaver", PASSWORD)
    order = await copying(second, second, name, known(second), known(second, id="credential-3", username="leaver"))

    def revoke(_: Progress) -> None:
        second.tokens.set_password("leaver", "another")
        clock.forward(second.tokens.expires_in)

    with pytest.raises(RegistryRefused, match="refused the credential"):
        await registries.copy(order, revoke)
    assert await second.tags(f"{name}-to") == []


async def test_a_password_registry_is_copied_to(
    password_registry: SandboxRegistry, registries_for: RegistriesFor, name: str
) -> None:
    access = credential(password_registry.host, username=ACCOUNT)
    order = await copying(password_registry, password_registry, name, access, access)
    copied = await registries_for(password_registry.host).copy(order)
    assert (copied.mounted, await password_registry.tags(f"{name}-to")) == (4, ["2.0"])
