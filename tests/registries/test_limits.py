"""A registry that asks for a pause gets it, and only for those it asked."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from bot.registries import RegistryLimited
from bot.registries.limits import Asked, Limits
from bot.registries.pauses import LONGEST_PAUSE, SHORTEST_PAUSE, free_again, pause_until
from tests.registries.conftest import Clock, RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TAGS = "/v2/a/b/tags/list"
LISTED = Reply(body={"tags": ["1.0"]})

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
    ("1767225690", 90),
    ("1000000000", 1),
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


async def test_a_registry_that_says_429_for_an_hour_delays_only_itself_and_that_reader(
    scripted_server: ScriptedServers, registries_for: RegistriesFor, clock: Clock
) -> None:
    limited, other = await scripted_server(), await scripted_server()
    limited.on(TAGS, Reply(429, headers={"Retry-After": "3600"}), LISTED)
    other.on(TAGS, LISTED)
    registries = registries_for(limited.host, other.host)
    with pytest.raises(RegistryLimited) as failed:
        await registries.tags(limited.host, "a/b", credential(limited.host, id="one"))
    assert failed.value.until == clock.now + timedelta(hours=1)
    clock.forward(3599)
    with pytest.raises(RegistryLimited):
        await registries.tags(limited.host, "a/b", credential(limited.host, id="one"))
    for host, who in (
        (limited.host, credential(limited.host, id="two")),
        (other.host, credential(other.host, id="one")),
    ):
        assert (await registries.tags(host, "a/b", who)).names == ("1.0",)


async def test_a_registry_that_is_down_for_a_told_time_is_not_asked_before(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    scripted.on(TAGS, Reply(503, headers={"Retry-After": "120"}), LISTED)
    registries = registries_for(scripted.host)
    for _ in range(2):
        with pytest.raises(RegistryLimited) as limited:
            await registries.tags(scripted.host, "a/b")
        assert limited.value.until == clock.now + timedelta(seconds=120)
    assert len(scripted.seen) == 1
    clock.forward(120)
    assert (await registries.tags(scripted.host, "a/b")).names == ("1.0",)


# Docker's documentation, "Pull usage and limits": ratelimit-limit and ratelimit-remaining with the window in seconds.
HUB = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600", "docker-ratelimit-source": "192.0.2.1"}

LEFT = [
    (HUB, 216),
    ({**HUB, "ratelimit-remaining": "1;w=21600"}, None),
    ({**HUB, "ratelimit-limit": "0;w=0"}, 60),
    ({**HUB, "ratelimit-limit": "1;w=999999999999"}, 6 * 3600),
    ({**HUB, "ratelimit-limit": "100000;w=1"}, 1),
    ({"ratelimit-remaining": "0"}, 60),
    ({"ratelimit-limit": "5, 5;w=60", "ratelimit-remaining": "0", "ratelimit-reset": "40"}, 40),
    ({"ratelimit-limit": "5", "ratelimit-remaining": "0", "ratelimit-reset": "1767225690"}, 90),
    ({"ratelimit-limit": "5", "ratelimit-remaining": "0", "ratelimit-reset": "1000000000"}, 1),
    ({"ratelimit": '"default";r=0;t=50', "ratelimit-policy": '"default";q=100;w=60'}, 50),
    ({"ratelimit": '"second";r=0;t=5, "day";r=0;t=500'}, 500),
    ({"ratelimit": '"second";r=3;t=5, "day";r=0;t=500'}, 500),
    ({"ratelimit": '"second";r=3;t=5'}, None),
    ({"ratelimit": '"default";r=0'}, 60),
    ({"ratelimit": "limit=100, remaining=0, reset=30"}, 30),
    ({"ratelimit": "limit=100, remaining=10, reset=30"}, None),
    ({"ratelimit-remaining": "none"}, None),
    ({"ratelimit-remaining": "-1"}, None),
    ({"ratelimit-remaining": "0" * 4000}, None),
    ({"ratelimit": "r" * 4000 + "=0"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), LEFT)
def test_when_nothing_is_left_one_request_is_awaited(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert free_again(CIMultiDictProxy(CIMultiDict(headers)), NOW) == expected


@given(st.dictionaries(st.sampled_from([*HUB, "ratelimit", "ratelimit-reset", "retry-after"]), st.text(max_size=40)))
def test_whatever_the_headers_say_the_pause_is_between_a_second_and_six_hours(headers: dict[str, str]) -> None:
    told = CIMultiDictProxy(CIMultiDict(headers))
    for until in (free_again(told, NOW) or NOW + SHORTEST_PAUSE, pause_until(told.get("Retry-After"), NOW)):
        assert SHORTEST_PAUSE <= until - NOW <= LONGEST_PAUSE


def a_hub(server: ScriptedServer, headers: dict[str, str]) -> None:
    """Serve one image whose manifest tells with each answer what is left; asking for its digest is free."""
    content = b'{"mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}'
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    told = {**headers, "Docker-Content-Digest": digest, "Content-Type": "application/vnd.oci.image.index.v1+json"}
    server.on(TAGS, LISTED)
    for reference in ("1.0", "1.1", digest):
        server.on(f"/v2/a/b/manifests/{reference}", Reply(200, content, told))


async def test_when_no_pull_is_left_manifests_wait_and_nothing_else(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    a_hub(scripted, HUB)
    registries = registries_for(scripted.host)
    assert await registries.head(scripted.host, "a/b", "1.0")
    with pytest.raises(RegistryLimited) as limited:
        await registries.manifest(scripted.host, "a/b", "1.0")
    assert limited.value.until == clock.now + timedelta(seconds=216)
    assert await registries.head(scripted.host, "a/b", "1.1")
    assert (await registries.tags(scripted.host, "a/b")).names == ("1.0",)
    clock.forward(216)
    a_hub(scripted, {**HUB, "ratelimit-remaining": "1;w=21600"})
    assert (await registries.manifest(scripted.host, "a/b", "1.0")).digest


async def test_a_refused_pull_that_tells_the_window_leaves_free_questions_alone(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    a_hub(scripted, {})
    digest = await registries_for(scripted.host).head(scripted.host, "a/b", "1.0")
    scripted.on(f"/v2/a/b/manifests/{digest}", Reply(429, headers=HUB))
    registries = registries_for(scripted.host)
    with pytest.raises(RegistryLimited) as limited:
        await registries.manifest(scripted.host, "a/b", "1.0")
    assert limited.value.until == clock.now + timedelta(seconds=216)
    assert await registries.head(scripted.host, "a/b", "1.0") == digest


async def test_a_limit_of_an_api_beside_the_registry_does_not_stop_the_registry(clock: Clock) -> None:
    limits, told = Limits(clock), CIMultiDictProxy(CIMultiDict({"Retry-After": "60"}))
    with pytest.raises(RegistryLimited):
        limits.heard("quay.io", "", Asked.API, 429, told)
    limits.check("quay.io", "", Asked.OTHER)
    with pytest.raises(RegistryLimited):
        limits.check("quay.io", "", Asked.API)


@pytest.mark.parametrize("name", ["X-Retry-After", "Retry-After"])
async def test_docker_hubs_api_tells_the_moment_to_come_back(name: str, clock: Clock) -> None:
    """Docker Hub API reference, "Rate limiting": "a unix timestamp of when you can call the API again"."""
    limits, told = Limits(clock), CIMultiDictProxy(CIMultiDict({name: str(int(clock.now.timestamp()) + 90)}))
    with pytest.raises(RegistryLimited) as limited:
        limits.heard("docker.io", "", Asked.API, 429, told)
    assert limited.value.until == clock.now + timedelta(seconds=90)


async def test_a_shorter_pause_does_not_take_back_a_longer_one(clock: Clock) -> None:
    limits = Limits(clock)
    for seconds in ("600", "1"):
        with pytest.raises(RegistryLimited):
            limits.heard("quay.io", "", Asked.OTHER, 429, CIMultiDictProxy(CIMultiDict({"Retry-After": seconds})))
    clock.forward(599)
    with pytest.raises(RegistryLimited):
        limits.check("quay.io", "")
