"""What people do with reviews in the sandbox, what is listed of it, and what the bot is told."""

from typing import Any

import pytest

from bot.sandbox.git import NewEntry
from bot.sandbox.refusals import Forbidden, Validation
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Client, Receiver

NAME = "acme/shop"
PULLS = "/repos/acme/shop/pulls"
PATH = "deploy/api.yaml"
NEWER = b"a: 1\nimage: acme/api:latest\nb: 2\n"
REVIEW_EVENTS = ("pull_request_review_comment", "pull_request_review_thread")

pytestmark = pytest.mark.usefixtures("shop")


def suggestion(*lines: str) -> str:
    return "\n".join(["Pin it:", "```suggestion", *lines, "```"])


async def opened(sandbox: Sandbox, content: bytes = NEWER, branch: str = "change") -> int:
    await sandbox.commit(NAME, branch, {PATH: content})
    return (await sandbox.open_pull(NAME, branch, "ann")).number


async def suggested(sandbox: Sandbox, number: int, body: str, **place: Any) -> int:
    """Let the bot suggest lines in a review; returns the comment's id."""
    review = await sandbox.review(NAME, number, body, "niro[bot]", **{"path": PATH, "line": 2, **place})
    return review.comments[0].id


async def test_reviews_and_comments_are_listed(bot: Client) -> None:
    number = await opened(bot.sandbox)
    comment = await suggested(bot.sandbox, number, "Look", start_line=1)
    await bot.sandbox.review(NAME, number, "About the file", path=PATH)
    await bot.sandbox.reply(NAME, comment, "Why?", "ann")
    pull = bot.sandbox.world.issues.find_pull(bot.sandbox.repository(NAME), number)
    await bot.sandbox.world.reviews.begin(pull, bot.sandbox.account("bob"), body="Later")
    listed = (await bot.get(f"{PULLS}/{number}/reviews")).json
    assert [(found["user"]["login"], found["state"]) for found in listed] == [
        ("niro[bot]", "COMMENTED"),
        ("octocat", "COMMENTED"),
        ("ann", "COMMENTED"),
    ]
    comments = (await bot.get(f"{PULLS}/{number}/comments")).json
    assert [(found["body"], found["subject_type"], found.get("in_reply_to_id")) for found in comments] == [
        ("Look", "line", None),
        ("About the file", "file", None),
        ("Why?", "line", comment),
    ]
    assert (comments[0]["start_line"], comments[0]["line"], comments[0]["side"]) == (1, 2, "RIGHT")
    assert (await bot.get(f"{PULLS}/comments/{comment}")).json["body"] == "Look"
    assert (await bot.get(f"{PULLS}/{number}")).json["review_comments"] == 3


async def test_an_outdated_comment_has_no_line(bot: Client) -> None:
    number = await opened(bot.sandbox)
    await suggested(bot.sandbox, number, "Look")
    await bot.sandbox.push_as_person(NAME, "change", {PATH: b"a: 1\nimage: acme/api:2\nb: 2\n"}, "ann")
    (comment,) = (await bot.get(f"{PULLS}/{number}/comments")).json
    assert ("line" in comment, comment["original_line"]) == (False, 2)


async def test_the_bot_is_told_of_reviews_comments_and_threads(receiver: Receiver, sandbox: Sandbox) -> None:
    sandbox.installation("acme").events.extend(REVIEW_EVENTS)
    number = await opened(sandbox)
    await sandbox.review(NAME, number, "Good", "bob")
    comment = await suggested(sandbox, number, "Look")
    (thread,) = sandbox.review_threads(NAME, number)
    await sandbox.world.reviews.edit_comment(thread.comments[0], "Look here", sandbox.app.bot)
    for _ in range(2):
        await sandbox.resolve(NAME, thread, "ann")
    await sandbox.unresolve(NAME, thread.node_id, "ann")
    await sandbox.reply(NAME, comment, "No", "ann")
    await sandbox.push_as_person(NAME, "change", {PATH: b"other\n"}, "ann")
    await sandbox.delete_review_comment(NAME, comment, "ann")
    await sandbox.webhooks.idle()
    told = {event: [found["action"] for found in receiver.of(event)] for event in REVIEW_EVENTS}
    assert told == {
        "pull_request_review_comment": ["created", "edited", "created", "deleted"],
        "pull_request_review_thread": ["resolved", "unresolved"],
    }
    reviews = receiver.of("pull_request_review")
    assert [(found["action"], found["sender"]["login"], found["review"]["state"]) for found in reviews] == [
        ("submitted", "bob", "commented"),
        ("submitted", "niro[bot]", "commented"),
        ("submitted", "ann", "commented"),
    ]


