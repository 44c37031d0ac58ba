"""Referrers are asked of the API and read page by page; where there is none, under the tag that stands for it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.registries import AttachmentKind, InvalidAnswer, RegistryRefused, RegistryUnavailable
from tests.registries.attachment_shelf import IN_TOTO, INDEX, MANIFEST, SPDX, Shelf, page
from tests.registries.conftest import RegistriesFor
from tests.registries.scripted import Reply, ScriptedServer

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
Unread = Callable[[str, dict[str, str]], Awaitable[list[str]]]
PREDICATE = "dev.sigstore.bundle.predicateType"


@pytest.fixture
def shelf(scripted: ScriptedServer, registries_for: RegistriesFor) -> Shelf:
    return Shelf(scripted, registries_for(scripted.host))


@pytest.fixture
def image(shelf: Shelf) -> str:
    """The digest of an image of one platform, with no referrers so far."""
    digest = str(shelf.image()["digest"])
    shelf.no_referrers(digest)
    return digest


def listing(body: Any) -> Reply:
    return Reply(200, body, {"Content-Type": INDEX})


def tag_of(digest: str) -> str:
    return digest.replace(":", "-")


async def contents(shelf: Shelf, digest: str) -> list[bytes]:
    return [found.content for found in (await shelf.attachments(digest)).found]


async def test_the_referrers_of_the_index_and_of_each_platform_are_read(shelf: Shelf) -> None:
    amd, arm = shelf.image(), shelf.image("arm64")
    index = shelf.index(amd, arm)
    for subject in (index, amd, arm):
        shelf.refer(subject["digest"], shelf.artifact(subject["digest"], shelf.blob(subject["digest"].encode())))
    read = await shelf.attachments(index["digest"])
    assert [found.subject.encode() for found in read.found] == [found.content for found in read.found]
    assert [found.subject for found in read.found] == [index["digest"], amd["digest"], arm["digest"]]
    assert {found.kind for found in read.found} == {AttachmentKind.REFERRER}


async def test_pages_are_followed_by_the_query_of_their_link_only(shelf: Shelf, image: str) -> None:
    first, second = (shelf.artifact(image, shelf.blob(content)) for content in (b"1", b"2"))

    def answer(request: web.Request) -> Reply:
        if request.query_string == "next=2":
            return Reply(200, page([second]), {"Content-Type": INDEX})
        link = f'<https://elsewhere.example/v2/x/y/referrers/{image}?next=2>; rel="next"'
        return Reply(200, page([first]), {"Content-Type": INDEX, "Link": link})

    shelf.server.on(f"/v2/a/b/referrers/{image}", answer)
    assert await contents(shelf, image) == [b"1", b"2"]


@pytest.mark.parametrize("link", ["<?a=1>; rel=next", "<https://x.example/>; rel=next", "<?a b>; rel=next"])
async def test_pages_that_do_not_end_or_cannot_be_asked_for_are_an_invalid_answer(
    link: str, shelf: Shelf, image: str
) -> None:
    shelf.server.on(f"/v2/a/b/referrers/{image}", Reply(200, page([]), {"Content-Type": INDEX, "Link": link}))
    with pytest.raises(InvalidAnswer, match="page"):
        await shelf.attachments(image)


async def test_ever_more_pages_are_an_invalid_answer(shelf: Shelf, image: str) -> None:
    def answer(request: web.Request) -> Reply:
        return Reply(
            200, page([]), {"Content-Type": INDEX, "Link": f"<?n={int(request.query.get('n', '0')) + 1}>; rel=next"}
        )

    shelf.server.on(f"/v2/a/b/referrers/{image}", answer)
    with pytest.raises(InvalidAnswer, match="without an end"):
        await shelf.attachments(image)
    assert len(shelf.server.seen) < 40


WITHOUT_API = [
    *(Reply(status) for status in (400, 404, 405, 406)),
    Reply(200, "<html>Please log in</html>", {"Content-Type": "text/html"}),
    Reply(200, {"name": "something else"}),
    Reply(303, headers={"Location": "https://people.example/login"}),
]


@pytest.mark.parametrize("reply", WITHOUT_API)
async def test_without_the_api_the_tag_is_read_and_the_api_not_asked_again(reply: Reply, shelf: Shelf) -> None:
    amd = shelf.image()
    index = shelf.index(amd)["digest"]
    for subject in (index, amd["digest"]):
        shelf.server.on(f"/v2/a/b/referrers/{subject}", reply)
        referrer = shelf.artifact(subject, shelf.blob(subject.encode()))
        shelf.manifest(page([referrer]), tag_of(subject), media_type=INDEX)
    assert await contents(shelf, index) == [index.encode(), amd["digest"].encode()]
    assert [path for path in shelf.server.paths() if "/referrers/" in path] == [f"/v2/a/b/referrers/{index}"]


async def test_a_page_that_leads_elsewhere_is_not_the_last(shelf: Shelf, image: str) -> None:
    def answer(request: web.Request) -> Reply:
        if request.query_string:
            return Reply(303, headers={"Location": "https://people.example/login"})
        return Reply(200, page([]), {"Content-Type": INDEX, "Link": "<?n=2>; rel=next"})

    shelf.server.on(f"/v2/a/b/referrers/{image}", answer)
    with pytest.raises(InvalidAnswer, match="redirects to another host"):
        await shelf.attachments(image)


async def test_what_the_api_and_the_tag_list_is_read_once(shelf: Shelf, image: str) -> None:
    both, written = (shelf.artifact(image, shelf.blob(content)) for content in (b"both", b"under the tag"))
    shelf.refer(image, both)
    shelf.manifest(page([both, written]), tag_of(image), media_type=INDEX)
    assert await contents(shelf, image) == [b"both", b"under the tag"]


async def test_a_tag_that_leads_back_to_the_image_lists_no_referrers(shelf: Shelf) -> None:
    # As GitLab's registry does, which knows no referrers API either.
    amd = shelf.image()
    index = shelf.manifest({"manifests": [amd]}, media_type=INDEX)["digest"]
    shelf.manifest({"manifests": [amd]}, tag_of(index), media_type=INDEX)
    read = await shelf.attachments(index)
    assert (read.found, read.left_out) == ((), ())


async def test_a_tag_that_is_no_index_holds_no_referrers(shelf: Shelf) -> None:
    image = str(shelf.image()["digest"])
    shelf.artifact(image, shelf.blob(b"x"))
    shelf.manifest(
        {"config": shelf.blob(b"{}", "application/vnd.oci.image.config.v1+json"), "layers": []}, tag_of(image)
    )
    assert await contents(shelf, image) == []


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(403), RegistryRefused),
        (Reply(401), RegistryRefused),
        (Reply(500), RegistryUnavailable),
        (Reply(418), InvalidAnswer),
        (listing("<html>Please log in</html>"), InvalidAnswer),
        (listing([]), InvalidAnswer),
        (listing({}), InvalidAnswer),
        (listing({"manifests": {}}), InvalidAnswer),
        (listing({"manifests": [1]}), InvalidAnswer),
        (listing({"manifests": [{"digest": "sha256:1"}]}), InvalidAnswer),
        (listing({"manifests": [{"digest": f"sha256:{'a' * 64}"}] * 1001}), InvalidAnswer),
        (listing("[" * 300_000), InvalidAnswer),
        (listing(b" " * (4 * 1024 * 1024 + 1)), InvalidAnswer),
    ],
)
async def test_referrers_that_cannot_be_read_are_not_taken_for_none(
    reply: Reply, error: type[Exception], shelf: Shelf, image: str
) -> None:
    shelf.server.on(f"/v2/a/b/referrers/{image}", reply)
    with pytest.raises(error):
        await shelf.attachments(image)


@pytest.fixture
def unread(shelf: Shelf, image: str) -> Unread:
    """Attach one thing, see that nothing of it is fetched, and return why it was left out."""

    async def unread(artifact_type: str, annotations: dict[str, str]) -> list[str]:
        layer = shelf.blob(b"x", artifact_type)
        referrer = shelf.artifact(image, layer, artifact_type=artifact_type, annotations=annotations)
        shelf.refer(image, referrer)
        read = await shelf.attachments(image)
        asked = " ".join(shelf.server.paths())
        assert read.found == ()
        assert referrer["digest"] not in asked
        assert layer["digest"] not in asked
        return [left.reason for left in read.left_out]

    return unread


@pytest.mark.parametrize(
    ("artifact_type", "annotations", "reason"),
    [
        ("application/vnd.trivyal+json", {}, "nothing here reads what is of the type "),
        ("application/vnd.aquasec.trivy.report", {}, "nothing here reads what is of the type "),
        ("application/json", {}, "nothing here reads what is of the type "),
        ("application/vnd.cncf.helm.config.v1+json", {}, "nothing here reads what is of the type "),
        ("application/sarif+json", {}, "nothing here reads what is of the type "),
        (BUNDLE, {PREDICATE: "https://example.com/gate"}, "no criterion is about what is stated by "),
    ],
)
async def test_what_no_criterion_is_about_is_left_out_without_being_fetched(
    artifact_type: str, annotations: dict[str, str], reason: str, unread: Unread
) -> None:
    assert await unread(artifact_type, annotations) == [reason + (annotations.get(PREDICATE) or artifact_type)]


@pytest.mark.parametrize(
    ("artifact_type", "annotations"),
    [
        ("application/vnd.dev.cosign.artifact.sig.v1+json", {}),
        ("application/vnd.cncf.notary.signature", {}),
        (BUNDLE, {PREDICATE: "https://slsa.dev/provenance/v1"}),
        (BUNDLE, {PREDICATE: "https://sigstore.dev/cosign/sign/v1"}),
        (IN_TOTO, {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"}),
    ],
)
async def test_signatures_and_provenance_are_left_out_without_a_word(
    artifact_type: str, annotations: dict[str, str], unread: Unread
) -> None:
    assert await unread(artifact_type, annotations) == []


async def test_provenance_beside_an_sbom_is_not_fetched(shelf: Shelf) -> None:
    amd = shelf.image()
    said = {"in-toto.io/predicate-type": "https://spdx.dev/Document"}
    built = {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v1"}
    sbom, provenance = (
        shelf.blob(content, IN_TOTO, annotations=annotations) for content, annotations in ((b"1", said), (b"2", built))
    )
    read = await shelf.attachments(shelf.index(amd, shelf.attestation(amd["digest"], sbom, provenance))["digest"])
    assert [(found.content, found.predicate_type) for found in read.found] == [(b"1", "https://spdx.dev/Document")]
    assert read.left_out == ()
    assert provenance["digest"] not in " ".join(shelf.server.paths())


READ: list[tuple[str, str, str, str]] = [
    ("SPDX", SPDX, SPDX, SPDX),
    ("CycloneDX with a version", *["application/vnd.cyclonedx+json; version=1.6"] * 3),
    ("an older bundle", *["application/vnd.dev.sigstore.bundle+json;version=0.2"] * 3),
    (
        "a blob that says nothing",
        "application/vnd.cyclonedx+json",
        "application/octet-stream",
        "application/vnd.cyclonedx+json",
    ),
    ("Harbor's SBOM", "application/vnd.goharbor.harbor.sbom.v1", "application/vnd.oci.image.layer.v1.tar", SPDX),
    ("Harbor's SBOM with a type", "application/vnd.goharbor.harbor.sbom.v1", SPDX, SPDX),
    ("BuildKit's as an artifact", "application/vnd.docker.attestation.manifest.v1+json", IN_TOTO, IN_TOTO),
]


@pytest.mark.parametrize(
    ("artifact_type", "layer_type", "media_type"), [case[1:] for case in READ], ids=[x for x, *_ in READ]
)
async def test_a_document_is_read_by_what_its_blob_or_its_manifest_is_called(
    artifact_type: str, layer_type: str, media_type: str, shelf: Shelf, image: str
) -> None:
    shelf.refer(image, shelf.artifact(image, shelf.blob(b"x", layer_type), artifact_type=artifact_type))
    assert [found.media_type for found in (await shelf.attachments(image)).found] == [media_type]


@pytest.mark.parametrize("hidden", [["artifactType"], ["artifactType", "annotations"]])
async def test_a_list_that_tells_less_than_the_manifest_costs_nothing(
    hidden: list[str], shelf: Shelf, image: str
) -> None:
    annotations = {PREDICATE: "https://spdx.dev/Document"}
    told = shelf.artifact(image, shelf.blob(b"x", BUNDLE), artifact_type=BUNDLE, annotations=annotations)
    shelf.refer(image, {name: value for name, value in told.items() if name not in hidden})
    [found] = (await shelf.attachments(image)).found
    assert (found.media_type, found.predicate_type) == (BUNDLE, "https://spdx.dev/Document")


@pytest.mark.parametrize("subject", [None, "", {}, {"digest": f"sha256:{'b' * 64}", "mediaType": MANIFEST}])
async def test_a_referrer_that_does_not_name_the_image_is_left_out(subject: object, shelf: Shelf, image: str) -> None:
    layer = shelf.blob(b"x")
    shelf.refer(image, shelf.artifact(image, layer, subject=subject))
    read = await shelf.attachments(image)
    assert read.found == ()
    assert [left.reason for left in read.left_out] == [f"it does not say that it is about {image}"]
    assert layer["digest"] not in " ".join(shelf.server.paths())


async def test_one_manifest_in_the_index_and_among_the_referrers_is_read_once(shelf: Shelf) -> None:
    amd = shelf.image()
    statement = shelf.blob(b"{}", IN_TOTO)
    attestation = shelf.attestation(amd["digest"], statement)
    index = shelf.index(amd, attestation)["digest"]
    shelf.no_referrers(index)
    shelf.refer(amd["digest"], {**attestation, "artifactType": "application/vnd.docker.attestation.manifest.v1+json"})
    read = await shelf.attachments(index)
    assert [found.kind for found in read.found] == [AttachmentKind.ATTESTATION]
    assert read.left_out == ()


async def test_a_blob_that_is_attached_twice_is_fetched_once(shelf: Shelf) -> None:
    amd = shelf.image()
    index = shelf.index(amd)["digest"]
    blob = shelf.blob(b"shared")
    for subject in (index, amd["digest"]):
        shelf.refer(subject, shelf.artifact(subject, blob))
    assert await contents(shelf, index) == [b"shared", b"shared"]
    assert shelf.server.paths().count(f"/v2/a/b/blobs/{blob['digest']}") == 1
