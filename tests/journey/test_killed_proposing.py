"""Wherever the bot is killed while people decide about an image, the end is one pull request and one tag."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from tests.journey.promotion_journey import REPOSITORY, PromotionJourney, promoting

pytestmark = pytest.mark.timeout(900)  # a dozen lives, each begun anew

PROPOSED = "    mode: pull-request\n"


@pytest.fixture(params=[False, True], ids=["before", "after"])
async def journey(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[PromotionJourney]:
    """The bot is killed before GitHub carries a request out, or after that and before the answer."""
    async with promoting(tmp_path, one_host=True, more=PROPOSED) as journey:
        journey.once_carried_out = request.param
        yield journey


async def assert_one_pull_request_each(journey: PromotionJourney, number: int) -> None:
    pulls = journey.github.repository(REPOSITORY).pulls
    assert [pull.merged for pull in pulls] == [True] * number


async def test_killed_at_a_request_while_it_proposes(journey: PromotionJourney) -> None:
    for number in count(1):
        journey.at_github, tag = number, f"{number}-stable"
        digest, pull = await journey.proposed(tag)
        journey.at_github = None
        await journey.merged(tag, pull)
        await journey.assert_arrived(tag, digest)
        await assert_one_pull_request_each(journey, number)
        if len(journey.kills) < number:
            break
    assert number > 3


async def test_killed_at_a_request_after_people_merged(journey: PromotionJourney) -> None:
    for number in count(1):
        tag = f"{number}-stable"
        digest, pull = await journey.proposed(tag)
        journey.at_github = number
        await journey.merged(tag, pull)
        journey.at_github = None
        await journey.assert_arrived(tag, digest)
        await assert_one_pull_request_each(journey, number)
        if len(journey.kills) < number:
            break
    assert number > 2
