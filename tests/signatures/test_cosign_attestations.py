"""Attestations as `cosign attest` wrote them before bundles: an envelope, with certificate and log entry beside it."""

import base64
import json
from typing import Any

import pytest

from bot.signatures import NotSigned
from tests.signatures.authority import ENVELOPE, SIGNED_AT, WORKFLOW, Sigstore, cosign_layer, later, statement
from tests.signatures.conftest import Verify

CERTIFICATE = "dev.sigstore.cosign/certificate"
LOG_ENTRY = "dev.sigstore.cosign/bundle"


async def test_it_counts_by_the_promise_of_its_log(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing()
    content, annotations = cosign_layer(signing, sigstore.entry(signing))
    signed = await verify(content, ENVELOPE, annotations=annotations)
    assert (signed.identity, signed.at, signed.payload) == (WORKFLOW, SIGNED_AT, statement())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (CERTIFICATE, None, "signed with a key, or not at all"),
        (CERTIFICATE, "", "signed with a key, or not at all"),
        (CERTIFICATE, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
        (CERTIFICATE, "\ud800", "cannot be read"),
        (LOG_ENTRY, None, "nothing proves when it was signed"),
        (LOG_ENTRY, "{", "log entry in dev.sigstore.cosign/bundle cannot be read"),
        (LOG_ENTRY, "[" * 10_000, "log entry in dev.sigstore.cosign/bundle cannot be read"),
        (LOG_ENTRY, "x" * 5_000_000, "longer than"),
    ],
)
async def test_it_says_which_annotation_is_missing_or_wrong(
    sigstore: Sigstore, verify: Verify, name: str, value: str | None, said: str
) -> None:
    signing = sigstore.signing()
    content, annotations = cosign_layer(signing, sigstore.entry(signing))
    given = {key: text for key, text in (annotations | {name: value}).items() if text is not None}
    with pytest.raises(NotSigned, match=said):
        await verify(content, ENVELOPE, annotations=given)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"integratedTime": 1748779201}, "invalid inclusion promise"),
        ({"logIndex": 3}, "invalid inclusion promise"),
        ({"logIndex": -3}, "cannot be verified"),
        ({"integratedTime": 2**70}, "cannot be verified"),
        ({"integratedTime": 0}, "not enough sources of verified time"),
        ({"logID": "xyz"}, "cannot be read"),
        ({"body": "!!"}, "cannot be read"),
        ({"body": base64.b64encode(b'{"kind": "intoto", "apiVersion": "0.0.2"}').decode()}, "of the kind intoto"),
        ({"body": base64.b64encode(b'{"kind": "dsse", "apiVersion": "0.0.1"}').decode()}, "invalid inclusion promise"),
    ],
    ids=str,
)
async def test_a_log_entry_with_one_thing_changed_proves_nothing(
    sigstore: Sigstore, verify: Verify, change: dict[str, Any], said: str
) -> None:
    signing = sigstore.signing()
    content, annotations = cosign_layer(signing, sigstore.entry(signing))
    logged = json.loads(annotations[LOG_ENTRY])
    logged["Payload"] |= change
    with pytest.raises(NotSigned, match=said):
        await verify(content, ENVELOPE, annotations=annotations | {LOG_ENTRY: json.dumps(logged)})


async def test_a_log_entry_without_its_promise_proves_nothing(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing()
    content, annotations = cosign_layer(signing, sigstore.entry(signing))
    logged = json.loads(annotations[LOG_ENTRY]) | {"SignedEntryTimestamp": ""}
    with pytest.raises(NotSigned, match="promise"):
        await verify(content, ENVELOPE, annotations=annotations | {LOG_ENTRY: json.dumps(logged)})


@pytest.mark.parametrize("minutes", [-1, 11])
async def test_a_certificate_that_had_ended_or_not_begun_when_it_was_logged_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, minutes: int
) -> None:
    signing = sigstore.signing()
    content, annotations = cosign_layer(signing, sigstore.entry(signing, later(minutes)))
    with pytest.raises(NotSigned, match="not valid at validation time"):
        await verify(content, ENVELOPE, annotations=annotations)


async def test_the_entry_and_the_certificate_of_another_signature_prove_nothing(
    sigstore: Sigstore, verify: Verify
) -> None:
    content, annotations = cosign_layer(signing := sigstore.signing(), sigstore.entry(signing))
    _, others = cosign_layer(other := sigstore.signing(), sigstore.entry(other))
    mixed = [annotations | {name: others[name]} for name in (LOG_ENTRY, CERTIFICATE)]
    for given in (*mixed, others):
        with pytest.raises(NotSigned, match="does not hold"):
            await verify(content, ENVELOPE, annotations=given)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"{}", b'{"payload": "e30="}', b"\xff", b"[" * 10_000])
async def test_what_is_no_envelope_counts_for_nothing(sigstore: Sigstore, verify: Verify, content: bytes) -> None:
    _, annotations = cosign_layer(signing := sigstore.signing(), sigstore.entry(signing))
    with pytest.raises(NotSigned):
        await verify(content, ENVELOPE, annotations=annotations)


async def test_an_envelope_cannot_bring_its_own_proofs(sigstore: Sigstore, verify: Verify) -> None:
    content, annotations = cosign_layer(signing := sigstore.signing(), sigstore.entry(signing))
    more = json.loads(content) | {"verificationMaterial": {}}
    with pytest.raises(NotSigned, match="Extra inputs"):
        await verify(more, ENVELOPE, annotations=annotations)


async def test_a_signature_of_an_image_without_a_statement_is_refused(sigstore: Sigstore, verify: Verify) -> None:
    with pytest.raises(NotSigned, match="carries no signature that is known here"):
        await verify(b"{}", "application/vnd.dev.cosign.simplesigning.v1+json")
