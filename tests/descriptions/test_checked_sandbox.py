"""The sandbox answers as GitHub describes itself, and a departure from it does not stay unseen."""

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.descriptions.checked import Watch, started
from tests.descriptions.violations import NotAsDescribedError

FILES = {"apps/web.yml": b"image: nginx:1.25\n", "README.md": b"shop\n"}


async def get(sandbox, path, **headers):
    token = sandbox.world.tokens.for_installation(sandbox.installation("acme")).text
    address = f"{sandbox.url}{path}"
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers | bearer(token)) as answer:
        return answer.status, await answer.read()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "path",
    [
        "/repos/acme/shop",
        "/installation/repositories?per_page=1",
        "/repos/acme/shop/contents/apps/web.yml",
        "/repos/acme/shop/contents/apps",
        "/repos/acme/shop/contents/absent",
        "/repos/acme/shop/git/ref/heads/main",
        "/repos/acme/shop/git/ref/heads/absent",
        "/repos/acme/shop/git/trees/main?recursive=1",
        "/repos/acme/shop/branches/main",
        "/repos/acme/shop/branches",
        "/repos/acme/shop/rules/branches/main",
        "/repos/acme/shop/commits/main",
        "/repos/acme/shop/commits/main/check-runs",
        "/repos/acme/shop/commits/main/status",
        "/repos/acme/shop/commits/main/statuses",
        "/repos/acme/shop/pulls?state=all",
        "/repos/acme/shop/pulls/1",
        "/repos/acme/shop/pulls/1/files",
        "/repos/acme/shop/pulls/1/commits",
        "/repos/acme/shop/pulls/1/reviews",
        "/repos/acme/shop/pulls/1/comments",
        "/repos/acme/shop/compare/main...niro%2Fweb?per_page=1",
        "/repos/acme/shop/compare/main...absent",
        "/repos/acme/shop/issues/1",
        "/repos/acme/shop/issues/1/comments",
        "/repos/acme/shop/issues?state=all&creator=niro%5Bbot%5D",
        "/repos/acme/shop/releases",
        "/repos/others/open",
        "/repos/others/open/releases",
        "/repos/acme/shop/collaborators/octocat/permission",
        "/repos/acme/absent",
        "/app/hook/absent",
        "/users/octocat",
        "/rate_limit",
    ],
)
async def test_what_is_read_is_as_described(checked_sandbox, path):
    await checked_sandbox.add_repository("acme/shop", FILES)
    head = await checked_sandbox.commit("acme/shop", "niro/web", {"apps/web.yml": b"image: nginx:1.26\n"})
    repository = checked_sandbox.repository("acme/shop")
    pull = await checked_sandbox.world.pulls.open(
        repository, head="niro/web", base="main", title="Bump", body=None, actor=checked_sandbox.app.bot
    )
    await checked_sandbox.world.issues.comment(pull, "Looks good", checked_sandbox.person)
    await checked_sandbox.review("acme/shop", pull.number, "All in all", "niro[bot]")
    for line in (1, None):
        review = await checked_sandbox.review("acme/shop", pull.number, "Look", path="apps/web.yml", line=line)
        await checked_sandbox.reply("acme/shop", review.comments[0].id, "Why?", "ann")
    await checked_sandbox.add_repository("others/open", install=False)
    for name in ("acme/shop", "others/open"):
        await checked_sandbox.release(name, "v1.0.0", "Notes", prerelease=True)
        await checked_sandbox.release(name, "v1.1.0", None, draft=True)
    for commit in ("main", head):
        oid = await repository.git.resolve(commit)
        await checked_sandbox.complete_checks("acme/shop", oid, ["build"], "failure")
        await checked_sandbox.set_status("acme/shop", oid)
    status, _ = await get(checked_sandbox, path)
    assert status in ({404} if "absent" in path else {200})


async def read_a_wrong_answer(directory):
    async with started(directory) as sandbox:
        await sandbox.add_repository("acme/shop", FILES)
        sandbox.repository("acme/shop").default_branch = 7
        await get(sandbox, "/repos/acme/shop")


async def send_a_wrong_webhook(directory):
    async with started(directory) as sandbox:
        sandbox.webhook_url = f"{sandbox.url}/nowhere"
        repository = await sandbox.add_repository("acme/shop", FILES)
        repository.default_branch = 7
        await sandbox.commit("acme/shop", "main", {"file": b"1"})


async def test_a_wrong_answer_is_seen(tmp_path):
    with pytest.raises(NotAsDescribedError, match=r"GET /repos/acme/shop .*\$\.default_branch.*not of type 'string'"):
        await read_a_wrong_answer(tmp_path)


async def test_a_wrong_webhook_is_seen(tmp_path):
    with pytest.raises(NotAsDescribedError, match=r"webhook push .*\$\.repository\.default_branch"):
        await send_a_wrong_webhook(tmp_path)


async def test_what_a_test_does_by_intention_is_no_violation(checked_sandbox):
    await checked_sandbox.add_repository("acme/shop", FILES)
    checked_sandbox.faults.answer(status=200, body=b"not what you expect")
    assert await get(checked_sandbox, "/repos/acme/shop") == (200, b"not what you expect")
    await checked_sandbox.deliver("push", {"nothing": "of what a push has"})


async def test_a_request_github_would_not_take_is_seen_though_it_is_answered(tmp_path):
    sandbox = await Sandbox.start(tmp_path)
    watch = Watch(sandbox)
    await sandbox.add_repository("acme/shop", FILES)
    await get(sandbox, "/repos/acme/shop/pulls?state=merged")
    await sandbox.stop()
    with pytest.raises(NotAsDescribedError, match="the request is not what GitHub takes"):
        watch.verify()
