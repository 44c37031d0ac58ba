"""What is not obeyed: from whom, where, when, and what is said about it."""

import json
import re
from dataclasses import replace

import pytest

from bot.jobs.work import ObeyComment, ScanImage
from bot.store import CommentState
from tests.flows.commanding import A_MOMENT, OBEYED, REFUSED, answers, brief, laid, proposed, reactions, say
from tests.flows.house import House

LOOKED_AT = "issues/get-comment"
SAY = "issues/create-comment"
STRONG = "/niro ignore 9.x\n/niro merge\n/niro recreate"


def repository_id(house: House) -> int:
    return house.github.repository(house.repository).id


async def order(house: House):
    return await house.parts.store.orders.get(repository_id(house), "api")


async def nothing_was_done(house: House) -> bool:
    return (await laid(house), await order(house)) == ([], None) and await house.dead() == []


@pytest.mark.parametrize("role", ["none", "read"])
@pytest.mark.parametrize("body", [STRONG, "/niro help", "/niro explain", "/niro nonsense", "/niro scan\n" * 1_000])
async def test_strangers_are_never_answered_with_words(house: House, role: str, body: str) -> None:
    pull = await proposed(house)
    house.github.give_role("mallory", role, house.repository)
    comment = await say(house, body, login="mallory")
    assert (reactions(house, comment), answers(house, pull.number)) == (REFUSED, [])
    assert await nothing_was_done(house)


@pytest.mark.parametrize(
    ("role", "body", "expected", "words"),
    [
        ("triage", "/niro explain", OBEYED, 1),
        ("triage", "/niro hold", REFUSED, 0),
        ("triage", "/niro explain\n/niro hold", REFUSED, 0),
        ("triage", "/niro merge", REFUSED, 0),
        ("triage", "/niro nonsense", REFUSED, 1),
        ("write", "/niro hold", OBEYED, 0),
        ("maintain", "/niro hold", OBEYED, 0),
        ("admin", "/niro hold", OBEYED, 0),
    ],
)
async def test_who_may_do_what(house: House, role: str, body: str, expected: list[str], words: int) -> None:
    pull = await proposed(house)
    house.github.give_role("mona", role, house.repository)
    comment = await say(house, body, login="mona")
    assert (reactions(house, comment), len(answers(house, pull.number))) == (expected, words)


async def test_a_role_of_an_organisations_own_counts_for_what_it_is_built_upon(house: House) -> None:
    await proposed(house)
    house.github.give_role("mona", "release captain", house.repository)
    assert reactions(house, await say(house, "/niro hold", login="mona")) == OBEYED


async def test_bots_command_nothing(house: House) -> None:
    pull = await proposed(house)
    house.github.account("helper[bot]", bot=True)
    house.github.give_role("helper[bot]", "admin", house.repository)
    counted = house.counted()
    comment = await house.github.comment(house.repository, pull.number, STRONG, "helper[bot]", bot=True)
    await house.work()
    assert (LOOKED_AT in counted.names, await nothing_was_done(house)) == (False, True)
    await house.ask(ObeyComment(house.installation.id, repository_id(house), pull.number, comment.id))
    assert (reactions(house, comment), await nothing_was_done(house)) == ([], True)


async def test_the_bots_own_words_command_nothing(house: House) -> None:
    pull = await proposed(house)
    await say(house, "/niro help")
    counted = house.counted()
    await house.work()
    assert counted.names == []
    await house.client().say(pull.number, STRONG)
    await house.work()
    assert (LOOKED_AT in counted.names, await nothing_was_done(house)) == (False, True)


async def test_an_edit_commands_nothing(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "Nothing yet.")
    await house.github.edit_comment(house.repository, comment, STRONG)
    await house.work()
    assert (reactions(house, comment), answers(house, pull.number)) == ([], [])
    assert await nothing_was_done(house)


async def test_what_was_edited_before_it_was_read_commands_nothing(house: House) -> None:
    pull = await proposed(house)
    comment = await house.github.comment(house.repository, pull.number, STRONG)
    house.clock.forward(A_MOMENT)
    await house.github.edit_comment(house.repository, comment, "/niro ignore 9.x")
    await house.work()
    assert (reactions(house, comment), await nothing_was_done(house)) == ([], True)


