"""What is signed must be an in-toto statement about the image itself."""

import pytest

from bot.signatures import NotSigned
from tests.signatures.authority import DIGEST, OTHER_DIGEST, WORKFLOW, Sigstore, bundle, statement
from tests.signatures.conftest import Verify


async def test_a_statement_may_be_about_several_images(sigstore: Sigstore, verify: Verify) -> None:
    subjects = [{"name": "one", "digest": {"sha256": "cd" * 32}}, {"name": "two", "digest": {"sha256": "ab" * 32}}]
    signing = sigstore.signing(statement(subject=subjects))
    assert (await verify(bundle(signing, sigstore.entry(signing)))).identity == WORKFLOW


async def test_a_statement_of_in_totos_first_version_counts(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing(statement(_type="https://in-toto.io/Statement/v0.1"))
    assert (await verify(bundle(signing, sigstore.entry(signing)))).identity == WORKFLOW


@pytest.mark.parametrize("digest", [OTHER_DIGEST, "sha512:" + "ab" * 32, "sha256:", "ab" * 32, ""])
async def test_a_statement_about_another_image_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, digest: str
) -> None:
    signing = sigstore.signing()
    with pytest.raises(NotSigned, match="signed for another image"):
        await verify(bundle(signing, sigstore.entry(signing)), digest=digest)


async def test_an_empty_digest_is_no_images(sigstore: Sigstore, verify: Verify) -> None:
    signing = sigstore.signing(statement(subject=[{"name": "empty", "digest": {"sha256": "", "": ""}}]))
    for digest in ("", "sha256:", ":"):
        with pytest.raises(NotSigned, match="signed for another image"):
            await verify(bundle(signing, sigstore.entry(signing)), digest=digest)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (statement(subject=[]), "signed for another image"),
        (statement(_type="https://in-toto.io/Statement/v2"), "no in-toto statement that can be read"),
        (statement(_type=None), "no in-toto statement that can be read"),
        (statement(subject=DIGEST), "no in-toto statement that can be read"),
        (b"[]", "no in-toto statement that can be read"),
        (b"[" * 100_000, "no in-toto statement that can be read"),
    ],
    ids=["no subject", "version 2", "no version", "subject is text", "a list", "deep"],
)
async def test_what_is_no_statement_about_the_image_counts_for_nothing(
    sigstore: Sigstore, verify: Verify, payload: bytes, said: str
) -> None:
    signing = sigstore.signing(payload)
    with pytest.raises(NotSigned, match=said):
        await verify(bundle(signing, sigstore.entry(signing)))
