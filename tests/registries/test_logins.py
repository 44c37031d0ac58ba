"""Logins of the clouds: one for each reader, kept while it holds, renewed before it ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.registries import RegistryRefused, RegistryUnavailable
from bot.registries.access import ANONYMOUS, Access
from bot.registries.kinds import ProviderKind
from bot.registries.logins import Logins
from bot.registries.providers import PROVIDERS
from bot.registries.providers.provider import Login
from tests.registries.conftest import Clock, credential
from tests.registries.providers.loopback_transport import loopback_transport

HOST = "contoso.azurecr.io"
LIFE = 1000
Cloud = Callable[[], Awaitable[Login | None]]


class Desk:
    """Gives out a numbered login each time it is asked, or does what it was told to do instead."""

    def __init__(self, clock: Clock) -> None:
        self.asked: list[Access] = []
        self.instead: Cloud | None = None
        self.life: timedelta | None = timedelta(seconds=LIFE)
        self._clock = clock

    async def log_in(self, access: Access, _host: str, _transport: Any, now: datetime) -> Login | None:
        assert now == self._clock()
        self.asked.append(access)
        if self.instead:
            return await self.instead()
        return self.login()

    def login(self) -> Login:
        until = self._clock() + self.life if self.life else None
        return Login("cloud", SecretStr(f"s3cret-{len(self.asked)}"), until)


@pytest.fixture
def desk(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(clock)
    monkeypatch.setitem(PROVIDERS, ProviderKind.AZURE, replace(PROVIDERS[ProviderKind.AZURE], log_in=desk.log_in))
    return desk


@pytest_asyncio.fixture
async def logins(desk: Desk, clock: Clock) -> AsyncIterator[Logins]:
    async with loopback_transport(clock) as transport:
        yield Logins(transport, clock)


def password(login: Login | None) -> str:
    assert login is not None
    return login.password.get_secret_value()


async def failing(error: Exception) -> Login:
    raise error


async def test_a_login_is_kept_until_four_fifths_of_its_life_are_over(logins: Logins, desk: Desk, clock: Clock) -> None:
    who = credential(HOST)
    assert password(await logins.of(who, HOST)) == "s3cret-1"
    clock.forward(LIFE * 0.8 - 1)
    assert password(await logins.of(who, HOST)) == "s3cret-1"
    clock.forward(1)
    assert password(await logins.of(who, HOST)) == "s3cret-2"


async def test_a_login_without_an_end_is_kept(logins: Logins, desk: Desk, clock: Clock) -> None:
    desk.life = None
    await logins.of(credential(HOST), HOST)
    clock.forward(10**9)
    assert password(await logins.of(credential(HOST), HOST)) == "s3cret-1"


@pytest.mark.parametrize(
    "other",
    [
        credential(HOST, id="credential-2"),
        credential(HOST, version="2"),
        credential(HOST, id="operator:1", ambient=True),
    ],
    ids=["another credential", "another secret", "what the machine has"],
)
async def test_two_readers_never_share_a_login(other: Access, logins: Logins, desk: Desk) -> None:
    first = credential(HOST, version="1")
    mine, others = await logins.of(first, HOST), await logins.of(other, HOST)
    assert password(mine) != password(others)
    assert await logins.of(first, HOST) == mine
    assert desk.asked == [first, other]


async def test_two_hosts_of_one_credential_have_a_login_each(logins: Logins, desk: Desk) -> None:
    who = credential(HOST)
    assert await logins.of(who, HOST) != await logins.of(who, "fabrikam.azurecr.io")


async def test_nobody_in_particular_has_no_login(logins: Logins, desk: Desk) -> None:
    assert await logins.of(ANONYMOUS, HOST) is None
    assert desk.asked == []


async def test_elsewhere_name_and_secret_are_given_as_they_are(logins: Logins, desk: Desk) -> None:
    assert await logins.of(credential("registry.example"), "registry.example") is None
    assert desk.asked == []


async def test_what_the_machine_has_is_no_login_to_a_registry_of_nobodys(logins: Logins) -> None:
    with pytest.raises(RegistryRefused, match="add a credential"):
        await logins.of(credential("registry.example", ambient=True), "registry.example")


async def test_many_that_need_a_login_at_once_wait_for_one(logins: Logins, desk: Desk) -> None:
    came = await asyncio.gather(*(logins.of(credential(HOST), HOST) for _ in range(5)))
    assert [password(login) for login in came] == ["s3cret-1"] * 5
    assert len(desk.asked) == 1


async def test_one_that_gives_up_does_not_take_the_login_from_the_others(logins: Logins, desk: Desk) -> None:
    waiting: list[asyncio.Task[Login | None]] = []

    async def give_up() -> Login:
        waiting[0].cancel()
        await asyncio.wait(waiting[:1])
        return desk.login()

    desk.instead = give_up
    waiting += [asyncio.create_task(logins.of(credential(HOST), HOST)) for _ in range(3)]
    await asyncio.wait(waiting)
    assert waiting[0].cancelled()
    assert [password(task.result()) for task in waiting[1:]] == ["s3cret-1"] * 2


async def test_a_failure_is_not_remembered(logins: Logins, desk: Desk) -> None:
    desk.instead = lambda: failing(RegistryRefused(HOST, "no"))
    for _ in range(2):
        with pytest.raises(RegistryRefused):
            await logins.of(credential(HOST), HOST)
    desk.instead = None
    assert password(await logins.of(credential(HOST), HOST)) == "s3cret-3"


async def test_while_the_cloud_is_out_a_login_that_still_holds_is_used(
    logins: Logins, desk: Desk, clock: Clock
) -> None:
    await logins.of(credential(HOST), HOST)
    desk.instead = lambda: failing(RegistryUnavailable(HOST, "out"))
    clock.forward(LIFE * 0.8)
    assert password(await logins.of(credential(HOST), HOST)) == "s3cret-1"
    assert password(await logins.of(credential(HOST), HOST)) == "s3cret-1"
    assert len(desk.asked) == 2, "the cloud is not asked at once again"
    clock.forward(61)
    await logins.of(credential(HOST), HOST)
    assert len(desk.asked) == 3
    clock.forward(LIFE)
    with pytest.raises(RegistryUnavailable):
        await logins.of(credential(HOST), HOST)


async def test_a_refusal_ends_a_login_that_still_holds(logins: Logins, desk: Desk, clock: Clock) -> None:
    await logins.of(credential(HOST), HOST)
    desk.instead = lambda: failing(RegistryRefused(HOST, "the key was taken back"))
    clock.forward(LIFE * 0.8)
    with pytest.raises(RegistryRefused):
        await logins.of(credential(HOST), HOST)


async def test_a_forgotten_login_is_asked_for_again(logins: Logins, desk: Desk) -> None:
    who = credential(HOST)
    await logins.of(who, HOST)
    logins.forget(who, HOST)
    assert password(await logins.of(who, HOST)) == "s3cret-2"


async def test_of_several_that_were_refused_only_the_first_throws_the_login_away(logins: Logins, desk: Desk) -> None:
    who = credential(HOST)
    refused = await logins.of(who, HOST)
    logins.forget(who, HOST, refused)
    renewed = await logins.of(who, HOST)
    logins.forget(who, HOST, refused)
    assert await logins.of(who, HOST) == renewed


async def test_only_so_many_logins_are_kept(logins: Logins, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.registries.logins.MOST_LOGINS", 2)
    few = Logins(logins._transport, desk._clock)
    for number in (1, 2, 3, 3, 2, 1):
        await few.of(credential(HOST, id=f"credential-{number}"), HOST)
    assert [who.id for who in desk.asked] == [f"credential-{number}" for number in (1, 2, 3, 1)]


async def test_no_secret_stands_in_a_repr(logins: Logins, desk: Desk) -> None:
    who = credential(HOST, "s3cret-0")
    login = await logins.of(who, HOST)
    assert "s3cret" not in repr((login, who, logins, vars(logins)))
