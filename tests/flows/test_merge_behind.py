"""Where the base demands branches that are up to date: the bot makes its own anew, and never people's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.jobs.work import MergeBump
from bot.sandbox.model import BranchProtection, RequiredCheck
from bot.store import NoteKind
from tests.flows.commanding import proposed, say
from tests.flows.house import House

BRANCH = "niro/api"


@pytest.fixture
async def strict(house: House) -> House:
    """The base demands that what is merged stands on it."""
    protection = BranchProtection(required_checks=[RequiredCheck("ci", None)], strict=True)
    house.github.repository(house.repository).protections["main"] = protection
    return house


async def judge(house: House) -> None:
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    await house.ask(MergeBump(house.installation.id, house.github.repository(house.repository).id, "api"))


async def test_a_branch_of_the_bots_own_is_made_anew_on_the_base_and_merged(strict: House) -> None:
    pull = await proposed(strict)
    before = pull.head_oid
    await strict.commit({"README.md": b"Moved\n"})
    await judge(strict)
    assert (pull.merged, pull.head_oid != before) == (False, True)
    await judge(strict)
    assert pull.merged


async def test_peoples_commits_are_never_given_up_for_it_also_where_they_ordered_the_merge(strict: House) -> None:
    pull = await proposed(strict)
    await strict.github.push_as_person(strict.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await strict.work()
    await strict.commit({"README.md": b"Moved\n"})
    await strict.later(timedelta(seconds=10))
    head = pull.head_oid
    await say(strict, f"/niro merge {head}")
    await judge(strict)
    assert (pull.merged, pull.head_oid) == (False, head)
    note = await strict.parts.store.notes.get(strict.github.repository(strict.repository).id, "api")
    assert note is not None
    assert (note.kind, "a person has to update it" in note.sentence) == (NoteKind.REFUSED, True)
    assert "a person has to update it" in (pull.body or "")