async def test_a_comment_is_taken_away_by_rest(bot: Client) -> None:
    number = await opened(bot.sandbox)
    comment = f"{PULLS}/comments/{await suggested(bot.sandbox, number, 'Look')}"
    assert [(await bot.delete(comment)).status for _ in range(2)] == [204, 404]
    assert bot.sandbox.review_threads(NAME, number) == []


async def test_a_thread_goes_with_its_last_comment(sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    comment = await suggested(sandbox, number, "Look")
    answer = await sandbox.reply(NAME, comment, "No", "ann")
    await sandbox.delete_review_comment(NAME, comment)
    assert [thread.body for thread in sandbox.review_threads(NAME, number)] == ["No"]
    await sandbox.delete_review_comment(NAME, answer)
    assert sandbox.review_threads(NAME, number) == []


async def test_a_suggestion_is_taken(receiver: Receiver, sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    comment = await suggested(sandbox, number, suggestion("image: acme/api:1.1.0"))
    oid = await sandbox.take_suggestion(NAME, number, comment, "ann")
    assert await sandbox.read(NAME, PATH, "change") == b"a: 1\nimage: acme/api:1.1.0\nb: 2\n"
    commit = await sandbox.repository(NAME).git.commit(oid)
    assert commit is not None
    assert (commit.author.name, commit.committer.name, commit.headline) == ("ann", "GitHub", f"Update {PATH}")
    assert commit.body == f"Co-authored-by: niro[bot] <{sandbox.app.bot.email}>"
    (thread,) = sandbox.review_threads(NAME, number)
    assert (thread.resolved, thread.outdated) == (False, True)
    await sandbox.webhooks.idle()
    moved = receiver.of("pull_request")[-1]
    assert (moved["action"], moved["after"], moved["sender"]["login"]) == ("synchronize", oid, "ann")


async def test_a_suggestion_that_is_taken_can_resolve_its_thread(sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    comment = await suggested(sandbox, number, suggestion("image: y"))
    await sandbox.take_suggestion(NAME, number, comment, "ann", resolves=True)
    (thread,) = sandbox.review_threads(NAME, number)
    assert thread.resolved_by is sandbox.account("ann")


@pytest.mark.parametrize(
    ("body", "place", "after"),
    [
        (suggestion("one", "two"), {"line": 2}, b"a: 1\none\ntwo\nb: 2\n"),
        (suggestion("one"), {"line": 3, "start_line": 1}, b"one\n"),
        (suggestion(), {"line": 2}, b"a: 1\nb: 2\n"),
        (suggestion("  image: x"), {"line": 2}, b"a: 1\n  image: x\nb: 2\n"),
        ("~~~ suggestion\nimage: x\n~~~\n```suggestion\nother\n```", {"line": 2}, b"a: 1\nimage: x\nb: 2\n"),
        ("````suggestion\n```\nimage: x\n````", {"line": 2}, b"a: 1\n```\nimage: x\nb: 2\n"),
        ("```yaml\nimage: y\n```\r\n```suggestion\r\nimage: x\r\n```\r\n", {"line": 2}, b"a: 1\nimage: x\nb: 2\n"),
    ],
)
async def test_a_suggestion_takes_the_place_of_the_lines_it_is_about(
    sandbox: Sandbox, body: str, place: dict[str, Any], after: bytes
) -> None:
    number = await opened(sandbox)
    await sandbox.take_suggestion(NAME, number, await suggested(sandbox, number, body, **place))
    assert await sandbox.read(NAME, PATH, "change") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a: 1\r\nimage: x\r\nb: 2\r\n", b"a: 1\r\nimage: y\r\nb: 2\r\n"),
        (b"a: 1\nimage: x", b"a: 1\nimage: y"),
        ("a: \N{LINE SEPARATOR}\v\nimage: x\n".encode(), "a: \N{LINE SEPARATOR}\v\nimage: y\n".encode()),
        (b"a: \r1\nimage: x\nb: \xff\n", b"a: \r1\nimage: y\nb: \xff\n"),
    ],
)
async def test_a_suggestion_leaves_the_rest_of_the_file_as_it_is(sandbox: Sandbox, before: bytes, after: bytes) -> None:
    number = await opened(sandbox, before)
    await sandbox.take_suggestion(NAME, number, await suggested(sandbox, number, suggestion("image: y")))
    assert await sandbox.read(NAME, PATH, "change") == after


async def test_a_suggestion_is_taken_in_a_fork_and_keeps_the_mode_of_its_file(sandbox: Sandbox) -> None:
    fork = await sandbox.fork(NAME, "ann")
    oid = await sandbox.push_as_person("ann/shop", "change", {PATH: NEWER}, "ann")
    tree = await fork.git.write_tree(oid, [await _with_mode(fork, oid, "100755")])
    commit = await fork.git.commit(oid)
    assert commit is not None
    made = await fork.git.write_commit(tree, [oid], "Mode", author=commit.author, committer=commit.author)
    await sandbox.force_push("ann/shop", "change", made, "ann")
    number = (await sandbox.open_pull(NAME, "ann:change", "ann")).number
    await sandbox.take_suggestion(NAME, number, await suggested(sandbox, number, suggestion("image: y")), "ann")
    assert await sandbox.read("ann/shop", PATH, "change") == b"a: 1\nimage: y\nb: 2\n"
    entries = await fork.git.entries("change", recursive=True) or []
    assert next(entry.mode for entry in entries if entry.path == PATH) == "100755"


async def _with_mode(fork: Any, oid: str, mode: str) -> Any:
    return NewEntry(PATH, mode, await fork.git.resolve(f"{oid}:{PATH}"))


async def test_what_cannot_be_taken_is_not_taken(sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    said = [
        await suggested(sandbox, number, "Just words"),
        await suggested(sandbox, number, "```suggestion\nwithout an end"),
        await suggested(sandbox, number, suggestion("x"), line=None),
    ]
    outdated = await suggested(sandbox, number, suggestion("image: y"))
    for comment in said:
        with pytest.raises(ValueError, match="no suggestion"):
            await sandbox.take_suggestion(NAME, number, comment)
    await sandbox.push_as_person(NAME, "change", {PATH: b"a: 1\nimage: z\nb: 2\n"}, "ann")
    with pytest.raises(ValueError, match="no suggestion"):
        await sandbox.take_suggestion(NAME, number, outdated)
    current = await suggested(sandbox, number, suggestion("image: y"))
    await sandbox.close_pull(NAME, number)
    with pytest.raises(ValueError, match="closed"):
        await sandbox.take_suggestion(NAME, number, current)


async def test_a_pull_request_is_retargeted(receiver: Receiver, sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    base = await sandbox.repository(NAME).git.branch("main")
    await sandbox.commit(NAME, "next", {"other": b"1\n"})
    await sandbox.retarget(NAME, number, "next", "ann")
    await sandbox.webhooks.idle()
    edited = receiver.of("pull_request")[-1]
    assert (edited["action"], edited["pull_request"]["base"]["ref"]) == ("edited", "next")
    assert edited["changes"] == {"base": {"ref": {"from": "main"}, "sha": {"from": base}}}


async def test_a_locked_conversation_takes_words_only_from_who_may_write(bot: Client) -> None:
    sandbox = bot.sandbox
    number = await opened(sandbox)
    sandbox.lock(NAME, number)
    assert (await bot.get(f"{PULLS}/{number}")).json["locked"] is True
    refused = await bot.post(f"/repos/acme/shop/issues/{number}/comments", {"body": "Hello"})
    assert (refused.status, refused.message) == (403, "Unable to create comment because issue is locked.")
    with pytest.raises(Forbidden):
        await sandbox.review(NAME, number, "Look", "niro[bot]")
    await sandbox.review(NAME, number, "Look")


async def test_nobody_approves_their_own_pull_request(sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    pull = sandbox.world.issues.find_pull(sandbox.repository(NAME), number)
    reviews = sandbox.world.reviews
    review = await reviews.begin(pull, pull.author)
    with pytest.raises(Validation, match="approve your own"):
        await reviews.submit(review, pull.author, "APPROVE")
    await reviews.submit(await reviews.begin(pull, sandbox.person), sandbox.person, "APPROVE")
    assert pull.approvals == [sandbox.person]
