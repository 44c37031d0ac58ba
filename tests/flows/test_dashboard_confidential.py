"""What only a credential shows is not told on a public repository's dashboard, but for the tag that is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.jobs.work import UpdateDashboard
from bot.sandbox.model import PullRequest
from tests.flows.private_house import PrivateHouse, private_house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SECRET_TAG = "9.9.9-acquisition"
RULES = {"moves": "range: '*'", "fails": "range: ^8"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PrivateHouse]:
    async with private_house(tmp_path) as built:
        yield built


async def body(house: PrivateHouse, rule: str, *, private: bool) -> str:
    """Follow an image that only a credential reads, and return what the dashboard says then."""
    await house.push(SECRET_TAG)
    await house.push("1.5.0")
    files = {".niro/policies.yml": house.policy(rule=rule, more="dashboard: true\n"), "a.yaml": house.deployment()}
    found = await house.github.add_repository(house.repository, files, private=private)
    await house.work()
    await house.store_credential()
    await house.later(house.parts.settle)
    await house.ask(UpdateDashboard(house.installation.id, found.id))
    (issue,) = (each for each in found.issues.values() if not isinstance(each, PullRequest))
    return issue.body or ""


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
async def test_of_a_private_image_a_public_dashboard_names_no_other_tag(house: PrivateHouse, rule: str) -> None:
    assert SECRET_TAG not in await body(house, rule, private=False)


async def test_the_tag_that_is_proposed_is_named(house: PrivateHouse) -> None:
    assert "to `1.5.0`" in await body(house, RULES["moves"], private=False)


async def test_that_a_policy_matches_nothing_is_told_without_saying_more(house: PrivateHouse) -> None:
    told = await body(house, RULES["fails"], private=False)
    assert "## Failing\n\n- api: no tag is acceptable. Mend the policy, or push a tag that it takes.\n" in told


async def test_in_a_private_repository_more_is_told(house: PrivateHouse) -> None:
    assert "in the range" in await body(house, RULES["fails"], private=True)
