"""Which images an index names, as evidence about one of them is evidence about the whole."""

import json

import pytest

from bot.registries import ImageNotFound
from bot.sandbox.registry import SandboxRegistry
from tests.registries.conftest import RegistriesFor


async def test_an_index_names_its_images_and_an_image_none(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    index = await registry.push("a/b", "1.0", ("linux/amd64", "linux/arm64"))
    named = json.loads((await registry.manifest("a/b", "1.0")).content)["manifests"]
    images = {each["digest"] for each in named}
    registries = registries_for(registry.host)
    assert await registries.children(registry.host, "a/b", index) == images
    assert await registries.children(registry.host, "a/b", images.pop()) == frozenset()


async def test_what_is_not_there_is_told(registry: SandboxRegistry, registries_for: RegistriesFor) -> None:
    await registry.push("a/b", "1.0")
    with pytest.raises(ImageNotFound):
        await registries_for(registry.host).children(registry.host, "a/b", f"sha256:{'0' * 64}")
