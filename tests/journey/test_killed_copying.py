"""Wherever the bot is killed while it copies an image, the end is one tag, whole, and none was ever partial."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from itertools import count
from pathlib import Path

import pytest

from tests.journey.gate import Passing
from tests.journey.promotion_journey import PromotionJourney, Strikes, never, promoting

pytestmark = pytest.mark.timeout(900)  # dozens of lives, each begun anew

STRIDE = 13
"""What reads, or only begins something, leaves all as it was: of those not each is tried."""


@pytest.fixture(params=[False, True], ids=["two-registries", "one-registry"])
async def journey(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[PromotionJourney]:
    async with promoting(tmp_path, one_host=request.param) as journey:
        yield journey


def at_write(number: int) -> Strikes:
    """Strike when a registry keeps a certain one of the blobs and manifests, before the bot hears of that.

    What only begins an upload, or adds to it, leaves nothing that a later life could find.
    """
    writes = 0

    def strikes(passing: Passing, _asked: int) -> bool:
        nonlocal writes
        is_kept = passing.writes and passing.status == HTTPStatus.CREATED
        writes += is_kept
        return is_kept and writes == number

    return strikes


def at_request(number: int) -> Strikes:
    """Strike before a certain one of the requests to registries and token servers, reading ones too, is carried out."""
    struck = False

    def strikes(_passing: Passing, asked: int) -> bool:
        nonlocal struck
        is_now = not struck and asked == number
        struck = struck or is_now
        return is_now

    return strikes


async def test_killed_after_any_write(journey: PromotionJourney) -> None:
    for number in count(1):
        journey.after, tag = at_write(number), f"{number}-stable"
        digest = await journey.promoted(tag)
        journey.after = never
        await journey.assert_arrived(tag, digest)
        if len(journey.kills) < number:
            break
    assert f"/manifests/{number - 1}-stable-" in journey.kills[-1]


async def test_killed_before_any_request(journey: PromotionJourney) -> None:
    for number in count(1, STRIDE):
        before = len(journey.kills)
        journey.before, tag = at_request(number), f"{number}-stable"
        digest = await journey.promoted(tag)
        journey.before = never
        await journey.assert_arrived(tag, digest)
        if len(journey.kills) == before:
            break
    assert len(journey.kills) * STRIDE > 80
