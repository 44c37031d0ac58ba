"""GitHub's door: the signature is checked over the raw bytes; the body is not parsed here at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

from bot.github import verify
from bot.web.bodies import read_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.web.intake import Intake

LARGEST_BODY = 26 * 1024 * 1024
"""GitHub caps payloads at 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9-]{1,100}")
_EVENT = re.compile(r"[a-z_]{1,100}")


def github_webhook(intake: Intake, secret: bytes) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `POST /webhook`.

    Answers 202 once the delivery is durable, 401 without a right SHA-256 signature, 400 without GitHub's headers,
    413 above 26 MiB.
    """

    async def post(request: web.Request) -> web.Response:
        body = await read_body(request, LARGEST_BODY)
        if not verify(secret, body, request.headers.get("X-Hub-Signature-256")):
            return web.Response(status=401, text="the X-Hub-Signature-256 header does not fit the body\n")
        identifier = request.headers.get("X-GitHub-Delivery", "")
        event = request.headers.get("X-GitHub-Event", "")
        if not _IDENTIFIER.fullmatch(identifier) or not _EVENT.fullmatch(event):
            return web.Response(status=400, text="X-GitHub-Delivery and X-GitHub-Event are needed\n")
        return await intake.accept(identifier=identifier, source="github", event=event, body=body)

    return post
