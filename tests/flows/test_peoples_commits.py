"""A person committed to the bot's branch: that work stays, and the bot moves only its own values on top of it."""

import pytest

from bot.jobs.work import RecreateBump
from bot.store import NoteKind
from tests.flows.commanding import A_MOMENT, OBEYED, reactions, say
from tests.flows.house import House

BRANCH = "niro/api"


async def on_branch(house: House, path: str = "deploy/api.yaml", branch: str = BRANCH) -> bytes:
    head = await house.github.repository(house.repository).git.branch(branch)
    assert head is not None
    return await house.github.read(house.repository, path, head)


async def noted(house: House) -> tuple[NoteKind, str] | None:
    found = await house.parts.store.notes.get(house.github.repository(house.repository).id, "api")
    return None if found is None else (found.kind, found.sentence)


@pytest.fixture
async def committed(house: House) -> House:
    """A pull request to 1.5.0 on whose branch a person changed another line, and added a file."""
    await house.publish("1.5.0")
    theirs = house.deployment("1.5.0").replace(b"8080", b"9090")
    await house.github.push_as_person(house.repository, BRANCH, {"deploy/api.yaml": theirs, "NOTES.md": b"By hand\n"})
    await house.work()
    return house


async def test_what_people_committed_is_left_alone(committed: House) -> None:
    counted = committed.counted()
    await committed.ask(committed.bump_work())
    assert counted.names == ["BumpFacts"]
    assert b"9090" in await on_branch(committed)


async def test_a_newer_tag_is_put_on_top_of_their_work(committed: House) -> None:
    await committed.publish("1.6.0")
    assert await on_branch(committed) == committed.deployment("1.6.0").replace(b"8080", b"9090")
    assert await on_branch(committed, "NOTES.md") == b"By hand\n"
    (pull,) = committed.open_pulls()
    assert pull.title.endswith("from 1.4.2 to 1.6.0")
    assert await committed.on_branch() == 3


async def test_it_says_that_a_person_merges_it_now(committed: House) -> None:
    (pull,) = committed.open_pulls()
    assert "A person merges it, for people committed to its branch." in (pull.body or "")
    await committed.github.complete_checks(committed.repository, pull.head_oid, ("ci",))
    await committed.work()
    assert not pull.merged


async def test_where_a_person_decided_about_the_image_it_stops_and_says_so_once(house: House) -> None:
    await house.publish("1.5.0")
    await house.github.push_as_person(house.repository, BRANCH, {"deploy/api.yaml": house.deployment("1.4.9")})
    for tag in ("1.6.0", "1.7.0"):
        await house.publish(tag)
    assert await on_branch(house) == house.deployment("1.4.9")
    (pull,) = house.open_pulls()
    (comment,) = pull.comments
    assert "deploy/api.yaml" in comment.body
    assert "`/niro recreate`" in comment.body
    told = await noted(house)
    assert told is not None
    assert told[0] is NoteKind.STOPPED
    assert "deploy/api.yaml" in (pull.body or "")


async def test_recreate_gives_up_their_work_where_it_was_seen(committed: House) -> None:
    (pull,) = committed.open_pulls()
    repository = committed.github.repository(committed.repository).id
    await committed.ask(RecreateBump(committed.installation.id, repository, "api", pull.head_oid))
    assert await on_branch(committed) == committed.deployment("1.5.0")
    assert await committed.on_branch() == 1
    assert [each.number for each in committed.open_pulls()] == [pull.number]


@pytest.mark.parametrize("words", ["/niro hold", "/niro snooze 3d"])
async def test_recreate_makes_what_is_held_anew_as_it_was_proposed(committed: House, words: str) -> None:
    await committed.later(A_MOMENT)
    await say(committed, words)
    await committed.publish("1.6.0")
    await committed.later(A_MOMENT)
    assert reactions(committed, await say(committed, "/niro recreate")) == OBEYED
    assert await on_branch(committed) == committed.deployment("1.5.0")
    assert await committed.on_branch() == 1
    (pull,) = committed.open_pulls()
    assert pull.title.endswith("from 1.4.2 to 1.5.0")


async def test_recreate_leaves_a_branch_alone_that_moved_since(committed: House) -> None:
    (pull,) = committed.open_pulls()
    seen = pull.head_oid
    await committed.github.push_as_person(committed.repository, BRANCH, {"NOTES.md": b"Later\n"})
    repository = committed.github.repository(committed.repository).id
    await committed.ask(RecreateBump(committed.installation.id, repository, "api", seen))
    assert await on_branch(committed, "NOTES.md") == b"Later\n"


async def test_a_branch_that_holds_nothing_of_the_bots_any_more_is_left_alone(house: House) -> None:
    await house.publish("1.5.0")
    theirs = {"deploy/api.yaml": house.deployment("1.4.9")}
    await house.github.push_as_person(house.repository, BRANCH, theirs, force=True)
    await house.publish("1.6.0")
    assert await on_branch(house) == house.deployment("1.4.9")
    told = await noted(house)
    assert told is not None
    assert told[0] is NoteKind.STOPPED


async def test_a_base_that_moved_under_their_work_changes_nothing_on_the_branch(committed: House) -> None:
    (pull,) = committed.open_pulls()
    head = pull.head_oid
    await committed.commit({"deploy/api.yaml": committed.deployment().replace(b"# The", b"# That is the")})
    assert pull.head_oid == head


async def test_a_branch_that_was_merged_with_their_work_makes_place_for_the_next_one(committed: House) -> None:
    (first,) = committed.open_pulls()
    await committed.github.complete_checks(committed.repository, first.head_oid, ("ci",))
    await committed.github.world.merging.merge(first, committed.github.person)
    await committed.work()
    await committed.publish("1.6.0")
    (second,) = committed.open_pulls()
    assert second.number != first.number
    assert await on_branch(committed) == committed.deployment("1.6.0").replace(b"8080", b"9090")


async def test_a_closed_pull_request_with_their_work_keeps_its_branch_and_says_how_to_go_on(committed: House) -> None:
    (pull,) = committed.open_pulls()
    await committed.github.close_pull(committed.repository, pull.number)
    await committed.publish("1.6.0")
    assert committed.open_pulls() == []
    assert await on_branch(committed, "NOTES.md") == b"By hand\n"
    told = await noted(committed)
    assert told is not None
    assert "Delete the branch to let the bot go on." in told[1]
    await committed.github.delete_branch(committed.repository, BRANCH)
    await committed.ask(committed.bump_work())
    assert len(committed.open_pulls()) == 1
    assert await noted(committed) is None


async def test_where_their_work_conflicts_with_the_base_it_says_so_once(committed: House) -> None:
    theirs = committed.deployment().replace(b"8080", b"7070")
    for text in (b"# One", b"# Two"):
        await committed.commit({"deploy/api.yaml": theirs.replace(b"# The", text)})
    (pull,) = committed.open_pulls()
    (comment,) = pull.comments
    assert comment.body.startswith("It conflicts with its base branch")
    assert b"9090" in await on_branch(committed)
