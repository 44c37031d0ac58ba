"""What the sandbox keeps in a registry beside images: large layers, attestations, referrers, cosign's tags."""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_attestations import Attestation
from bot.sandbox.registry_images import build_image

SPDX = "https://spdx.dev/Document"
SBOM = ("application/spdx+json", b'{"spdxVersion":"SPDX-2.3"}', {})
NOT_THERE = f"sha256:{'0' * 64}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    running = await SandboxRegistry.start(tmp_path_factory.mktemp("registry"))
    yield running
    await running.stop()


async def read(registry: SandboxRegistry, repository: str, reference: str) -> dict[str, Any]:
    return json.loads((await registry.manifest(repository, reference)).content)


async def attested_children(registry: SandboxRegistry, repository: str, *said: Attestation) -> list[dict[str, Any]]:
    await registry.push(repository, "1.0.0", attestations=said)
    index = await read(registry, repository, "1.0.0")
    return [child for child in index["manifests"] if child["platform"]["os"] == "unknown"]


async def statements(registry: SandboxRegistry, repository: str, child: dict[str, Any]) -> list[bytes | None]:
    manifest = await read(registry, repository, child["digest"])
    return [await registry.blob(repository, layer["digest"]) for layer in manifest["layers"]]


class TestLayers:
    @pytest.mark.parametrize("size", [1, 4096, 3_000_000])
    async def test_a_layer_holds_a_file_of_the_size_that_was_asked_for(
        self, registry: SandboxRegistry, size: int
    ) -> None:
        await registry.push("layers/sized", f"of-{size}", ["linux/amd64"], layers=[size])
        told = (await read(registry, "layers/sized", f"of-{size}"))["layers"][-1]["size"]
        assert size <= told <= size + 20_480

    async def test_what_was_pushed_is_what_the_manifest_names(self, registry: SandboxRegistry) -> None:
        await registry.push("layers/named", "1.0.0", ["linux/amd64"], layers=[5000])
        told = (await read(registry, "layers/named", "1.0.0"))["layers"][-1]
        content = await registry.blob("layers/named", told["digest"])
        assert (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}") == (told["size"], told["digest"])

    def test_images_of_other_names_share_their_layers(self) -> None:
        one, other = (build_image(name, ["linux/amd64"], layers=[100, 200]).parts[0] for name in ("api", "web"))
        assert [blob.digest for blob in one.blobs[2:]] == [blob.digest for blob in other.blobs[2:]]

    def test_layers_of_one_size_differ(self) -> None:
        part = build_image("api", ["linux/amd64"], layers=[100, 100]).parts[0]
        assert len({blob.digest for blob in part.blobs}) == 4


class TestAttestationsInTheIndex:
    async def test_each_platform_has_a_child_that_names_it(self, registry: SandboxRegistry) -> None:
        children = await attested_children(registry, "attested/each", Attestation(SPDX))
        index = await read(registry, "attested/each", "1.0.0")
        assert [child["annotations"] for child in children] == [
            {
                "vnd.docker.reference.digest": child["digest"],
                "vnd.docker.reference.type": "attestation-manifest",
            }
            for child in index["manifests"][:2]
        ]

    async def test_a_statement_is_about_the_platform_of_its_child(self, registry: SandboxRegistry) -> None:
        said = Attestation(SPDX, {"spdxVersion": "SPDX-2.3"})
        children = await attested_children(registry, "attested/subject", said)
        (content,) = await statements(registry, "attested/subject", children[0])
        about = children[0]["annotations"]["vnd.docker.reference.digest"].removeprefix("sha256:")
        assert json.loads(content)["subject"][0]["digest"] == {"sha256": about}

    async def test_what_is_said_of_one_platform_is_with_that_one_only(self, registry: SandboxRegistry) -> None:
        children = await attested_children(registry, "attested/one", Attestation(SPDX, platform="linux/arm64"))
        assert [len(await statements(registry, "attested/one", child)) for child in children] == [0, 1]

    async def test_given_bytes_are_kept_as_they_are(self, registry: SandboxRegistry) -> None:
        children = await attested_children(registry, "attested/given", Attestation(SPDX, statement=b"no sense"))
        assert await statements(registry, "attested/given", children[0]) == [b"no sense"]


class TestReferrers:
    async def test_the_artifact_names_its_subject(self, registry: SandboxRegistry) -> None:
        digest = await registry.push("referrers/subject", "1.0.0")
        attached = await registry.attach("referrers/subject", digest, "application/spdx+json", [SBOM])
        assert (await read(registry, "referrers/subject", attached))["subject"]["digest"] == digest

    async def test_the_fallback_tag_lists_every_artifact(self, registry: SandboxRegistry) -> None:
        digest = await registry.push("referrers/listed", "1.0.0")
        attached = [
            await registry.attach("referrers/listed", digest, "application/spdx+json", [SBOM], {"number": number})
            for number in ("one", "two")
        ]
        index = await read(registry, "referrers/listed", digest.replace(":", "-"))
        assert [(entry["digest"], entry["artifactType"]) for entry in index["manifests"]] == [
            (one, "application/spdx+json") for one in attached
        ]

    async def test_what_is_attached_twice_is_listed_once(self, registry: SandboxRegistry) -> None:
        digest = await registry.push("referrers/twice", "1.0.0")
        for _ in range(2):
            await registry.attach("referrers/twice", digest, "application/spdx+json", [SBOM])
        assert len((await read(registry, "referrers/twice", digest.replace(":", "-")))["manifests"]) == 1

    async def test_nothing_is_attached_to_what_is_not_there(self, registry: SandboxRegistry) -> None:
        with pytest.raises(LookupError):
            await registry.attach("referrers/none", NOT_THERE, "application/spdx+json", [SBOM])


class TestCosignTags:
    @pytest.mark.parametrize("suffix", ["sig", "att", "sbom"])
    async def test_layers_are_kept_with_their_annotations(self, registry: SandboxRegistry, suffix: str) -> None:
        digest = await registry.push("cosign/kept", "1.0.0")
        layer = ("application/vnd.dsse.envelope.v1+json", b"{}", {"dev.cosignproject.cosign/signature": ""})
        await registry.attest("cosign/kept", digest, [layer], suffix=suffix)
        manifest = await read(registry, "cosign/kept", f"{digest.replace(':', '-')}.{suffix}")
        assert manifest["layers"][0]["annotations"] == {"dev.cosignproject.cosign/signature": ""}


class TestLooking:
    async def test_a_tag_has_the_digest_that_was_pushed(self, registry: SandboxRegistry) -> None:
        digest = await registry.push("looking/tag", "1.0.0")
        assert await registry.digest_of("looking/tag", "1.0.0") == digest

    async def test_tags_are_listed_in_order(self, registry: SandboxRegistry) -> None:
        for tag in ("2", "1"):
            await registry.push("looking/tags", tag)
        assert await registry.tags("looking/tags") == ["1", "2"]

    async def test_nothing_is_in_a_repository_that_is_not_there(self, registry: SandboxRegistry) -> None:
        name = "looking/none"
        found = (await registry.tags(name), await registry.digest_of(name, "1"), await registry.blob(name, NOT_THERE))
        assert found == ([], None, None)
