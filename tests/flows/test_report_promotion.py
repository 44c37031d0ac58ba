"""What became of an image is told on the commit that it was built from, once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.work import ReportPromotion
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house

LICENSED = "    when: [{license: {one-of: [MIT]}}]\n"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def test_a_promoted_image_is_told_on_its_commit(house: PromotingHouse) -> None:
    await house.begin(private=True)
    await house.built_image("1.4-stable", labels=await house.labels())
    (told,) = house.told()
    assert (told.head_oid, told.conclusion) == (await house.head(), "success")
    assert told.output["title"] == "dev-to-qa: 1.4-stable is promoted as 1.4-stable"


async def test_one_that_waits_is_told_with_what_it_waits_for(house: PromotingHouse) -> None:
    await house.begin(LICENSED, private=True)
    await house.built_image("1.4", labels=await house.labels())
    (told,) = house.told()
    assert told.conclusion == "neutral"
    assert "license" in told.output["summary"]


async def test_nothing_is_said_twice(house: PromotingHouse) -> None:
    await house.begin()
    await house.built_image("1.4-stable", labels=await house.labels())
    await house.hear()
    await house.hear()
    assert len(house.told()) == 1


async def test_all_images_of_one_commit_stand_in_one_check(house: PromotingHouse) -> None:
    await house.begin(private=True)
    for tag in ("1.4-stable", "1.4.0-stable"):
        await house.built_image(tag, labels=await house.labels())
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
    await house.built_image("1.4-stable", labels={**await house.labels(), **changed})
    assert house.told() == []
    assert await house.dead() == []


async def test_a_repository_of_another_installation_is_told_nothing(house: PromotingHouse) -> None:
    await house.begin()
    other = f"{house.owner}-other/shop"
    await house.github.add_repository(other, {"README.md": b"theirs"})
    await house.work()
    await house.built_image("1.4-stable", labels=await house.labels(other))
    assert house.told(other) == []


async def test_a_tag_written_to_mislead_is_told_as_plain_text(house: PromotingHouse) -> None:
    await house.begin(STABLE, private=True)
    await house.built_image("v1__everyone-stable", labels=await house.labels())
    assert "`v1__everyone-stable`" in house.told()[0].output["summary"]


async def test_one_that_was_overtaken_is_told_so_once_where_a_check_stands_for_it(house: PromotingHouse) -> None:
    await house.begin(LICENSED, private=True)
    labels = await house.labels()
    await house.built_image("1.4", labels=labels)
    await house.commit({"README.md": b"Hello\n"})
    await house.built_image("1.4", platforms=("linux/arm64",), labels=await house.labels())
    for _ in range(2):
        await house.later(timedelta(minutes=2))
    first = [told for told in house.told() if told.head_oid == labels["org.opencontainers.image.revision"]]
    assert [told.output["title"] for told in first] == [
        "dev-to-qa: 1.4 waits for what is not known yet",
        "dev-to-qa: 1.4 was overtaken",
    ]


async def test_one_that_was_overtaken_before_it_was_told_is_told_nowhere(house: PromotingHouse) -> None:
    await house.begin()
    await house.built_image("1.4-stable")
    run = await house.run()
    over = replace(run, state=RunState.SUPERSEDED, commit=await house.head())
    await house.parts.store.promotions.save(over, run)
    await house.ask(ReportPromotion(run.installation, run.repository, run.id))
    assert house.told() == []
