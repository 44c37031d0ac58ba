"""From each registry's notification, over its door, to the look that it asks for; nothing in it is ever fetched."""

import asyncio
import base64
import hashlib
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.flows.delivery import drain
from bot.flows.hooks import MOST_IMAGES
from bot.jobs.work import AnnounceImage, parse
from bot.registries.notifications import HookKind, images
from bot.store import Delivery, DeliveryState, Follow, Hook, Installation, Repository
from tests.flows.house import House
from tests.registries.recorded_notifications import changed, host, payload

KINDS = [kind.value for kind in HookKind if kind is not HookKind.SCAN]
OVER_HTTP = [kind for kind in KINDS if kind != HookKind.GOOGLE]

_NUMBERS = itertools.count(1)


def first_image(kind: str) -> tuple[str, str]:
    image = images(kind, payload(kind), host(kind))[0]
    return image.host, image.repository


async def hook(house: House, kind: str, *, follows: str | None = None, **changes: Any) -> str:
    """Make a hook of installation 1, whose only repository follows the image of the recorded push; gives its id."""
    store, (registry, repository) = house.parts.store, first_image(kind)
    await store.installations.save(Installation(1, "acme", "Organization", suspended=False))
    await store.repositories.save(Repository(10, 1, "acme/shop", "main", private=False, archived=False))
    await store.repositories.follow(10, [Follow("api", registry, follows or repository)])
    identifier = f"h{next(_NUMBERS)}"
    made = Hook(identifier, kind, 1, host(kind), "")
    changes = {name: changes.pop(name, getattr(made, name)) for name in ("installation", "host", "repository_prefix")}
    await store.hooks.create(Hook(identifier, kind, **changes), hashlib.sha256(b"secret").digest())
    return identifier


async def notify(house: House, kind: str, identifier: str, body: bytes) -> str:
    """Store a notification as its door would, and handle it; gives its id."""
    name = f"n-{next(_NUMBERS)}"
    source = f"hook:{kind}:{identifier}"
    assert await house.parts.store.deliveries.append(Delivery(name, source, kind, body, house.clock()))
    await drain(house.parts)
    return name


async def state(house: House, name: str) -> DeliveryState:
    status = await house.parts.store.deliveries.status(name)
    assert status is not None
    return status.state


async def looks(house: House) -> list[tuple[str, str]]:
    """The images that are going to be looked at."""
    now = house.clock() + timedelta(hours=1)
    rows = await house.parts.store.due.lease(now, window=1000, share=1000, until=now + timedelta(seconds=1))
    asked = [parse(row.kind, row.key) for row in rows]
    return [(work.host, work.repository) for work in asked if isinstance(work, AnnounceImage)]


def body_of(kind: str, name: str = "push") -> bytes:
    return json.dumps(payload(kind, name)).encode()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_push_asks_for_a_look_at_its_image(empty_house: House, kind: str) -> None:
    name = await notify(empty_house, kind, await hook(empty_house, kind), body_of(kind))
    assert (await state(empty_house, name), await looks(empty_house)) == (DeliveryState.HANDLED, [first_image(kind)])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_replay_asks_for_no_second_look(empty_house: House, kind: str) -> None:
    identifier = await hook(empty_house, kind)
    for _ in range(3):
        await notify(empty_house, kind, identifier, body_of(kind))
    assert await looks(empty_house) == [first_image(kind)]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_unknown_repository_asks_for_nothing(empty_house: House, kind: str) -> None:
    identifier = await hook(empty_house, kind, follows="somebody/else")
    name = await notify(empty_house, kind, identifier, body_of(kind))
    assert (await state(empty_house, name), await looks(empty_house)) == (DeliveryState.HANDLED, [])


BROKEN = {
    "truncated": b'{"action": "push", "repository": {"repo_',
    "a depth bomb": b'{"a":' * 100_000,
    "a depth bomb of lists": b"[" * 200_000,
    "a form": b"payload=%7B%22repository%22%3A1%7D",
    "a list": b"[]",
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "of another registry": b'{"object_kind": "pipeline"}',
}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_cannot_be_read_is_parked_with_a_reason(empty_house: House, kind: str) -> None:
    identifier = await hook(empty_house, kind)
    for case, body in BROKEN.items():
        name = await notify(empty_house, kind, identifier, body)
        status = await empty_house.parts.store.deliveries.status(name)
        assert status is not None
        assert (case, status.state, bool(status.reason)) == (case, DeliveryState.DEAD, True)
    assert await looks(empty_house) == []


WITH_HOSTS: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "quay": (("docker_url",), "quay.internal/mynamespace/repository"),
    "acr": (("request", "host"), "other.azurecr.io"),
    "ecr": (("account",), "999999999999"),
    "jfrog": (("jpd_origin",), "https://other.jfrog.io"),
    "gitlab": (("events", 0, "request", "host"), "registry.internal:5000"),
    "distribution": (("events", 0, "request", "host"), "registry.internal:5000"),
    "msr": (("contents", "imageName"), "msr.internal/foo/bar"),
    "generic": (("image",), "registry.internal/team/api"),
    "cloudevents": (("data", "image"), "registry.internal/team/api"),
}


@pytest.mark.parametrize("kind", WITH_HOSTS)
async def test_a_hook_cannot_speak_of_another_host(empty_house: House, kind: str) -> None:
    other = changed(payload(kind), *WITH_HOSTS[kind])
    named = images(kind, other, host(kind))[0]
    identifier = await hook(empty_house, kind)
    await empty_house.parts.store.repositories.follow(10, [Follow("api", named.host, named.repository)])
    await notify(empty_house, kind, identifier, json.dumps(other).encode())
    assert (named.host != host(kind), await looks(empty_house)) == (True, [])


