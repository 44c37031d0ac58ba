"""What a tag in use promises to run on is required of the next one, however much of it the registry still holds."""

import pytest

from bot.sandbox.registry_images import build_image
from tests.flows.house import BOTH, House

THREE = (*BOTH, "linux/arm/v7")
ONLY_AMD64 = ("linux/amd64",)


async def use(house: House, tag: str, platforms: tuple[str, ...], *, without: str | None = None) -> None:
    """Let the Deployment stand at a tag for these platforms; `without`: the registry lost what that one needs."""
    await house.push(tag, platforms=platforms)
    if without is not None:
        image = build_image(f"{house.owner}/api:{tag}", platforms)
        await house.registry.delete_manifest(f"{house.owner}/api", image.part(without).manifest.digest)
    await house.commit({"deploy/api.yaml": house.deployment(tag)})


@pytest.mark.parametrize(
    ("platforms", "lost"),
    [(BOTH, "linux/arm64"), (BOTH, "linux/amd64"), (THREE, "linux/arm/v7"), (THREE, "linux/amd64")],
)
async def test_a_tag_in_use_that_is_not_whole_any_more_requires_all_its_platforms(
    house: House, platforms: tuple[str, ...], lost: str
) -> None:
    await use(house, "1.4.3", platforms, without=lost)
    await house.publish("1.5.0", platforms=ONLY_AMD64)
    assert house.pulls() == []
    await house.publish("1.6.0", platforms=platforms)
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.6.0"]


async def test_a_tag_in_use_that_gained_a_platform_since_it_was_read_requires_it(house: House) -> None:
    await use(house, "1.4.3", ONLY_AMD64)
    await house.publish("1.4.4", platforms=("linux/arm64",))
    assert house.pulls() == [], "the platforms of 1.4.3 are known from here on"
    await house.push("1.4.3", platforms=BOTH)
    await house.publish("1.5.0", platforms=ONLY_AMD64)
    assert house.pulls() == []
    await house.publish("1.6.0", platforms=BOTH)
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.6.0"]


async def test_a_tag_in_use_that_lost_a_platform_since_it_was_read_does_not_require_it(house: House) -> None:
    await house.publish("1.5.0", platforms=("linux/amd64",))
    assert house.pulls() == []
    await house.push("1.4.2", platforms=("linux/amd64",), content="again")
    await house.publish("1.6.0", platforms=("linux/amd64",))
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.6.0"]
