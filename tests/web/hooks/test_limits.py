"""How often one hook may call: a burst after a rest, twenty times a second for ever."""

import json

import pytest

from bot.registries.notifications import HookKind
from bot.web.hook_limits import BURST, CALL_BYTES, MOST_HOOKS, SUSTAINED, HookLimits
from tests.registries.recorded_notifications import payload
from tests.web.hooks.conftest import Clock, HookDoors
from tests.web.raw import connected, head

BODY = json.dumps(payload("dockerhub")).encode()


def allowed(limits: HookLimits, calls: int, hook: str = "h1") -> int:
    return sum(limits.wait(hook) == 0.0 for _ in range(calls))


def test_a_burst_is_taken_and_no_more(clock: Clock) -> None:
    assert allowed(HookLimits(clock), 2 * BURST) == BURST


def test_afterwards_it_is_twenty_a_second(clock: Clock) -> None:
    limits = HookLimits(clock)
    allowed(limits, BURST)
    clock.forward(10)
    assert allowed(limits, 2 * BURST) == 10 * SUSTAINED


def test_a_rest_gives_a_whole_burst_again_and_never_more(clock: Clock) -> None:
    limits = HookLimits(clock)
    allowed(limits, BURST)
    clock.forward(100_000)
    assert allowed(limits, 2 * BURST) == BURST


def test_it_says_how_long_to_wait(clock: Clock) -> None:
    limits = HookLimits(clock)
    allowed(limits, BURST)
    wait = limits.wait("h1")
    assert 0 < wait <= 1 / SUSTAINED
    clock.forward(wait)
    assert limits.wait("h1") == 0.0


def test_one_hook_does_not_hold_back_another(clock: Clock) -> None:
    limits = HookLimits(clock)
    allowed(limits, 2 * BURST)
    assert limits.wait("h2") == 0.0


def test_the_memory_of_it_is_bounded(clock: Clock) -> None:
    limits = HookLimits(clock)
    allowed(limits, BURST, "busy")
    for number in range(2 * MOST_HOOKS):
        limits.wait(f"hook-{number}")
    assert len(limits._forgiven) == MOST_HOOKS
    assert limits.wait("busy") > 0


@pytest.mark.parametrize(
    ("size", "calls"), [(0, 1), (1, 1), (CALL_BYTES, 1), (CALL_BYTES + 1, 2), (32 * CALL_BYTES, 32)]
)
def test_a_large_call_counts_as_several(clock: Clock, size: int, calls: int) -> None:
    limits = HookLimits(clock)
    allowed(limits, 1)
    limits.weigh("h1", size)
    assert allowed(limits, 2 * BURST) == BURST - calls


def test_what_was_never_let_in_weighs_nothing(clock: Clock) -> None:
    limits = HookLimits(clock)
    limits.weigh("h1", 100 * CALL_BYTES)
    assert allowed(limits, 2 * BURST) == BURST


@pytest.mark.asyncio(loop_scope="module")
async def test_a_large_report_uses_up_as_much_as_it_weighs(doors: HookDoors) -> None:
    path = await doors.hook(HookKind.SCAN, id="large", signing=None)
    assert await doors.post(path, b"x" * (32 * CALL_BYTES)) == 202
    assert allowed(doors.limits, 2 * BURST, "large") == BURST - 32


@pytest.mark.asyncio(loop_scope="module")
async def test_a_hook_that_calls_too_often_is_told_when_to_come_back(doors: HookDoors) -> None:
    path = await doors.hook(HookKind.DOCKER_HUB)
    statuses = [await doors.post(path, BODY) for _ in range(BURST)]
    assert set(statuses) == {202}
    async with doors.http.post(doors.url + path, data=BODY) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    doors.clock.forward(1)
    assert await doors.post(path, BODY) == 202


@pytest.mark.asyncio(loop_scope="module")
async def test_its_body_is_not_read_then(doors: HookDoors) -> None:
    path = await doors.hook(HookKind.DOCKER_HUB, id="busy")
    allowed(doors.limits, BURST, "busy")
    async with connected(doors.url) as line:
        await line.send(head("POST", path, Content_Length=1000))
        assert await line.status() == 429


@pytest.mark.asyncio(loop_scope="module")
async def test_who_does_not_know_the_address_uses_up_nothing(doors: HookDoors) -> None:
    path = await doors.hook(HookKind.DOCKER_HUB)
    guesses = [await doors.post(f"{path}x", BODY) for _ in range(BURST + 1)]
    assert (set(guesses), await doors.post(path, BODY)) == ({404}, 202)
