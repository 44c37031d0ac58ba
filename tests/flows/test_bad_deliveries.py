"""Deliveries that are not what they should be: parked with their id, and never in the way of the next one."""

import json
from typing import Any

import pytest

from bot.flows.delivery import drain
from bot.store import Delivery, DeliveryState
from tests.flows.house import House

INSTALLATION = {"id": 1}
REPOSITORY = {"id": 2, "default_branch": "main", "full_name": "a/b"}

BAD: dict[str, tuple[str, Any]] = {
    "push without a ref": ("push", {"repository": REPOSITORY, "installation": INSTALLATION}),
    "push of no repository": ("push", {"ref": "refs/heads/main", "repository": None, "installation": INSTALLATION}),
    "repository without id": ("push", {"ref": "r", "repository": {}, "installation": INSTALLATION}),
    "installation without id": ("installation", {"action": "created", "installation": {}}),
    "installation that is a text": ("installation", {"action": "created", "installation": "acme"}),
    "id that is a text": ("installation", {"action": "created", "installation": {"id": "7"}}),
    "id that is a truth": ("installation", {"action": "created", "installation": {"id": True}}),
    "head that is a number": (
        "check_run",
        {
            "action": "completed",
            "check_run": {"head_sha": 5},
            "repository": REPOSITORY,
            "installation": INSTALLATION,
        },
    ),
    "head too long for a key": (
        "check_run",
        {
            "action": "completed",
            "check_run": {"head_sha": "f" * 5000},
            "repository": REPOSITORY,
            "installation": INSTALLATION,
        },
    ),
    "head with a NUL": (
        "status",
        {"sha": "a\0", "repository": REPOSITORY, "installation": INSTALLATION},
    ),
    "package that is a list": ("registry_package", {"action": "published", "registry_package": []}),
    "pull request without number": (
        "pull_request",
        {"action": "closed", "repository": REPOSITORY, "installation": INSTALLATION},
    ),
    "a list": ("push", []),
    "a text": ("push", "push"),
    "nothing": ("push", None),
}


async def stored(house: House, event: str, body: bytes, name: str = "bad-1") -> None:
    assert await house.parts.store.deliveries.append(Delivery(name, "github", event, body, house.clock()))


async def state(house: House, name: str) -> DeliveryState:
    status = await house.parts.store.deliveries.status(name)
    assert status is not None
    return status.state


@pytest.mark.parametrize("case", BAD)
async def test_it_is_parked_and_the_next_delivery_is_handled(house: House, case: str) -> None:
    event, payload = BAD[case]
    bad = await house.github.deliver(event, payload, guid="bad-1")
    await house.publish("1.5.0")
    assert (bad.status_code, await state(house, "bad-1")) == (202, DeliveryState.DEAD)
    assert (len(house.pulls()), await house.dead()) == (1, [])


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"a=b"])
async def test_what_is_no_json_is_parked_with_its_reason(empty_house: House, logs, body: bytes) -> None:
    await stored(empty_house, "push", body)
    await stored(empty_house, "push", b'{"ref": "refs/tags/v1", "repository": {"default_branch": "main"}}', "good")
    await drain(empty_house.parts)
    assert (await state(empty_house, "bad-1"), await state(empty_house, "good")) == (
        DeliveryState.DEAD,
        DeliveryState.HANDLED,
    )
    (said,) = [event for event in logs if event["event"] == "delivery.dead"]
    assert (said["delivery"], "JSON" in said["reason"]) == ("bad-1", True)


async def test_a_parked_delivery_that_is_delivered_again_is_handled_again(house: House) -> None:
    bad = await house.github.deliver("installation", {"action": "created", "installation": {}}, guid="twice")
    await house.work()
    assert await state(house, "twice") is DeliveryState.DEAD
    good = {"action": "created", "installation": {"id": house.installation.id}}
    await house.github.deliver("installation", good, guid=bad.guid)
    done = len(house.performed)
    await house.work()
    assert await state(house, "twice") is DeliveryState.HANDLED
    assert len(house.performed) > done


@pytest.mark.parametrize("event", ["star", "never_heard_of", "workflow_job", "ping"])
async def test_an_event_nobody_handles_asks_for_nothing(house: House, event: str) -> None:
    done = len(house.performed)
    await house.github.deliver(event, {"action": "created", "zen": "Keep it simple."}, guid="unknown")
    await house.work()
    assert (await state(house, "unknown"), len(house.performed)) == (DeliveryState.HANDLED, done)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("push", {"ref": "refs/heads/main", "repository": REPOSITORY}),
        ("check_run", {"action": "completed", "check_run": {"head_sha": "f" * 40}, "repository": REPOSITORY}),
        ("check_suite", {"action": "completed", "check_suite": {"head_sha": "f" * 40}, "repository": REPOSITORY}),
        ("status", {"sha": "f" * 40, "repository": REPOSITORY}),
        ("pull_request", {"action": "closed", "number": 1, "repository": REPOSITORY}),
        ("repository", {"action": "renamed", "repository": REPOSITORY}),
    ],
)
async def test_an_event_of_no_installation_asks_for_nothing(house: House, event: str, payload: dict[str, Any]) -> None:
    done = len(house.performed)
    await house.github.deliver(event, payload, guid="nobodys")
    await house.work()
    assert (await state(house, "nobodys"), len(house.performed)) == (DeliveryState.HANDLED, done)


async def test_events_about_things_that_do_not_exist_end_well(house: House) -> None:
    ghost = {"id": house.installation.id}
    repository = {**REPOSITORY, "id": 999_999}
    for event, more in (
        ("push", {"ref": "refs/heads/main"}),
        ("pull_request", {"action": "closed", "number": 99}),
        ("status", {"sha": "f" * 40}),
        ("repository", {"action": "deleted"}),
    ):
        await house.github.deliver(event, {**more, "repository": repository, "installation": ghost})
    await house.github.deliver("installation", {"action": "created", "installation": {"id": 424_242}})
    await house.work()
    assert await house.dead() == []


@pytest.mark.parametrize("name", ["../../etc", "a b", "", "x" * 3000, "\u202eevil", None, 5, ["api"]])
async def test_a_package_with_an_impossible_name_asks_for_nothing(house: House, name: object) -> None:
    package = {"name": name, "package_type": "CONTAINER", "owner": {"login": "a"}, "package_version": None}
    await house.github.deliver("registry_package", {"action": "published", "registry_package": package}, guid="odd")
    done = len(house.performed)
    await house.work()
    await house.later(house.parts.settle)
    assert (await state(house, "odd"), len(house.performed)) == (DeliveryState.HANDLED, done)


async def test_a_docker_hub_body_that_is_not_as_promised_is_parked(house: House) -> None:
    delivery = Delivery("hub-1", "hook:dockerhub:h1", "push", json.dumps({"repository": 5}).encode(), house.clock())
    await house.parts.store.deliveries.append(delivery)
    await house.work()
    assert await state(house, "hub-1") is DeliveryState.DEAD
