"""Which image an SBOM describes, and what it says where it lists images."""

import pytest

from bot.promotion.documents.told import AboutAnother, Unreadable
from tests.promotion.documents import shapes


def spdx_of(*entries, described=None):
    """A document of images, as ko and apko write it of an index."""
    named = [entry | {"SPDXID": f"SPDXRef-Package-{number}"} for number, entry in enumerate(entries)]
    relationships = [
        {
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": f"SPDXRef-Package-{described}",
        }
    ]
    return shapes.spdx(named, relationships=[] if described is None else relationships)


def image_of(digest, architecture):
    return {key: value for key, value in shapes.spdx_image(digest, architecture).items() if "Purpose" not in key}


INDEX_AND_IMAGES = [
    shapes.spdx_image(shapes.INDEX, ""),
    image_of(shapes.AMD, "amd64"),
    image_of(shapes.ARM, "arm64"),
]
FOLDER = {"name": "sbom", "SPDXID": "SPDXRef-DocumentRoot-Directory-sbom", "primaryPackagePurpose": "FILE"}
CONTAINERS = [
    {"type": "container", "name": "app"},
    {"type": "application", "name": "app", "purl": f"pkg:oci/app@{shapes.AMD}?arch=amd64"},
]


@pytest.mark.parametrize(
    "document",
    [
        spdx_of(*INDEX_AND_IMAGES),
        spdx_of(*INDEX_AND_IMAGES, described=0),
        spdx_of(*INDEX_AND_IMAGES[1:], described=0),
        shapes.spdx([FOLDER, INDEX_AND_IMAGES[1]]),
        shapes.cyclonedx(CONTAINERS),
        shapes.cyclonedx(CONTAINERS[1:]),
    ],
)
def test_a_list_of_images_alone_is_no_list_of_what_is_in_them(told, document):
    with pytest.raises(Unreadable, match="it lists images alone"):
        told(document)


@pytest.mark.parametrize(
    ("document", "packages"),
    [
        (shapes.spdx([shapes.spdx_image()]), []),
        (spdx_of(INDEX_AND_IMAGES[1]), []),
        (spdx_of(*INDEX_AND_IMAGES, shapes.spdx_package(), described=0), ["zlib"]),
        (shapes.cyclonedx([*CONTAINERS, shapes.cyclonedx_component()]), ["busybox"]),
    ],
)
def test_images_beside_packages_hide_none_and_an_image_by_itself_has_none(told, document, packages):
    assert [one.name for one in told(document).components if one.is_package] == packages


def test_what_a_list_of_images_says_of_vulnerabilities_adds_to_other_reports(told):
    read = told(shapes.cyclonedx(CONTAINERS, [shapes.cyclonedx_vulnerability()]))
    assert (read.components, len(read.vulnerabilities), read.is_partial) == (None, 1, True)


BUILDER = image_of(shapes.OTHER, "amd64")


@pytest.mark.parametrize(
    ("document", "digests", "architecture"),
    [
        (spdx_of(shapes.spdx_package(), image_of(shapes.ARM, ""), BUILDER, described=1), {shapes.ARM}, ""),
        (spdx_of(shapes.spdx_package(), BUILDER, image_of(shapes.ARM, "arm64"), described=2), {shapes.ARM}, "arm64"),
        (spdx_of(shapes.spdx_package(), shapes.spdx_image(shapes.ARM, ""), BUILDER), {shapes.ARM}, ""),
        (spdx_of(shapes.spdx_package(), BUILDER), {shapes.OTHER}, "amd64"),
        (
            shapes.spdx(
                [
                    shapes.spdx_package(),
                    image_of(shapes.ARM, "arm64") | {"SPDXID": "SPDXRef-1"},
                    BUILDER | {"SPDXID": "SPDXRef-2"},
                ],
                relationships=None,
                documentDescribes=["SPDXRef-1"],
            ),
            {shapes.ARM},
            "arm64",
        ),
        (
            shapes.spdx(
                [
                    shapes.spdx_package(),
                    image_of(shapes.ARM, "arm64") | {"SPDXID": "SPDXRef-1"},
                    BUILDER | {"SPDXID": "SPDXRef-2"},
                ],
                relationships=[
                    "odd",
                    {
                        "spdxElementId": "SPDXRef-1",
                        "relationshipType": "DESCRIBED_BY",
                        "relatedSpdxElement": "SPDXRef-DOCUMENT",
                    },
                ],
            ),
            {shapes.ARM},
            "arm64",
        ),
    ],
)
def test_spdx_is_about_the_image_that_it_describes_and_none_that_it_only_lists(told, document, digests, architecture):
    about = told(document).about
    assert (about.digests, about.architecture) == (digests, architecture)


FOLDER_OF = "https://anchore.com/syft/dir/"


@pytest.mark.parametrize(
    ("name", "namespace", "stage"),
    [
        ("sbom-build", f"{FOLDER_OF}sbom-build-38619726-4e9b-4a1e-b50e-c4d649f2368b", "build"),
        ("/run/src/extras/sbom-base", f"{FOLDER_OF}run/src/extras/sbom-base-da0f600b-7f0a-4de0", "base"),
        ("sbom-context", f"{FOLDER_OF}sbom-context-38619726-4e9b-4a1e-b50e-c4d649f2368b", "context"),
        ("sbom", f"{FOLDER_OF}sbom-38619726-4e9b-4a1e-b50e-c4d649f2368b", None),
        ("/run/src/core/sbom", f"{FOLDER_OF}run/src/core/sbom-cba61a72-fa95-4b60-b63f-03169eac25ca", None),
        (f"sbom-{shapes.AMD}", "https://spdx.org/spdxdocs/apko/", None),
        ("sbom-build", "https://spdx.org/spdxdocs/apko/", None),
        ("sbom-build", None, None),
    ],
)
def test_what_buildkit_attests_of_a_stage_is_not_about_the_image(told, name, namespace, stage):
    document = shapes.statement(shapes.buildkit_spdx() | {"name": name, "documentNamespace": namespace})
    if stage is None:
        assert [one.name for one in told(document).components] == ["zlib"]
    else:
        with pytest.raises(AboutAnother, match=f"it is about the build stage {stage}"):
            told(document)


def test_an_sbom_of_more_images_than_one_can_be_of_tells_the_digests_of_the_first_hundred(told):
    images = [shapes.spdx_image(f"sha256:{number:064x}") for number in range(150)]
    assert len(told(shapes.spdx([*images, shapes.spdx_package()])).about.digests) == 100
