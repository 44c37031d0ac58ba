"""A registry that asks for a pause gets it, and only for those it asked."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.registries import RegistryLimited
from bot.registries.pauses import pause_until
from tests.registries.conftest import Clock, RegistriesFor, credential
from tests.registries.scripted import Reply, ScriptedServer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TAGS = "/v2/a/b/tags/list"

PAUSES = [
    ("30", 30),
    (" 30 ", 30),
    ("Thu, 01 Jan 2026 00:02:00 GMT", 120),
    ("0", 1),
    ("Wed, 31 Dec 2025 00:00:00 GMT", 1),
    (None, 60),
    ("", 60),
    ("soon", 60),
    ("-5", 60),
    ("1e3", 60),
    ("99999999999999999999", 6 * 3600),
    ("Thu, 01 Jan 2099 00:00:00 GMT", 6 * 3600),
    ("Thu, 01 Jan 2026 00:02:00", 60),
]


@pytest.mark.parametrize(("retry_after", "seconds"), PAUSES)
def test_the_pause_is_what_the_header_says_within_reason(retry_after: str | None, seconds: int) -> None:
    assert pause_until(retry_after, NOW) == NOW + timedelta(seconds=seconds)


async def test_nothing_goes_out_before_the_pause_is_over(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    scripted.on(TAGS, Reply(429, headers={"Retry-After": "30"}), Reply(body={"tags": ["1.0"]}))
    registries = registries_for(scripted.host)
    with pytest.raises(RegistryLimited) as first:
        await registries.tags(scripted.host, "a/b")
    assert first.value.until == clock.now + timedelta(seconds=30)
    clock.forward(29)
    with pytest.raises(RegistryLimited) as second:
        await registries.head(scripted.host, "another/repository", "1.0")
    assert second.value.until == first.value.until
    assert scripted.paths() == [TAGS]
    clock.forward(1)
    assert (await registries.tags(scripted.host, "a/b")).names == ("1.0",)


async def test_the_limit_of_one_credential_does_not_stop_another(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(429), Reply(body={"tags": ["1.0"]}))
    registries = registries_for(scripted.host)
    with pytest.raises(RegistryLimited):
        await registries.tags(scripted.host, "a/b", credential(scripted.host, id="one"))
    assert (await registries.tags(scripted.host, "a/b", credential(scripted.host, id="two"))).names == ("1.0",)
    assert (await registries.tags(scripted.host, "a/b")).names == ("1.0",)


async def test_a_limit_of_the_token_server_is_one_of_the_registry(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    challenge = f'Bearer realm="http://{scripted.host}/token"'
    scripted.on(TAGS, Reply(401, headers={"WWW-Authenticate": challenge}))
    scripted.on("/token", Reply(429, headers={"Retry-After": "90"}))
    with pytest.raises(RegistryLimited) as limited:
        await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert limited.value.host == scripted.host
    assert limited.value.until == clock.now + timedelta(seconds=90)
