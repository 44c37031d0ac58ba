"""The button that puts up with findings works again when what it proposed was closed, and proposes nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.findings import telling_waivers
from tests.flows.commanding import answers
from tests.flows.reviewing import API, pull_request, workload
from tests.flows.test_review_buttons import others, press

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest
    from tests.flows.house import House

LATEST = workload("nginx:latest")


async def ignored(house: House) -> tuple[PullRequest, PullRequest]:
    """Open a pull request with a finding, and let the bot propose to put up with it."""
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "ignore")
    (waiving,) = others(house, pull)
    return pull, waiving


async def test_who_ignores_again_is_told_which_pull_request_asks_for_it(house: House) -> None:
    pull, waiving = await ignored(house)
    await press(house, pull, "ignore")
    assert answers(house, pull.number) == [f"#{waiving.number} asks for this already."]


async def test_what_was_closed_is_proposed_again(house: House) -> None:
    pull, waiving = await ignored(house)
    await house.github.close_pull(house.repository, waiving.number)
    await press(house, pull, "ignore")
    (again,) = others(house, pull)
    assert again.number != waiving.number
    await press(house, pull, "ignore")
    assert others(house, pull) == [again]


async def test_what_is_closed_again_and_again_is_left_to_people(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.flows.review_buttons.MOST_BRANCHES", 1)
    pull, waiving = await ignored(house)
    await house.github.close_pull(house.repository, waiving.number)
    await press(house, pull, "ignore")
    assert others(house, pull) == []
    assert "rule: latest-image-tag" in answers(house, pull.number)[0]


async def test_a_branch_that_was_deleted_is_made_again(house: House) -> None:
    pull, waiving = await ignored(house)
    await house.github.close_pull(house.repository, waiving.number)
    await house.github.delete_branch(house.repository, waiving.head_branch)
    await press(house, pull, "ignore")
    (again,) = others(house, pull)
    assert again.head_branch == waiving.head_branch


async def test_what_is_too_much_for_one_pull_request_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling_waivers, "LARGEST_ADDED", 100)
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "ignore")
    assert others(house, pull) == []
    assert "which is too much for one pull request" in answers(house, pull.number)[0]


async def test_in_a_locked_conversation_nothing_is_said_and_nothing_breaks(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    house.github.lock(house.repository, pull.number, locked=True)
    await press(house, pull, "explain")
    assert answers(house, pull.number) == []
    assert await house.dead() == []


async def test_a_file_whose_name_deceives_is_said_to_have_no_entry(house: House) -> None:
    pull = await pull_request(house, {"deploy/a\u202eb.yaml": LATEST})
    await press(house, pull, "ignore")
    (words,) = answers(house, pull.number)
    assert words.startswith("No entry can name `deploy/ab.yaml`")
    assert others(house, pull) == []
