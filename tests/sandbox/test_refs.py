"""Branches and commits over real git."""

from typing import Any

import pytest

from bot.sandbox.model import ZERO_OID
from bot.sandbox.refs import RefUpdate
from bot.sandbox.refusals import NotFound, StaleData, Validation
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Client

SHOP = "/repos/acme/shop"


async def head(sandbox: Sandbox, branch: str = "main") -> str:
    found = await sandbox.repository("acme/shop").git.branch(branch)
    assert found is not None
    return found


async def commit(sandbox: Sandbox, branch: str, **changes: Any) -> Any:
    known = {"additions": {}, "deletions": (), "message": "Bump", "actor": sandbox.app.bot, **changes}
    known["expected_head_oid"] = changes.get("expected_head_oid") or await head(sandbox, branch)
    return await sandbox.world.refs.commit(sandbox.repository("acme/shop"), branch, **known)


async def test_a_ref_is_made_moved_and_deleted(bot: Client) -> None:
    first = await head(bot.sandbox)
    second = await bot.sandbox.commit("acme/shop", "main", {"a": b"1"})
    assert (await bot.post(f"{SHOP}/git/refs", {"ref": "refs/heads/niro/api", "sha": first})).status == 201
    moved = await bot.patch(f"{SHOP}/git/refs/heads/niro/api", {"sha": second})
    assert moved.json["object"]["sha"] == second
    assert (await bot.delete(f"{SHOP}/git/refs/heads/niro/api")).status == 204
    assert (await bot.get(f"{SHOP}/git/ref/heads/niro/api")).status == 404


@pytest.mark.parametrize(
    ("ref", "sha", "message"),
    [
        ("refs/heads/main", None, "Reference already exists"),
        ("refs/heads/x", "1" * 40, "Object does not exist"),
        ("heads/x", None, "'heads/x' is not a valid ref name."),
        ("refs/heads/a..b", None, "'refs/heads/a..b' is not a valid ref name."),
    ],
)
async def test_a_ref_that_cannot_be_made_is_refused(bot: Client, ref: str, sha: str | None, message: str) -> None:
    refused = await bot.post(f"{SHOP}/git/refs", {"ref": ref, "sha": sha or await head(bot.sandbox)})
    assert (refused.status, refused.message) == (422, message)


async def test_a_ref_leaves_commits_behind_only_with_force(bot: Client) -> None:
    first = await head(bot.sandbox)
    await bot.sandbox.commit("acme/shop", "feature", {"a": b"1"})
    path = f"{SHOP}/git/refs/heads/feature"
    assert (await bot.patch(path, {"sha": first})).message == "Update is not a fast forward"
    assert (await bot.patch(path, {"sha": first, "force": True})).status == 200


async def test_a_ref_that_is_not_there_is_neither_moved_nor_deleted(bot: Client) -> None:
    missing = f"{SHOP}/git/refs/heads/missing"
    assert (await bot.patch(missing, {"sha": await head(bot.sandbox)})).message == "Reference does not exist"
    assert (await bot.delete(missing)).message == "Reference does not exist"


async def test_several_refs_move_together_or_not_at_all(sandbox: Sandbox, shop: Any) -> None:
    oid, actor = await head(sandbox), sandbox.app.bot
    good, bad = RefUpdate("refs/heads/a", oid, ZERO_OID), RefUpdate("refs/heads/main", oid, "1" * 40)
    with pytest.raises(Validation):
        await sandbox.world.refs.update_all(shop, [good, bad], actor)
    assert await shop.git.branch("a") is None
    await sandbox.world.refs.update_all(shop, [good, RefUpdate("refs/heads/b", oid, ZERO_OID)], actor)
    assert await shop.git.branch("a") == await shop.git.branch("b") == oid


