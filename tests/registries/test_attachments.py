"""What is attached to an image is found wherever people attach it: in its index, as referrers, under cosign's tags."""

import json

import pytest

from bot.images import InvalidImageReference, Platform
from bot.registries import Attachment, AttachmentKind, ImageNotFound, PlatformImage
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_attestations import Attestation
from bot.sandbox.registry_images import build_image
from tests.registries.conftest import RegistriesFor, credential

SPDX = "application/spdx+json"
IN_TOTO = "application/vnd.in-toto+json"
DSSE = "application/vnd.dsse.envelope.v1+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
SPDX_PREDICATE = "https://spdx.dev/Document"
AMD = Platform("linux", "amd64")


async def test_an_image_without_anything_is_its_own_only_platform(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    digest = await registry.push("plain/image", "1.0", ["linux/amd64"], index=False)
    read = await registries_for(registry.host).attachments(registry.host, "plain/image", digest)
    assert (read.digest, read.platforms) == (digest, (PlatformImage(AMD, digest),))
    assert (read.found, read.left_out) == ((), ())


async def test_the_images_of_an_index_are_told_with_their_platforms(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    image = build_image("plain/index:1.0", ["linux/amd64", "linux/arm64"])
    digest = await registry.push_image("plain/index", "1.0", image)
    read = await registries_for(registry.host).attachments(registry.host, "plain/index", digest)
    assert [(str(each.platform), each.digest) for each in read.platforms] == [
        (platform, image.part(platform).manifest.digest) for platform in ("linux/amd64", "linux/arm64")
    ]


async def test_every_statement_of_buildkits_is_read_for_the_platform_it_names(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    said = [
        Attestation(SPDX_PREDICATE, {"name": "both"}),
        Attestation(SPDX_PREDICATE, {"name": "arm"}, platform="linux/arm64"),
    ]
    image = build_image("built/app:1.0", ["linux/amd64", "linux/arm64"], attestations=said)
    digest = await registry.push_image("built/app", "1.0", image)
    read = await registries_for(registry.host).attachments(registry.host, "built/app", digest)
    amd, arm = (image.part(platform).manifest.digest for platform in ("linux/amd64", "linux/arm64"))
    assert [(each.subject, json.loads(each.content)["predicate"]["name"]) for each in read.found] == [
        (amd, "both"),
        (arm, "both"),
        (arm, "arm"),
    ]
    assert {(each.kind, each.media_type, each.predicate_type) for each in read.found} == {
        (AttachmentKind.ATTESTATION, IN_TOTO, SPDX_PREDICATE)
    }
    assert {image.digest for image in read.platforms} == {amd, arm}


async def test_a_referrer_is_read_where_it_is_attached_to_the_index_or_to_a_platform(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    image = build_image("referred/app:1.0", ["linux/amd64", "linux/arm64"])
    digest = await registry.push_image("referred/app", "1.0", image)
    arm = image.part("linux/arm64").manifest.digest
    await registry.attach("referred/app", digest, SPDX, [(SPDX, b'{"of": "all"}', {})], {"made-by": "x"})
    await registry.attach("referred/app", arm, BUNDLE, [(BUNDLE, b'{"of": "arm"}', {"title": "y"})])
    read = await registries_for(registry.host).attachments(registry.host, "referred/app", digest)
    assert [
        (each.kind, each.subject, each.media_type, each.content, dict(each.annotations)) for each in read.found
    ] == [
        (AttachmentKind.REFERRER, digest, SPDX, b'{"of": "all"}', {"made-by": "x"}),
        (AttachmentKind.REFERRER, arm, BUNDLE, b'{"of": "arm"}', {"title": "y"}),
    ]


@pytest.mark.parametrize(("suffix", "media_type"), [("att", DSSE), ("sbom", "text/spdx+json")])
async def test_what_cosign_keeps_under_a_tag_comes_with_its_annotations(
    suffix: str, media_type: str, registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    name = f"signed/{suffix}"
    digest = await registry.push(name, "1.0", ["linux/amd64"], index=False)
    annotations = {"dev.sigstore.cosign/certificate": "-----BEGIN", "predicateType": SPDX_PREDICATE}
    await registry.attest(name, digest, [(media_type, b'{"a": 1}', annotations)], suffix=suffix)
    [found] = (await registries_for(registry.host).attachments(registry.host, name, digest)).found
    expected = (AttachmentKind.COSIGN, digest, media_type, b'{"a": 1}', SPDX_PREDICATE)
    assert (found.kind, found.subject, found.media_type, found.content, found.predicate_type) == expected
    assert found.annotations == annotations


async def test_a_credential_reads_what_is_attached_to_a_private_image(
    private_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    host = private_registry.host
    digest = await private_registry.push("private/app", "1.0", ["linux/amd64"], index=False)
    await private_registry.attach("private/app", digest, SPDX, [(SPDX, b"{}", {})])
    reader = registries_for(host, private_registry.tokens.host)
    read = await reader.attachments(
        host, "private/app", digest, credential(host, token_hosts=frozenset({private_registry.tokens.host}))
    )
    assert [each.content for each in read.found] == [b"{}"]


async def test_an_image_that_is_not_there_has_nothing_attached(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    with pytest.raises(ImageNotFound):
        await registries_for(registry.host).attachments(registry.host, "none/here", f"sha256:{'0' * 64}")


@pytest.mark.parametrize("digest", ["1.0", "", "sha256:1", "../x", f"sha256:{'A' * 64}"])
async def test_only_a_digest_is_asked_about(
    digest: str, registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    with pytest.raises(InvalidImageReference):
        await registries_for(registry.host).attachments(registry.host, "plain/image", digest)


def test_the_content_of_an_attachment_is_not_shown() -> None:
    found = Attachment(AttachmentKind.COSIGN, "sha256:1", DSSE, b"long content", "sha256:2", "", {"k": "certificate"})
    assert "content" not in repr(found)
    assert "certificate" not in repr(found)
