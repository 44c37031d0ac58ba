"""Pull requests from forks, whose branches may have the names of the bot's own."""

from typing import Any

import pytest

from bot.sandbox.model import PullRequest
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Client, Receiver

NAME, FORK = "acme/shop", "ann/shop"
SHOP = "/repos/acme/shop"
BRANCH = "niro/api"

pytestmark = pytest.mark.usefixtures("shop")

DOCUMENT = """query Pulls {
  repository(owner: "acme", name: "shop") {
    pullRequests(headRefName: "niro/api", first: 5) {
      nodes { number isCrossRepository headRepository { nameWithOwner isFork } headRef { name } }
    }
    ref(qualifiedName: "refs/heads/niro/api") { associatedPullRequests(first: 5) { nodes { number } } }
  }
}"""


async def forked(sandbox: Sandbox) -> PullRequest:
    """Ann's pull request from a branch of her fork."""
    await sandbox.fork(NAME, "ann")
    await sandbox.push_as_person(FORK, BRANCH, {"deploy/api.yaml": b"image: evil\n"}, "ann")
    return await sandbox.open_pull(NAME, f"ann:{BRANCH}", "ann")


async def own(sandbox: Sandbox) -> PullRequest:
    await sandbox.commit(NAME, BRANCH, {"deploy/api.yaml": b"image: acme/api:1.1.0\n"})
    return await sandbox.open_pull(NAME, BRANCH)


async def test_it_stands_beside_the_one_of_the_same_name(bot: Client) -> None:
    theirs, ours = await forked(bot.sandbox), await own(bot.sandbox)
    shown = (await bot.get(f"{SHOP}/pulls/{theirs.number}")).json
    assert (shown["head"]["label"], shown["head"]["repo"]["full_name"], shown["head"]["repo"]["fork"]) == (
        "ann:niro/api",
        FORK,
        True,
    )
    assert shown["mergeable"] is True
    listed = (await bot.get(f"{SHOP}/pulls?head=acme:{BRANCH}")).json
    assert [pull["number"] for pull in listed] == [ours.number]
    assert [pull["number"] for pull in (await bot.get(f"{SHOP}/pulls?head=ann:{BRANCH}")).json] == [theirs.number]


async def test_graphql_tells_them_apart(bot: Client) -> None:
    theirs, ours = await forked(bot.sandbox), await own(bot.sandbox)
    found = (await bot.post("/graphql", {"query": DOCUMENT})).json["data"]["repository"]
    assert found["pullRequests"]["nodes"] == [
        {
            "number": theirs.number,
            "isCrossRepository": True,
            "headRepository": {"nameWithOwner": FORK, "isFork": True},
            "headRef": None,
        },
        {
            "number": ours.number,
            "isCrossRepository": False,
            "headRepository": {"nameWithOwner": NAME, "isFork": False},
            "headRef": {"name": BRANCH},
        },
    ]
    assert found["ref"]["associatedPullRequests"]["nodes"] == [{"number": ours.number}]


async def test_it_follows_the_branch_of_the_fork_alone(receiver: Receiver, bot: Client) -> None:
    sandbox = bot.sandbox
    theirs, ours = await forked(sandbox), await own(sandbox)
    mine = await sandbox.commit(NAME, BRANCH, {"a": b"1"})
    hers = await sandbox.push_as_person(FORK, BRANCH, {"b": b"1"}, "ann")
    assert (ours.head_oid, theirs.head_oid) == (mine, hers)
    await sandbox.delete_branch(FORK, BRANCH, "ann")
    assert (ours.state, theirs.state) == ("open", "closed")
    await sandbox.webhooks.idle()
    pushed = [event["repository"]["full_name"] for event in receiver.of("push")]
    assert set(pushed) == {NAME}


async def test_its_merge_brings_its_files_and_leaves_the_branch_of_that_name(bot: Client) -> None:
    theirs, ours = await forked(bot.sandbox), await own(bot.sandbox)
    theirs.repository.delete_branch_on_merge = True
    merged: Any = await bot.put(f"{SHOP}/pulls/{theirs.number}/merge", {"sha": theirs.head_oid})
    assert merged.status == 200
    assert await bot.sandbox.read(NAME, "deploy/api.yaml") == b"image: evil\n"
    assert await ours.repository.git.branch(BRANCH) == ours.head_oid


async def test_nobody_opens_one_from_a_repository_that_is_no_fork(bot: Client) -> None:
    refused = await bot.post(f"{SHOP}/pulls", {"head": f"bob:{BRANCH}", "base": "main", "title": "Change"})
    assert (refused.status, refused.reasons) == (422, ["head invalid"])
