"""Where the base takes merges through a queue, the bot queues, takes out, and judges anew what the queue dropped."""

from datetime import timedelta

import pytest

from bot.jobs.work import MergeBump
from bot.sandbox.model import QueueEntry
from bot.selection import RestrictionKind
from bot.store import NoteKind, RestrictionRecord
from tests.flows.commanding import say
from tests.flows.house import House

CI = {
    "type": "required_status_checks",
    "parameters": {"strict_required_status_checks_policy": False, "required_status_checks": [{"context": "ci"}]},
}
QUEUE = {
    "type": "merge_queue",
    "parameters": {
        "check_response_timeout_minutes": 60,
        "grouping_strategy": "ALLGREEN",
        "max_entries_to_build": 5,
        "max_entries_to_merge": 5,
        "merge_method": "SQUASH",
        "min_entries_to_merge": 1,
        "min_entries_to_merge_wait_minutes": 5,
    },
}


def entries(house: House) -> list[QueueEntry]:
    return house.github.repository(house.repository).queue


async def judge(house: House) -> None:
    await house.ask(MergeBump(house.installation.id, house.github.repository(house.repository).id, "api"))


@pytest.fixture
async def queued(house: House) -> House:
    """A pull request to 1.5.0 whose check is green, in the queue of its base."""
    house.github.world.rules.add_ruleset(house.github.repository(house.repository), "queue", [CI, QUEUE])
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert [entry.pull for entry in entries(house)] == [pull]
    return house


async def dropped(house: House) -> None:
    """Let the checks of the group fail: the queue drops the pull request."""
    (entry,) = entries(house)
    await house.github.complete_checks(house.repository, entry.group_oid, ("ci",), "failure")
    await house.work()


async def test_the_queue_merges_it_and_the_bot_notes_that(queued: House) -> None:
    (entry,) = entries(queued)
    await queued.github.complete_checks(queued.repository, entry.group_oid, ("ci",))
    await queued.work()
    assert [pull.merged for pull in queued.pulls()] == [True]
    bump = await queued.bump()
    assert bump is not None
    assert bump.state.value == "merged"


async def test_a_hold_takes_it_out(queued: House) -> None:
    repository = queued.github.repository(queued.repository).id
    held = RestrictionRecord(
        repository,
        "api",
        RestrictionKind.HOLD,
        None,
        None,
        None,
        None,
        None,
        "",
        "comment:1",
        "octocat",
        queued.clock(),
    )
    await queued.parts.store.restrictions.lay(held)
    await judge(queued)
    assert entries(queued) == []


async def test_what_a_hold_took_out_is_put_back_when_it_is_over(queued: House) -> None:
    await queued.later(timedelta(seconds=5))
    await say(queued, "/niro hold")
    assert entries(queued) == []
    await say(queued, "/niro resume")
    assert len(entries(queued)) == 1


async def test_what_the_bot_takes_out_itself_is_not_counted_as_dropped(queued: House) -> None:
    for _ in range(4):
        await queued.later(timedelta(seconds=5))
        await say(queued, "/niro hold")
        await say(queued, "/niro resume")
    assert len(entries(queued)) == 1


async def test_what_could_not_be_put_in_is_put_in_later(house: House) -> None:
    house.github.world.rules.add_ruleset(house.github.repository(house.repository), "queue", [CI, QUEUE])
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    house.github.faults.bad_gateway("graphql:Enqueue")
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    await house.later(timedelta(minutes=1))
    assert len(entries(house)) == 1


async def test_what_waits_in_it_is_looked_at_ever_more_seldom(queued: House) -> None:
    counted = queued.counted()
    for _ in range(48):
        await queued.later(timedelta(minutes=5))
    assert 5 <= counted.names.count("MergeFacts") <= 12


async def test_a_window_that_closed_takes_it_out(queued: House) -> None:
    tomorrow = (queued.clock() + timedelta(days=2)).strftime("%a").lower()
    window = f"{{days: {tomorrow}, hours: '09:00-17:00', timezone: UTC}}"
    policy = queued.policy(more=f"    pull-request: {{auto-merge: {{window: {window}}}}}\n")
    await queued.github.commit(queued.repository, "main", {".niro/policies.yml": policy})
    await queued.later(timedelta(minutes=6))
    assert entries(queued) == []


async def test_a_push_of_somebody_else_takes_it_out_and_it_stays_out(queued: House) -> None:
    await queued.github.push_as_person(queued.repository, "niro/api", {"NOTES.md": b"By hand\n"})
    await queued.work()
    (pull,) = queued.open_pulls()
    await queued.github.complete_checks(queued.repository, pull.head_oid, ("ci",))
    await queued.work()
    assert entries(queued) == []


async def test_what_it_dropped_is_not_put_back_while_nothing_changed(queued: House) -> None:
    await dropped(queued)
    await queued.later(timedelta(minutes=6))
    assert entries(queued) == []


async def test_what_it_dropped_is_put_back_when_the_base_moved(queued: House) -> None:
    await dropped(queued)
    await queued.github.commit(queued.repository, "main", {"README.md": b"Hello\n"})
    await queued.later(timedelta(minutes=6))
    assert len(entries(queued)) == 1


async def test_what_it_drops_again_and_again_is_left_to_people(queued: House) -> None:
    for text in (b"One\n", b"Two\n"):
        await dropped(queued)
        await queued.github.commit(queued.repository, "main", {"README.md": text})
        await queued.later(timedelta(minutes=6))
    await dropped(queued)
    await queued.github.commit(queued.repository, "main", {"README.md": b"Three\n"})
    await queued.later(timedelta(minutes=6))
    assert entries(queued) == []
    note = await queued.parts.store.notes.get(queued.github.repository(queued.repository).id, "api")
    assert note is not None
    assert (note.kind, "dropped" in note.sentence) == (NoteKind.REFUSED, True)
