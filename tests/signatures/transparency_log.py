"""A transparency log as Rekor is one: entries in a Merkle tree (RFC 6962), signed checkpoints, signed promises.

Shapes: https://github.com/sigstore/rekor/blob/main/openapi.yaml (dsse 0.0.1) and
https://github.com/sigstore/architecture-docs/blob/main/rekor-v2-spec.md (hashedrekord 0.0.2).
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from tests.signatures.certificates import new_key, public_bytes, sign

ORIGIN = "log.example"


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(document: Any) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@dataclass
class TransparencyLog:
    """A log that holds some entries of others already."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    entries: list[bytes] = field(default_factory=lambda: [b"one", b"two", b"three", b"four", b"five"])

    @property
    def log_id(self) -> bytes:
        return sha256(public_bytes(self.key)).digest()

    def add(self, body: dict[str, Any], at: datetime | None) -> dict[str, Any]:
        """Take an entry in, and give what proves it; `at`: when the log promised it, None: it makes no promises."""
        data = canonical(body)
        index = len(self.entries)
        self.entries += [data, b"seven", b"eight"]
        entry: dict[str, Any] = {
            "logIndex": str(index),
            "logId": {"keyId": base64_text(self.log_id)},
            "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
            "inclusionProof": self._proof(index),
            "canonicalizedBody": base64_text(data),
        }
        if at is not None:
            moment = int(at.timestamp())
            entry["integratedTime"] = str(moment)
            entry["inclusionPromise"] = {"signedEntryTimestamp": base64_text(self._promise(data, moment, index))}
        return entry

    def _promise(self, data: bytes, moment: int, index: int) -> bytes:
        promised = {
            "body": base64_text(data),
            "integratedTime": moment,
            "logID": self.log_id.hex(),
            "logIndex": index,
        }
        return sign(self.key, canonical(promised))

    def _proof(self, index: int) -> dict[str, Any]:
        root = base64_text(tree_hash(self.entries))
        note = f"{ORIGIN}\n{len(self.entries)}\n{root}\n"
        signature = base64_text(self.log_id[:4] + sign(self.key, note.encode()))
        return {
            "logIndex": str(index),
            "rootHash": root,
            "treeSize": str(len(self.entries)),
            "hashes": [base64_text(hash_) for hash_ in path(index, self.entries)],
            "checkpoint": {"envelope": f"{note}\n\N{EM DASH} {ORIGIN} {signature}\n"},
        }


def tree_hash(entries: list[bytes]) -> bytes:
    """RFC 6962, section 2.1."""
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    middle = _middle(entries)
    return sha256(b"\1" + tree_hash(entries[:middle]) + tree_hash(entries[middle:])).digest()


def path(index: int, entries: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1."""
    if len(entries) == 1:
        return []
    middle = _middle(entries)
    if index < middle:
        return [*path(index, entries[:middle]), tree_hash(entries[middle:])]
    return [*path(index - middle, entries[middle:]), tree_hash(entries[:middle])]


def _middle(entries: list[bytes]) -> int:
    return 1 << ((len(entries) - 1).bit_length() - 1)
