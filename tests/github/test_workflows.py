"""Files in .github/workflows are written with a token of their own, where the installation grants one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.github import Forbidden, GitHubUnavailable, RateLimited, touches_workflows
from bot.policies import MergeMethod
from tests.github.scripted import Answer
from tests.github.wishes import WEB, facts, opening, rebuild, update

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

WORKFLOW = ".github/workflows/ci.yaml"
CONTENT = b"jobs: {test: {container: nginx:1.26}}\n"
BOTH = {WEB: b"image: nginx:1.26\n", WORKFLOW: CONTENT}
NOT_GRANTED = Answer({"message": "The permissions requested are not granted to this installation."}, status=422)


async def grant(sandbox: Sandbox) -> None:
    await sandbox.world.accept(sandbox.installation("acme"), {"workflows": "write"})


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        (WORKFLOW, True),
        (".github/workflows/reusable/build.yml", True),
        (".github/workflows/notes.md", True),
        (".GitHub/Workflows/ci.yaml", True),
        (".github/actions/build/action.yml", False),
        (".github/dependabot.yml", False),
        ("apps/.github/workflows/ci.yaml", False),
        (WEB, False),
    ],
)
def test_which_files_take_the_permission(path, is_one):
    assert touches_workflows([WEB, path]) is is_one


async def test_only_a_write_that_touches_one_asks_for_a_token_that_may(repo, server):
    server.on("PUT /repos/acme/shop/pulls/3/merge", Answer({"merged": True, "sha": "a" * 40}))
    await repo.merge(3, "b" * 40, MergeMethod.SQUASH)
    await repo.merge(3, "b" * 40, MergeMethod.SQUASH, workflows=True)
    assert [minted["permissions"].get("workflows") for minted in server.minted] == [None, "write"]


async def test_a_token_that_may_write_workflows_serves_for_nothing_else(repo, server):
    server.on("GET /repos/acme/shop/git/trees/abc", Answer({"tree": [], "truncated": False}))
    assert await repo.may_write_workflows()
    await repo.folder("abc")
    assert [minted["permissions"].get("workflows") for minted in server.minted] == ["write", None]


async def test_the_token_that_tells_of_the_permission_is_the_one_that_is_used(repo, server):
    server.on("PUT /repos/acme/shop/pulls/3/merge", Answer({"merged": True, "sha": "a" * 40}))
    assert await repo.may_write_workflows()
    assert await repo.may_write_workflows()
    await repo.merge(3, "b" * 40, MergeMethod.SQUASH, workflows=True)
    assert len(server.minted) == 1


async def test_a_no_is_believed_for_ten_minutes_in_all_repositories_of_the_installation(github, repo, server, clock):
    server.token_answers = [NOT_GRANTED]
    other = github.repository(7, 43, "acme/other")
    assert not await repo.may_write_workflows()
    clock.forward(minutes=9)
    assert not await other.may_write_workflows()
    clock.forward(minutes=2)
    assert await other.may_write_workflows()
    assert await repo.may_write_workflows()
    assert len(server.seen) == 3


async def test_a_no_to_one_installation_is_none_to_another(github, repo, server):
    server.token_answers = [NOT_GRANTED]
    assert not await repo.may_write_workflows()
    assert await github.repository(8, 42, "acme/shop").may_write_workflows()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"message": "Bad gateway"}, status=502), GitHubUnavailable),
        (Answer({"message": "API rate limit exceeded"}, status=429, headers={"retry-after": "60"}), RateLimited),
    ],
    ids=["broken", "limited"],
)
async def test_what_is_not_known_is_no_no(repo, server, clock, answer, error):
    server.token_answers = [answer]
    with pytest.raises(error):
        await repo.may_write_workflows()
    clock.forward(seconds=61)
    assert await repo.may_write_workflows()


async def test_a_pull_request_with_a_workflow_is_opened_and_goes_on(shop, sandbox):
    await grant(sandbox)
    opened = await shop.open_pull_request(opening(await facts(shop), files=BOTH))
    assert await sandbox.read("acme/shop", WORKFLOW, opened.head) == CONTENT
    more = await shop.add_commit(update(opened.head, opened.node, files={WORKFLOW: b"on: push\n"}))
    assert await sandbox.read("acme/shop", WORKFLOW, more.head) == b"on: push\n"
    rebuilt = await shop.rebuild(rebuild(await facts(shop), more.head, opened.node, files=BOTH))
    assert await sandbox.read("acme/shop", WORKFLOW, rebuilt.head) == CONTENT


async def test_it_is_merged_with_the_permission_only(shop, sandbox):
    await grant(sandbox)
    opened = await shop.open_pull_request(opening(await facts(shop), files=BOTH))
    with pytest.raises(Forbidden, match="without `workflows` permission"):
        await shop.merge(opened.number, opened.head, MergeMethod.SQUASH)
    await shop.merge(opened.number, opened.head, MergeMethod.SQUASH, workflows=True)
    assert await sandbox.read("acme/shop", WORKFLOW) == CONTENT


async def test_without_the_permission_there_is_no_token_for_it(shop, sandbox):
    found = await facts(shop)
    assert not await shop.may_write_workflows()
    with pytest.raises(Forbidden, match="grant it"):
        await shop.open_pull_request(opening(found, files=BOTH))
    assert sandbox.repository("acme/shop").pulls == []
