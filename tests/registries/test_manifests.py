"""Digests and platforms, read from images that were really pushed, half pushed, or never could be."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.images import InvalidImageReference, Platform
from bot.registries import ImageNotFound, InvalidAnswer, Manifest, RegistryUnavailable
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_blobs import Stored
from bot.sandbox.registry_images import ImageFormat, build_image
from tests.registries.conftest import RegistriesFor
from tests.registries.scripted import Reply, ScriptedServer

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIGURATION = "application/vnd.oci.image.config.v1+json"


def platforms(*names: str) -> frozenset[Platform]:
    return frozenset(Platform.parse(name) for name in names)


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class TestAgainstARealRegistry:
    @pytest.mark.parametrize("image_format", list(ImageFormat))
    async def test_an_index_tells_its_platforms(
        self, image_format: ImageFormat, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        name = f"manifests/{image_format.name.lower()}"
        wanted = ("linux/amd64", "linux/arm64", "linux/arm/v7")
        digest = await registry.push(name, "1.0.0", wanted, image_format=image_format)
        found = await registries_for(registry.host).manifest(registry.host, name, "1.0.0")
        assert found == Manifest(digest, image_format.value.index, platforms(*wanted), complete=True)

    @pytest.mark.parametrize("image_format", list(ImageFormat))
    async def test_a_single_image_tells_its_platform_in_its_configuration(
        self, image_format: ImageFormat, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        name = f"manifests/single-{image_format.name.lower()}"
        created = datetime(2026, 1, 1, tzinfo=UTC)
        digest = await registry.push(name, "1.0.0", ["linux/arm/v6"], created=created, image_format=image_format)
        found = await registries_for(registry.host).manifest(registry.host, name, "1.0.0")
        assert found == Manifest(digest, image_format.value.manifest, platforms("linux/arm/v6"), complete=True)

    async def test_an_index_of_one_platform_is_an_index(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await registry.push("manifests/one", "1.0.0", ["linux/amd64"], index=True)
        found = await registries_for(registry.host).manifest(registry.host, "manifests/one", "1.0.0")
        assert (found.media_type, found.platforms) == (INDEX, platforms("linux/amd64"))

    async def test_attestations_are_no_platform(self, registry: SandboxRegistry, registries_for: RegistriesFor) -> None:
        await registry.push("manifests/attested", "1.0.0", attestations=True)
        found = await registries_for(registry.host).manifest(
            registry.host, "manifests/attested", "1.0.0", verify_children=True
        )
        assert (found.platforms, found.complete) == (platforms("linux/amd64", "linux/arm64"), True)

    async def test_two_spellings_of_a_platform_are_one(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await registry.push("manifests/spelled", "1.0.0", ["linux/arm64/v8", "linux/x86_64"])
        found = await registries_for(registry.host).manifest(registry.host, "manifests/spelled", "1.0.0")
        assert found.platforms == platforms("linux/arm64", "linux/amd64")

    async def test_a_half_pushed_image_shows_only_what_is_there(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        registries = registries_for(registry.host)
        image = build_image("half-pushed")
        await registry.push_platform("manifests/half", "1.0.0", image, "linux/amd64")
        first = await registries.manifest(registry.host, "manifests/half", "1.0.0")
        assert first.platforms == platforms("linux/amd64")
        await registry.push_image("manifests/half", "1.0.0", image)
        second = await registries.manifest(registry.host, "manifests/half", "1.0.0")
        assert (second.digest, second.platforms) == (image.top.digest, platforms("linux/amd64", "linux/arm64"))

    async def test_an_index_without_one_of_its_children_is_incomplete(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        registries = registries_for(registry.host)
        image = build_image("lost-child")
        await registry.push_image("manifests/lost", "1.0.0", image)
        whole = await registries.manifest(registry.host, "manifests/lost", "1.0.0", verify_children=True)
        assert whole.complete
        await registry.delete_manifest("manifests/lost", image.part("linux/arm64").manifest.digest)
        found = await registries.manifest(registry.host, "manifests/lost", "1.0.0", verify_children=True)
        assert (found.digest, found.complete) == (image.top.digest, False)
        assert found.platforms == platforms("linux/amd64")

    async def test_an_index_without_any_child_runs_nowhere(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await registry.push_manifest_only("manifests/ghost", "1.0.0", build_image("ghost").top)
        found = await registries_for(registry.host).manifest(
            registry.host, "manifests/ghost", "1.0.0", verify_children=True
        )
        assert (found.platforms, found.complete) == (frozenset(), False)

    async def test_an_image_without_its_configuration_is_incomplete(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await registry.push_manifest_only("manifests/bare", "1.0.0", build_image("bare", ["linux/amd64"]).top)
        found = await registries_for(registry.host).manifest(registry.host, "manifests/bare", "1.0.0")
        assert (found.platforms, found.complete) == (frozenset(), False)

    async def test_an_incomplete_image_is_read_again_until_it_is_whole(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        registries = registries_for(registry.host)
        image = build_image("completed", ["linux/amd64"])
        await registry.push_manifest_only("manifests/completed", "1.0.0", image.top)
        assert not (await registries.manifest(registry.host, "manifests/completed", "1.0.0")).complete
        await registry.push_image("manifests/completed", "1.0.0", image)
        found = await registries.manifest(registry.host, "manifests/completed", "1.0.0")
        assert (found.platforms, found.complete) == (platforms("linux/amd64"), True)

    async def test_children_without_a_platform_tell_it_in_their_configuration(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        image = build_image("silent")
        await registry.push_image("manifests/silent", "1.0.0", image)
        index = json.loads(image.top.content)
        for child in index["manifests"]:
            del child["platform"]
        silent = Stored(INDEX, json.dumps(index).encode())
        await registry.push_manifest_only("manifests/silent", "silent", silent)
        found = await registries_for(registry.host).manifest(registry.host, "manifests/silent", "silent")
        assert found == Manifest(silent.digest, INDEX, platforms("linux/amd64", "linux/arm64"), complete=True)

    async def test_what_is_no_runnable_image_has_no_platform(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        empty = {"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": digest_of(b"{}"), "size": 2}
        chart = Stored(MANIFEST, json.dumps({"schemaVersion": 2, "config": empty, "layers": []}).encode())
        await registry.push_manifest_only("manifests/chart", "1.0.0", chart)
        found = await registries_for(registry.host).manifest(registry.host, "manifests/chart", "1.0.0")
        assert found == Manifest(chart.digest, MANIFEST, frozenset(), complete=True)

    async def test_a_tag_that_moves_has_another_digest(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        registries = registries_for(registry.host)
        first = await registry.push("manifests/moving", "latest")
        assert await registries.head(registry.host, "manifests/moving", "latest") == first
        second = await registry.push("manifests/moving", "latest", content="rebuilt")
        assert second != first
        assert await registries.head(registry.host, "manifests/moving", "latest") == second
        assert await registries.head(registry.host, "manifests/moving", first) == first

    async def test_what_is_not_there_is_none_or_an_error(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        registries = registries_for(registry.host)
        await registry.push("manifests/there", "1.0.0")
        for repository, reference in [
            ("manifests/there", "2.0.0"),
            ("manifests/there", digest_of(b"nobody pushed this")),
            ("manifests/nowhere", "1.0.0"),
        ]:
            assert await registries.head(registry.host, repository, reference) is None
            with pytest.raises(ImageNotFound, match=repository):
                await registries.manifest(registry.host, repository, reference)

    async def test_a_digest_read_before_costs_one_head(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        registries = registries_for(registry.host)
        await registry.push("manifests/polled", "1.0.0", ["linux/amd64"])
        first = await registries.manifest(registry.host, "manifests/polled", "1.0.0")
        asked_before = len(registry.requests())
        assert await registries.manifest(registry.host, "manifests/polled", "1.0.0") == first
        assert [request.method for request in registry.requests()[asked_before:]] == ["HEAD"]


IMAGE = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {
            "mediaType": CONFIGURATION,
            "digest": digest_of(b'{"os":"linux","architecture":"amd64"}'),
            "size": 37,
        },
        "layers": [],
    }
).encode()


def manifest_reply(body: bytes = IMAGE, *, digest: str | None = None, content_type: str = MANIFEST) -> Reply:
    headers = {"Content-Type": content_type}
    if digest is not None:
        headers["Docker-Content-Digest"] = digest
    return Reply(200, body, headers)


class TestAgainstAScriptedRegistry:
    async def test_without_a_digest_in_the_headers_the_bytes_are_hashed(
        self, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        scripted.on("/v2/a/b/manifests/1.0", manifest_reply())
        assert await registries_for(scripted.host).head(scripted.host, "a/b", "1.0") == digest_of(IMAGE)

    async def test_a_registry_that_knows_no_head_is_asked_with_get(
        self, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        scripted.on("/v2/a/b/manifests/1.0", Reply(405), manifest_reply(digest=digest_of(IMAGE)))
        assert await registries_for(scripted.host).head(scripted.host, "a/b", "1.0") == digest_of(IMAGE)
        assert [seen.method for seen in scripted.seen] == ["HEAD", "GET"]

    @pytest.mark.parametrize("told", ["sha256:" + "0" * 63, "md5:0", "", "sha256:" + "A" * 64, "latest"])
    async def test_a_digest_that_is_none_is_an_error(
        self, told: str, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        scripted.on("/v2/a/b/manifests/1.0", manifest_reply(digest=told))
        with pytest.raises(InvalidAnswer):
            await registries_for(scripted.host).head(scripted.host, "a/b", "1.0")

    @pytest.mark.parametrize("told", [digest_of(b"something else"), digest_of(IMAGE), None])
    async def test_bytes_of_another_digest_than_asked_for_are_an_error(
        self, told: str | None, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        asked = digest_of(b"something else")
        scripted.on("/v2/a/b/manifests/1.0", manifest_reply(digest=asked))
        scripted.on(f"/v2/a/b/manifests/{asked}", manifest_reply(digest=told))
        with pytest.raises(InvalidAnswer, match="other bytes"):
            await registries_for(scripted.host).manifest(scripted.host, "a/b", "1.0")

    async def test_bytes_of_another_digest_than_told_are_an_error(
        self, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        scripted.on("/v2/a/b/manifests/1.0", Reply(405), manifest_reply(digest=digest_of(b"something else")))
        with pytest.raises(InvalidAnswer, match="other bytes"):
            await registries_for(scripted.host).head(scripted.host, "a/b", "1.0")

    async def test_a_question_for_a_digest_is_not_answered_with_another(
        self, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        asked, told = digest_of(b"one"), digest_of(b"two")
        scripted.on(f"/v2/a/b/manifests/{asked}", manifest_reply(digest=told))
        with pytest.raises(InvalidAnswer):
            await registries_for(scripted.host).head(scripted.host, "a/b", asked)

    async def test_a_configuration_of_other_bytes_is_an_error(
        self, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        digest = digest_of(IMAGE)
        for reference in ("1.0", digest):
            scripted.on(f"/v2/a/b/manifests/{reference}", manifest_reply(digest=digest))
        configuration = json.loads(IMAGE)["config"]["digest"]
        scripted.on(f"/v2/a/b/blobs/{configuration}", Reply(200, b'{"os":"linux","architecture":"arm64"}'))
        with pytest.raises(InvalidAnswer, match="other bytes"):
            await registries_for(scripted.host).manifest(scripted.host, "a/b", "1.0")

    async def test_a_manifest_of_ten_megabytes_is_an_error(
        self, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        scripted.on("/v2/a/b/manifests/1.0", manifest_reply(b" " * 10_000_000))
        with pytest.raises(InvalidAnswer, match="more than"):
            await registries_for(scripted.host).head(scripted.host, "a/b", "1.0")

    async def test_a_registry_that_fails_is_not_one_without_the_image(
        self, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        scripted.on("/v2/a/b/manifests/1.0", Reply(502))
        with pytest.raises(RegistryUnavailable):
            await registries_for(scripted.host).head(scripted.host, "a/b", "1.0")

    @pytest.mark.parametrize("reference", ["", "../1.0", "a b", "1.0?x", "sha256:abc", "-1", "x" * 129])
    async def test_a_reference_that_is_none_is_not_asked_for(
        self, reference: str, scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        with pytest.raises(InvalidImageReference):
            await registries_for(scripted.host).head(scripted.host, "a/b", reference)
        assert scripted.seen == []


def child(**fields: Any) -> dict[str, Any]:
    platform = {"os": "linux", "architecture": "amd64"}
    return {"mediaType": MANIFEST, "digest": digest_of(b"child"), "size": 1, "platform": platform, **fields}


BAD_MANIFESTS = [
    ("a login page", b"<html>Please log in</html>", "text/html"),
    ("no JSON", b"{", MANIFEST),
    ("a list", b"[]", MANIFEST),
    ("deep", b"[" * 100_000, MANIFEST),
    ("neither index nor image", b"{}", MANIFEST),
    ("index and image at once", b'{"manifests":[],"config":{}}', INDEX),
    ("an image that is called an index", IMAGE, INDEX),
    ("an index under an image's type", json.dumps({"manifests": []}).encode(), MANIFEST),
    (
        "an image under an unknown type",
        json.dumps({"config": {}}).encode(),
        "application/vnd.docker.distribution.manifest.v1+json",
    ),
    ("children that are no list", b'{"manifests":{}}', INDEX),
    ("a child that is no object", b'{"manifests":[1]}', INDEX),
    ("a child without a digest", json.dumps({"manifests": [child(digest=None)]}).encode(), INDEX),
    ("a child with a path for a digest", json.dumps({"manifests": [child(digest="../../x")]}).encode(), INDEX),
    ("too many children", json.dumps({"manifests": [child()] * 201}).encode(), INDEX),
    ("more values than can be read", b'{"manifests":[],"more":[' + b"0," * 200_000 + b"0]}", INDEX),
    ("a configuration that is no object", b'{"config":"x"}', MANIFEST),
    (
        "a configuration with a path for a digest",
        json.dumps({"config": {"mediaType": CONFIGURATION, "digest": "../x"}}).encode(),
        MANIFEST,
    ),
]


@pytest.mark.parametrize(
    ("body", "content_type"), [case[1:] for case in BAD_MANIFESTS], ids=[case[0] for case in BAD_MANIFESTS]
)
async def test_what_is_no_manifest_is_an_error(
    body: bytes, content_type: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    for reference in ("1.0", digest_of(body)):
        scripted.on(
            f"/v2/a/b/manifests/{reference}", manifest_reply(body, digest=digest_of(body), content_type=content_type)
        )
    with pytest.raises(InvalidAnswer):
        await registries_for(scripted.host).manifest(scripted.host, "a/b", "1.0")


CHILDREN = [
    ("one platform", [child()], ["linux/amd64"]),
    ("no child", [], []),
    ("an unknown platform", [child(), child(platform={"os": "unknown", "architecture": "unknown"})], ["linux/amd64"]),
    ("an artifact", [child(artifactType="application/spdx+json")], []),
    ("another media type", [child(mediaType=INDEX)], []),
    ("a hostile platform", [child(platform={"os": "linux\n", "architecture": "`@here`"})], []),
    ("a platform that is no object", [child(platform="linux/amd64")], []),
    ("numbers for names", [child(platform={"os": 1, "architecture": 2})], []),
    ("a variant that is no text", [child(platform={"os": "linux", "architecture": "arm", "variant": 7})], []),
    (
        "a version of the system",
        [child(platform={"os": "windows", "architecture": "amd64", "os.version": "10.0"})],
        ["windows/amd64"],
    ),
]


@pytest.mark.parametrize(("children", "expected"), [case[1:] for case in CHILDREN], ids=[case[0] for case in CHILDREN])
@pytest.mark.parametrize("content_type", [INDEX, "application/json", "application/octet-stream"])
async def test_an_index_tells_the_platforms_that_can_be_run(
    content_type: str,
    children: list[dict[str, Any]],
    expected: list[str],
    scripted: ScriptedServer,
    registries_for: RegistriesFor,
) -> None:
    body = json.dumps({"schemaVersion": 2, "manifests": children}).encode()
    for reference in ("1.0", digest_of(body)):
        scripted.on(f"/v2/a/b/manifests/{reference}", manifest_reply(body, content_type=content_type))
    found = await registries_for(scripted.host).manifest(scripted.host, "a/b", "1.0")
    assert found == Manifest(digest_of(body), INDEX, platforms(*expected), complete=True)
