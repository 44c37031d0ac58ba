"""The doors of registries that cannot sign: the address holds an id and a secret, checked before the body is read."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from aiohttp import web

from bot.web.bodies import read_body

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.store import Hooks
    from bot.web.intake import Intake

LARGEST_BODY = 1024 * 1024
_NOBODY = hashlib.sha256(b"").digest()


def registry_hook(intake: Intake, hooks: Hooks, kind: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `POST /hooks/<kind>/{id}/{secret}`.

    Answers 202 once the delivery is durable, 404 for an unknown id or a wrong secret (alike, so that ids cannot be
    guessed), 413 above 1 MiB.
    """

    async def post(request: web.Request) -> web.Response:
        identifier = request.match_info["id"]
        found = await hooks.get(identifier)
        expected = found[1] if found is not None and found[0].kind == kind else _NOBODY
        given = hashlib.sha256(request.match_info["secret"].encode()).digest()
        if not hmac.compare_digest(expected, given) or expected == _NOBODY:
            return web.Response(status=404, text="no such hook\n")
        body = await read_body(request, LARGEST_BODY)
        digest = hashlib.sha256(body).hexdigest()
        return await intake.accept(
            identifier=f"{identifier}-{digest[:40]}", source=f"hook:{kind}:{identifier}", event=kind, body=body
        )

    return post
