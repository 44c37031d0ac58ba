"""The doors of registries: the address holds an id and a secret, and some registries prove themselves besides."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.registries.notifications import SENDERS, Proof
from bot.store import CannotOpen, NoKey, OpenedHook
from bot.web.binary_events import as_structured
from bot.web.google_keys import KeysUnavailable
from bot.web.google_tokens import proven_by_google
from bot.web.hook_proofs import proven_by_body, proven_by_header

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.registries.notifications import HookKind
    from bot.store import Hooks
    from bot.web.bodies import Bodies
    from bot.web.google_keys import GoogleKeys
    from bot.web.hook_limits import HookLimits
    from bot.web.intake import Intake

log = structlog.get_logger()

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What the secret of an unknown hook is compared with: nobody knows what it is the hash of.
_NOBODY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class HookEntrance:
    """What stands behind the doors of all kinds."""

    intake: Intake
    hooks: Hooks
    bodies: Bodies
    limits: HookLimits
    google: GoogleKeys


def registry_hook(kind: HookKind, entrance: HookEntrance) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `POST /hooks/<kind>/{id}/{secret}`.

    Answers 202 once the delivery is durable, 404 for an unknown id or a wrong secret (alike, so that ids cannot be
    guessed), 401 when the registry does not prove itself as it should, 429 to a hook that calls too often, 400 for half
    a body, 408 for a slow one, 413 above what the kind may send (1 MiB, of scans 32 MiB), 503 when
    Google's keys or the key that sealed the signing secret are not to be had. Raises StoreError when it is not stored.
    """

    async def post(request: web.Request) -> web.Response:
        identifier = request.match_info["id"]
        opened = await _opened(entrance.hooks, kind, identifier, request.match_info["secret"])
        if opened is None:
            return web.Response(status=404, text="no such hook\n")
        if wait := entrance.limits.wait(identifier):
            return _too_often(wait)
        return await _proven(kind, opened, entrance, request)

    return post


async def _proven(kind: HookKind, opened: OpenedHook, entrance: HookEntrance, request: web.Request) -> web.Response:
    proof = SENDERS[kind].proof
    try:
        # What a header proves is known before the body is read.
        if not await _head_is_right(proof, opened, entrance, request):
            return _unproven()
    except KeysUnavailable as problem:
        log.warning("hook.keys_unavailable", hook=opened.hook.id, reason=str(problem))
        return web.Response(status=503, text="Google's keys cannot be had: send it again\n")
    body = await entrance.bodies.read(request, SENDERS[kind].largest_body)
    entrance.limits.weigh(opened.hook.id, len(body))
    if not _body_is_right(proof, opened, request, body):
        return _unproven()
    # Most registries number nothing, and the same body twice may be two pushes.
    delivery = f"{opened.hook.id}-{secrets.token_hex(16)}"
    return await entrance.intake.accept(
        identifier=delivery,
        source=f"hook:{kind}:{opened.hook.id}",
        event=kind.value,
        body=as_structured(request.headers, body) if SENDERS[kind].binary_events else body,
    )


async def _head_is_right(proof: Proof, opened: OpenedHook, entrance: HookEntrance, request: web.Request) -> bool:
    if proof is Proof.GOOGLE:
        authorization, now = request.headers.get("Authorization", ""), entrance.intake.clock()
        return await proven_by_google(authorization, opened.hook, entrance.google, now)
    if proof is Proof.HEADER and opened.signing is not None:
        return proven_by_header(request.headers, opened.signing)
    return True


def _body_is_right(proof: Proof, opened: OpenedHook, request: web.Request, body: bytes) -> bool:
    if proof in {Proof.ADDRESS, Proof.HEADER, Proof.GOOGLE} or opened.signing is None:
        return True
    return proven_by_body(proof, request.headers, body, opened.signing)


async def _opened(hooks: Hooks, kind: HookKind, identifier: str, secret: str) -> OpenedHook | None:
    """Return the hook if the secret is its; takes the same steps whatever is wrong.

    A signing secret that cannot be opened is a matter between the operator and whoever knows the address.
    """
    identifier = identifier if _IDENTIFIER.fullmatch(identifier) else ""
    sealed: NoKey | CannotOpen | None = None
    try:
        found = await hooks.open(identifier)
    except (NoKey, CannotOpen) as problem:
        sealed, stored = problem, await hooks.get(identifier)
        found = None if stored is None else OpenedHook(*stored, signing=None)
    expected = found.secret_sha256 if found is not None and found.hook.kind == kind else _NOBODY
    if not hmac.compare_digest(expected, hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()):
        return None
    if sealed is not None:
        raise sealed
    return found


def _unproven() -> web.Response:
    return web.Response(status=401, text="the notification is not signed as the hook asks for\n")


def _too_often(wait: float) -> web.Response:
    headers = {"Retry-After": str(math.ceil(wait))}
    return web.Response(status=429, text="this hook calls too often: send it again later\n", headers=headers)
