"""Bundles as registries keep them: who signed them when, and each thing that makes one count for nothing."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from bot.signatures import NotSigned
from tests.signatures.authority import (
    BUNDLE_0_1,
    BUNDLE_0_2,
    BUNDLE_0_3,
    OTHER_DIGEST,
    SIGNED_AT,
    STATEMENT_TYPE,
    WORKFLOW,
    CertificateAuthority,
    Sigstore,
    bundle,
    later,
    statement,
)
from tests.signatures.certificates import new_key
from tests.signatures.conftest import Verify
from tests.signatures.transparency_log import TransparencyLog

Document = dict[str, Any]
OTHER_BYTES = base64.b64encode(b"something else").decode()


@pytest.mark.parametrize("version", [BUNDLE_0_1, BUNDLE_0_2, BUNDLE_0_3, "application/vnd.dev.sigstore.bundle+json"])
async def test_a_logged_signature_holds_at_the_time_of_its_log(
    sigstore: Sigstore, verify: Verify, version: str
) -> None:
    signing = sigstore.signing()
    written = bundle(signing, sigstore.entry(signing), version if "version" in version else BUNDLE_0_3)
    signed = await verify(written, version)
    assert (signed.identity, signed.at, signed.payload) == (WORKFLOW, SIGNED_AT, statement())


async def test_a_bundle_of_the_first_version_may_rest_on_the_promise_of_its_log(
    sigstore: Sigstore, verify: Verify
) -> None:
    signing = sigstore.signing()
    written = bundle(signing, _without(sigstore.entry(signing), "inclusionProof"), BUNDLE_0_1)
    assert (await verify(written, BUNDLE_0_1)).at == SIGNED_AT


async def test_a_signature_in_the_second_log_holds_at_the_time_of_its_stamp(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing()
    stamps = sigstore.stamps(signing, later(3))
    signed = await verify(bundle(signing, sigstore.second_entry(signing), timestampVerificationData=stamps))
    assert (signed.identity, signed.at) == (WORKFLOW, later(3))


async def test_the_earliest_time_counts(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing()
    stamps = sigstore.stamps(signing, later(2))
    signed = await verify(bundle(signing, sigstore.entry(signing, later(5)), timestampVerificationData=stamps))
    assert signed.at == later(2)


@pytest.mark.parametrize(
    ("signing", "said"),
    [
        ({"payload_type": "text/plain"}, "what is signed is no in-toto statement"),
        ({"signing_key": new_key()}, "invalid signature"),
        ({"promised": False}, "signed certificate timestamp"),
        ({"purpose": ExtendedKeyUsageOID.CLIENT_AUTH}, "code signing"),
        ({"at": SIGNED_AT - timedelta(minutes=11)}, "not valid at validation time"),
        ({"at": SIGNED_AT + timedelta(minutes=1)}, "not valid at validation time"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
async def test_what_was_signed_wrongly_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, signing: Document, said: str
) -> None:
    signed = sigstore.signing(**signing)
    with pytest.raises(NotSigned, match=said):
        await verify(bundle(signed, sigstore.entry(signed)))


def _changed(*path: str | int, to: Any) -> Callable[[Document], None]:
    """Change one value of a bundle."""

    def change(document: Any) -> None:
        *way, last = path
        for step in way:
            document = document[step]
        document[last] = to

    return change


def _removed(*path: str | int) -> Callable[[Document], None]:
    def remove(document: Any) -> None:
        *way, last = path
        for step in way:
            document = document[step]
        del document[last]

    return remove


def _without(document: Document, name: str) -> Document:
    return {key: value for key, value in document.items() if key != name}


MATERIAL = "verificationMaterial"
ENTRY = (MATERIAL, "tlogEntries", 0)
PROOF = (*ENTRY, "inclusionProof")
OTHER_PAYLOAD = base64.b64encode(statement(OTHER_DIGEST)).decode()
CHANGES = {
    "the statement": (_changed("dsseEnvelope", "payload", to=OTHER_PAYLOAD), "invalid signature"),
    "its type": (_changed("dsseEnvelope", "payloadType", to="application/json"), "invalid signature"),
    "the signature": (_changed("dsseEnvelope", "signatures", 0, "sig", to=OTHER_BYTES), "invalid signature"),
    "two signatures": (
        lambda document: document["dsseEnvelope"]["signatures"].append({"sig": OTHER_BYTES}),
        "exactly one signature",
    ),
    "no signatures": (_changed("dsseEnvelope", "signatures", to=[]), "exactly one signature"),
    "no envelope": (_removed("dsseEnvelope"), "must be set"),
    "a file's signature": (
        lambda document: document.update(messageSignature={"signature": document.pop("dsseEnvelope")["payload"]}),
        "without a DSSE envelope",
    ),
    "no certificate": (_removed(MATERIAL, "certificate"), "must be set"),
    "a broken certificate": (_changed(MATERIAL, "certificate", "rawBytes", to=OTHER_BYTES), "cannot be read"),
    "a public key": (
        lambda document: document[MATERIAL].update(publicKey={"hint": "mine"}) or document[MATERIAL].pop("certificate"),
        "expected certificate",
    ),
    "no log entry": (_changed(MATERIAL, "tlogEntries", to=[]), "exactly one log entry"),
    "two log entries": (
        lambda document: document[MATERIAL]["tlogEntries"].append(document[MATERIAL]["tlogEntries"][0]),
        "exactly one log entry",
    ),
    "the log's body": (_changed(*ENTRY, "canonicalizedBody", to=OTHER_BYTES), "invalid root hash"),
    "the log's kind": (_changed(*ENTRY, "kindVersion", "kind", to="intoto"), "Integrated time only supported"),
    "the log's time": (_changed(*ENTRY, "integratedTime", to="1748779201"), "invalid inclusion promise"),
    "a time that cannot be": (_changed(*ENTRY, "integratedTime", to=str(2**64 - 1)), "cannot be read"),
    "the log's promise": (_changed(*ENTRY, "inclusionPromise", "signedEntryTimestamp", to=OTHER_BYTES), "promise"),
    "no promise": (_removed(*ENTRY, "inclusionPromise"), "inclusion promise or signed timestamp"),
    "no proof": (_removed(*ENTRY, "inclusionProof"), "inclusionProof: Field required"),
    "no checkpoint": (_removed(*PROOF, "checkpoint"), "with checkpoint"),
    "the checkpoint": (_changed(*PROOF, "checkpoint", "envelope", to="log.example\n8\nAAAA\n"), "one blank line"),
    "the proof's root": (_changed(*PROOF, "rootHash", to=OTHER_BYTES), "invalid root hash"),
    "the proof's way": (_changed(*PROOF, "hashes", 0, to=OTHER_BYTES), "invalid root hash"),
    "a shorter way": (_removed(*PROOF, "hashes", 0), "wrong size"),
    "the place in the log": (_changed(*ENTRY, "logIndex", to="99"), "invalid inclusion promise"),
    "an unknown version": (_changed("mediaType", to="application/vnd.dev.sigstore.bundle.v9+json"), "mediaType"),
    "an unknown key": (_changed("more", to=1), "more: Extra inputs"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_bundle_with_one_thing_changed_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, change: str
) -> None:
    signing = sigstore.signing()
    document = json.loads(json.dumps(bundle(signing, sigstore.entry(signing))))
    make, said = CHANGES[change]
    make(document)
    with pytest.raises(NotSigned, match=said):
        await verify(document)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_changed(*ENTRY, "inclusionPromise", "signedEntryTimestamp", to=OTHER_BYTES), "invalid inclusion promise"),
        (_changed(*ENTRY, "integratedTime", to="1748779201"), "invalid inclusion promise"),
        (_removed(*ENTRY, "integratedTime"), "not enough sources of verified time"),
        (_removed(*ENTRY, "inclusionPromise"), "Field required"),
        (_changed(*ENTRY, "canonicalizedBody", to=OTHER_BYTES), "invalid inclusion promise"),
    ],
)
async def test_a_promise_must_hold_where_nothing_else_proves_the_entry(
    sigstore: Sigstore, verify: Verify, change: Callable[[Document], None], said: str
) -> None:
    signing = sigstore.signing()
    document = json.loads(json.dumps(bundle(signing, _without(sigstore.entry(signing), "inclusionProof"), BUNDLE_0_1)))
    change(document)
    with pytest.raises(NotSigned, match=said):
        await verify(document, BUNDLE_0_1)


async def test_a_newer_bundle_may_not_rest_on_a_promise_alone(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing()
    document = bundle(signing, _without(sigstore.entry(signing), "inclusionProof"), BUNDLE_0_2)
    document["dsseEnvelope"]["signatures"][0]["keyid"] = BUNDLE_0_1
    with pytest.raises(NotSigned, match="inclusionProof: Field required"):
        await verify(document, BUNDLE_0_2)


async def test_a_proof_must_hold_where_a_bundle_of_the_first_version_has_one(
    sigstore: Sigstore, verify: Verify
) -> None:
    signing = sigstore.signing()
    document = json.loads(json.dumps(bundle(signing, sigstore.entry(signing), BUNDLE_0_1)))
    _changed(*PROOF, "rootHash", to=OTHER_BYTES)(document)
    with pytest.raises(NotSigned, match="invalid root hash"):
        await verify(document, BUNDLE_0_1)


async def test_the_entry_of_another_signature_proves_nothing(sigstore: Sigstore, verify: Verify) -> None:
    entry = sigstore.entry(sigstore.signing())
    with pytest.raises(NotSigned, match="do not match bundle"):
        await verify(bundle(sigstore.signing(), entry))


async def test_the_second_logs_entry_of_another_signature_proves_nothing(sigstore: Sigstore, verify: Verify) -> None:
    signing, other = sigstore.signing(), sigstore.signing()
    written = bundle(signing, sigstore.second_entry(other), timestampVerificationData=sigstore.stamps(signing))
    with pytest.raises(NotSigned, match="inconsistent with other materials"):
        await verify(written)


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"authority": CertificateAuthority(SIGNED_AT - timedelta(days=1))}, "failed to build timestamp certificate"),
        ({"log": TransparencyLog()}, "invalid signature"),
    ],
    ids=["certificates", "log"],
)
async def test_what_another_sigstore_vouches_for_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, sources: Document, said: str
) -> None:
    other = Sigstore(**({"authority": sigstore.authority, "log": sigstore.log} | sources))
    signing = other.signing()
    with pytest.raises(NotSigned, match=said):
        await verify(bundle(signing, other.entry(signing)))


async def test_a_certificate_log_that_is_not_trusted_counts_for_nothing(sigstore: Sigstore, verify: Verify) -> None:
    own = sigstore.authority
    authority = CertificateAuthority(own.begin, own.name, own.key)
    authority.certificate = own.certificate
    other = Sigstore(authority, sigstore.log)
    signing = other.signing()
    with pytest.raises(NotSigned, match="failed to verify SCT"):
        await verify(bundle(signing, other.entry(signing)))


@pytest.mark.parametrize("at", [later(-1), later(11)])
async def test_a_stamp_outside_the_certificates_minutes_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, at: Any
) -> None:
    signing = sigstore.signing()
    stamps = sigstore.stamps(signing, at)
    with pytest.raises(NotSigned, match="not valid at validation time"):
        await verify(bundle(signing, sigstore.second_entry(signing), timestampVerificationData=stamps))


async def test_a_stamp_of_another_signature_or_clock_is_no_time(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing()
    for stamps in (sigstore.stamps(sigstore.signing()), Sigstore().stamps(signing)):
        with pytest.raises(NotSigned, match="not enough sources of verified time"):
            await verify(bundle(signing, sigstore.second_entry(signing), timestampVerificationData=stamps))


@pytest.mark.parametrize(
    ("media_type", "said"),
    [
        (STATEMENT_TYPE, "in-toto statement by itself"),
        ("application/spdx+json", "carries no signature that is known here"),
        ("", "its type \\(none\\)"),
    ],
)
async def test_a_document_of_another_type_is_not_signed(
    sigstore: Sigstore, verify: Verify, media_type: str, said: str
) -> None:
    signing = sigstore.signing()
    with pytest.raises(NotSigned, match=said):
        await verify(bundle(signing, sigstore.entry(signing)), media_type)
