"""What became of an image is told on the commit that it was built from, once, and to nobody who may not know it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.registry import SandboxRegistry
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house

LICENSED = "    when: [{license: {one-of: [MIT]}}]\n"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def labels(house: PromotingHouse, repository: str | None = None, commit: str = "") -> dict[str, str]:
    """Return the labels of an image that was built from the head of a repository."""
    return {
        "org.opencontainers.image.source": f"https://github.com/{repository or house.repository}",
        "org.opencontainers.image.revision": commit or await house.head(),
    }


async def test_a_promoted_image_is_told_on_its_commit(house: PromotingHouse) -> None:
    await house.begin()
    await house.built_image("1.4-stable", labels=await labels(house))
    (told,) = house.told()
    assert (told.head_oid, told.conclusion) == (await house.head(), "success")
    assert told.output["title"] == "dev-to-qa: 1.4-stable is promoted as 1.4-stable"


async def test_one_that_waits_is_told_with_what_it_waits_for(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4", labels=await labels(house))
    (told,) = house.told()
    assert told.conclusion == "neutral"
    assert "license" in told.output["summary"]


async def test_nothing_is_said_twice(house: PromotingHouse) -> None:
    await house.begin()
    await house.built_image("1.4-stable", labels=await labels(house))
    await house.hear()
    await house.hear()
    assert len(house.told()) == 1


async def test_all_images_of_one_commit_stand_in_one_check(house: PromotingHouse) -> None:
    await house.begin()
    for tag in ("1.4-stable", "1.4.0-stable"):
        await house.built_image(tag, labels=await labels(house))
    assert [tag in house.told()[-1].output["summary"] for tag in ("1.4-stable", "1.4.0-stable")] == [True, True]


@pytest.mark.parametrize(
    "changed",
    [
        {"org.opencontainers.image.revision": "main"},
        {"org.opencontainers.image.revision": "0" * 40},
        {"org.opencontainers.image.source": "https://github.com/somebody/else"},
        {"org.opencontainers.image.source": "javascript:alert(1)"},
    ],
    ids=["no-commit", "unknown-commit", "unknown-repository", "no-address"],
)
async def test_labels_that_lead_nowhere_are_told_nothing(house: PromotingHouse, changed: dict[str, str]) -> None:
    await house.begin()
    await house.built_image("1.4-stable", labels={**await labels(house), **changed})
    assert house.told() == []
    assert await house.dead() == []


async def test_a_repository_of_another_installation_is_told_nothing(house: PromotingHouse) -> None:
    await house.begin()
    other = f"{house.owner}-other/shop"
    await house.github.add_repository(other, {"README.md": b"theirs"})
    await house.work()
    commit = await house.github.repository(other).git.branch("main")
    assert commit is not None
    await house.built_image("1.4-stable", labels=await labels(house, other, commit))
    assert house.told(other) == []


async def test_a_tag_written_to_mislead_is_told_as_plain_text(house: PromotingHouse) -> None:
    await house.begin(STABLE)
    await house.built_image("v1__everyone-stable", labels=await labels(house))
    assert "`v1__everyone-stable`" in house.told()[0].output["summary"]
