"""Whether a webhook really comes from GitHub: HMAC SHA-256 over the raw bytes, and nothing older."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

_PREFIX: Final = "sha256="


def sign(secret: bytes, body: bytes) -> str:
    """Return the value of X-Hub-Signature-256 for a body."""
    return _PREFIX + hmac.new(secret, body, hashlib.sha256).hexdigest()


def verify(secret: bytes, body: bytes, header: str | None) -> bool:
    """Tell whether X-Hub-Signature-256 (`header`, None: it is missing) fits the raw body. Takes constant time.

    An empty secret fits nothing. Source:
    https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    """
    if not secret or header is None:
        return False
    return hmac.compare_digest(sign(secret, body).encode(), header.encode("utf-8", "backslashreplace"))
