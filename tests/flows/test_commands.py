"""Every command of the table, said on the bot's pull request: what GitHub received, and what is remembered."""

from datetime import timedelta

import pytest

from bot.commands import TABLE
from bot.jobs.work import BumpRepository, MergeBump, RecreateBump, ScanImage
from tests.flows.commanding import A_MOMENT, OBEYED, REFUSED, answers, brief, laid, proposed, reactions, say
from tests.flows.house import House

DONE_WITHOUT_WORDS = [
    "issues/get-comment",
    "reactions/create-for-issue-comment",
    "repos/get-collaborator-permission-level",
    "reactions/create-for-issue-comment",
]

COLD = "apps/create-installation-access-token"


async def written(house: House, line: str) -> list[str]:
    """Say a line; return the requests that it took until the bot looked at its pull request again."""
    counted = house.counted()
    comment = await say(house, line)
    assert reactions(house, comment) == OBEYED
    made = [name for name in counted.names if name != COLD]
    return made[: len(DONE_WITHOUT_WORDS)]


async def merge_order(house: House):
    return await house.parts.store.orders.get(house.github.repository(house.repository).id, "api")


async def test_hold_and_resume(house: House) -> None:
    pull = await proposed(house)
    assert await written(house, "/niro hold") == DONE_WITHOUT_WORDS
    assert await brief(house) == [("api", "hold", None, None, None)]
    assert (pull.state, answers(house, pull.number)) == ("open", [])
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert not pull.merged
    await house.later(A_MOMENT)
    await written(house, "/niro resume")
    assert (await brief(house), pull.merged) == ([], True)


async def test_what_is_laid_tells_who_and_where(house: House) -> None:
    await proposed(house)
    house.github.give_role("mona", "write", house.repository)
    comment = await say(house, "/niro hold", login="mona")
    (record,) = await laid(house)
    assert (record.by, record.source, record.until) == ("mona", f"comment:{comment.id}", None)


async def test_ignore_closes_what_proposes_it_until_unignore(house: House) -> None:
    pull = await proposed(house)
    assert await written(house, "/niro ignore") == DONE_WITHOUT_WORDS
    assert await brief(house) == [("api", "ignore", "1.5.0", None, None)]
    assert pull.state == "closed"
    await house.later(A_MOMENT)
    comment = await say(house, "/niro unignore 1.5.0", pull.number)
    assert (reactions(house, comment), await brief(house)) == (OBEYED, [])
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.5.0"]


async def test_ignore_a_range_lets_the_next_best_be_proposed(house: House) -> None:
    await house.push("2.0.0")
    await proposed(house)
    assert house.open_pulls()[0].title.endswith("2.0.0")
    await written(house, "/niro ignore 2.x")
    assert await brief(house) == [("api", "ignore", None, "2.x", None)]
    await house.later(A_MOMENT)
    assert house.open_pulls()[0].title.endswith("1.5.0")
    await written(house, "/niro unignore")
    assert await brief(house) == []


async def test_unignore_of_one_digest_leaves_the_others(house: House) -> None:
    await proposed(house)
    one, other = "sha256:" + "a" * 64, "sha256:" + "b" * 64
    await written(house, f"/niro ignore {one}\n/niro ignore {other}\n/niro ignore 9.9.9")
    await house.later(A_MOMENT)
    await written(house, f"/niro unignore {one}")
    assert sorted(each.digest or each.tag for each in await laid(house)) == ["9.9.9", other]


async def test_pin_and_unpin(house: House) -> None:
    await house.push("1.4.9")
    pull = await proposed(house)
    assert await written(house, "/niro pin 1.4.9") == DONE_WITHOUT_WORDS
    assert await brief(house) == [("api", "pin", "1.4.9", None, None)]
    await house.later(A_MOMENT)
    (now,) = house.open_pulls()
    assert now.title.endswith("1.4.9")
    await say(house, "/niro pin 1.4.2")
    assert await brief(house) == [("api", "pin", "1.4.2", None, None)]
    await house.later(A_MOMENT)
    assert house.open_pulls() == []
    await say(house, "/niro unpin", pull.number)
    await house.later(A_MOMENT)
    assert await brief(house) == []
    assert house.open_pulls()[0].title.endswith("1.5.0")


async def test_rollback_of_what_is_proposed(house: House) -> None:
    pull = await proposed(house)
    counted = house.counted()
    comment = await say(house, "/niro rollback")
    assert reactions(house, comment) == OBEYED
    assert "pulls/get" in counted.names[:5]
    assert await brief(house) == [("api", "pin", "1.4.2", None, "1.5.0")]
    await house.later(A_MOMENT)
    assert pull.state == "closed"


async def test_rollback_of_what_was_merged_until_something_better_is_there(house: House) -> None:
    pull = await proposed(house)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged
    await house.later(A_MOMENT)
    comment = await say(house, "/niro rollback", pull.number)
    assert reactions(house, comment) == OBEYED
    assert await brief(house) == [("api", "pin", "1.4.2", None, "1.5.0")]
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.4.2"]
    (back,) = house.open_pulls()
    await house.github.complete_checks(house.repository, back.head_oid, ("ci",))
    await house.work()
    assert (back.merged, house.open_pulls()) == (True, [])
    await house.publish("1.6.0")
    await house.later(A_MOMENT)
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.6.0"]


