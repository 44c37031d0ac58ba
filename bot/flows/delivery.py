"""From a stored delivery to the work it asks for: claimed in batches, routed, and marked in one transaction."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.flows import hooks
from bot.flows.asking import Ask, PushTold, request
from bot.github.events import requested
from bot.jobs.work import InvalidWork
from bot.registries.notifications import UnreadableNotification
from bot.store import Push

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts
    from bot.store import Claimed, Delivery, DueRequest

log = structlog.get_logger()

# Small enough that the doors wait for no batch, large enough that its two transactions cost little for each.
BATCH = 100
LEASE = timedelta(seconds=60)
IDLE_SECONDS = 1.0
LONGEST_REST_SECONDS = 0.5


class UnreadableDelivery(Exception):
    """The body is not what its sender promised. It is parked with this reason, and never tried again."""


@dataclass(frozen=True, slots=True)
class Routed:
    """A delivery whose handlers have said what they want."""

    claimed: Claimed
    requests: tuple[DueRequest, ...]


def rest_after(handled: int, arrived: int, seconds: float) -> float:
    """Return for how many seconds the doors come first, after a batch of `handled` that took `seconds`.

    What arrived during the batch tells a burst: where it is as many as were handled, or more, handling cannot keep up,
    and takes a quarter of the time until the burst is over. Senders wait for their answer, what is stored can wait.
    """
    return min(3 * seconds, LONGEST_REST_SECONDS) if handled and arrived >= handled else 0.0


class Deliveries:
    """The queue of stored deliveries. One of these runs in every process that does work."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._arrived = asyncio.Event()
        self._arrivals = 0

    def arrived(self) -> None:
        """Say that a delivery was stored, so that nobody waits for the next look."""
        self._arrivals += 1
        self._arrived.set()

    async def run(self) -> None:
        """Drain for ever. Ends only when cancelled; a fault of the store is logged and tried again."""
        while True:
            self._arrived.clear()
            if await self._drained_some():
                continue
            try:
                await asyncio.wait_for(self._arrived.wait(), IDLE_SECONDS)
            except TimeoutError:
                continue

    async def _drained_some(self) -> bool:
        clock = asyncio.get_running_loop().time
        begin, before = clock(), self._arrivals
        try:
            handled = await drain(self._parts)
        except Exception:
            log.exception("deliveries.failed")
            return False
        await asyncio.sleep(rest_after(handled, self._arrivals - before, clock() - begin))
        return handled > 0


async def drain(parts: Parts) -> int:
    """Handle one batch of waiting deliveries, oldest first; returns how many were claimed.

    A delivery whose handler fails does not hold up the others: it is parked as dead with the reason,
    and handled again when its sender delivers it again.
    """
    now = parts.clock()
    batch = await parts.store.deliveries.claim(BATCH, now=now, until=now + LEASE)
    routed: list[Routed] = []
    for claimed in batch:
        try:
            asks = await _asks(parts, claimed.delivery)
            requests = tuple(request(ask, now, parts.settle, claimed.delivery.id) for ask in asks)
        except (UnreadableDelivery, UnreadableNotification, InvalidWork) as problem:
            await _park(parts, claimed, str(problem))
        except Exception as problem:
            log.exception("delivery.handler_failed", delivery=claimed.delivery.id, name=claimed.delivery.event)
            await _park(parts, claimed, f"its handler failed: {type(problem).__name__}")
        else:
            routed.append(Routed(claimed, requests))
        # The doors of this process get their turn after each delivery, not after the batch.
        await asyncio.sleep(0)
    await _settle(parts, routed)
    return len(batch)


async def _settle(parts: Parts, routed: Sequence[Routed]) -> None:
    if not routed:
        return
    await parts.store.deliveries.handled(
        [item.claimed for item in routed],
        [wanted for item in routed for wanted in item.requests],
    )
    parts.wake()


async def _park(parts: Parts, claimed: Claimed, reason: str) -> None:
    log.warning("delivery.dead", delivery=claimed.delivery.id, name=claimed.delivery.event, reason=reason)
    await parts.store.deliveries.failed(claimed, reason=reason, dead=True, now=parts.clock())


async def _asks(parts: Parts, delivery: Delivery) -> tuple[Ask, ...]:
    if delivery.source.startswith(hooks.REPORT):
        return await hooks.asks_of_report(parts, delivery.source, delivery.body)
    payload = _payload(delivery.body)
    if delivery.source.startswith(hooks.SOURCE):
        return await hooks.asks_of_hook(parts, delivery.source, payload)
    told = await requested(delivery.event, payload)
    for push in told:
        if isinstance(push, PushTold):
            await _keep(parts, push)
    return tuple(ask for ask in told if isinstance(ask, Ask))


async def _keep(parts: Parts, push: PushTold) -> None:
    """Keep when an image was pushed, if anybody follows it."""
    if await parts.store.index.readers(push.host, push.repository):
        await parts.store.ledger.pushed(push.host, push.repository, Push(push.tag, push.digest, push.at))


def _payload(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise UnreadableDelivery(f"the body is not JSON: {type(problem).__name__}") from problem
    if not isinstance(payload, dict):
        raise UnreadableDelivery(f"the body is a JSON {type(payload).__name__}, not an object")
    return payload
