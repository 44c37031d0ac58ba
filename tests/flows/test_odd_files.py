"""Files with odd names or modes: never in the way of the others, and as they were but for the image."""

import pytest

from bot.sandbox.git import NewEntry
from tests.flows.house import House


async def known(house: House) -> set[str]:
    return set(await house.parts.store.index.known(house.github.repository(house.repository).id))


async def blob(house: House, path: str) -> str:
    oid = await house.github.repository(house.repository).git.resolve(f"main:{path}")
    assert oid is not None
    return oid


async def modes(house: House, revision: str) -> dict[str, str]:
    entries = await house.github.repository(house.repository).git.entries(revision, recursive=True)
    return {entry.path: entry.mode for entry in entries or [] if entry.kind == "blob"}


async def test_an_executable_manifest_is_bumped_beside_the_others_and_keeps_its_mode(house: House) -> None:
    await house.commit_entries(NewEntry("deploy/run.yaml", "100755", await blob(house, "deploy/api.yaml")))
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == house.deployment("1.5.0")
    assert await house.github.read(house.repository, "deploy/run.yaml", pull.head_oid) == house.deployment("1.5.0")
    assert (await modes(house, pull.head_oid))["deploy/run.yaml"] == "100755"


async def test_a_manifest_that_became_executable_since_it_was_indexed_keeps_its_mode(house: House) -> None:
    await house.commit({"deploy/other.yaml": house.deployment()})
    house.github.webhooks.paused = True
    await house.commit_entries(NewEntry("deploy/api.yaml", "100755", await blob(house, "deploy/api.yaml")))
    house.github.webhooks.paused = False
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert await house.github.read(house.repository, "deploy/other.yaml", pull.head_oid) == house.deployment("1.5.0")
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == house.deployment("1.5.0")
    assert (await modes(house, pull.head_oid))["deploy/api.yaml"] == "100755"


@pytest.mark.parametrize(
    "path",
    [
        "deploy/b\udcff.yaml",
        "deploy/c\n`x`|.yaml",
        "deploy/\u202etxt.yaml",
        "/".join(["d" * 200] * 12) + "/a.yaml",
        "é" * 120 + "/" + "é" * 100 + ".yaml",
    ],
    ids=["no Unicode", "line break and Markdown", "right to left", "too long", "many bytes"],
)
async def test_a_file_with_an_odd_path_does_not_keep_the_others_from_being_indexed_and_bumped(
    house: House, path: str
) -> None:
    await house.commit({path: house.deployment(), "deploy/second.yaml": house.deployment()})
    assert {"deploy/api.yaml", "deploy/second.yaml"} <= await known(house)
    await house.publish("1.5.0")
    assert await house.dead() == []
    (pull,) = house.pulls()
    assert pull.title == f"Bump {house.image()} from 1.4.2 to 1.5.0"
    for plain in ("deploy/api.yaml", "deploy/second.yaml"):
        assert await house.github.read(house.repository, plain, pull.head_oid) == house.deployment("1.5.0")
