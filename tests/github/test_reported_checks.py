"""The checks that have reported on a head."""

from __future__ import annotations

import pytest

from bot.bumps import CheckState
from bot.github import Conflict
from tests.github.merging import HEAD, answer, commits, run, status


@pytest.mark.parametrize(
    ("node", "state", "green"),
    [
        (run("COMPLETED", "SUCCESS"), CheckState.SUCCESS, True),
        (run("COMPLETED", "NEUTRAL"), CheckState.NEUTRAL, True),
        (run("COMPLETED", "SKIPPED"), CheckState.SKIPPED, True),
        (run("COMPLETED", "STALE"), CheckState.FAILURE, False),
        (run("COMPLETED", "CANCELLED"), CheckState.FAILURE, False),
        (run("COMPLETED", "SOMETHING_NEW"), CheckState.FAILURE, False),
        (run("COMPLETED", None), CheckState.FAILURE, False),
        (run("IN_PROGRESS", None), CheckState.PENDING, False),
        (run("IN_PROGRESS", "SUCCESS"), CheckState.PENDING, False),
        (run("WAITING", None), CheckState.PENDING, False),
        (status("SUCCESS"), CheckState.SUCCESS, True),
        (status("EXPECTED"), CheckState.PENDING, False),
        (status("ERROR"), CheckState.FAILURE, False),
    ],
)
async def test_how_checks_are_read(repo, told, node, state, green):
    told.on("MergeFacts", answer(commits=commits(HEAD, node)))
    (check,) = (await repo.merge_facts(5)).checks
    assert (check.state, check.state.is_green, check.own) == (state, green, False)


async def test_green_checks_of_an_older_commit_count_for_nothing(repo, told):
    told.on("MergeFacts", answer(commits=commits("b" * 40, run("COMPLETED", "SUCCESS"))))
    assert (await repo.merge_facts(5)).checks == ()


async def test_a_head_that_moves_while_its_checks_are_read_is_a_conflict(repo, told):
    told.on("MergeFacts", answer(commits=commits(HEAD, more=True)))
    told.on("MoreChecks", answer(headRefOid="b" * 40))
    with pytest.raises(Conflict, match="moved"):
        await repo.merge_facts(5)
