"""Two groups never touch one line: the second one waits until the first is done with."""

import pytest

from tests.flows.house import House

POD = """apiVersion: v1
kind: Pod
metadata: {{name: both}}
spec: {{containers: [{{name: api, image: "{api}"}}, {{name: web, image: "{web}"}}]}}
"""


def pod(house: House, api: str, web: str) -> bytes:
    return POD.format(api=f"{house.image('api')}:{api}", web=f"{house.image('web')}:{web}").encode()


@pytest.fixture
async def one_line(empty_house: House) -> House:
    """Two images with a policy each stand on one line, and have a newer tag each."""
    house = empty_house
    for name in ("api", "web"):
        await house.push("1.0.0", name)
    lines = "".join(f"  - image: {house.image(name)}\n" for name in ("api", "web"))
    files = {".niro/policies.yml": f"version: 1\nimages:\n{lines}".encode(), "pod.yaml": pod(house, "1.0.0", "1.0.0")}
    await house.github.add_repository(house.repository, files)
    await house.work()
    for name in ("api", "web"):
        await house.publish("1.1.0", name)
    return house


async def test_the_second_one_waits_and_says_for_what(one_line: House) -> None:
    (pull,) = one_line.open_pulls()
    assert pull.head_branch == "niro/api"
    note = await one_line.parts.store.notes.get(one_line.github.repository(one_line.repository).id, "web")
    assert note is not None
    assert f"#{pull.number}" in note.sentence
    assert "pod.yaml" in note.sentence


async def test_it_comes_once_the_first_one_is_merged(one_line: House) -> None:
    (first,) = one_line.open_pulls()
    await one_line.github.world.merging.merge(first, one_line.github.person)
    await one_line.work()
    (second,) = one_line.open_pulls()
    assert second.head_branch == "niro/web"
    assert await one_line.github.read(one_line.repository, "pod.yaml", second.head_oid) == pod(
        one_line, "1.1.0", "1.1.0"
    )
