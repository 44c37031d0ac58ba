"""Documents are known by the media types that people give them, of the artifact where the blob's says nothing."""

import pytest

from tests.registries.attachment_shelf import Shelf
from tests.registries.conftest import RegistriesFor
from tests.registries.scripted import ScriptedServer


@pytest.fixture
def shelf(scripted: ScriptedServer, registries_for: RegistriesFor) -> Shelf:
    return Shelf(scripted, registries_for(scripted.host))


@pytest.fixture
def image(shelf: Shelf) -> str:
    """The digest of an image of one platform."""
    return str(shelf.image()["digest"])


@pytest.mark.parametrize(
    ("artifact_type", "layer_type", "told"),
    [
        ("application/vnd.aquasec.trivy.report+json", "application/json", "application/vnd.aquasec.trivy.report+json"),
        ("application/vnd.trivy.report.v1+json", "application/vnd.oci.image.layer.v1.tar", None),
        ("application/trivy+json", "application/json", None),
        ("application/vnd.anchore.grype.report+json; version=6", "application/octet-stream", None),
        ("application/vnd.aquasec.trivy.report+json", "application/vnd.aquasec.trivy.report+json", None),
        ("application/vnd.cncf.openvex.v1+json", "application/json", None),
        ("application/vnd.cncf.openvex+json", "application/vnd.cncf.openvex.v1+json", None),
        ("application/vnd.openvex.v0.2.0+json", "application/json", None),
    ],
)
async def test_reports_and_vex_by_the_names_that_people_give_them(
    artifact_type: str, layer_type: str, told: str | None, shelf: Shelf, image: str
) -> None:
    shelf.refer(image, shelf.artifact(image, shelf.blob(b"{}", layer_type), artifact_type=artifact_type))
    read = await shelf.attachments(image)
    vague = layer_type in {"application/json", "application/octet-stream", "application/vnd.oci.image.layer.v1.tar"}
    assert [found.media_type for found in read.found] == [told or (artifact_type if vague else layer_type)]
    assert read.left_out == ()
