"""Whatever a container runtime could choose of an index counts as one of its images, whatever it is called."""

from typing import Any

import pytest

from bot.images import Platform
from bot.registries import InvalidAnswer, PlatformImage
from tests.registries.attachment_shelf import (
    CONFIGURATION,
    EMPTY,
    INDEX,
    MANIFEST,
    MISSING,
    Descriptor,
    Shelf,
)
from tests.registries.conftest import RegistriesFor
from tests.registries.scripted import ScriptedServer

AMD, ARM = Platform("linux", "amd64"), Platform("linux", "arm64")


@pytest.fixture
def shelf(scripted: ScriptedServer, registries_for: RegistriesFor) -> Shelf:
    return Shelf(scripted, registries_for(scripted.host))


async def platforms(shelf: Shelf, *children: Descriptor) -> tuple[PlatformImage, ...]:
    return (await shelf.attachments(shelf.index(*children)["digest"])).platforms


DISGUISES: list[dict[str, Any]] = [
    {"artifactType": "application/spdx+json"},
    {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}},
    {"mediaType": "application/vnd.docker.distribution.manifest.v1+prettyjws"},
    {"mediaType": "application/vnd.oci.artifact.manifest.v1+json"},
    {"mediaType": 7},
]


@pytest.mark.parametrize("disguise", DISGUISES)
async def test_what_has_a_platform_is_an_image_whatever_it_is_called(disguise: dict[str, Any], shelf: Shelf) -> None:
    image = shelf.image("arm64", **disguise)
    assert await platforms(shelf, shelf.image(), image) == (
        PlatformImage(AMD, shelf.image()["digest"]),
        PlatformImage(ARM, image["digest"]),
    )


async def test_what_has_a_platform_is_no_attestation(shelf: Shelf) -> None:
    amd = shelf.image()
    statement = shelf.blob(b"{}", "application/vnd.in-toto+json")
    disguised = shelf.attestation(amd["digest"], statement, platform={"os": "linux", "architecture": "arm64"})
    read = await shelf.attachments(shelf.index(amd, disguised)["digest"])
    assert [image.digest for image in read.platforms] == [amd["digest"], disguised["digest"]]
    assert read.found == ()


@pytest.mark.parametrize(
    "platform", [{}, {"os": "linux"}, {"os": 1, "architecture": 2}, {"os": "", "architecture": ""}]
)
async def test_an_image_of_a_platform_that_cannot_be_read_is_one_of_no_platform(
    platform: dict[str, Any], shelf: Shelf
) -> None:
    image = shelf.image(platform=platform)
    assert await platforms(shelf, image) == (PlatformImage(None, image["digest"]),)


async def test_an_image_whose_platform_is_not_told_has_that_of_its_configuration(shelf: Shelf) -> None:
    image = {name: told for name, told in shelf.image("arm64").items() if name != "platform"}
    assert await platforms(shelf, image) == (PlatformImage(ARM, image["digest"]),)


async def test_an_image_that_is_not_there_is_one_of_no_platform(shelf: Shelf) -> None:
    assert await platforms(shelf, {"mediaType": MANIFEST, "digest": MISSING, "size": 1}) == (
        PlatformImage(None, MISSING),
    )


async def test_an_artifact_without_a_platform_is_no_image(shelf: Shelf) -> None:
    artifact = shelf.manifest({"config": shelf.blob(b"{}", EMPTY), "layers": []})
    image = shelf.image()
    assert await platforms(shelf, image, artifact) == (PlatformImage(AMD, image["digest"]),)


IMAGE_LAYERS = [
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
]


@pytest.mark.parametrize("layer_type", IMAGE_LAYERS)
async def test_what_has_the_layers_of_an_image_is_one_whatever_its_configuration_is_called(
    layer_type: str, shelf: Shelf
) -> None:
    configuration = shelf.blob(b"{}", "application/vnd.acme.config.v1+json")
    odd = shelf.manifest({"config": configuration, "layers": [shelf.blob(b"layer", layer_type)]})
    image = shelf.image()
    assert await platforms(shelf, image, odd) == (
        PlatformImage(AMD, image["digest"]),
        PlatformImage(None, odd["digest"]),
    )


@pytest.mark.parametrize("layers", [[7], [{"digest": "none"}]])
async def test_what_has_layers_that_cannot_be_read_may_be_an_image(layers: list[Any], shelf: Shelf) -> None:
    odd = shelf.manifest({"config": shelf.blob(b"{}", EMPTY), "layers": layers})
    assert await platforms(shelf, odd) == (PlatformImage(None, odd["digest"]),)


async def test_what_is_of_an_unknown_platform_is_no_image(shelf: Shelf) -> None:
    image = shelf.image()
    other = shelf.image("arm64", platform={"os": "unknown", "architecture": "unknown"})
    assert await platforms(shelf, image, other) == (PlatformImage(AMD, image["digest"]),)


async def test_the_images_of_an_index_in_an_index_are_its_images(shelf: Shelf) -> None:
    amd, arm = shelf.image(), shelf.image("arm64")
    assert await platforms(shelf, amd, shelf.index(arm)) == (
        PlatformImage(AMD, amd["digest"]),
        PlatformImage(ARM, arm["digest"]),
    )


async def test_an_index_in_an_index_in_an_index_is_not_read(shelf: Shelf) -> None:
    with pytest.raises(InvalidAnswer, match="nested more than two deep"):
        await platforms(shelf, shelf.index(shelf.index(shelf.image())))


async def test_two_indexes_together_name_no_more_than_one_may(shelf: Shelf) -> None:
    many = [shelf.image(platform={"os": "linux", "architecture": f"a{number}"}) for number in range(150)]
    with pytest.raises(InvalidAnswer, match="more than 200 manifests"):
        await platforms(shelf, shelf.index(*many), shelf.index(*many[::-1]))


async def test_a_manifest_that_calls_itself_both_is_not_read(shelf: Shelf) -> None:
    both = shelf.manifest({"manifests": [shelf.image()], "config": shelf.blob(b"{}", CONFIGURATION)}, media_type=INDEX)
    with pytest.raises(InvalidAnswer, match="both an index and an image"):
        await shelf.attachments(both["digest"])
