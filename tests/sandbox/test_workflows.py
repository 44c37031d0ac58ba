"""Workflows are files that may run anything: who writes or merges one needs a permission of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import Client

if TYPE_CHECKING:
    import aiohttp

    from bot.sandbox.server import Sandbox

WORKFLOW = ".github/workflows/ci.yml"
REFUSAL = f"refusing to allow a GitHub App to create or update workflow `{WORKFLOW}` without `workflows` permission"


@pytest.fixture
async def granted(sandbox: Sandbox, session: aiohttp.ClientSession, shop: Any) -> Client:
    """The App's installation on acme, which may also write workflows."""
    installation = sandbox.installation("acme")
    await sandbox.world.accept(installation, {"workflows": "write"})
    return Client(session, sandbox, sandbox.world.tokens.for_installation(installation).text)


@pytest.fixture
async def opened(sandbox: Sandbox, shop: Any) -> int:
    """A person's pull request that changes a workflow."""
    await sandbox.commit("acme/shop", "ci", {WORKFLOW: b"on: push\n", "README.md": b"# CI\n"})
    pull = await sandbox.world.pulls.open(shop, head="ci", base="main", title="CI", body="", actor=sandbox.person)
    return pull.number


async def merge(client: Client, number: int) -> Any:
    return await client.put(f"/repos/acme/shop/pulls/{number}/merge", {"merge_method": "squash"})


async def tree(client: Client, sandbox: Sandbox, path: str) -> Any:
    head = await sandbox.repository("acme/shop").git.branch("main")
    entry = {"path": path, "mode": "100644", "type": "blob", "content": "on: push\n"}
    return await client.post("/repos/acme/shop/git/trees", {"base_tree": head, "tree": [entry]})


async def test_a_merge_that_would_write_a_workflow_is_refused(bot: Client, opened: int) -> None:
    answer = await merge(bot, opened)
    assert (answer.status, answer.message) == (403, REFUSAL)


async def test_it_is_merged_with_the_permission(granted: Client, opened: int) -> None:
    assert (await merge(granted, opened)).status == 200


async def test_a_person_who_may_write_needs_none(person: Client, opened: int) -> None:
    assert (await merge(person, opened)).status == 200


async def test_a_merge_by_graphql_is_refused_too(bot: Client, sandbox: Sandbox, opened: int) -> None:
    pull = sandbox.repository("acme/shop").pulls[opened - 1]
    document = "mutation($id: ID!) { mergePullRequest(input: {pullRequestId: $id}) { clientMutationId } }"
    answer = await bot.post("/graphql", {"query": document, "variables": {"id": pull.node_id}})
    assert [(error["type"], error["message"]) for error in answer.json["errors"]] == [("FORBIDDEN", REFUSAL)]
    assert pull.state == "open"


async def test_a_tree_that_holds_one_is_not_stored(bot: Client, sandbox: Sandbox) -> None:
    answer = await tree(bot, sandbox, WORKFLOW)
    assert (answer.status, answer.message) == (403, "Resource not accessible by integration")
    assert (await tree(bot, sandbox, ".github/dependabot.yml")).status == 201


async def test_a_tree_is_stored_with_the_permission(granted: Client, sandbox: Sandbox) -> None:
    assert (await tree(granted, sandbox, WORKFLOW)).status == 201


async def test_a_token_asks_for_it_only_where_it_was_granted(app: Client, sandbox: Sandbox, shop: Any) -> None:
    installation = sandbox.installation("acme")
    path, wish = f"/app/installations/{installation.id}/access_tokens", {"permissions": {"workflows": "write"}}
    assert (await app.post(path, wish)).status == 422
    await sandbox.world.accept(installation, {"workflows": "write"})
    assert (await app.post(path, wish)).json["permissions"]["workflows"] == "write"
