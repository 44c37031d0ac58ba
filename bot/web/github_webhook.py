"""GitHub's door: the signature is checked over the raw bytes; the body is not parsed here at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

from bot.github import verify

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.web.bodies import Bodies
    from bot.web.intake import Intake

LARGEST_BODY = 26 * 1024 * 1024
"""GitHub caps payloads at 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap."""

_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9-]{1,100}")
_EVENT = re.compile(r"[a-z0-9_]{1,100}")


def github_webhook(intake: Intake, secret: bytes, bodies: Bodies) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `POST /webhook`.

    Answers 202 once the delivery is durable, 401 without a right SHA-256 signature, 400 without GitHub's headers or
    with half a body, 408 when the body comes too slowly, 413 above 26 MiB. Raises StoreError when it is not stored.
    """

    async def post(request: web.Request) -> web.Response:
        signature = request.headers.get("X-Hub-Signature-256", "")
        # Whoever does not even try to sign is not worth 26 MiB of memory.
        if not _SIGNATURE.fullmatch(signature):
            return _unsigned()
        body = await bodies.read(request, LARGEST_BODY)
        if not verify(secret, body, signature):
            return _unsigned()
        identifier = request.headers.get("X-GitHub-Delivery", "")
        event = request.headers.get("X-GitHub-Event", "")
        if not _IDENTIFIER.fullmatch(identifier) or not _EVENT.fullmatch(event):
            return web.Response(status=400, text="X-GitHub-Delivery and X-GitHub-Event are needed\n")
        return await intake.accept(identifier=identifier, source="github", event=event, body=body)

    return post


def _unsigned() -> web.Response:
    return web.Response(status=401, text="the X-Hub-Signature-256 header does not fit the body\n")
