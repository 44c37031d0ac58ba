"""What is attached may be anything: it is left out with a reason, or costs a typed error, and never more room."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.registries import (
    AttachmentKind,
    InvalidAnswer,
    ProviderKind,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    ScanAnswer,
)
from bot.registries.attachments_basket import LARGEST_TOTAL, MOST_ATTACHMENTS, MOST_LEFT_OUT, Basket
from bot.registries.attachments_images import Holder
from bot.registries.attachments_manifests import Descriptor as Named
from bot.registries.providers import PROVIDERS
from bot.registries.repository import Repository
from tests.registries.attachment_shelf import (
    CONFIGURATION,
    IN_TOTO,
    INDEX,
    MANIFEST,
    MISSING,
    SPDX,
    Descriptor,
    Shelf,
    page,
)
from tests.registries.conftest import RegistriesFor, credential
from tests.registries.scripted import Reply, ScriptedServer

MEBIBYTE = 1024 * 1024


@pytest.fixture
def shelf(scripted: ScriptedServer, registries_for: RegistriesFor) -> Shelf:
    return Shelf(scripted, registries_for(scripted.host))


@pytest.fixture
def image(shelf: Shelf) -> str:
    """The digest of an image of one platform, with no referrers so far."""
    digest = str(shelf.image()["digest"])
    shelf.no_referrers(digest)
    return digest


@pytest.fixture
async def basket(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Basket:
    """A basket for the shelf's repository."""
    got: list[Repository] = []

    async def scans(repository: Repository, _digests: object) -> ScanAnswer:
        got.append(repository)
        return ScanAnswer()

    monkeypatch.setitem(PROVIDERS, ProviderKind.QUAY, replace(PROVIDERS[ProviderKind.QUAY], scans=scans))
    host = shelf.server.host
    await shelf.registries.scan_reports(
        host, "a/b", (), credential(host, kind=ProviderKind.QUAY, secret="", username="")
    )
    return Basket(got[0])


def named(descriptor: Descriptor) -> Named:
    return Named(descriptor["digest"], descriptor["mediaType"], descriptor.get("artifactType", ""))


async def left_out(shelf: Shelf, image: str, *referrers: Descriptor) -> str:
    """Return the one reason for which the one thing that is attached is left out."""
    shelf.refer(image, *referrers)
    read = await shelf.attachments(image)
    assert read.found == ()
    [left] = read.left_out
    return left.reason


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (40 * MEBIBYTE + 1, "it is larger than 40 MiB"),
        (10**30, "it is larger than 40 MiB"),
        (None, "its manifest does not say how large it is"),
        (-1, "its manifest does not say how large it is"),
        (True, "its manifest does not say how large it is"),
        ("7", "its manifest does not say how large it is"),
        (1.5, "its manifest does not say how large it is"),
    ],
)
async def test_a_document_too_large_or_of_no_size_is_not_fetched(
    size: Any, reason: str, shelf: Shelf, image: str
) -> None:
    layer = shelf.blob(b"x", size=size)
    assert await left_out(shelf, image, shelf.artifact(image, layer)) == reason
    assert layer["digest"] not in " ".join(shelf.server.paths())


async def test_a_document_longer_than_its_manifest_says_is_left_out(shelf: Shelf, image: str) -> None:
    reason = await left_out(shelf, image, shelf.artifact(image, shelf.blob(b"x" * 1000, size=999)))
    assert reason.startswith("it cannot be read: ")
    assert reason.endswith("sent more than 999 bytes")


@pytest.mark.parametrize("status", [404, 400, 410, 302])
async def test_a_document_that_is_not_there_is_left_out(status: int, shelf: Shelf, image: str) -> None:
    layer = shelf.blob(b"x")
    shelf.server.on(f"/v2/a/b/blobs/{layer['digest']}", Reply(status))
    assert (await left_out(shelf, image, shelf.artifact(image, layer))).startswith("it ")


