"""Cosign's first way to keep an attestation: a DSSE envelope, and the proofs in annotations of its layer.

The annotations are those of https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md; all that they prove
fits into a bundle of version 0.1, whose log entry rests on the log's signed promise.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from bot.safe_text import plain
from bot.signatures.signed import NotSigned

if TYPE_CHECKING:
    from collections.abc import Mapping

CERTIFICATE: Final = "dev.sigstore.cosign/certificate"
LOG_ENTRY: Final = "dev.sigstore.cosign/bundle"
BUNDLE_TYPE: Final = "application/vnd.dev.sigstore.bundle+json;version=0.1"
LONGEST_ANNOTATION: Final = 4 * 1024 * 1024


class _LoggedEntry(BaseModel):
    body: str
    integrated_time: int = Field(alias="integratedTime")
    log_index: int = Field(alias="logIndex")
    log_id: str = Field(alias="logID")


class _LogBundle(BaseModel):
    promise: str = Field(alias="SignedEntryTimestamp")
    entry: _LoggedEntry = Field(alias="Payload")


class _EntryKind(BaseModel):
    kind: str
    version: str = Field(alias="apiVersion")


def as_bundle(envelope: bytes, annotations: Mapping[str, str]) -> bytes:
    """Write a DSSE envelope and its layer's annotations as a sigstore bundle of version 0.1 (JSON).

    Nothing is verified here. Raises NotSigned, which says what is missing or cannot be read.
    """
    material = {
        "x509CertificateChain": {"certificates": [{"rawBytes": _certificate(annotations)}]},
        "tlogEntries": [_log_entry(annotations)],
    }
    try:
        bundle = {"mediaType": BUNDLE_TYPE, "verificationMaterial": material, "dsseEnvelope": from_json(envelope)}
        return json.dumps(bundle).encode()
    except (ValueError, RecursionError):
        raise NotSigned("it is no DSSE envelope that can be read") from None


def _certificate(annotations: Mapping[str, str]) -> str:
    written = _annotation(annotations, CERTIFICATE, "a certificate, so it is signed with a key, or not at all")
    try:
        certificate = load_pem_x509_certificate(written.encode())
    except ValueError:
        raise NotSigned(f"the certificate in {CERTIFICATE} cannot be read") from None
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def _log_entry(annotations: Mapping[str, str]) -> dict[str, object]:
    written = _annotation(annotations, LOG_ENTRY, "an entry of the log, so nothing proves when it was signed")
    try:
        found = _LogBundle.model_validate_json(written)
        kind = _EntryKind.model_validate_json(base64.b64decode(found.entry.body))
        log_id = base64.b64encode(bytes.fromhex(found.entry.log_id)).decode()
    except (ValidationError, ValueError):
        raise NotSigned(f"the log entry in {LOG_ENTRY} cannot be read") from None
    if kind.kind != "dsse":
        raise NotSigned(
            f"its log entry is of the kind {plain(kind.kind)}, as cosign before 2.2 wrote it, and only dsse is "
            "verified: sign it again with a newer cosign"
        )
    return {
        "logIndex": str(found.entry.log_index),
        "logId": {"keyId": log_id},
        "kindVersion": {"kind": kind.kind, "version": kind.version},
        "integratedTime": str(found.entry.integrated_time),
        "inclusionPromise": {"signedEntryTimestamp": found.promise},
        "canonicalizedBody": found.entry.body,
    }


def _annotation(annotations: Mapping[str, str], name: str, what: str) -> str:
    value = annotations.get(name, "")
    if not value:
        raise NotSigned(f"its layer has no annotation {name} with {what}")
    if len(value) > LONGEST_ANNOTATION:
        raise NotSigned(f"the annotation {name} is longer than {LONGEST_ANNOTATION} characters")
    return value