async def test_from_nothing_means_that_the_ref_must_not_exist(sandbox: Sandbox, shop: Any) -> None:
    update = RefUpdate("refs/heads/main", await head(sandbox), ZERO_OID)
    with pytest.raises(Validation):
        await sandbox.world.refs.update_all(shop, [update], sandbox.app.bot)


async def test_a_commit_by_the_app_is_its_own_and_verified(bot: Client) -> None:
    made = await commit(bot.sandbox, "main", additions={"deploy/api.yaml": b"image: acme/api:1.1.0\r\n"})
    shown = (await bot.get(f"{SHOP}/commits/{made.oid}")).json
    assert shown["author"]["login"] == "niro[bot]"
    assert shown["commit"]["committer"]["name"] == "GitHub"
    assert shown["commit"]["verification"]["verified"] is True
    assert await bot.sandbox.read("acme/shop", "deploy/api.yaml") == b"image: acme/api:1.1.0\r\n"


async def test_a_commit_waits_for_nobody_who_was_faster(sandbox: Sandbox, shop: Any) -> None:
    seen = await head(sandbox)
    newer = await sandbox.commit("acme/shop", "main", {"a": b"1"})
    with pytest.raises(StaleData, match="Pull and try again"):
        await commit(sandbox, "main", expected_head_oid=seen, additions={"b": b"2"})
    assert await head(sandbox) == newer


async def test_a_commit_needs_a_branch(sandbox: Sandbox, shop: Any) -> None:
    with pytest.raises(NotFound):
        await commit(sandbox, "missing", expected_head_oid="1" * 40, additions={"a": b"1"})


async def test_a_commit_removes_what_is_there_and_refuses_what_is_not(sandbox: Sandbox, shop: Any) -> None:
    await commit(sandbox, "main", deletions=["README.md"])
    assert await shop.git.resolve("main:README.md") is None
    with pytest.raises(Validation, match="does not exist"):
        await commit(sandbox, "main", deletions=["README.md"])


@pytest.mark.parametrize("path", ["../up", "a//b", ".git/config", "/root", "a/../b", ""])
async def test_a_path_that_cannot_be_is_refused(sandbox: Sandbox, shop: Any, path: str) -> None:
    with pytest.raises(Validation, match="malformed"):
        await commit(sandbox, "main", additions={path: b"1"})


async def test_a_commit_is_built_from_its_parts_and_keeps_the_modes(bot: Client, shop: Any) -> None:
    base = await head(bot.sandbox)
    entries = [{"path": "run.sh", "mode": "100755", "type": "blob", "content": "#!/bin/sh\n"}]
    tree = (await bot.post(f"{SHOP}/git/trees", {"base_tree": base, "tree": entries})).json
    body = {"message": "Add a script", "tree": tree["sha"], "parents": [base]}
    made = await bot.post(f"{SHOP}/git/commits", body)
    assert made.json["verification"]["verified"] is True
    assert (await bot.patch(f"{SHOP}/git/refs/heads/main", {"sha": made.json["sha"]})).status == 200
    modes = {entry.path: entry.mode for entry in await shop.git.entries("main", recursive=True)}
    assert modes["run.sh"] == "100755"
    assert modes["deploy/api.yaml"] == "100644"


async def test_a_tree_entry_without_a_sha_removes_the_path(bot: Client) -> None:
    base = await head(bot.sandbox)
    entries = [{"path": "README.md", "mode": "100644", "type": "blob", "sha": None}]
    tree = (await bot.post(f"{SHOP}/git/trees", {"base_tree": base, "tree": entries})).json
    assert [entry["path"] for entry in tree["tree"]] == ["deploy"]


async def test_a_blob_is_stored_from_base64(bot: Client) -> None:
    made = await bot.post(f"{SHOP}/git/blobs", {"content": "/w==", "encoding": "base64"})
    raw = await bot.get(f"{SHOP}/git/blobs/{made.json['sha']}", headers={"Accept": "application/vnd.github.raw"})
    assert raw.body == b"\xff"
