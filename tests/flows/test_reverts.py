"""A merged bump that people took back on the default branch is held until something better comes."""

from datetime import timedelta

import pytest

from bot.jobs.work import MergeBump
from bot.selection import RestrictionKind
from tests.flows.commanding import OBEYED, reactions, say
from tests.flows.house import House


async def laid(house: House) -> list[tuple[RestrictionKind, str | None, str]]:
    found = await house.parts.store.restrictions.of(house.github.repository(house.repository).id, house.clock())
    return [(each.kind, each.beyond, each.source) for each in found]


HELD = [(RestrictionKind.HOLD, "1.5.0", "revert")]


@pytest.fixture
async def merged(house: House) -> House:
    """1.5.0 was merged by the bot."""
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged
    return house


async def revert(house: House) -> None:
    (pull,) = house.pulls()
    assert pull.merge_commit_oid is not None
    await house.github.revert(house.repository, pull.merge_commit_oid)
    await house.work()


async def test_a_revert_holds_what_it_took_back(merged: House) -> None:
    await revert(merged)
    assert await laid(merged) == HELD
    await merged.ask(merged.bump_work())
    assert merged.open_pulls() == []


async def test_nothing_older_is_proposed_instead(merged: House) -> None:
    await revert(merged)
    await merged.publish("1.4.9")
    assert merged.open_pulls() == []


async def test_something_better_is_proposed(merged: House) -> None:
    await revert(merged)
    await merged.publish("1.5.1")
    assert [pull.title[-5:] for pull in merged.open_pulls()] == ["1.5.1"]


async def test_a_person_who_goes_back_by_hand_means_the_same(merged: House) -> None:
    await merged.push("1.3.0")
    await merged.commit({"deploy/api.yaml": merged.deployment("1.3.0")})
    assert await laid(merged) == HELD
    assert merged.open_pulls() == []


async def test_another_file_with_the_older_tag_is_no_revert(merged: House) -> None:
    await merged.commit({"deploy/second.yaml": merged.deployment("1.4.2")})
    assert await laid(merged) == []
    assert [pull.title[-5:] for pull in merged.open_pulls()] == ["1.5.0"]


async def test_a_merge_by_a_person_counts_too(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",), "success")
    await house.work()
    await revert(house)
    assert await laid(house) == HELD


async def test_the_check_tells_of_it(merged: House) -> None:
    await revert(merged)
    runs = [
        run for run in merged.github.repository(merged.repository).check_runs.values() if run.name.startswith("niro")
    ]
    assert "api is held until something better than 1.5.0 is there" in runs[-1].output["summary"]


async def test_who_resumes_after_a_revert_gets_it_proposed_again(merged: House) -> None:
    await revert(merged)
    (pull,) = merged.pulls()
    assert reactions(merged, await say(merged, "/niro resume", number=pull.number)) == OBEYED
    assert await laid(merged) == []
    assert [each.title[-5:] for each in merged.open_pulls()] == ["1.5.0"]


async def test_the_same_merged_once_more_and_reverted_once_more_is_held_again(merged: House) -> None:
    await revert(merged)
    await say(merged, "/niro resume", number=merged.pulls()[0].number)
    (second,) = merged.open_pulls()
    await merged.github.complete_checks(merged.repository, second.head_oid, ("ci",))
    await merged.work()
    assert second.merge_commit_oid is not None
    await merged.github.revert(merged.repository, second.merge_commit_oid)
    await merged.work()
    assert await laid(merged) == HELD


async def test_an_older_tag_put_beside_it_into_the_same_file_is_no_revert(merged: House) -> None:
    older = merged.deployment("1.4.2").replace(b"name: api\n", b"name: old\n")
    await merged.commit({"deploy/api.yaml": merged.deployment("1.5.0") + b"---\n" + older})
    assert await laid(merged) == []
    assert [pull.title[-5:] for pull in merged.open_pulls()] == ["1.5.0"]


async def test_a_base_shown_as_it_was_before_the_merge_is_no_revert(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.commit({"README.md": b"The base moved since the commit was made\n"})
    before = await house.head()
    house.github.webhooks.paused = True
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.github.world.merging.merge(pull, house.github.person)
    after = await house.head()
    await house.github.force_push(house.repository, "main", before)
    await house.ask(house.bump_work())
    assert (await laid(house), house.open_pulls()) == ([], [])
    await house.github.force_push(house.repository, "main", after)
    house.github.webhooks.paused = False
    await house.later(timedelta(minutes=2))
    assert (await laid(house), house.open_pulls()) == ([], [])
    await revert(house)
    await house.ask(house.bump_work())
    assert await laid(house) == HELD


async def test_a_revert_counts_also_while_the_next_pull_request_is_open(merged: House) -> None:
    await merged.publish("1.6.0")
    (first, second) = merged.pulls()
    assert first.merge_commit_oid is not None
    await merged.github.revert(merged.repository, first.merge_commit_oid)
    await merged.work()
    await merged.later(timedelta(seconds=5))
    await say(merged, "/niro ignore 1.6.0", second.number)
    assert merged.open_pulls() == []
    assert HELD[0] in await laid(merged)


async def test_a_revert_that_came_before_anybody_looked_is_heard_a_minute_later(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    house.github.webhooks.paused = True
    before = await house.head()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.ask(MergeBump(house.installation.id, house.github.repository(house.repository).id, "api"))
    assert pull.merged
    await house.github.force_push(house.repository, "main", before)
    house.github.webhooks.paused = False
    await house.ask(house.bump_work())
    assert (await laid(house), house.open_pulls()) == ([], [])
    await house.later(timedelta(minutes=2))
    assert (await laid(house), house.open_pulls()) == (HELD, [])
