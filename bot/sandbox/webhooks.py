"""Webhooks: signed, sent once, remembered for who asks what was delivered, and sent again on request."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from bot.sandbox.shapes import events
from bot.sandbox.world import Happening

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.model import Account, App, Installation, Repository
    from bot.sandbox.world import World

UNASKED = {"installation", "installation_repositories"}  # every App gets these
PATIENCE = aiohttp.ClientTimeout(total=10)
NO_ANSWER = 502


@dataclass(eq=False)
class Delivery:
    """One attempt to tell an App something; ``status_code`` 0 while it is on its way."""

    id: int
    guid: str
    app: App
    event: str
    action: str | None
    payload: dict[str, Any]
    body: bytes
    headers: dict[str, str]
    delivered_at: datetime
    installation_id: int | None
    repository_id: int | None
    redelivery: bool = False
    status_code: int = 0
    seconds: float = 0.0

    @property
    def succeeded(self) -> bool:
        """Whether the App answered with success."""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - the successes of HTTP


class Webhooks:
    """Listens to the world and tells the Apps. Deliveries run beside each other; nothing is tried again by itself."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.deliveries: list[Delivery] = []
        self.paused = False  # a test's switch: deliveries are recorded as failed, not sent
        world.listeners.append(self.tell)

    async def tell(self, happening: Happening) -> None:
        """Send an event to each App that asked for it and may know of it."""
        for installation in self._addressees(happening):
            payload = await events.payload(self._world, happening, installation)
            repository = happening.repository
            self.send(
                installation.app,
                happening.event,
                payload,
                installation_id=installation.id,
                repository_id=repository.id if repository else None,
            )

    async def package_published(
        self, owner: Account, pushed: tuple[str, str, str, datetime], repository: Repository | None = None
    ) -> None:
        """Tell that a container image was pushed: its name, tag and digest, and when.

        ``repository`` is the one the package is linked to, if any.
        """
        name, tag, digest, at = pushed
        identity = self._world.identify("P")[0]
        details = {"owner": owner, "name": name, "tag": tag, "digest": digest, "id": identity, "at": at}
        await self.tell(Happening("registry_package", "published", owner, repository, details=details))

    def send(
        self,
        app: App,
        event: str,
        payload: Any,
        *,
        guid: str | None = None,
        installation_id: int | None = None,
        repository_id: int | None = None,
        redelivery: bool = False,
    ) -> Delivery:
        """Sign a payload and send it in the background; returns the delivery, which fills up when it is answered."""
        body, guid = json.dumps(payload).encode(), guid or str(uuid.uuid4())
        action = payload.get("action") if isinstance(payload, dict) else None
        headers = self._headers(app, event, guid, body)
        identity, now = self._world.identify("D")[0], self._world.now()
        delivery = Delivery(
            identity, guid, app, event, action, payload, body, headers, now, installation_id, repository_id
        )
        delivery.redelivery = redelivery
        self.deliveries.append(delivery)
        task = asyncio.create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the same event again, under the same GUID."""
        return self.send(
            delivery.app,
            delivery.event,
            delivery.payload,
            guid=delivery.guid,
            installation_id=delivery.installation_id,
            repository_id=delivery.repository_id,
            redelivery=True,
        )

    def of(self, app: App) -> list[Delivery]:
        """Return an App's answered deliveries, newest first."""
        return [delivery for delivery in reversed(self.deliveries) if delivery.app is app and delivery.status_code]

    async def idle(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Give up what is on its way."""
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _addressees(self, happening: Happening) -> list[Installation]:
        if happening.installation is not None:
            found = [happening.installation]
        elif happening.repository is not None:
            found = self._world.installations_for(happening.repository)
        else:
            found = [record for record in self._world.installations.values() if record.account is happening.sender]
        found = [installation for installation in found if _concerns(installation, happening)]
        return [installation for installation in found if _wants(installation, happening.event)]

    def _headers(self, app: App, event: str, guid: str, body: bytes) -> dict[str, str]:
        return {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/5a4d0b5",
            "X-GitHub-Delivery": guid,
            "X-GitHub-Event": event,
            "X-GitHub-Hook-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature-256": signature(app.webhook_secret, body),
        }

    async def _deliver(self, delivery: Delivery) -> None:
        start = time.monotonic()
        delivery.status_code = NO_ANSWER if self.paused else await self._post(delivery)
        delivery.seconds = round(time.monotonic() - start, 3)

    async def _post(self, delivery: Delivery) -> int:
        """Return the status the App answered; 502 where it did not answer, as GitHub shows it."""
        if delivery.app.webhook_url is None:
            return NO_ANSWER
        self._session = self._session or aiohttp.ClientSession(timeout=PATIENCE)
        try:
            async with self._session.post(
                delivery.app.webhook_url, data=delivery.body, headers=delivery.headers
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return NO_ANSWER


def signature(secret: str, body: bytes) -> str:
    """Return the value of ``X-Hub-Signature-256``."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _concerns(installation: Installation, happening: Happening) -> bool:
    """Tell whether an App may hear of it: of a button or a wish for a new run only the App whose check it is."""
    if happening.action not in {"requested_action", "rerequested"}:
        return True
    return installation.app is happening.subject.app


def _wants(installation: Installation, event: str) -> bool:
    if event in UNASKED:
        return installation.app.webhook_url is not None
    asked = event in installation.events and installation.suspended_at is None
    return asked and installation.app.webhook_url is not None
