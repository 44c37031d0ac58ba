"""The doors of registries that cannot sign: the address holds an id and a secret, checked before the body is read."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.store import Hooks
    from bot.web.bodies import Bodies
    from bot.web.intake import Intake

LARGEST_BODY = 1024 * 1024
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What the secret of an unknown hook is compared with: nobody knows what it is the hash of.
_NOBODY = secrets.token_bytes(32)


def registry_hook(
    intake: Intake, hooks: Hooks, kind: str, bodies: Bodies
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `POST /hooks/<kind>/{id}/{secret}`.

    Answers 202 once the delivery is durable, 404 for an unknown id or a wrong secret (alike, so that ids cannot be
    guessed), 400 for half a body, 408 for a slow one, 413 above 1 MiB. Raises StoreError when it is not stored.
    """

    async def post(request: web.Request) -> web.Response:
        identifier = request.match_info["id"]
        if not await _opens(hooks, kind, identifier, request.match_info["secret"]):
            return web.Response(status=404, text="no such hook\n")
        body = await bodies.read(request, LARGEST_BODY)
        # Registries number nothing, and the same body twice may be two pushes.
        delivery = f"{identifier}-{secrets.token_hex(16)}"
        return await intake.accept(identifier=delivery, source=f"hook:{kind}:{identifier}", event=kind, body=body)

    return post


async def _opens(hooks: Hooks, kind: str, identifier: str, secret: str) -> bool:
    """Tell whether the secret is that of the hook; takes the same steps whatever is wrong."""
    found = await hooks.get(identifier if _IDENTIFIER.fullmatch(identifier) else "")
    expected = found[1] if found is not None and found[0].kind == kind else _NOBODY
    return hmac.compare_digest(expected, hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest())