async def test_snooze_ends_by_itself(house: House) -> None:
    pull = await proposed(house)
    assert await written(house, "/niro snooze 2d") == DONE_WITHOUT_WORDS
    (record,) = await laid(house)
    assert record.kind.value == "snooze"
    assert record.until is not None
    assert timedelta(days=1, hours=23) < record.until - house.clock() < timedelta(days=2, minutes=1)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert not pull.merged
    await house.later(timedelta(days=2, minutes=5))
    assert await laid(house) == []


async def test_merge_is_ordered_for_the_head_that_was_seen(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "/niro merge")
    order = await merge_order(house)
    assert reactions(house, comment) == OBEYED
    assert order is not None
    assert (order.head, order.stated, order.by, order.comment) == (pull.head_oid, False, "octocat", comment.id)
    assert any(isinstance(work, MergeBump) for work in house.performed)


async def test_merge_states_the_head(house: House) -> None:
    pull = await proposed(house)
    head = await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    await house.work()
    comment = await say(house, f"/niro merge {head[:10]}", pull.number)
    order = await merge_order(house)
    assert reactions(house, comment) == OBEYED
    assert order is not None
    assert (order.head, order.stated) == (head, True)


async def test_recreate_makes_the_branch_anew(house: House) -> None:
    pull = await proposed(house)
    head = await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    await house.work()
    await house.later(A_MOMENT)
    comment = await say(house, "/niro recreate")
    assert reactions(house, comment) == OBEYED
    assert [work.head for work in house.performed if isinstance(work, RecreateBump)] == [head]
    await house.later(A_MOMENT)
    assert (await house.on_branch(), pull.state) == (1, "open")


@pytest.mark.parametrize("before", ["/niro hold", "/niro snooze 2d"])
async def test_recreate_works_on_what_is_held_and_keeps_it_held(house: House, before: str) -> None:
    pull = await proposed(house)
    await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    await house.work()
    await say(house, before)
    await house.later(timedelta(seconds=30))
    comment = await say(house, "/niro recreate")
    await house.later(A_MOMENT)
    assert (reactions(house, comment), await house.on_branch(), pull.state) == (OBEYED, 1, "open")
    assert len(await laid(house)) == 1


async def test_recreate_forgets_that_a_pull_request_was_closed(house: House) -> None:
    pull = await proposed(house)
    await house.github.close_pull(house.repository, pull.number)
    await house.later(A_MOMENT)
    assert await brief(house) == [("api", "ignore", None, None, "1.5.0")]
    comment = await say(house, "/niro recreate", pull.number)
    await house.later(A_MOMENT)
    assert (reactions(house, comment), await brief(house)) == (OBEYED, [])
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.5.0"]


async def test_unignore_proposes_again_what_was_turned_down_by_closing(house: House) -> None:
    pull = await proposed(house)
    await house.github.close_pull(house.repository, pull.number)
    await house.later(A_MOMENT)
    await say(house, "/niro unignore", pull.number)
    await house.later(A_MOMENT)
    assert (await brief(house), [each.title[-5:] for each in house.open_pulls()]) == ([], ["1.5.0"])


async def test_scan_reads_the_registry_again(house: House) -> None:
    pull = await proposed(house)
    await house.push("1.6.0")
    assert await written(house, "/niro scan") == DONE_WITHOUT_WORDS
    assert ScanImage(house.registry.host, f"{house.owner}/api") in house.performed
    await house.later(A_MOMENT)
    assert pull.title.endswith("1.6.0")


async def test_refresh_looks_at_the_pull_request_again(house: House) -> None:
    await proposed(house)
    house.performed.clear()
    assert await written(house, "/niro refresh") == DONE_WITHOUT_WORDS
    assert house.bump_work() in house.performed
    assert {type(work) for work in house.performed} >= {BumpRepository, MergeBump}


async def test_help_lists_every_command(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "/niro help")
    (answer,) = answers(house, pull.number)
    assert reactions(house, comment) == OBEYED
    assert all(f"| `{row.usage}` |" in answer for row in TABLE)


async def test_plan_says_what_would_be_changed(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "/niro plan")
    (answer,) = answers(house, pull.number)
    assert reactions(house, comment) == OBEYED
    assert f"**api** (`{house.image()}`)" in answer
    assert "`1.4.2` to `1.5.0`: " in answer
    assert f"#{pull.number}" in answer


async def test_explain_says_what_was_refused_and_what_people_said(house: House) -> None:
    await house.push("1.9.0", platforms=("linux/amd64",))
    pull = await proposed(house)
    await say(house, "/niro ignore 3.x")
    await house.later(A_MOMENT)
    comment = await say(house, "/niro explain")
    (answer,) = answers(house, pull.number)
    assert reactions(house, comment) == OBEYED
    assert "- `1.9.0`: " in answer
    assert "linux/arm64" in answer
    assert "api ignores the range 3.x, by octocat." in answer


async def test_several_commands_are_done_in_order(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "Let us wait.\n\n/niro ignore 2.x\n/niro hold\n/niro resume\n/niro help")
    assert (reactions(house, comment), len(answers(house, pull.number))) == (OBEYED, 1)
    assert await brief(house) == [("api", "ignore", None, "2.x", None)]


@pytest.mark.parametrize("row", [row for row in TABLE if row.required], ids=lambda row: row.name.value)
async def test_a_command_without_what_it_needs_is_a_mistake(house: House, row) -> None:
    pull = await proposed(house)
    comment = await say(house, f"/niro {row.name.value}")
    (answer,) = answers(house, pull.number)
    assert (reactions(house, comment), await brief(house)) == (REFUSED, [])
    assert "Nothing was done" in answer