async def test_what_was_deleted_before_it_was_read_commands_nothing(house: House) -> None:
    pull = await proposed(house)
    comment = await house.github.comment(house.repository, pull.number, STRONG)
    await house.github.delete_comment(house.repository, comment)
    await house.work()
    assert await nothing_was_done(house)


@pytest.mark.parametrize(
    "body",
    [
        "> /niro hold",
        "> they said\n/niro hold",
        "```\n/niro hold\n```",
        "<!--\n/niro hold\n-->",
        "- look:\n/niro hold",
        "    /niro hold",
        "see `what\n/niro hold`",
    ],
)
async def test_what_is_quoted_or_code_is_left_without_a_reaction(house: House, body: str) -> None:
    await proposed(house)
    comment = await say(house, body)
    assert (reactions(house, comment), await nothing_was_done(house)) == ([], True)


async def test_comments_without_the_bots_name_cost_nothing(house: House) -> None:
    await proposed(house)
    counted = house.counted()
    await say(house, "Please /niro hold, or /Niro hold, or /nirobot hold.")
    assert (counted.names, [work for work in house.performed if isinstance(work, ObeyComment)]) == ([], [])


async def test_plain_issues_take_no_commands_and_cost_nothing(house: House) -> None:
    found = house.github.repository(house.repository)
    issue = await house.github.world.issues.open(found, title="Mine", body=None, actor=house.github.person)
    counted = house.counted()
    comment = await say(house, STRONG, issue.number)
    assert (counted.names, reactions(house, comment)) == ([], [])
    assert await nothing_was_done(house)


async def test_a_thousand_commands_are_one_mistake(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "/niro hold\n" * 1_000)
    (answer,) = answers(house, pull.number)
    assert (reactions(house, comment), await nothing_was_done(house)) == (REFUSED, True)
    assert "1000 commands" in answer


async def test_one_mistake_keeps_everything_from_being_done(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "/niro hold\n/niro ignore 2.x\n/niro merge\n/niro pin\n/niro nonsense")
    (answer,) = answers(house, pull.number)
    assert (reactions(house, comment), await nothing_was_done(house)) == (REFUSED, True)
    assert [line.partition(":")[0] for line in answer.splitlines()[2:]] == ["- `/niro pin`", "- `/niro nonsense`"]


async def test_hostile_words_are_shown_harmless(house: House) -> None:
    pull = await proposed(house)
    await say(house, "/niro hold @octocat/team#1<img>`x`[a](https://evil.example)\N{RIGHT-TO-LEFT OVERRIDE}")
    (answer,) = answers(house, pull.number)
    said = answer.split("`: ")[-1]
    assert "There is no policy" in said
    assert re.findall(r"(?<!\\)[<>`\[\]]|@\w|#\d|https://|\N{RIGHT-TO-LEFT OVERRIDE}", said) == []


async def test_a_delivery_that_comes_again_changes_nothing(house: House) -> None:
    pull = await proposed(house)
    comment = await say(house, "/niro hold\n/niro help")
    await house.later(A_MOMENT)
    await say(house, "/niro resume")
    (delivery,) = [
        each
        for each in house.github.webhooks.deliveries
        if each.event == "issue_comment" and json.loads(each.body)["comment"]["id"] == comment.id
    ]
    counted = house.counted()
    await house.github.deliver("issue_comment", json.loads(delivery.body), guid="another-one")
    await house.work()
    assert counted.names == []
    assert (reactions(house, comment), len(answers(house, pull.number)), await brief(house)) == (OBEYED, 1, [])


@pytest.mark.parametrize("lost", ["reactions/create-for-issue-comment", SAY, "repos/get-collaborator-permission-level"])
async def test_what_was_cut_short_is_done_once(house: House, lost: str) -> None:
    pull = await proposed(house)
    house.github.faults.drop(lost)
    comment = await say(house, "/niro hold\n/niro help")
    for _ in range(5):
        house.clock.forward(A_MOMENT * 20)
        await house.work()
    assert reactions(house, comment) == OBEYED
    assert len(answers(house, pull.number)) == 1
    assert (await brief(house), await house.dead()) == ([("api", "hold", None, None, None)], [])
    state = await house.parts.store.comments.begin(repository_id(house), comment.id, house.clock())
    assert state is CommentState.DONE