async def test_bytes_that_are_not_those_of_the_digest_are_the_registrys_lie(shelf: Shelf, image: str) -> None:
    layer = shelf.blob(b"right")
    shelf.server.on(f"/v2/a/b/blobs/{layer['digest']}", Reply(200, b"wrong"))
    shelf.refer(image, shelf.artifact(image, layer))
    with pytest.raises(InvalidAnswer, match="sent other bytes than those of"):
        await shelf.attachments(image)


async def test_a_manifest_with_other_bytes_is_the_registrys_lie(shelf: Shelf, image: str) -> None:
    referrer, other = shelf.artifact(image, shelf.blob(b"right")), shelf.artifact(image, shelf.blob(b"other"))
    body = Reply(200, b"{}", {"Content-Type": MANIFEST})
    shelf.server.on(f"/v2/a/b/manifests/{referrer['digest']}", body)
    shelf.refer(image, other, referrer)
    with pytest.raises(InvalidAnswer, match="sent other bytes than those of"):
        await shelf.attachments(image)


@pytest.mark.parametrize(
    ("status", "error"), [(403, RegistryRefused), (500, RegistryUnavailable), (401, RegistryRefused)]
)
async def test_a_registry_that_gives_no_answer_now_is_no_reason_to_leave_out(
    status: int, error: type[RegistryError], shelf: Shelf, image: str
) -> None:
    layer = shelf.blob(b"x")
    shelf.server.on(f"/v2/a/b/blobs/{layer['digest']}", Reply(status))
    shelf.refer(image, shelf.artifact(image, layer))
    with pytest.raises(error):
        await shelf.attachments(image)


MALFORMED: list[dict[str, Any]] = [
    {"layers": [1]},
    {"layers": [{}]},
    {"layers": [{"digest": "sha256:short", "mediaType": SPDX, "size": 1}]},
    {"layers": [{"digest": ["a"], "mediaType": SPDX, "size": 1}]},
    {"layers": [{"digest": MISSING}] * 1001},
    {"config": None},
    {"config": [], "layers": []},
    {"mediaType": INDEX},
    {"manifests": []},
]


@pytest.mark.parametrize("fields", MALFORMED)
async def test_a_malformed_manifest_is_left_out(fields: dict[str, Any], shelf: Shelf, image: str) -> None:
    assert (await left_out(shelf, image, shelf.artifact(image, **fields))).startswith("its manifest cannot be read")


async def test_a_manifest_that_is_not_there_is_left_out(shelf: Shelf, image: str) -> None:
    gone = {"mediaType": MANIFEST, "artifactType": SPDX, "digest": MISSING, "size": 1}
    assert await left_out(shelf, image, gone) == "its manifest is not there"


async def test_an_index_that_is_attached_is_left_out(shelf: Shelf, image: str) -> None:
    assert (
        await left_out(shelf, image, shelf.index(shelf.image("arm64")))
        == "it is an index, which holds no documents itself"
    )


async def test_a_manifest_without_layers_holds_nothing(shelf: Shelf, image: str) -> None:
    shelf.refer(image, shelf.artifact(image, layers={"0": "x"}))
    read = await shelf.attachments(image)
    assert (read.found, read.left_out) == ((), ())


@pytest.mark.parametrize("subject", ["", MISSING, "sha256:x", "linux/amd64"])
async def test_an_attestation_about_no_image_of_the_index_is_left_out(subject: str, shelf: Shelf) -> None:
    attestation = shelf.attestation(subject, shelf.blob(b"{}", IN_TOTO))
    index = shelf.index(shelf.image(), attestation)["digest"]
    read = await shelf.attachments(index)
    assert [(left.place, left.reason) for left in read.left_out] == [
        (f"an attestation in the index ({attestation['digest']})", "it is about no image of this index")
    ]


async def test_words_of_the_pushers_are_shown_short_and_visible(shelf: Shelf, image: str) -> None:
    evil = f"application/\u202e\x1b[31m`@everyone`{'x' * 90}"
    reason = await left_out(shelf, image, shelf.artifact(image, shelf.blob(b"x", evil)))
    told = f"application/??[31m`@everyone`{'x' * 90}"
    assert reason == f"nothing here reads what is of the type {told[:100]}..."


