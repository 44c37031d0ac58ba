"""What an image says of where it comes from: read where it stands, of one image of an index, and only what is known."""

import hashlib
import json
from typing import Any

import pytest

from bot.registries import ImageNotFound, InvalidAnswer
from bot.registries.labels import labels_of
from bot.sandbox.registry import SandboxRegistry
from tests.registries.conftest import RegistriesFor
from tests.registries.scripted import Reply, ScriptedServer

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIGURATION = "application/vnd.oci.image.config.v1+json"
SOURCE = "org.opencontainers.image.source"
REVISION = "org.opencontainers.image.revision"
VERSION = "org.opencontainers.image.version"


def platform(architecture: str) -> dict[str, Any]:
    return {"platform": {"os": "linux", "architecture": architecture}}


class Shelf:
    """A repository of a scripted registry, with images that say what a test wants them to say."""

    def __init__(self, server: ScriptedServer, registries_for: RegistriesFor) -> None:
        self.server = server
        self.registries = registries_for(server.host)

    def put(self, kind: str, content: dict[str, Any], tag: str = "") -> dict[str, Any]:
        """Serve something by its digest (a manifest by its tag, too), and return what names it."""
        body = json.dumps(content).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        place = "blobs" if kind == CONFIGURATION else "manifests"
        for reference in filter(None, (digest, tag)):
            headers = {"Content-Type": kind, "Docker-Content-Digest": digest}
            self.server.on(f"/v2/a/b/{place}/{reference}", Reply(200, body, headers))
        return {"mediaType": kind, "digest": digest, "size": len(body)}

    def image(
        self, tag: str = "", *, labels: Any = None, annotations: Any = None, there: bool = True
    ) -> dict[str, Any]:
        configuration = {"os": "linux", "architecture": "amd64", "config": {"Labels": labels}}
        named = self.put(CONFIGURATION, configuration)
        if not there:
            self.server.on(f"/v2/a/b/blobs/{named['digest']}", Reply(404))
        return self.put(MANIFEST, {"mediaType": MANIFEST, "config": named, "annotations": annotations}, tag)

    def index(self, *children: dict[str, Any], annotations: Any = None) -> dict[str, Any]:
        return self.put(INDEX, {"mediaType": INDEX, "manifests": list(children), "annotations": annotations}, "1.0")

    async def labels(self, reference: str = "1.0") -> dict[str, str]:
        return dict(await self.registries.labels(self.server.host, "a/b", reference))


@pytest.fixture
def shelf(scripted: ScriptedServer, registries_for: RegistriesFor) -> Shelf:
    return Shelf(scripted, registries_for)


async def test_an_image_says_it_by_its_labels(shelf: Shelf) -> None:
    shelf.image("1.0", labels={SOURCE: "https://github.com/a/b", REVISION: "c0ffee"})
    assert await shelf.labels() == {SOURCE: "https://github.com/a/b", REVISION: "c0ffee"}


async def test_an_annotation_of_the_manifest_counts_before_a_label(shelf: Shelf) -> None:
    shelf.image("1.0", labels={SOURCE: "of the base image", VERSION: "1"}, annotations={SOURCE: "own"})
    assert await shelf.labels() == {SOURCE: "own", VERSION: "1"}


async def test_an_annotation_of_the_index_counts_before_all_else(shelf: Shelf) -> None:
    image = shelf.image(
        labels={SOURCE: "label", VERSION: "label", REVISION: "label"}, annotations={VERSION: "manifest"}
    )
    shelf.index({**image, **platform("amd64")}, annotations={SOURCE: "index"})
    assert await shelf.labels() == {SOURCE: "index", VERSION: "manifest", REVISION: "label"}


async def test_of_the_images_of_an_index_the_usual_one_is_read(shelf: Shelf) -> None:
    arm, amd = shelf.image(labels={SOURCE: "arm"}), shelf.image(labels={SOURCE: "amd"})
    shelf.index({**arm, **platform("arm64")}, {**amd, **platform("amd64")})
    assert await shelf.labels() == {SOURCE: "amd"}
    assert arm["digest"] not in " ".join(shelf.server.paths())


