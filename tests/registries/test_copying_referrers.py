"""What is attached to an image goes along when it is asked for, by the API or the tags in its place."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.registries import ANONYMOUS, CopyOrder, ImageNotFound, InvalidAnswer, Registries, Side
from bot.sandbox.registry import SandboxRegistry
from tests.registries.conftest import RegistriesFor
from tests.registries.fragile import CONFIGURATION, INDEX, MANIFEST, Fragile, described, digest_of

SBOM = "application/spdx+json"
EMPTY = b"{}"


@dataclass
class House:
    """A source with an image and what is attached to it, an empty target, and a client."""

    source: Fragile
    target: Fragile
    registries: Registries

    @property
    def digest(self) -> str:
        return self.source.tags["1.0"]

    def order(self, **changes: Any) -> CopyOrder:
        source, target = Side(self.source.host, "team/a", ANONYMOUS), Side(self.target.host, "team/b", ANONYMOUS)
        return replace(CopyOrder(source, target, self.digest, "1.0", "2.0", referrers=True), **changes)

    def attach(self, content: bytes, subject: str = "", registry: Fragile | None = None) -> str:
        """Attach a document by the source's API, or by the tag in its place; return its digest."""
        registry = registry or self.source
        subject = subject or self.digest
        registry.blobs.update({digest_of(content): content, digest_of(EMPTY): EMPTY})
        digest = registry.add_manifest(
            {
                "mediaType": MANIFEST,
                "artifactType": SBOM,
                "config": described(CONFIGURATION, EMPTY),
                "layers": [described(SBOM, content)],
                "subject": {"mediaType": MANIFEST, "digest": subject, "size": 1},
            }
        )
        entry = described(MANIFEST, registry.manifests[digest][1], artifactType=SBOM)
        registry.attached[subject].append(entry)
        if not registry.referrers:
            listed = {"mediaType": INDEX, "manifests": list(registry.attached[subject])}
            registry.add_manifest(listed, tag_of(subject))
        return digest

    def listed(self, subject: str = "") -> list[str]:
        """The digests that the target lists for a digest."""
        subject = subject or self.digest
        if self.target.referrers:
            return [entry["digest"] for entry in self.target.attached[subject]]
        return [entry["digest"] for entry in self.list_of(subject).get("manifests", ())]

    def list_of(self, subject: str) -> dict[str, Any]:
        tag = self.target.tags.get(tag_of(subject), "")
        return dict(json.loads(self.target.manifests[tag][1])) if tag else {}


def tag_of(digest: str) -> str:
    return digest.replace(":", "-")


@pytest_asyncio.fixture
async def house(registries_for: RegistriesFor) -> AsyncIterator[House]:
    source, target = Fragile(), Fragile()
    async with AsyncExitStack() as stack:
        for registry in (source, target):
            stack.push_async_callback((await registry.start()).cleanup)
        source.add_image(b"a layer")
        yield House(source, target, registries_for(source.host, target.host))


@pytest.mark.parametrize("at_target", [True, False], ids=["to an API", "to a tag"])
@pytest.mark.parametrize("at_source", [True, False], ids=["from an API", "from a tag"])
async def test_referrers_go_along(at_source: bool, at_target: bool, house: House) -> None:
    house.source.referrers, house.target.referrers = at_source, at_target
    digests = [house.attach(b"one"), house.attach(b"two")]
    copied = await house.registries.copy(house.order())
    assert (copied.referrers, house.listed()) == (2, digests)
    assert {house.target.blobs[digest_of(content)] for content in (b"one", b"two")} == {b"one", b"two"}


async def test_referrers_stay_where_nobody_asks_for_them(house: House) -> None:
    house.attach(b"one")
    copied = await house.registries.copy(house.order(referrers=False))
    assert (copied.referrers, house.listed()) == (0, [])


async def test_what_is_attached_to_a_platform_goes_along(house: House) -> None:
    platform = house.digest
    entry = {"mediaType": MANIFEST, "digest": platform, "size": len(house.source.manifests[platform][1])}
    house.source.add_manifest({"mediaType": INDEX, "manifests": [entry]}, "1.0")
    attached = house.attach(b"of a platform", platform)
    assert (await house.registries.copy(house.order())).referrers == 1
    assert house.listed(platform) == [attached]


async def test_what_is_attached_to_what_is_attached_goes_along(house: House) -> None:
    sbom = house.attach(b"components")
    signature = house.attach(b"a signature", sbom)
    await house.registries.copy(house.order())
    assert house.listed(sbom) == [signature]


