"""A sigstore of our own: who certifies, logs and stamps, and what signers leave in a registry; all of it offline."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.signatures.certificates import (
    ISSUER,
    ISSUER_AS_BYTES,
    CertificateAuthority,
    new_key,
    public_bytes,
    sign,
    uri,
    utf8,
)
from tests.signatures.clock import Clock
from tests.signatures.transparency_log import TransparencyLog, base64_text

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
SIGNED_AT = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
WORKFLOW = "https://github.com/acme/website/.github/workflows/build.yml@refs/heads/main"
GITHUB = "https://token.actions.githubusercontent.com"
DIGEST = "sha256:" + "ab" * 32
OTHER_DIGEST = "sha256:" + "cd" * 32
STATEMENT_TYPE = "application/vnd.in-toto+json"
BUNDLE_0_1 = "application/vnd.dev.sigstore.bundle+json;version=0.1"
BUNDLE_0_2 = "application/vnd.dev.sigstore.bundle+json;version=0.2"
BUNDLE_0_3 = "application/vnd.dev.sigstore.bundle.v0.3+json"
ENVELOPE = "application/vnd.dsse.envelope.v1+json"


def statement(digest: str = DIGEST, **changes: Any) -> bytes:
    """An in-toto statement about an image, with an SBOM that holds nothing."""
    algorithm, _, value = digest.partition(":")
    document = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "registry.example/dev/website", "digest": {algorithm: value}}],
        "predicateType": "https://spdx.dev/Document",
        "predicate": {"spdxVersion": "SPDX-2.3"},
    }
    return json.dumps(document | changes).encode()


def signed_form(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


@dataclass(frozen=True, slots=True)
class Signing:
    """What one signer left: key, certificate, envelope."""

    certificate: x509.Certificate
    payload: bytes
    payload_type: str
    signature: bytes

    @property
    def envelope(self) -> dict[str, Any]:
        return {
            "payload": base64_text(self.payload),
            "payloadType": self.payload_type,
            "signatures": [{"sig": base64_text(self.signature), "keyid": ""}],
        }

    @property
    def certificate_bytes(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def certificate_text(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


@dataclass
class Sigstore:
    """Everything that a trusted root names, and the signing that is done with it."""

    authority: CertificateAuthority = field(default_factory=lambda: CertificateAuthority(BEGIN))
    log: TransparencyLog = field(default_factory=TransparencyLog)
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(CertificateAuthority(BEGIN, "Clocks of the tests"))

    def signing(
        self,
        payload: bytes | None = None,
        *,
        payload_type: str = STATEMENT_TYPE,
        name: x509.GeneralName | None = None,
        issuers: dict[x509.ObjectIdentifier, bytes] | None = None,
        at: datetime = SIGNED_AT,
        purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING,
        promised: bool = True,
        signing_key: ec.EllipticCurvePrivateKey | None = None,
    ) -> Signing:
        """Sign a statement (by default one about DIGEST) as a workflow of GitHub's does."""
        key = new_key()
        vouched = {ISSUER_AS_BYTES: GITHUB.encode(), ISSUER: utf8(GITHUB)} if issuers is None else issuers
        certificate = self.authority.certify(
            key, [name or uri(WORKFLOW)], vouched, at, purpose=purpose, promised=promised
        )
        content = statement() if payload is None else payload
        signature = sign(signing_key or key, signed_form(payload_type, content))
        return Signing(certificate, content, payload_type, signature)

    def entry(self, signing: Signing, at: datetime | None = SIGNED_AT) -> dict[str, Any]:
        """Log a signing as Rekor's first version does: with a promise, made at `at`."""
        hash_of = {"algorithm": "sha256", "value": sha256(signing.payload).hexdigest()}
        verifier = base64_text(signing.certificate_text.encode())
        signatures = [{"signature": base64_text(signing.signature), "verifier": verifier}]
        specification = {"envelopeHash": hash_of, "payloadHash": hash_of, "signatures": signatures}
        return self.log.add({"apiVersion": "0.0.1", "kind": "dsse", "spec": specification}, at)

    def second_entry(self, signing: Signing) -> dict[str, Any]:
        """Log a signing as Rekor's second version does: without a promise."""
        digest = sha256(signed_form(signing.payload_type, signing.payload)).digest()
        verifier = {
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "x509Certificate": {"rawBytes": base64_text(signing.certificate_bytes)},
        }
        record = {
            "data": {"algorithm": "SHA2_256", "digest": base64_text(digest)},
            "signature": {"content": base64_text(signing.signature), "verifier": verifier},
        }
        body = {"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": record}}
        return self.log.add(body, None)

    def stamps(self, signing: Signing, at: datetime = SIGNED_AT) -> dict[str, Any]:
        """Have the clock stamp a signature."""
        return {"rfc3161Timestamps": [{"signedTimestamp": base64_text(self.clock.stamp(signing.signature, at))}]}

    def trusted_root(self) -> dict[str, Any]:
        """Write what sigstore calls a trusted root."""
        valid = {"start": BEGIN.isoformat().replace("+00:00", "Z")}
        log = _log("https://log.example", public_bytes(self.log.key), valid)
        certificates = _log("https://certificates.example", public_bytes(self.authority.certificate_log_key), valid)
        clock = [self.clock.certificate, self.clock.authority.certificate]
        return {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log],
            "certificateAuthorities": [_authority("https://ca.example", [self.authority.certificate], valid)],
            "ctlogs": [certificates],
            "timestampAuthorities": [_authority("https://clock.example", clock, valid)],
        }


