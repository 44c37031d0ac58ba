"""What GitHub refuses whoever asks: archived repositories, names that moved, limits, missing permissions."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import GitHubError, RateLimited
from bot.policies import MergeMethod
from tests.github.wishes import BRANCH, SANDBOXED, WEB, facts, opening, rebuild, straight, update

RUN = {WEB: "100755"}


async def opening_one(shop: Any, found: Any, opened: Any) -> None:
    await shop.open_pull_request(opening(found, branch="niro/other"))


async def opening_with_modes(shop: Any, found: Any, opened: Any) -> None:
    await shop.open_pull_request(opening(found, branch="niro/other", modes=RUN))


async def updating(shop: Any, found: Any, opened: Any) -> None:
    await shop.add_commit(update(opened.head, opened.node))


async def updating_with_modes(shop: Any, found: Any, opened: Any) -> None:
    await shop.add_commit(update(opened.head, opened.node, modes=RUN))


async def rebuilding(shop: Any, found: Any, opened: Any) -> None:
    await shop.rebuild(rebuild(found, opened.head, opened.node))


async def committing(shop: Any, found: Any, opened: Any) -> None:
    await shop.commit(straight(found, found.base.commit, branch="main"))


async def making_a_branch(shop: Any, found: Any, opened: Any) -> None:
    await shop.commit(straight(found, None, branch="niro/other"))


async def describing(shop: Any, found: Any, opened: Any) -> None:
    await shop.redescribe(opened.node, "Title", "Body")


async def deleting(shop: Any, found: Any, opened: Any) -> None:
    await shop.delete_branch(BRANCH, opened.head)


async def closing(shop: Any, found: Any, opened: Any) -> None:
    await shop.close_pull_request(opened.number)


async def closing_with_words(shop: Any, found: Any, opened: Any) -> None:
    await shop.close_with_words(opened.node, "It is there already.")


async def merging(shop: Any, found: Any, opened: Any) -> None:
    await shop.merge(opened.number, opened.head, MergeMethod.SQUASH)


OPENINGS = [opening_one, opening_with_modes]
OTHERS = [
    updating,
    updating_with_modes,
    rebuilding,
    committing,
    making_a_branch,
    describing,
    deleting,
    closing,
    closing_with_words,
    merging,
]


async def standing(sandbox: Any) -> tuple[dict[str, str], list[tuple[str, str]]]:
    repository = sandbox.repository(SANDBOXED)
    return await repository.git.branches(), [(pull.state, pull.title) for pull in repository.pulls]


@pytest.mark.parametrize("act", OPENINGS + OTHERS)
async def test_an_archived_repository_stays_as_it_is(shop, sandbox, opened, act):
    found, before = await facts(shop), await standing(sandbox)
    sandbox.repository(SANDBOXED).archived = True
    with pytest.raises(GitHubError, match="archived"):
        await act(shop, found, opened)
    assert await standing(sandbox) == before


@pytest.mark.parametrize("act", OPENINGS + OTHERS)
async def test_a_repository_that_was_renamed_takes_every_write(shop, sandbox, opened, act):
    found = await facts(shop)
    await sandbox.world.rename(sandbox.repository(SANDBOXED), "store")
    await act(shop, found, opened)


@pytest.mark.parametrize("act", [opening_with_modes, updating_with_modes, rebuilding])
@pytest.mark.parametrize("step", ["git/create-tree", "git/create-commit", "graphql:*"])
async def test_a_limit_met_on_the_way_leaves_everything_as_it_is(shop, sandbox, opened, act, step):
    found, before = await facts(shop), await standing(sandbox)
    sandbox.faults.secondary_limit(step)
    with pytest.raises(RateLimited):
        await act(shop, found, opened)
    assert await standing(sandbox) == before


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (updating, "update"),
        (updating_with_modes, "update"),
        (rebuilding, "update"),
        (rebuilding, "non_fast_forward"),
        (deleting, "deletion"),
        (making_a_branch, "creation"),
        (opening_one, "creation"),
        (opening_with_modes, "creation"),
    ],
)
async def test_a_branch_that_a_rule_protects_says_why_it_stays(shop, sandbox, opened, act, kind):
    found, before = await facts(shop), await standing(sandbox)
    sandbox.world.rules.add_ruleset(sandbox.repository(SANDBOXED), "kept", [{"type": kind}], include=("~ALL",))
    with pytest.raises(GitHubError, match="rule violations"):
        await act(shop, found, opened)
    assert await standing(sandbox) == before
