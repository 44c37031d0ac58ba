"""What a command comes to: laid, lifted, asked for; or why it cannot be obeyed."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands import Effects, Lay, Life, Lift, Mistake, Moved, Place, Situation, Versions, Want, effects, read
from bot.commands.reading import Command
from bot.selection import RestrictionKind

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
PLACE = Place({"api": "api", "web": "web"}, group="api", here=("api",))
DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
OLD, NEW = Versions(tag="1.4.2"), Versions(tag="1.5.0")
REFRESH = frozenset({Want.REFRESH})


def situation(life: Life = Life.OPEN, *moves: Moved, stands: tuple[str, ...] = ("1.4.2",)) -> Situation:
    return Situation(life, {"api": moves or (Moved(OLD, NEW),)}, {"api": stands})


def outcome(line: str, situated: Situation) -> Effects | Mistake:
    command = read(line, PLACE, NOW)
    assert isinstance(command, Command)
    return effects(command, situated)


def done(line: str, situated: Situation | None = None) -> Effects:
    found = outcome(line, situated or situation())
    assert isinstance(found, Effects), found
    return found


def refused(line: str, situated: Situation) -> str:
    found = outcome(line, situated)
    assert isinstance(found, Mistake), found
    return found.sentence


@pytest.mark.parametrize(
    ("line", "laid"),
    [
        ("/niro hold", Lay("api", RestrictionKind.HOLD)),
        ("/niro snooze 3d", Lay("api", RestrictionKind.SNOOZE, until=NOW + timedelta(days=3))),
        ("/niro pin 1.4.0", Lay("api", RestrictionKind.PIN, Versions(tag="1.4.0"))),
        (f"/niro pin {DIGEST}", Lay("api", RestrictionKind.PIN, Versions(digest=DIGEST))),
        ("/niro ignore", Lay("api", RestrictionKind.IGNORE, NEW)),
        ("/niro ignore 2.x", Lay("api", RestrictionKind.IGNORE, Versions(range="2.x"))),
        ("/niro ignore web 2.0.0", Lay("web", RestrictionKind.IGNORE, Versions(tag="2.0.0"))),
        ("/niro rollback", Lay("api", RestrictionKind.PIN, OLD, beyond="1.5.0")),
        ("/niro rollback 1.3.0", Lay("api", RestrictionKind.PIN, Versions(tag="1.3.0"), beyond="1.5.0")),
    ],
)
def test_what_is_laid(line: str, laid: Lay) -> None:
    assert (done(line).lays, done(line).lifts, done(line).wants) == ((laid,), (), REFRESH)


@pytest.mark.parametrize(
    ("line", "lifted"),
    [
        ("/niro resume", Lift(("api",), frozenset({RestrictionKind.HOLD, RestrictionKind.SNOOZE}))),
        ("/niro unpin web", Lift(("web",), frozenset({RestrictionKind.PIN}))),
        ("/niro unignore", Lift(("api",), frozenset({RestrictionKind.IGNORE}))),
        ("/niro unignore 1.5.0", Lift(("api",), frozenset({RestrictionKind.IGNORE}), NEW)),
        ("/niro unignore 2.x", Lift(("api",), frozenset({RestrictionKind.IGNORE}), Versions(range="2.x"))),
    ],
)
def test_what_is_lifted(line: str, lifted: Lift) -> None:
    assert (done(line).lays, done(line).lifts, done(line).wants) == ((), (lifted,), REFRESH)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("/niro help", Want.HELP),
        ("/niro explain", Want.EXPLAIN),
        ("/niro plan", Want.PLAN),
        ("/niro scan", Want.SCAN),
        ("/niro refresh", Want.REFRESH),
        ("/niro recreate", Want.RECREATE),
        ("/niro merge", Want.MERGE),
    ],
)
@pytest.mark.parametrize("life", [Life.OPEN])
def test_what_is_asked_for(line: str, wanted: Want, life: Life) -> None:
    found = done(line, situation(life))
    assert (found.lays, found.lifts, found.wants) == ((), (), {wanted})


def test_a_merge_says_which_head_was_written() -> None:
    assert done("/niro merge 0123abc").head == "0123abc"
    assert done("/niro merge").head == ""


def test_recreating_a_closed_pull_request_forgets_that_it_was_closed() -> None:
    assert done("/niro recreate", situation(Life.CLOSED)).wants == {Want.FORGET_CLOSING, Want.REFRESH}


@pytest.mark.parametrize(
    ("line", "life", "said"),
    [
        ("/niro merge", Life.NONE, "no pull request"),
        ("/niro merge", Life.MERGED, "merged already"),
        ("/niro merge", Life.CLOSED, "/niro recreate"),
        ("/niro recreate", Life.NONE, "no pull request"),
        ("/niro recreate", Life.MERGED, "merged already"),
        ("/niro ignore", Life.NONE, "say what to ignore"),
        ("/niro ignore", Life.MERGED, "say what to ignore"),
    ],
)
def test_what_an_ended_pull_request_does_not_take(line: str, life: Life, said: str) -> None:
    assert said in refused(line, situation(life))


def test_what_a_closed_pull_request_proposed_can_be_ignored() -> None:
    assert done("/niro ignore", situation(Life.CLOSED)).lays == (Lay("api", RestrictionKind.IGNORE, NEW),)


def test_a_policy_that_the_pull_request_does_not_move_proposes_nothing() -> None:
    assert "say what to ignore" in refused("/niro ignore web", situation())


def test_all_that_one_policy_proposes_is_ignored_each_once() -> None:
    moves = (Moved(OLD, NEW), Moved(Versions(tag="1.4.0"), NEW), Moved(Versions(tag="2.0.0"), Versions(tag="2.1.0")))
    assert [lay.versions for lay in done("/niro ignore", situation(Life.OPEN, *moves)).lays] == [
        NEW,
        Versions(tag="2.1.0"),
    ]


MOVED_IMAGE = Moved(Versions("latest", DIGEST), Versions("latest", OTHER))


def test_an_image_that_moved_under_its_tag_is_ignored_by_its_digest() -> None:
    found = done("/niro ignore", situation(Life.OPEN, MOVED_IMAGE))
    assert found.lays == (Lay("api", RestrictionKind.IGNORE, Versions("latest", OTHER)),)


def test_an_image_that_moved_under_its_tag_is_rolled_back_to_its_digest_until_somebody_unpins() -> None:
    found = done("/niro rollback", situation(Life.MERGED, MOVED_IMAGE, stands=("latest",)))
    assert found.lays == (Lay("api", RestrictionKind.PIN, Versions("latest", DIGEST), beyond=None),)


def test_a_digest_beside_the_tag_is_not_pinned_when_the_tag_moved() -> None:
    move = Moved(Versions("1.4.2", DIGEST), Versions("1.5.0", OTHER))
    assert done("/niro rollback", situation(Life.OPEN, move)).lays == (
        Lay("api", RestrictionKind.PIN, OLD, beyond="1.5.0"),
    )


def test_a_rollback_of_what_was_merged_goes_to_what_stood_before() -> None:
    found = done("/niro rollback", situation(Life.MERGED, stands=("1.5.0",)))
    assert found.lays == (Lay("api", RestrictionKind.PIN, OLD, beyond="1.5.0"),)


def test_a_rollback_without_a_pull_request_leaves_what_stands() -> None:
    standing = Situation(stands={"api": ("1.5.0",)})
    assert done("/niro rollback 1.4.2", standing).lays == (Lay("api", RestrictionKind.PIN, OLD, beyond="1.5.0"),)
    assert "say it" in refused("/niro rollback", standing)


def test_a_rollback_to_what_stands_is_a_pin() -> None:
    standing = Situation(stands={"api": ("1.4.2",)})
    assert done("/niro rollback 1.4.2", standing).lays == (Lay("api", RestrictionKind.PIN, OLD),)


def test_a_rollback_asks_where_several_versions_stood() -> None:
    moves = (Moved(OLD, NEW), Moved(Versions(tag="1.4.0"), NEW))
    assert "say it" in refused("/niro rollback", situation(Life.OPEN, *moves))
    assert done("/niro rollback 1.4.0", situation(Life.OPEN, *moves)).lays[0].beyond == "1.5.0"


def test_a_rollback_asks_where_several_versions_are_bad() -> None:
    standing = Situation(stands={"api": ("1.5.0", "2.0.0")})
    assert "/niro pin" in refused("/niro rollback 1.4.2", standing)


def test_a_rollback_of_what_was_merged_turns_down_what_stands_by_now() -> None:
    found = done("/niro rollback", situation(Life.MERGED, stands=("1.6.0",)))
    assert found.lays == (Lay("api", RestrictionKind.PIN, OLD, beyond="1.6.0"),)


def test_a_rollback_of_what_was_merged_where_several_stand_turns_down_what_was_merged() -> None:
    found = done("/niro rollback", situation(Life.MERGED, stands=("1.5.0", "2.0.0")))
    assert found.lays == (Lay("api", RestrictionKind.PIN, OLD, beyond="1.5.0"),)


def test_a_rollback_before_the_merge_was_indexed_turns_down_what_was_merged() -> None:
    found = done("/niro rollback", situation(Life.MERGED, stands=("1.4.2",)))
    assert found.lays == (Lay("api", RestrictionKind.PIN, OLD, beyond="1.5.0"),)
