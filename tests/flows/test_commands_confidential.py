"""What was read with a credential is not told in a public repository, whoever asks for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.jobs.work import SynchroniseRepository
from tests.flows.commanding import A_MOMENT, answers, say
from tests.flows.private_house import PrivateHouse, private_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PrivateHouse]:
    """A pull request to 1.5.0 of a private image, of which 1.9.0 lacks a platform."""
    async with private_house(tmp_path) as house:
        await house.begin()
        await house.store_credential()
        await house.push("1.9.0", platforms=("linux/amd64",))
        await house.publish("1.5.0")
        await house.later(A_MOMENT)
        yield house


async def explained(house: PrivateHouse, *, private: bool) -> str:
    found = house.github.repository(house.repository)
    found.private = private
    await house.ask(SynchroniseRepository(house.installation.id, found.id))
    await say(house, "/niro plan\n/niro explain")
    (answer,) = answers(house, house.open_pulls()[0].number)
    return answer


async def test_a_public_repository_is_told_what_is_proposed_and_nothing_else(house: PrivateHouse) -> None:
    answer = await explained(house, private=False)
    assert "- `1.4.2` to `1.5.0`\n" in answer
    assert "1.9.0" not in answer
    assert "newest" not in answer


async def test_a_private_repository_is_told_why(house: PrivateHouse) -> None:
    answer = await explained(house, private=True)
    assert answer.count("- `1.4.2` to `1.5.0`: ") == 2
    assert "- `1.9.0`: " in answer


async def test_why_a_pull_request_is_closed_tells_a_public_repository_nothing_of_tags(house: PrivateHouse) -> None:
    found = house.github.repository(house.repository)
    found.private = False
    await house.ask(SynchroniseRepository(house.installation.id, found.id))
    (pull,) = house.open_pulls()
    await house.commit({".niro/policies.yml": house.policy(rule="range: ^7.0")})
    assert pull.state == "closed"
    said = [comment.body for comment in pull.comments if comment.body.startswith("Closed")]
    assert said == [
        "Closed, for this is not needed any more. The policy wants nothing newer than what stands on the base branch."
    ]