def bundle(signing: Signing, entry: dict[str, Any], version: str = BUNDLE_0_3, **material: Any) -> dict[str, Any]:
    """A sigstore bundle of a version, as its signer leaves it."""
    certificate = {"rawBytes": base64_text(signing.certificate_bytes)}
    is_newest = version == BUNDLE_0_3
    held = {"certificate": certificate} if is_newest else {"x509CertificateChain": {"certificates": [certificate]}}
    return {
        "mediaType": version,
        "verificationMaterial": {**held, "tlogEntries": [entry], **material},
        "dsseEnvelope": signing.envelope,
    }


def cosign_layer(signing: Signing, entry: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """A layer of an attestation as `cosign attest` wrote it before bundles: the envelope, and annotations."""
    logged = {
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": {
            "body": entry["canonicalizedBody"],
            "integratedTime": int(entry["integratedTime"]),
            "logIndex": int(entry["logIndex"]),
            "logID": base64.b64decode(entry["logId"]["keyId"]).hex(),
        },
    }
    annotations = {
        "dev.cosignproject.cosign/signature": "",
        "dev.sigstore.cosign/bundle": json.dumps(logged),
        "dev.sigstore.cosign/certificate": signing.certificate_text,
        "dev.sigstore.cosign/chain": signing.certificate_text,
        "predicateType": "https://spdx.dev/Document",
    }
    return json.dumps(signing.envelope).encode(), annotations


def later(minutes: int) -> datetime:
    return SIGNED_AT + timedelta(minutes=minutes)


def _log(address: str, key: bytes, valid: dict[str, str]) -> dict[str, Any]:
    return {
        "baseUrl": address,
        "hashAlgorithm": "SHA2_256",
        "publicKey": {"rawBytes": base64_text(key), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": valid},
        "logId": {"keyId": base64_text(sha256(key).digest())},
    }


def _authority(address: str, chain: list[x509.Certificate], valid: dict[str, str]) -> dict[str, Any]:
    certificates = [{"rawBytes": base64_text(certificate.public_bytes(Encoding.DER))} for certificate in chain]
    return {
        "subject": {"organization": "tests", "commonName": "tests"},
        "uri": address,
        "certChain": {"certificates": certificates},
        "validFor": valid,
    }