async def test_no_more_is_held_than_fits(shelf: Shelf, image: str, basket: Basket) -> None:
    basket.size = LARGEST_TOTAL - 5
    small, large = shelf.blob(b"12345"), shelf.blob(b"1")
    referrer = shelf.artifact(image, small, large)
    await basket.add(Holder(AttachmentKind.REFERRER, image, named(referrer)))
    assert [found.content for found in basket.found] == [b"12345"]
    assert [left.reason for left in basket.left_out] == ["all documents together are larger than 200 MiB"]


async def test_no_more_documents_are_held_than_anybody_attaches(shelf: Shelf, image: str) -> None:
    layer = shelf.blob(b"x")
    shelf.refer(image, shelf.artifact(image, *[layer] * (MOST_ATTACHMENTS + 1)))
    read = await shelf.attachments(image)
    assert len(read.found) == MOST_ATTACHMENTS
    assert [left.reason for left in read.left_out] == ["more than 200 documents are attached to this image"]


async def test_no_more_is_noted_than_anybody_reads(shelf: Shelf, image: str) -> None:
    layer = shelf.blob(b"x", "image/png")
    shelf.refer(image, shelf.artifact(image, *[layer] * (MOST_LEFT_OUT + 1)))
    assert len((await shelf.attachments(image)).left_out) == MOST_LEFT_OUT


async def test_more_referrers_than_can_be_looked_through_are_an_invalid_answer(shelf: Shelf, image: str) -> None:
    many = [{"digest": f"sha256:{number:064}", "artifactType": "x"} for number in range(1000)]

    def answer(request: web.Request) -> Reply:
        return Reply(
            200, page(many), {"Content-Type": INDEX, "Link": f"<?n={int(request.query.get('n', '0')) + 1}>; rel=next"}
        )

    shelf.server.on(f"/v2/a/b/referrers/{image}", answer)
    with pytest.raises(InvalidAnswer, match="more referrers of an image than can be looked through"):
        await shelf.attachments(image)


async def test_annotations_without_a_measure_are_an_invalid_answer(shelf: Shelf, image: str) -> None:
    large = [{"digest": MISSING, "artifactType": "x", "annotations": {"a": "x" * (3 * MEBIBYTE)}}]

    def answer(request: web.Request) -> Reply:
        return Reply(
            200, page(large), {"Content-Type": INDEX, "Link": f"<?n={int(request.query.get('n', '0')) + 1}>; rel=next"}
        )

    shelf.server.on(f"/v2/a/b/referrers/{image}", answer)
    with pytest.raises(InvalidAnswer, match="more referrers of an image than can be looked through"):
        await shelf.attachments(image)
    assert len(shelf.server.seen) < 10


async def test_a_registry_that_never_ends_a_document_is_given_up(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    shelf = Shelf(scripted, registries_for(scripted.host, timeout=aiohttp.ClientTimeout(total=0.3)))
    image, layer = shelf.image()["digest"], shelf.blob(b"x" * 100)
    shelf.refer(image, shelf.artifact(image, layer))

    async def silent(request: web.Request) -> Reply:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"x")
        await request.content.wait_eof()
        raise ConnectionResetError

    shelf.server.on(f"/v2/a/b/blobs/{layer['digest']}", silent)
    with pytest.raises(RegistryUnavailable):
        await shelf.attachments(image)


async def test_cosigns_tag_that_is_an_image_holds_no_documents(shelf: Shelf, image: str) -> None:
    configuration = shelf.blob(b"{}", CONFIGURATION)
    layer = shelf.blob(b"x", "application/vnd.oci.image.layer.v1.tar+gzip")
    shelf.manifest({"config": configuration, "layers": [layer]}, f"{image.replace(':', '-')}.att")
    read = await shelf.attachments(image)
    assert read.found == ()
    assert "nothing here reads what is of the type" in read.left_out[0].reason
