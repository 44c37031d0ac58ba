"""The statement inside an envelope; whether its signature is good is another's matter."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from bot.promotion.documents.told import Unreadable
from bot.promotion.documents.values import loaded, mapping

STATEMENT: Final = "application/vnd.in-toto+json"
_BUNDLE: Final = "application/vnd.dev.sigstore.bundle"


def is_envelope(document: dict[str, Any]) -> bool:
    """Say whether a document is a DSSE envelope (secure-systems-lab/dsse, envelope.md) or a Sigstore bundle."""
    return ("payload" in document and "payloadType" in document) or is_bundle(document)


def is_bundle(document: dict[str, Any]) -> bool:
    """Say whether a document is a Sigstore bundle (sigstore/protobuf-specs, sigstore_bundle.proto)."""
    return str(document.get("mediaType", "")).startswith(_BUNDLE)


def payload(document: dict[str, Any]) -> dict[str, Any] | None:
    """Give the in-toto statement in an envelope; None for a bundle that signs the image itself and tells nothing."""
    envelope = mapping(document.get("dsseEnvelope")) if is_bundle(document) else document
    if not envelope and "messageSignature" in document:
        return None
    if envelope.get("payloadType") != STATEMENT:
        raise Unreadable("its envelope holds no in-toto statement")
    return loaded(_decoded(envelope.get("payload")))


def _decoded(value: object) -> bytes:
    """Base64, standard or for addresses, as the DSSE specification allows both."""
    if not isinstance(value, str):
        raise Unreadable("its envelope has no payload")
    try:
        return base64.b64decode(value.translate(str.maketrans("-_", "+/")).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Unreadable("the payload of its envelope is not base64") from None