async def test_the_list_of_the_target_is_added_to(house: House) -> None:
    await house.registries.copy(house.order(referrers=False))
    theirs = house.attach(b"theirs", registry=house.target)
    ours = house.attach(b"ours")
    copied = await house.registries.copy(house.order())
    assert (copied.already, copied.referrers, house.listed()) == (True, 1, [theirs, ours])


async def test_a_second_copy_attaches_nothing_twice(house: House) -> None:
    house.attach(b"one")
    await house.registries.copy(house.order())
    before = dict(house.target.manifests)
    copied = await house.registries.copy(house.order())
    assert (copied.referrers, house.target.manifests) == (0, before)


def of_two_platforms(house: House) -> tuple[str, str]:
    """Let the tag stand for an index of two images; return what they are."""
    images = [house.source.add_image(content, tag=None) for content in (b"for amd64", b"for arm64")]
    named = [described(MANIFEST, house.source.manifests[digest][1]) for digest in images]
    house.source.add_manifest({"mediaType": INDEX, "manifests": named}, "1.0")
    return images[0], images[1]


async def only_whole(house: House, request: web.Request) -> web.Response | None:
    """Refuse a manifest whose blobs are not all there, as registries do."""
    if request.method != "PUT" or "/manifests/sha256:" not in request.path:
        return None
    fields = json.loads(await request.read())
    named = [*fields.get("layers", ()), *([fields["config"]] if "config" in fields else [])]
    if all(entry["digest"] in house.target.blobs for entry in named):
        return None
    return web.json_response({"errors": [{"code": "MANIFEST_BLOB_UNKNOWN"}]}, status=400)


async def test_a_blob_that_two_share_is_there_before_either_is_written(house: House) -> None:
    for platform in of_two_platforms(house):
        house.attach(b"one and the same SBOM", platform)
    house.target.hook = partial(only_whole, house)
    # The uploads of the image come first, and those of what is attached begin anew: they take longest.
    await house.registries.copy(house.order(referrers=False))
    del house.target.tags["2.0"]
    house.target.patch_breaks = [1, 1]
    assert (await house.registries.copy(house.order())).referrers == 2


async def test_a_blob_that_two_share_and_that_does_not_come_ends_the_copy_of_both(house: House) -> None:
    for platform in of_two_platforms(house):
        house.attach(b"one and the same SBOM", platform)
    del house.source.blobs[digest_of(b"one and the same SBOM")]
    with pytest.raises(ImageNotFound):
        await house.registries.copy(house.order())
    assert "2.0" not in house.target.tags


@pytest.mark.parametrize("suffix", ["sig", "att", "sbom"])
async def test_tags_of_cosign_go_along(suffix: str, house: House) -> None:
    tag = f"{tag_of(house.digest)}.{suffix}"
    house.source.add_image(b"a signature", tag=tag)
    assert (await house.registries.copy(house.order())).referrers == 1
    assert house.target.tags[tag] == house.source.tags[tag]


async def test_a_tag_of_cosign_that_the_target_has_is_left(house: House) -> None:
    tag = f"{tag_of(house.digest)}.sig"
    house.source.add_image(b"a signature", tag=tag)
    theirs = house.target.add_image(b"their signature", tag=tag)
    await house.registries.copy(house.order())
    assert house.target.tags[tag] == theirs


@pytest.mark.parametrize(
    "listed",
    [
        {"mediaType": INDEX, "manifests": "none"},
        {"mediaType": INDEX, "manifests": [7]},
        {"mediaType": INDEX, "manifests": [{"digest": "../../secrets"}]},
        {"mediaType": INDEX, "manifests": [{"digest": f"sha256:{number:064x}"} for number in range(201)]},
    ],
    ids=["no list", "no objects", "no digest", "too many"],
)
async def test_a_list_of_referrers_that_is_none_ends_the_copy(listed: dict[str, Any], house: House) -> None:
    house.source.add_manifest(listed, tag_of(house.digest))
    with pytest.raises(InvalidAnswer):
        await house.registries.copy(house.order())
    assert "2.0" not in house.target.tags


async def test_a_referrer_that_refers_in_a_circle_comes_to_an_end(house: House) -> None:
    house.source.referrers = True
    first = house.attach(b"first")
    house.source.attached[first].append({"mediaType": MANIFEST, "digest": first, "size": 1})
    await house.registries.copy(house.order())
    assert house.target.tags["2.0"] == house.digest


