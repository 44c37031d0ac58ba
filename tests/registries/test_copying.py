"""An image goes from one real registry to another, or within one: byte for byte, its tag last, in constant memory."""

import tracemalloc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.registries import (
    ANONYMOUS,
    Copied,
    CopyOrder,
    CredentialForOtherHost,
    Progress,
    Registries,
    Side,
    TargetTagTaken,
)
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_images import ImageFormat, build_image
from tests.parts.image_layout import write_layout
from tests.parts.install import find_other_registry
from tests.parts.other_registry import OtherRegistry
from tests.parts.skopeo import Skopeo
from tests.registries.conftest import RegistriesFor, credential

MEGABYTE = 1_000_000
# The kinds of registries that this machine has.
KINDS = ["Debian's", *(["Google's"] if find_other_registry() else [])]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def debian(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A second registry of Debian's."""
    registry = await SandboxRegistry.start(tmp_path_factory.mktemp("second"))
    yield registry
    await registry.stop()


@pytest.fixture(scope="session")
def google() -> Iterator[OtherRegistry | None]:
    """A registry of another make, where this machine has one."""
    registry = OtherRegistry.start()
    yield registry
    if registry:
        registry.stop()


@pytest.fixture(params=KINDS)
def target(request: pytest.FixtureRequest, debian: SandboxRegistry, google: OtherRegistry | None) -> str:
    """The host of a registry to copy to, of each kind."""
    return debian.host if request.param == KINDS[0] or google is None else google.host


@pytest.fixture
def registries(
    registry: SandboxRegistry, debian: SandboxRegistry, google: OtherRegistry | None, registries_for: RegistriesFor
) -> Registries:
    return registries_for(registry.host, debian.host, *([google.host] if google else []))


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A repository of the test's own."""
    return "team/" + "".join(letter if letter.isalnum() else "-" for letter in request.node.name.lower()).strip("-")


def order(source: str, target: str, name: str, digest: str, to: str = "qa/website", **options: bool) -> CopyOrder:
    return CopyOrder(Side(source, name, ANONYMOUS), Side(target, to, ANONYMOUS), digest, "1.0", "2.0", **options)


SHAPES = {
    "an image": {"platforms": ["linux/amd64"]},
    "an index": {},
    "an index of one": {"platforms": ["linux/amd64"], "index": True},
    "attestations": {"attestations": True},
    "Docker's types": {"image_format": ImageFormat.DOCKER},
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_an_image_is_the_same_at_another_registry(
    shape: dict[str, object], target: str, name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0", **shape)  # type: ignore[arg-type]
    copied = await registries.copy(order(registry.host, target, name, digest, name))
    assert (copied.digest, copied.already, copied.replaced) == (digest, False, None)
    source = await registries.manifest(registry.host, name, "1.0", created=True)
    assert await registries.manifest(target, name, "2.0", created=True, verify_children=True) == source


@pytest.mark.parametrize("platforms", [["linux/amd64"], ["linux/amd64", "linux/arm/v7", "linux/arm64/v8"]])
async def test_what_skopeo_pushed_skopeo_finds_again(
    platforms: list[str], target: str, registry: SandboxRegistry, registries: Registries, tmp_path: Path
) -> None:
    name = f"team/by-skopeo-{len(platforms)}"
    write_layout(tmp_path / "image", "1.0", platforms, created=datetime(2026, 1, 1, tzinfo=UTC))
    digest = await Skopeo(registry.host).push(tmp_path / "image", name, "1.0")
    await registries.copy(order(registry.host, target, name, digest, name))
    before = await Skopeo(registry.host).inspect(name, "1.0")
    after = await Skopeo(target).inspect(name, "2.0")
    assert (after["Digest"], after["Layers"]) == (before["Digest"], before["Layers"])


async def test_an_image_comes_back_as_it_went(
    target: str, name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0", attestations=True)
    await registries.copy(order(registry.host, target, name, digest, name))
    back = CopyOrder(Side(target, name, ANONYMOUS), Side(registry.host, f"{name}-back", ANONYMOUS), digest, "2.0", "3")
    await registries.copy(back)
    assert await registries.head(registry.host, f"{name}-back", "3") == digest


def requests_of(registry: SandboxRegistry, name: str) -> list[tuple[str, str]]:
    return [(request.method, request.path) for request in registry.requests() if f"/{name}/" in request.path]


async def test_within_a_registry_no_byte_of_a_layer_goes_through_the_bot(
    name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0")
    copied = await registries.copy(order(registry.host, registry.host, name, digest, f"{name}-to"))
    assert (copied.streamed_bytes, copied.mounted, copied.manifests) == (0, 4, 4)
    assert not [path for method, path in requests_of(registry, name) if method == "GET" and "/blobs/" in path]


async def test_within_a_repository_only_the_tag_is_new(
    name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0")
    copied = await registries.copy(order(registry.host, registry.host, name, digest, name))
    assert copied == Copied(digest, present=4, manifests=1)
    assert await registries.head(registry.host, name, "2.0") == digest


async def test_a_copy_that_is_there_already_writes_nothing(
    target: str, name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0")
    given = order(registry.host, target, name, digest, name)
    await registries.copy(given)
    assert await registries.copy(given) == Copied(digest, already=True)


async def test_a_copy_that_is_there_already_needs_the_source_no_more(
    name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0")
    given = order(registry.host, registry.host, name, digest, f"{name}-to")
    await registries.copy(given)
    await registry.push(name, "1.0", content="newer")
    assert (await registries.copy(given)).already


async def test_a_tag_of_other_content_stays_unless_it_may_be_replaced(
    target: str, name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    old = await registry.push(name, "1.0")
    await registries.copy(order(registry.host, target, name, old, name))
    new = await registry.push(name, "1.0", content="newer")
    given = order(registry.host, target, name, new, name)
    with pytest.raises(TargetTagTaken):
        await registries.copy(given)
    assert await registries.head(target, name, "2.0") == old
    copied = await registries.copy(order(registry.host, target, name, new, name, overwrite=True))
    assert (copied.replaced, await registries.head(target, name, "2.0")) == (old, new)


async def test_a_layer_that_the_target_has_is_not_sent(
    name: str, registry: SandboxRegistry, debian: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0")
    given = order(registry.host, debian.host, name, digest, name)
    await registries.copy(given)
    await debian.delete_tag(name, "2.0")
    copied = await registries.copy(given)
    assert (copied.streamed_bytes, copied.present, copied.manifests) == (0, 4, 1)


async def test_large_layers_go_through_in_little_memory(
    target: str, name: str, registry: SandboxRegistry, registries: Registries
) -> None:
    image = build_image(name, ["linux/amd64"], layers=[64 * MEGABYTE, 32 * MEGABYTE])
    digest = await registry.push_image(name, "1.0", image)
    del image
    tracemalloc.start()
    try:
        copied = await registries.copy(order(registry.host, target, name, digest, name))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert copied.streamed_bytes > 96 * MEGABYTE
    assert peak < 16 * MEGABYTE
    assert await registries.head(target, name, "2.0") == digest


async def test_progress_is_told(
    name: str, registry: SandboxRegistry, debian: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push_image(name, "1.0", build_image(name, layers=[3 * MEGABYTE]))
    told: list[Progress] = []
    copied = await registries.copy(order(registry.host, debian.host, name, digest, name), told.append)
    assert told == sorted(told, key=lambda progress: (progress.streamed_bytes, progress.blobs))
    assert told[-1] == Progress(copied.streamed_bytes, 6, 6)


async def test_a_credential_of_another_registry_writes_nowhere(
    name: str, registry: SandboxRegistry, debian: SandboxRegistry, registries: Registries
) -> None:
    digest = await registry.push(name, "1.0")
    target = Side(debian.host, name, credential(registry.host))
    with pytest.raises(CredentialForOtherHost):
        await registries.copy(CopyOrder(Side(registry.host, name, ANONYMOUS), target, digest, "1.0", "2.0"))
