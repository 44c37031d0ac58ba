"""The dashboard: one issue, as it is asked for, that says what there is to say and takes ticks for commands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.bumps import OVERVIEW_TITLE
from bot.flows.asking import Ask
from bot.github.events import requested
from bot.jobs.work import LONGEST_KEY, ObeyCheckboxes, UpdateDashboard, key
from bot.sandbox.model import PullRequest
from bot.selection import RestrictionKind
from bot.store import GroupNote, NoteKind, RestrictionRecord

if TYPE_CHECKING:
    from bot.sandbox.model import Issue
    from tests.flows.house import House

ASKED_FOR = "dashboard: true\n"
FEW_SECONDS = timedelta(seconds=10)


def issues(house: House) -> list[Issue]:
    found = house.github.repository(house.repository).issues.values()
    return [issue for issue in found if not isinstance(issue, PullRequest)]


def issue(house: House) -> Issue:
    (only,) = issues(house)
    return only


def body(house: House) -> str:
    return issue(house).body or ""


def identity(house: House) -> tuple[int, int]:
    return house.installation.id, house.github.repository(house.repository).id


async def show(house: House) -> None:
    await house.ask(UpdateDashboard(*identity(house)))


async def begin(house: House, more: str = ASKED_FOR) -> None:
    """Ask for a dashboard in the policy file, and have it shown."""
    await house.commit({".niro/policies.yml": house.policy(more=more)})
    await show(house)


async def lay(house: House, kind: RestrictionKind, **fields: object) -> None:
    values: dict[str, object] = dict.fromkeys(("tag", "digest", "range", "beyond", "until"))
    repository = house.github.repository(house.repository).id
    more = {"reason": "", "source": "comment:1", "by": "octocat", "at": house.clock()}
    record = RestrictionRecord(**{"repository": repository, "policy": "api", "kind": kind, **values, **more, **fields})
    await house.parts.store.restrictions.lay(record)


async def note(house: House, sentence: str, kind: NoteKind = NoteKind.WAITING) -> None:
    repository = house.github.repository(house.repository).id
    await house.parts.store.notes.put(GroupNote(repository, "api", kind, sentence, house.clock()))


async def tick(house: House, command: str, login: str = "octocat") -> None:
    """Tick a box as a person would, and handle what GitHub tells of it."""
    number, box = issue(house).number, f"<!-- niro: {command} -->"
    await house.github.tick(house.repository, number, f"- [ ] {box}", f"- [x] {box}", login)
    await house.work()


def obeyed(house: House) -> list[tuple[str, str]]:
    return [(work.login, work.commands) for work in house.performed if isinstance(work, ObeyCheckboxes)]


async def test_without_being_asked_for_there_is_none_and_nobody_is_asked(house: House) -> None:
    counted = house.counted()
    await show(house)
    assert (issues(house), counted.names) == ([], [])


async def test_asked_for_it_is_one_issue_of_the_bots(house: House) -> None:
    await begin(house)
    await show(house)
    assert (issue(house).title, issue(house).author.type) == (OVERVIEW_TITLE, "Bot")


async def test_nothing_new_costs_one_look_and_something_new_one_write(house: House) -> None:
    await begin(house)
    counted = house.counted()
    await show(house)
    assert counted.names == ["issues/get"]
    await note(house, "10 pull requests are open.")
    counted = house.counted()
    await show(house)
    assert counted.names == ["issues/get", "issues/update"]


async def test_it_lists_the_open_pull_requests(house: House) -> None:
    await begin(house)
    await house.publish("1.5.0")
    await house.later(FEW_SECONDS)
    await show(house)
    (pull,) = house.open_pulls()
    assert f"- #{pull.number} `api`: `{house.image()}` from `1.4.2` to `1.5.0`\n" in body(house)


async def test_it_lists_what_waits_what_was_stopped_and_what_people_said(house: House) -> None:
    await begin(house)
    await note(house, "10 pull requests are open.")
    await lay(house, RestrictionKind.IGNORE, tag="1.5.0")
    await show(house)
    assert "## Waiting\n\n- `api`: 10 pull requests are open.\n" in body(house)
    assert "<!-- niro: unignore api 1.5.0 -->api ignores 1.5.0, by octocat (tick to unignore)\n" in body(house)
    await note(house, "Somebody else committed to its branch.", NoteKind.STOPPED)
    await show(house)
    assert "## Stopped\n\n- `api`: Somebody else committed to its branch.\n" in body(house)


async def test_it_lists_policies_that_fail_and_markers_of_none(house: House) -> None:
    deployment = house.deployment().replace(b"# bumped by the bot", b'# {"$imagepolicy": "flux-system:gone"}')
    await house.commit({"deploy/api.yaml": deployment})
    await begin(house, f"  - image: {house.image('web')}\n{ASKED_FOR}")
    _, _, failing = body(house).partition("## Failing\n\n")
    assert f"- web: no file here uses {house.image('web')}." in failing.replace("\\", "")
    assert "- deploy/api.yaml line 11: no policy is called 'flux-system:gone'" in failing


async def test_it_lists_images_that_no_policy_follows_and_policies_that_pause(house: House) -> None:
    await house.commit({"deploy/web.yaml": house.deployment(name="web"), "db.yaml": house.deployment(name="db")})
    await begin(house, f"  - {{image: {house.image('db')}, enabled: false}}\n{ASKED_FOR}")
    assert body(house).endswith(f"## Images that no policy follows\n\n- `{house.image('web')}`\n")
    assert "- `db` says `enabled: false`\n" in body(house)


async def test_what_ends_by_itself_leaves_the_page_by_itself(house: House) -> None:
    await lay(house, RestrictionKind.SNOOZE, until=house.clock() + timedelta(days=3))
    await begin(house)
    assert "is snoozed until" in body(house)
    await house.later(timedelta(days=3, seconds=1))
    assert "is snoozed until" not in body(house)


async def test_what_the_check_tells_anew_is_shown_too(house: House) -> None:
    await begin(house)
    await house.commit({".niro/policies.yml": house.policy(more=f"  - image: {house.image('web')}\n{ASKED_FOR}")})
    await house.later(FEW_SECONDS)
    assert "- web: no file here uses " in body(house)


async def test_a_tick_is_a_command_of_whoever_ticked_and_the_box_is_empty_again(house: House) -> None:
    await lay(house, RestrictionKind.HOLD)
    await begin(house)
    await tick(house, "resume api", "hubot")
    assert obeyed(house) == [("hubot", "resume api")]
    await house.later(house.parts.settle)
    assert "- [x]" not in body(house)
    assert "- [ ] <!-- niro: scan -->" in body(house)


async def test_what_people_write_into_it_is_put_right(house: House) -> None:
    await begin(house)
    before = body(house)
    await house.github.tick(house.repository, issue(house).number, "Nothing is open", "- [x] <!-- niro: merge api -->")
    await house.work()
    await house.later(house.parts.settle)
    assert (body(house), obeyed(house)) == (before, [])


async def test_the_bots_own_edits_ask_for_nothing(house: House) -> None:
    await lay(house, RestrictionKind.HOLD)
    await begin(house)
    house.performed.clear()
    await note(house, "10 pull requests are open.")
    await show(house)
    await house.later(house.parts.settle)
    assert house.performed == [UpdateDashboard(*identity(house))]


async def test_no_longer_asked_for_it_is_closed_once_and_opened_again_when_it_is(house: House) -> None:
    await begin(house)
    await begin(house, "")
    assert issue(house).state == "closed"
    counted = house.counted()
    await show(house)
    assert counted.names == []
    await begin(house)
    assert issue(house).state == "open"


async def test_without_a_policy_file_it_is_closed(house: House) -> None:
    await begin(house)
    await house.commit({}, removed=[".niro/policies.yml"])
    await show(house)
    assert issue(house).state == "closed"


async def test_closed_by_a_person_it_stays_closed_until_a_person_opens_it_again(house: House) -> None:
    await begin(house)
    client = house.github.world.issues
    await client.set_state(issue(house), "closed", house.github.person)
    await note(house, "10 pull requests are open.")
    await show(house)
    assert (issue(house).state, "10 pull" in body(house)) == ("closed", False)
    await client.set_state(issue(house), "open", house.github.person)
    await house.work()
    await house.later(house.parts.settle)
    assert (issue(house).state, "10 pull" in body(house)) == ("open", True)


async def test_deleted_it_is_written_anew(house: House) -> None:
    await begin(house)
    number = issue(house).number
    del house.github.repository(house.repository).issues[number]
    await show(house)
    assert OVERVIEW_TITLE in issue(house).title


async def test_a_policy_file_that_is_not_understood_leaves_it_as_it_is(house: House) -> None:
    await begin(house)
    before = body(house)
    await house.commit({".niro/policies.yml": b"version: 1\nrnage: 1\n"})
    await note(house, "10 pull requests are open.")
    counted = house.counted()
    await show(house)
    assert (body(house), counted.names) == (before, [])


async def test_a_repository_that_is_switched_off_gets_none_and_one_that_is_there_says_so(house: House) -> None:
    await begin(house, f"{ASKED_FOR}enabled: false\n")
    assert issues(house) == []
    await begin(house)
    await begin(house, f"{ASKED_FOR}enabled: false\n")
    assert "says `enabled: false`, so nothing is done here" in body(house)


BOX = "- [{}] <!-- niro: resume api -->x"
ISSUE = {"number": 5, "title": OVERVIEW_TITLE, "body": BOX.format("x"), "user": {"type": "Bot"}}


def event(**changes: object) -> dict[str, object]:
    told: dict[str, object] = {
        "action": "edited",
        "issue": ISSUE,
        "changes": {"body": {"from": BOX.format(" ")}},
        "repository": {"id": 2},
        "installation": {"id": 1},
        "sender": {"login": "octocat", "type": "User"},
    }
    return told | changes


async def asked(told: dict[str, Any]) -> list[object]:
    return [ask.work for ask in await requested("issues", told) if isinstance(ask, Ask)]


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": {"login": "niro[bot]", "type": "Bot"}},
        {"installation": None},
        {"issue": ISSUE | {"user": {"type": "User"}}},
        {"issue": ISSUE | {"user": None}},
        {"issue": ISSUE | {"title": "Something else", "body": "- [x] <!-- other: box -->"}},
    ],
)
async def test_what_is_not_a_persons_edit_of_the_dashboard_asks_for_nothing(changes: dict[str, object]) -> None:
    assert await asked(event(**changes)) == []


@pytest.mark.parametrize("changes", [{"changes": {}}, {"changes": None}, {"issue": ISSUE | {"body": None}}])
async def test_an_edit_without_a_tick_is_only_put_right(changes: dict[str, object]) -> None:
    assert await asked(event(**changes)) == [UpdateDashboard(1, 2)]


async def test_under_another_title_its_boxes_count_as_before() -> None:
    order = ObeyCheckboxes(1, 2, 5, "octocat", "resume api")
    assert await asked(event(issue=ISSUE | {"title": "Ours"})) == [order, UpdateDashboard(1, 2)]


async def test_more_commands_than_one_key_holds_are_several_pieces_of_work() -> None:
    commands = [f"resume policy-{number:03}" for number in range(100)]
    lines = "\n".join(f"- [ ] <!-- niro: {command} -->x" for command in commands)
    told = event(issue=ISSUE | {"body": lines.replace("[ ]", "[x]")}, changes={"body": {"from": lines}})
    orders = [work for work in await asked(told) if isinstance(work, ObeyCheckboxes)]
    assert [line for work in orders for line in work.commands.split("\n")] == commands
    assert all(len(key(work)) <= LONGEST_KEY for work in orders)
    assert len(orders) < 10


@pytest.mark.parametrize("hidden", ["%0;", "resume%a;api", "a" * 600, "%d800;", "%fffff;"])
async def test_a_command_that_no_key_holds_is_left_out(hidden: str) -> None:
    before = f"- [ ] <!-- niro: {hidden} -->x"
    told = event(issue=ISSUE | {"body": before.replace("[ ]", "[x]")}, changes={"body": {"from": before}})
    work = await asked(told)
    assert all(isinstance(each, UpdateDashboard) or key(each) for each in work)
