"""Who signed is whom the certificate names, vouched for by the demanded identity provider."""

from typing import Any

import pytest
from cryptography import x509

from bot.signatures import NotSigned
from tests.signatures.authority import GITHUB, WORKFLOW, Sigstore, bundle
from tests.signatures.certificates import ISSUER, ISSUER_AS_BYTES, mail, uri, username, utf8
from tests.signatures.conftest import Verify

GOOGLE = "https://accounts.google.com"


@pytest.mark.parametrize(
    ("name", "identity", "found"),
    [
        (uri(WORKFLOW), WORKFLOW, WORKFLOW),
        (uri(WORKFLOW), "https://github.com/acme/*", WORKFLOW),
        (uri(WORKFLOW), "https://github.com/acme/*/.github/workflows/build.yml@refs/heads/main", WORKFLOW),
        (mail("ada@acme.example"), "ada@acme.example", "ada@acme.example"),
        (mail("ada@acme.example"), "*@acme.example", "ada@acme.example"),
        (username("ada!acme.example"), "ada!acme.example", "ada!acme.example"),
    ],
)
async def test_the_demanded_identity_is_found(
    sigstore: Sigstore, verify: Verify, name: x509.GeneralName, identity: str, found: str
) -> None:
    signing = sigstore.signing(name=name)
    signed = await verify(bundle(signing, sigstore.entry(signing)), identity=identity)
    assert (signed.identity, signed.issuer) == (found, GITHUB)


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        (uri(WORKFLOW), "https://github.com/other/*"),
        (uri(WORKFLOW), WORKFLOW.removesuffix("main")),
        (uri(WORKFLOW), WORKFLOW.upper()),
        (uri(WORKFLOW), "https://github.com/acme"),
        (uri(WORKFLOW), ""),
        (uri(f"https://evil.example/?{WORKFLOW}"), "https://github.com/acme/*"),
        (uri("https://github.com/acme.evil.example/x"), "https://github.com/acme/*"),
        (mail("ada@acme.example"), "*@acme.exampl"),
        (x509.DNSName("acme.example"), "acme.example"),
        (x509.OtherName(x509.ObjectIdentifier("1.2.3"), utf8("ada")), "ada"),
    ],
)
async def test_another_identity_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, name: x509.GeneralName, identity: str
) -> None:
    signing = sigstore.signing(name=name)
    with pytest.raises(NotSigned, match=r"it is signed by .*, not by"):
        await verify(bundle(signing, sigstore.entry(signing)), identity=identity)


@pytest.mark.parametrize(
    "issuers",
    [
        {ISSUER_AS_BYTES: GITHUB.encode()},
        {ISSUER: utf8(GITHUB)},
        {ISSUER_AS_BYTES: GITHUB.encode(), ISSUER: utf8(GITHUB)},
    ],
    ids=["old", "new", "both"],
)
async def test_an_issuer_is_written_in_two_ways(
    sigstore: Sigstore, verify: Verify, issuers: dict[x509.ObjectIdentifier, bytes]
) -> None:
    signing = sigstore.signing(issuers=issuers)
    assert (await verify(bundle(signing, sigstore.entry(signing)))).issuer == GITHUB


@pytest.mark.parametrize(
    ("issuers", "said"),
    [
        ({}, "vouched for by nobody"),
        ({ISSUER: utf8(GOOGLE)}, f"vouched for by {GOOGLE}"),
        ({ISSUER_AS_BYTES: GOOGLE.encode()}, f"vouched for by {GOOGLE}"),
        ({ISSUER: utf8(GOOGLE), ISSUER_AS_BYTES: GITHUB.encode()}, f"vouched for by {GOOGLE}"),
        ({ISSUER: utf8(GITHUB + "/")}, "vouched for by"),
        ({ISSUER: GITHUB.encode()}, "cannot be read"),
        ({ISSUER_AS_BYTES: b"\xff"}, "cannot be read"),
    ],
    ids=["none", "new", "old", "new counts", "one letter more", "no UTF8String", "no UTF-8"],
)
async def test_another_issuer_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, issuers: dict[x509.ObjectIdentifier, bytes], said: str
) -> None:
    signing = sigstore.signing(issuers=issuers)
    with pytest.raises(NotSigned, match=said):
        await verify(bundle(signing, sigstore.entry(signing)))


async def test_a_strangers_name_is_shown_without_what_cannot_be_seen(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing(name=username("ada\n\u202e\x1b[31m" + "x" * 60))
    with pytest.raises(NotSigned) as refused:
        await verify(bundle(signing, sigstore.entry(signing)))
    assert str(refused.value).isprintable()


async def test_the_signed_statement_is_not_in_the_representation(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing()
    signed: Any = await verify(bundle(signing, sigstore.entry(signing)))
    assert "spdx" not in repr(signed)