async def test_every_image_of_a_notification_is_looked_at(empty_house: House) -> None:
    identifier = await hook(empty_house, "distribution")
    both = [Follow("a", host("distribution"), "hello-world"), Follow("b", host("distribution"), "team/api")]
    await empty_house.parts.store.repositories.follow(10, both)
    await notify(empty_house, "distribution", identifier, body_of("distribution", "several"))
    assert sorted(await looks(empty_house)) == [
        (host("distribution"), "hello-world"),
        (host("distribution"), "team/api"),
    ]


@pytest.mark.parametrize(
    ("count", "expected"), [(MOST_IMAGES, DeliveryState.HANDLED), (MOST_IMAGES + 1, DeliveryState.DEAD)]
)
async def test_a_notification_cannot_ask_for_endlessly_many(
    empty_house: House, count: int, expected: DeliveryState
) -> None:
    identifier = await hook(empty_house, "generic")
    body = json.dumps({"image": [f"registry.example/team/a{number}" for number in range(count)]}).encode()
    assert await state(empty_house, await notify(empty_house, "generic", identifier, body)) is expected


async def test_what_is_named_a_thousand_times_is_one_image(empty_house: House) -> None:
    identifier = await hook(empty_house, "generic")
    body = json.dumps({"image": [f"registry.example/team/api:{number}" for number in range(1000)]}).encode()
    await notify(empty_house, "generic", identifier, body)
    assert await looks(empty_house) == [("registry.example", "team/api")]


async def test_a_suspended_installation_is_asked_nothing_for(empty_house: House) -> None:
    identifier = await hook(empty_house, "harbor")
    await empty_house.parts.store.installations.suspend(1, suspended=True)
    await notify(empty_house, "harbor", identifier, body_of("harbor"))
    assert await looks(empty_house) == []


@pytest.mark.parametrize(("installation", "expected"), [(None, 1), (1, 1), (2, 0)])
async def test_the_operators_hook_speaks_for_everybody(
    empty_house: House, installation: int | None, expected: int
) -> None:
    identifier = await hook(empty_house, "harbor")
    store = empty_house.parts.store
    await store.installations.save(Installation(2, "other", "Organization", suspended=False))
    made = Hook(identifier, "harbor", installation, host("harbor"), "")
    await store.hooks.create(made, hashlib.sha256(b"secret").digest())
    await notify(empty_house, "harbor", identifier, body_of("harbor"))
    assert len(await looks(empty_house)) == expected


async def test_the_operators_hook_asks_nothing_for_a_suspended_installation(empty_house: House) -> None:
    identifier = await hook(empty_house, "harbor", installation=None)
    await empty_house.parts.store.installations.suspend(1, suspended=True)
    await notify(empty_house, "harbor", identifier, body_of("harbor"))
    assert await looks(empty_house) == []


async def test_a_time_of_pushing_in_a_notification_is_not_believed(empty_house: House) -> None:
    identifier = await hook(empty_house, "harbor")
    await notify(empty_house, "harbor", identifier, body_of("harbor"))
    assert await empty_house.parts.store.ledger.tags(*first_image("harbor"), "") == []


@asynccontextmanager
async def listener() -> AsyncIterator[tuple[str, list[None]]]:
    """A server on this machine, and how often somebody connected to it."""
    came: list[None] = []

    async def take(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(None)
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}", came


def pointing_at(address: str, value: Any) -> Any:
    """Give a copy in which every address, but not the image's name, points at a server inside."""
    if isinstance(value, dict):
        pointed = {key: pointing_at(address, inner) for key, inner in value.items()}
        return {
            key: f"http://{address}/{key}" if "url" in key.lower() and key != "docker_url" else inner
            for key, inner in pointed.items()
        }
    if isinstance(value, list):
        return [pointing_at(address, inner) for inner in value]
    return f"http://{address}/" if isinstance(value, str) and value.startswith("http") else value


def hostile(kind: str, address: str) -> dict[str, Any]:
    """Give the recorded push with every address in it pointing inside, and more of them beside."""
    more = {
        "callback_url": f"http://{address}/callback",
        "repo_url": f"http://{address}/",
        "links": [f"http://{address}"],
    }
    pushed = pointing_at(address, payload(kind))
    # Its host would be another; that a hook cannot speak of it is another test's.
    if kind == HookKind.JFROG:
        pushed["jpd_origin"] = payload(kind)["jpd_origin"]
    return {**pushed, **more}


@pytest.mark.parametrize("kind", OVER_HTTP)
async def test_nothing_that_a_notification_points_at_is_fetched(empty_house: House, kind: str) -> None:
    async with listener() as (address, came), aiohttp.ClientSession(trust_env=False) as session:
        path = f"/hooks/{kind}/{await hook(empty_house, kind)}/secret"
        async with session.post(empty_house.url + path, json=hostile(kind, address)) as answer:
            assert answer.status == 202
        await drain(empty_house.parts)
        assert (await looks(empty_house), came) == ([first_image(kind)], [])


async def test_nor_what_googles_points_at(empty_house: House) -> None:
    async with listener() as (address, came):
        event = {
            "action": "INSERT",
            "tag": f"http://{address}/a:1",
            "digest": f"{'/'.join(first_image('gar'))}@sha256:0",
        }
        data = base64.b64encode(json.dumps(event).encode()).decode()
        body = json.dumps({**hostile("gar", address), "message": {"data": data}}).encode()
        await notify(empty_house, "gar", await hook(empty_house, "gar"), body)
        assert (await looks(empty_house), came) == ([first_image("gar")], [])
