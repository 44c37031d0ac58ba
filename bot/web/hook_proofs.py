"""How a call proves that it comes from the registry which was told the hook's signing secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from bot.registries.notifications import Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import SecretStr

    Headers = Mapping[str, str]

# SHA-1 is not among them: whoever writes a script for this door can do better.
_GENERIC = re.compile(r"(sha256|sha512)=([0-9a-fA-F]+)")


def proven_by_header(headers: Headers, signing: SecretStr) -> bool:
    """Whether the Authorization header holds the secret: alone, after `Bearer`, or as the password of `Basic`.

    Registries differ in which of the three they can be told to send.
    """
    secret = _bytes(signing.get_secret_value())
    given = headers.get("Authorization", "")
    return bool(secret) and any(hmac.compare_digest(secret, part) for part in _secrets_in(given))


def proven_by_body(proof: Proof, headers: Headers, body: bytes, signing: SecretStr) -> bool:
    """Whether the header that belongs to `proof` was made from the raw body with the secret; False without one."""
    secret = _bytes(signing.get_secret_value())
    return bool(secret) and _BY_BODY[proof](headers, body, secret)


def _secrets_in(authorization: str) -> list[bytes]:
    scheme, _, rest = authorization.partition(" ")
    found = [_bytes(authorization)]
    if scheme.lower() == "bearer":
        found.append(_bytes(rest.strip()))
    elif scheme.lower() == "basic":
        found.append(_password(rest.strip()))
    return found


def _password(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


def _nexus(headers: Headers, body: bytes, secret: bytes) -> bool:
    """https://help.sonatype.com/en/working-with-hmac-payloads.html: SHA-1 is Nexus' choice, and holds in an HMAC."""
    return _is_hmac(headers.get("X-Nexus-Webhook-Signature", ""), "sha1", body, secret)


def _jfrog(headers: Headers, body: bytes, secret: bytes) -> bool:
    """https://docs.jfrog.com/administration/docs/webhooks: without payload signing the header is the secret itself."""
    given = headers.get("X-JFrog-Event-Auth", "")
    plain = hmac.compare_digest(secret, _bytes(given))
    return _is_hmac(given, "sha256", body, secret) or plain


def _generic(headers: Headers, body: bytes, secret: bytes) -> bool:
    found = _GENERIC.fullmatch(headers.get("X-Signature", ""))
    return found is not None and _is_hmac(found[2], found[1], body, secret)


_BY_BODY: Mapping[Proof, Callable[[Headers, bytes, bytes], bool]] = {
    Proof.NEXUS: _nexus,
    Proof.JFROG: _jfrog,
    Proof.GENERIC: _generic,
}


def _is_hmac(given: str, algorithm: str, body: bytes, secret: bytes) -> bool:
    expected = hmac.new(secret, body, getattr(hashlib, algorithm)).hexdigest()
    return hmac.compare_digest(_bytes(expected), _bytes(given.lower()))


def _bytes(text: str) -> bytes:
    """Headers come in any bytes; aiohttp keeps those that are no UTF-8 as surrogates."""
    return text.encode("utf-8", "surrogatepass")
