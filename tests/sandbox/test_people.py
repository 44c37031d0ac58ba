"""What people do in the sandbox, and what the bot is told of it."""

from typing import Any

import pytest

from bot.sandbox.model import Role
from bot.sandbox.refusals import Validation
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import MANIFEST, Client, Receiver

NAME = "acme/shop"
SHOP = "/repos/acme/shop"
NEWER = b"image: acme/api:1.1.0\n"

pytestmark = pytest.mark.usefixtures("shop")


async def opened(sandbox: Sandbox, branch: str = "niro/api") -> int:
    await sandbox.commit(NAME, branch, {"deploy/api.yaml": NEWER})
    repository, author = sandbox.repository(NAME), sandbox.app.bot
    pull = await sandbox.world.pulls.open(repository, head=branch, base="main", title="Bump", body="Text", actor=author)
    return pull.number


async def told(receiver: Receiver, sandbox: Sandbox, event: str) -> list[dict[str, Any]]:
    await sandbox.webhooks.idle()
    return receiver.of(event)


async def test_a_comment_says_who_wrote_it(receiver: Receiver, sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    await sandbox.comment(NAME, number, "/niro help")
    await sandbox.comment(NAME, number, "/niro help", "ann")
    await sandbox.comment(NAME, number, "/niro help", "other[bot]", bot=True)
    issue = sandbox.world.issues.find(sandbox.repository(NAME), number)
    await sandbox.world.issues.comment(issue, "Held.", sandbox.app.bot)
    comments = [event["comment"] for event in await told(receiver, sandbox, "issue_comment")]
    assert [(found["user"]["login"], found["user"]["type"]) for found in comments] == [
        ("octocat", "User"),
        ("ann", "User"),
        ("other[bot]", "Bot"),
        ("niro[bot]", "Bot"),
    ]
    apps = [found["performed_via_github_app"] for found in comments]
    assert [made and made["slug"] for made in apps] == [None, None, None, "niro"]


async def test_a_comment_is_edited_and_deleted(receiver: Receiver, sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    comment = await sandbox.comment(NAME, number, "/niro help")
    await sandbox.edit_comment(NAME, comment, "/niro hold")
    await sandbox.delete_comment(NAME, comment.id)
    events = await told(receiver, sandbox, "issue_comment")
    assert [event["action"] for event in events] == ["created", "edited", "deleted"]
    assert events[1]["changes"] == {"body": {"from": "/niro help"}}


async def test_a_box_is_ticked(receiver: Receiver, sandbox: Sandbox) -> None:
    repository, author = sandbox.repository(NAME), sandbox.app.bot
    issue = await sandbox.world.issues.open(repository, title="Images", body="- [ ] api", actor=author)
    await sandbox.tick(NAME, issue.number, "[ ] api", "[x] api", "ann")
    begun, ticked = await told(receiver, sandbox, "issues")
    assert (begun["action"], ticked["action"], ticked["sender"]["login"]) == ("opened", "edited", "ann")
    assert (ticked["changes"]["body"]["from"], ticked["issue"]["body"]) == ("- [ ] api", "- [x] api")
    with pytest.raises(ValueError, match="does not say"):
        await sandbox.tick(NAME, issue.number, "[ ] api", "[x] api")


@pytest.mark.parametrize(
    ("role", "base", "permission"),
    [
        ("read", Role.WRITE, "read"),
        ("triage", Role.WRITE, "read"),
        ("write", Role.WRITE, "write"),
        ("maintain", Role.WRITE, "write"),
        ("admin", Role.WRITE, "admin"),
        ("releaser", Role.WRITE, "write"),
        ("reporter", Role.TRIAGE, "read"),
    ],
)
async def test_a_role_is_told_by_its_own_name_and_in_the_old_words(
    bot: Client, role: str, base: Role, permission: str
) -> None:
    bot.sandbox.give_role("ann", role, NAME, base)
    shown = (await bot.get(f"{SHOP}/collaborators/ann/permission")).json
    assert (shown["role_name"], shown["permission"]) == (role, permission)


async def test_a_persons_commit_is_not_verified_and_stands_on_the_branch(sandbox: Sandbox) -> None:
    await opened(sandbox)
    repository = sandbox.repository(NAME)
    before = await repository.git.branch("niro/api")
    oid = await sandbox.push_as_person(NAME, "niro/api", {"notes": b"1"}, "ann")
    commit = await repository.git.commit(oid)
    assert commit is not None
    assert (commit.parents, commit.author.name, oid in repository.verified) == ((before,), "ann", False)


async def test_a_person_begins_a_branch_anew(sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    base = await sandbox.repository(NAME).git.branch("main")
    oid = await sandbox.push_as_person(NAME, "niro/api", {"notes": b"1"}, force=True)
    commit = await sandbox.repository(NAME).git.commit(oid)
    assert commit is not None
    assert commit.parents == (base,)
    assert sandbox.world.issues.find_pull(sandbox.repository(NAME), number).head_oid == oid


async def test_a_pull_request_is_closed_opened_again_and_loses_its_branch(receiver: Receiver, sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    await sandbox.close_pull(NAME, number, "ann")
    await sandbox.reopen_pull(NAME, number, "bob")
    await sandbox.delete_branch(NAME, "niro/api", "cid")
    events = await told(receiver, sandbox, "pull_request")
    assert [(event["action"], event["sender"]["login"]) for event in events] == [
        ("opened", "niro[bot]"),
        ("closed", "ann"),
        ("reopened", "bob"),
        ("closed", "cid"),
    ]
    with pytest.raises(Validation):
        await sandbox.reopen_pull(NAME, number)


async def test_a_merge_is_reverted(sandbox: Sandbox) -> None:
    pull = sandbox.world.issues.find_pull(sandbox.repository(NAME), await opened(sandbox))
    merge = await sandbox.world.merging.merge(pull, sandbox.app.bot)
    await sandbox.commit(NAME, "main", {"other": b"1"})
    oid = await sandbox.revert(NAME, merge, "ann")
    assert await sandbox.read(NAME, "deploy/api.yaml") == MANIFEST
    assert await sandbox.read(NAME, "other") == b"1"
    commit = await sandbox.repository(NAME).git.commit(oid)
    assert commit is not None
    assert commit.body == f"This reverts commit {merge}."


async def test_what_was_changed_since_cannot_be_reverted(sandbox: Sandbox) -> None:
    oid = await sandbox.commit(NAME, "main", {"deploy/api.yaml": NEWER})
    await sandbox.commit(NAME, "main", {"deploy/api.yaml": b"image: acme/api:1.2.0\n"})
    with pytest.raises(ValueError, match="conflicts"):
        await sandbox.revert(NAME, oid)


async def test_releases_are_listed_newest_first_and_drafts_to_those_who_may_push(bot: Client, session: Any) -> None:
    sandbox = bot.sandbox
    await sandbox.release(NAME, "v1.0.0", "First.")
    await sandbox.release(NAME, "v1.1.0-rc.1", None, prerelease=True)
    await sandbox.release(NAME, "v1.1.0", "Soon.", draft=True)
    listed = (await bot.get(f"{SHOP}/releases")).json
    assert [(found["tag_name"], found["draft"], found["prerelease"]) for found in listed] == [
        ("v1.1.0", True, False),
        ("v1.1.0-rc.1", False, True),
        ("v1.0.0", False, False),
    ]
    reads = {"contents": "read"}
    token = sandbox.world.tokens.for_installation(sandbox.installation("acme"), permissions=reads)
    found = (await Client(session, sandbox, token.text).get(f"{SHOP}/releases")).json
    assert [release["tag_name"] for release in found] == ["v1.1.0-rc.1", "v1.0.0"]


async def test_what_others_publish_is_read_and_what_they_hide_is_not_found(bot: Client) -> None:
    for name, private in (("web/open", False), ("web/hidden", True)):
        await bot.sandbox.add_repository(name, {"a": b"1"}, private=private, install=False)
        await bot.sandbox.release(name, "v1", "Notes")
    shown = await bot.get("/repos/web/open")
    assert (shown.status, shown.json["permissions"]["push"]) == (200, False)
    assert [found["tag_name"] for found in (await bot.get("/repos/web/open/releases")).json] == ["v1"]
    assert (await bot.get("/repos/web/hidden")).status == 404
    assert (await bot.get("/repos/web/hidden/releases")).status == 404
    assert (await bot.get("/repos/web/open/pulls")).status == 404


async def test_failed_checks_stand_in_the_way(sandbox: Sandbox) -> None:
    number = await opened(sandbox)
    head = sandbox.world.issues.find_pull(sandbox.repository(NAME), number).head_oid
    runs = await sandbox.fail_checks(NAME, head, ["ci", "lint"])
    assert [(run.name, run.conclusion) for run in runs] == [("ci", "failure"), ("lint", "failure")]