async def test_real_registries_keep_what_is_attached(
    registry: SandboxRegistry, token_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    name = "team/attached"
    digest = await registry.push(name, "1.0", attestations=True)
    attached = await registry.attach(name, digest, SBOM, [(SBOM, b'{"spdxVersion":"SPDX-2.3"}', {})])
    signed = await registry.attest(name, digest, [("application/vnd.dsse.envelope.v1+json", b"{}", {})])
    given = CopyOrder(
        Side(registry.host, name, ANONYMOUS), Side(registry.host, f"{name}-to", ANONYMOUS), digest, "1.0", "2.0", True
    )
    copied = await registries_for(registry.host).copy(given)
    assert copied.referrers == 2
    fallback = json.loads((await registry.manifest(f"{name}-to", tag_of(digest))).content)
    assert [entry["digest"] for entry in fallback["manifests"]] == [attached]
    assert await registry.digest_of(f"{name}-to", f"{tag_of(digest)}.att") == signed


async def test_what_is_listed_for_an_image_and_is_attached_to_another_stays(house: House) -> None:
    house.source.referrers = True
    ours, theirs = house.attach(b"ours"), house.attach(b"of another", f"sha256:{7:064x}")
    house.source.attached[house.digest].append(described(MANIFEST, house.source.manifests[theirs][1]))
    copied = await house.registries.copy(house.order())
    assert (copied.referrers, copied.left_out, house.listed()) == (1, 1, [ours])
    assert theirs not in house.target.manifests
    assert digest_of(b"of another") not in house.target.blobs


async def test_more_pages_of_referrers_than_are_read_end_the_copy(house: House) -> None:
    house.source.referrers = True

    async def pages(request: web.Request) -> web.Response | None:
        if "/referrers/" not in request.path:
            return None
        number = int(request.query.get("page", "0")) + 1
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
        link = f'<{request.path}?page={number}>; rel="next"'
        return web.json_response(index, content_type=INDEX, headers={"Link": link})

    house.source.hook = pages
    with pytest.raises(InvalidAnswer, match="pages"):
        await house.registries.copy(house.order())
    assert "2.0" not in house.target.tags


async def test_manifests_that_are_attached_count_with_those_of_the_image(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registries.copying.bounds.LARGEST_MANIFESTS", 100_000)
    house.source.referrers = True
    for number in range(5):
        noise = {"mediaType": MANIFEST, "artifactType": SBOM, "config": described(CONFIGURATION, EMPTY), "layers": []}
        subject = {"mediaType": MANIFEST, "digest": house.digest, "size": 1}
        padding = {"padding": str(number) + "x" * 30_000}
        house.source.blobs[digest_of(EMPTY)] = EMPTY
        digest = house.source.add_manifest({**noise, "subject": subject, "annotations": padding})
        house.source.attached[house.digest].append({"mediaType": MANIFEST, "digest": digest, "size": 1})
    with pytest.raises(InvalidAnswer, match="bytes of manifests"):
        await house.registries.copy(house.order())
    assert "2.0" not in house.target.tags


TOLD = {
    "a type of the artifact": ({"artifactType": SBOM}, {"artifactType": SBOM}),
    "the configuration's type": ({}, {"artifactType": CONFIGURATION}),
    "a type that is none": ({"artifactType": 7}, {}),
    "annotations": ({"annotations": {"a": "b"}}, {"artifactType": CONFIGURATION, "annotations": {"a": "b"}}),
    "annotations that are none": ({"annotations": ["a"]}, {"artifactType": CONFIGURATION}),
}


@pytest.mark.parametrize(("told", "listed"), TOLD.values(), ids=TOLD.keys())
async def test_the_target_lists_what_the_manifest_says_and_not_what_the_source_lists(
    told: dict[str, Any], listed: dict[str, Any], house: House
) -> None:
    house.source.blobs[digest_of(EMPTY)] = EMPTY
    subject = {"mediaType": MANIFEST, "digest": house.digest, "size": 1}
    fields = {"mediaType": MANIFEST, "config": described(CONFIGURATION, EMPTY), "subject": subject}
    attached = house.source.add_manifest({**fields, **told})
    lie = {"mediaType": INDEX, "digest": attached, "size": 7, "artifactType": "a/lie", "annotations": {"a": "lie"}}
    house.source.add_manifest({"mediaType": INDEX, "manifests": [lie]}, tag_of(house.digest))
    await house.registries.copy(house.order())
    content = house.source.manifests[attached][1]
    assert house.list_of(house.digest)["manifests"] == [described(MANIFEST, content, **listed)]