async def test_where_the_usual_one_is_not_there_the_first_is_read(shelf: Shelf) -> None:
    arm, old = shelf.image(labels={SOURCE: "arm64"}), shelf.image(labels={SOURCE: "arm"})
    shelf.index({**arm, **platform("arm64")}, {**old, **platform("arm")})
    assert await shelf.labels() == {SOURCE: "arm64"}


async def test_an_index_whose_image_is_missing_says_what_it_says_itself(shelf: Shelf) -> None:
    lost = {"mediaType": MANIFEST, "digest": f"sha256:{0:064}", "size": 1, **platform("amd64")}
    shelf.index(lost, annotations={SOURCE: "index"})
    assert await shelf.labels() == {SOURCE: "index"}


async def test_an_image_whose_configuration_is_missing_says_what_its_manifest_says(shelf: Shelf) -> None:
    shelf.image("1.0", labels={SOURCE: "label"}, annotations={VERSION: "manifest"}, there=False)
    assert await shelf.labels() == {VERSION: "manifest"}


async def test_what_is_no_image_has_no_labels_but_its_annotations(shelf: Shelf) -> None:
    chart = {"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": f"sha256:{0:064}", "size": 2}
    shelf.put(MANIFEST, {"mediaType": MANIFEST, "config": chart, "annotations": {VERSION: "3"}}, "1.0")
    assert await shelf.labels() == {VERSION: "3"}


NOT_SAID = [
    None,
    [],
    "text",
    {},
    {"maintainer": "somebody"},
    {SOURCE: 7},
    {SOURCE: None},
    {SOURCE: ["https://github.com/a/b"]},
    {SOURCE: ""},
    {SOURCE: "x" * 501},
    {SOURCE.upper(): "x"},
]


@pytest.mark.parametrize("said", NOT_SAID)
async def test_what_is_not_known_or_no_short_text_is_left_out(shelf: Shelf, said: Any) -> None:
    shelf.image("1.0", labels=said, annotations=said)
    assert await shelf.labels() == {}


@pytest.mark.parametrize("configuration", [{}, {"config": None}, {"config": []}, {"config": {"Labels": 1}}])
def test_a_configuration_of_another_shape_has_no_labels(configuration: dict[str, Any]) -> None:
    assert labels_of(configuration) == {}


async def test_what_a_digest_said_is_not_asked_for_again(shelf: Shelf) -> None:
    image = shelf.image("1.0", labels={SOURCE: "x"})
    shelf.image("same", labels={SOURCE: "x"})
    await shelf.labels()
    shelf.server.seen.clear()
    assert await shelf.labels() == await shelf.labels(image["digest"]) == await shelf.labels("same") == {SOURCE: "x"}
    assert [seen.method for seen in shelf.server.seen] == ["HEAD"] * 2


async def test_an_image_that_is_not_whole_is_asked_again(shelf: Shelf) -> None:
    shelf.image("1.0", labels={SOURCE: "x"}, there=False)
    assert await shelf.labels() == {}
    shelf.image("1.0", labels={SOURCE: "x"})
    assert await shelf.labels() == {SOURCE: "x"}


async def test_an_image_that_is_not_there_has_none_to_tell(shelf: Shelf) -> None:
    with pytest.raises(ImageNotFound):
        await shelf.labels("2.0")


async def test_a_configuration_with_other_bytes_than_its_digest_is_believed_in_nothing(shelf: Shelf) -> None:
    lying = {"os": "linux", "architecture": "amd64", "config": {"Labels": {SOURCE: "lie"}}}
    named = shelf.put(CONFIGURATION, {"os": "linux"})
    shelf.server.on(f"/v2/a/b/blobs/{named['digest']}", Reply(200, lying))
    shelf.index({**shelf.put(MANIFEST, {"mediaType": MANIFEST, "config": named}), **platform("amd64")})
    with pytest.raises(InvalidAnswer):
        await shelf.labels()


async def test_an_image_of_a_real_registry_that_says_nothing(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    await registry.push("labels/none", "1.0.0")
    assert await registries_for(registry.host).labels(registry.host, "labels/none", "1.0.0") == {}
