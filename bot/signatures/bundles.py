"""From what a registry holds to sigstore's bundle, of any version from 0.1 to 0.3."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from pydantic_core import from_json
from sigstore.models import Bundle, InvalidBundle, TransparencyLogEntry

from bot.safe_text import plain
from bot.signatures.cosign import BUNDLE_TYPE as FIRST_VERSION
from bot.signatures.cosign import as_bundle
from bot.signatures.signed import NotSigned
from bot.signatures.statements import STATEMENT_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sigstore._internal.trust import RekorKeyring

BUNDLE_TYPES: Final = ("application/vnd.dev.sigstore.bundle+json", "application/vnd.dev.sigstore.bundle.v0.3+json")
ENVELOPE_TYPE: Final = "application/vnd.dsse.envelope.v1+json"
LARGEST_DOCUMENT: Final = 64 * 1024 * 1024
MOST_COMMAS: Final = 10_000
"""A bundle holds some dozens of values, and the statement in it is Base64: without a bound, millions would be read."""

# The library's model wants a proof; this one proves nothing, and PromisedEntry never looks at it.
_NO_PROOF: Final = {"logIndex": "0", "treeSize": "1", "rootHash": "", "hashes": [], "checkpoint": {"envelope": "none"}}


class PromisedEntry(TransparencyLogEntry):
    """A log entry that rests on the log's signed promise alone.

    Sigstore's bundle format asks a bundle of version 0.1 for the promise, and not for a proof of inclusion
    (https://docs.sigstore.dev/about/bundle/); cosign verified nothing else before it wrote bundles.
    """

    def _verify(self, keyring: RekorKeyring) -> None:
        self._verify_set(keyring)


def read_bundle(content: bytes, media_type: str, annotations: Mapping[str, str]) -> Bundle:
    """Read a bundle, or cosign's envelope with its annotations. Nothing is verified yet.

    media_type: the layer's. Raises NotSigned, and whatever sigstore raises for what it cannot read.
    """
    if len(content) > LARGEST_DOCUMENT:
        raise NotSigned(f"it is larger than {LARGEST_DOCUMENT} bytes")
    if content.count(b",") > MOST_COMMAS:
        raise NotSigned("it holds more values than a signature needs")
    kind = media_type.partition(";")[0].strip().lower()
    if kind in BUNDLE_TYPES:
        return _parsed(content)
    if kind == ENVELOPE_TYPE:
        return _parsed(as_bundle(content, annotations))
    if kind == STATEMENT_TYPE:
        raise NotSigned("it is an in-toto statement by itself, which carries no signature")
    raise NotSigned(f"its type {plain(media_type) or '(none)'} carries no signature that is known here")


def _parsed(raw: bytes) -> Bundle:
    if FIRST_VERSION.encode() not in raw:
        return _loaded(raw)
    try:
        document = from_json(raw)
    except ValueError:
        raise NotSigned("the signature cannot be verified: it is no JSON") from None
    entry = _promised_entry(document)
    if entry is None:
        return _loaded(raw)
    entry["inclusionProof"] = _NO_PROOF
    bundle = _loaded(json.dumps(document).encode())
    bundle._log_entry = PromisedEntry(bundle.log_entry._inner)  # noqa: SLF001 - the library has no door for it
    return bundle


def _promised_entry(document: Any) -> dict[str, object] | None:
    """Find the one log entry of a bundle of version 0.1 that comes with a promise and without a usable proof."""
    match document:
        case {
            "mediaType": str(media_type),
            "verificationMaterial": {"tlogEntries": [{"inclusionPromise": {"signedEntryTimestamp": str()}} as entry]},
        } if media_type == FIRST_VERSION:
            proof = entry.get("inclusionProof")
            has_proof = isinstance(proof, dict) and bool(proof.get("checkpoint"))
            return None if has_proof else entry
    return None


def _loaded(raw: bytes) -> Bundle:
    try:
        return Bundle.from_json(raw)
    except InvalidBundle as error:
        raise NotSigned(f"the signature cannot be verified: {_mistake(error)}") from None


def _mistake(error: InvalidBundle) -> str:
    """Say the first thing wrong with a bundle, in the library's words, on one line."""
    cause = error.__context__
    if not isinstance(cause, ValidationError):
        return plain(str(error))
    first = cause.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return plain(f"{place}: {first['msg']}" if place else first["msg"])