@pytest.mark.parametrize("line", ["/niro merge", "/niro recreate", "/niro rollback"])
async def test_a_push_after_the_comment_refuses_what_writes(house: House, line: str) -> None:
    pull = await proposed(house)
    comment = await house.github.comment(house.repository, pull.number, line)
    house.clock.forward(A_MOMENT)
    await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    await house.work()
    (answer, *_) = answers(house, pull.number)
    assert (reactions(house, comment), await nothing_was_done(house)) == (REFUSED, True)
    assert "was pushed to after this was written" in answer
    assert ("/niro merge" in answer.partition(": ")[2]) is (line == "/niro merge")


@pytest.mark.parametrize("line", ["/niro merge", "/niro recreate", "/niro rollback"])
async def test_a_push_that_nobody_told_of_refuses_what_writes(house: House, line: str) -> None:
    pull = await proposed(house)
    house.github.webhooks.paused = True
    await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    house.github.webhooks.paused = False
    house.clock.forward(A_MOMENT)
    comment = await say(house, line, pull.number)
    assert (reactions(house, comment), await nothing_was_done(house)) == (REFUSED, True)


async def test_an_update_by_the_bot_itself_after_the_comment_refuses_a_merge(house: House) -> None:
    pull = await proposed(house)
    house.github.webhooks.paused = True
    comment = await house.github.comment(house.repository, pull.number, "/niro merge")
    house.clock.forward(A_MOMENT)
    await house.push("1.6.0")
    await house.ask(house.bump_work())
    await house.ask(ScanImage(house.registry.host, f"{house.owner}/api"))
    assert pull.title.endswith("1.6.0")
    house.github.webhooks.paused = False
    await house.ask(ObeyComment(house.installation.id, repository_id(house), pull.number, comment.id))
    assert (reactions(house, comment), await order(house)) == (REFUSED, None)


@pytest.mark.parametrize(
    ("stated", "said"), [("0" * 40, "another commit"), ("0000000", "another commit"), ("head", "no commit")]
)
async def test_a_commit_that_is_not_the_head_is_not_merged(house: House, stated: str, said: str) -> None:
    pull = await proposed(house)
    comment = await say(house, f"/niro merge {stated}")
    assert (reactions(house, comment), await order(house)) == (REFUSED, None)
    assert said in answers(house, pull.number)[0]
    assert "Or say which commit" not in answers(house, pull.number)[0]


async def test_a_comment_counts_for_the_issue_that_it_stands_on(house: House) -> None:
    pull = await proposed(house)
    found = house.github.repository(house.repository)
    issue = await house.github.world.issues.open(found, title="Elsewhere", body=None, actor=house.github.person)
    comment = await house.github.comment(house.repository, issue.number, "/niro hold")
    await house.ask(ObeyComment(house.installation.id, found.id, pull.number, comment.id))
    assert (reactions(house, comment), await nothing_was_done(house)) == ([], True)


async def test_an_archived_repository_takes_no_commands(house: House) -> None:
    await proposed(house)
    stored = await house.parts.store.repositories.get(repository_id(house))
    assert stored is not None
    await house.parts.store.repositories.save(replace(stored, archived=True))
    counted = house.counted()
    comment = await say(house, STRONG)
    assert (counted.names, reactions(house, comment)) == ([], [])


async def test_a_policy_file_that_is_not_understood_leaves_help(house: House) -> None:
    pull = await proposed(house)
    await house.commit({".niro/policies.yml": b"version: 2\n"})
    comment = await say(house, "/niro hold")
    assert reactions(house, comment) == REFUSED
    assert "No policy is in force here." in answers(house, pull.number)[0]
    assert reactions(house, await say(house, "/niro help")) == OBEYED


async def test_a_policy_file_on_a_branch_allows_nothing(house: House) -> None:
    pull = await proposed(house)
    await house.github.push_as_person(
        house.repository, "niro/api", {".niro/policies.yml": house.policy(more="    name: other\n")}
    )
    await house.work()
    comment = await say(house, "/niro hold other", pull.number)
    assert (reactions(house, comment), await nothing_was_done(house)) == (REFUSED, True)
