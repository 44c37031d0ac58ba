"""Whether a push of Pub/Sub comes from the subscription that a hook was made for: Google signs a token for each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeGuard

import jwt

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store import Hook
    from bot.web.google_keys import GoogleKeys

ISSUERS: Final = frozenset({"accounts.google.com", "https://accounts.google.com"})
LEEWAY_SECONDS: Final = 60
"""So far may Google's clock and this one be apart."""

_ALGORITHM: Final = "RS256"


async def proven_by_google(authorization: str, hook: Hook, keys: GoogleKeys, now: datetime) -> bool:
    """Whether the Authorization header holds a token that Google signed for the hook's audience and account.

    Signature, issuer, audience, times, the account's address and that Google verified it must all hold; a hook without
    audience or address is proven by nothing. Raises KeysUnavailable.
    https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not hook.audience or not hook.email:
        return False
    claims = await _signed(token.strip(), keys)
    return claims is not None and _meant_for(claims, hook) and _in_time(claims, now.timestamp())


async def _signed(token: str, keys: GoogleKeys) -> dict[str, Any] | None:
    """Return what the token says, if one of Google's keys signed it."""
    identifier = _key_id(token)
    key = None if identifier is None else await keys.key(identifier)
    if key is None:
        return None
    try:
        claims = json.loads(jwt.PyJWS().decode(token, key, algorithms=[_ALGORITHM]))
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _key_id(token: str) -> str | None:
    """Read the id of the key from the token's head, which nobody has checked yet; other algorithms have none."""
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    identifier = head.get("kid")
    return identifier if head.get("alg") == _ALGORITHM and "crit" not in head and isinstance(identifier, str) else None


def _meant_for(claims: dict[str, Any], hook: Hook) -> bool:
    # An audience may be a list for OpenID Connect; Pub/Sub writes one text, and so nothing else is taken.
    return (
        isinstance(claims.get("iss"), str)
        and claims["iss"] in ISSUERS
        and claims.get("aud") == hook.audience
        and claims.get("email") == hook.email
        and claims.get("email_verified") is True
    )


def _in_time(claims: dict[str, Any], now: float) -> bool:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not _is_number(issued) or not _is_number(expires):
        return False
    return issued <= now + LEEWAY_SECONDS and now < expires + LEEWAY_SECONDS


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
