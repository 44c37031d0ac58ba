"""Reading a repository over REST."""

import base64
import io
import tarfile
from typing import Any
from urllib.parse import quote

import pytest

from bot.sandbox.server import Sandbox

SHOP = "/repos/acme/shop"


async def test_a_repository_is_shown_with_its_default_branch(bot: Any) -> None:
    answer = await bot.get(SHOP)
    assert (answer.status, answer.json["full_name"], answer.json["default_branch"]) == (200, "acme/shop", "main")


async def test_a_recursive_tree_lists_files_and_folders_with_sizes(bot: Any) -> None:
    tree = (await bot.get(f"{SHOP}/git/trees/main?recursive=1")).json
    assert {entry["path"]: (entry["type"], entry.get("size")) for entry in tree["tree"]} == {
        "README.md": ("blob", 7),
        "deploy": ("tree", None),
        "deploy/api.yaml": ("blob", 22),
    }
    assert tree["truncated"] is False


async def test_a_tree_above_the_limit_is_cut_short_and_says_so(bot: Any, shop: Any) -> None:
    shop.tree_limit = 2
    tree = (await bot.get(f"{SHOP}/git/trees/main?recursive=1")).json
    assert (len(tree["tree"]), tree["truncated"]) == (2, True)


async def test_one_level_of_a_tree_is_listed_without_recursive(bot: Any) -> None:
    tree = (await bot.get(f"{SHOP}/git/trees/main")).json
    assert [entry["path"] for entry in tree["tree"]] == ["README.md", "deploy"]


async def test_a_blob_comes_in_base64_or_raw(bot: Any, shop: Any) -> None:
    oid = await shop.git.resolve("main:deploy/api.yaml")
    shown = (await bot.get(f"{SHOP}/git/blobs/{oid}")).json
    assert base64.b64decode(shown["content"]) == b"image: acme/api:1.0.0\n"
    raw = await bot.get(f"{SHOP}/git/blobs/{oid}", headers={"Accept": "application/vnd.github.raw+json"})
    assert raw.body == b"image: acme/api:1.0.0\n"


async def test_a_file_is_found_by_its_path_and_a_folder_is_listed(bot: Any) -> None:
    file = (await bot.get(f"{SHOP}/contents/deploy/api.yaml")).json
    folder = (await bot.get(f"{SHOP}/contents/deploy?ref=main")).json
    assert base64.b64decode(file["content"]) == b"image: acme/api:1.0.0\n"
    assert [(item["path"], item["type"]) for item in folder] == [("deploy/api.yaml", "file")]
    assert (await bot.get(f"{SHOP}/contents/nothing")).status == 404


@pytest.mark.parametrize("written", ["heads/niro/api", "heads/" + quote("niro/api", safe="")])
async def test_a_ref_with_slashes_is_found_however_they_are_written(bot: Any, sandbox: Sandbox, written: str) -> None:
    oid = await sandbox.commit("acme/shop", "niro/api", {"a": b"1"})
    assert (await bot.get(f"{SHOP}/git/ref/{written}")).json["object"]["sha"] == oid


async def test_an_archive_is_fetched_from_another_origin_without_a_credential(
    bot: Any, sandbox: Sandbox, session: Any
) -> None:
    answer = await bot.get(f"{SHOP}/tarball/main")
    assert answer.status == 302
    assert not answer.headers["Location"].startswith(sandbox.url)
    async with session.get(answer.headers["Location"]) as archive:
        packed = await archive.read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        names = files.getnames()
        assert any(name.endswith("/deploy/api.yaml") for name in names)
        assert len({name.split("/")[0] for name in names if name != "pax_global_header"}) == 1


async def test_an_archive_is_not_given_for_a_wrong_key(bot: Any, session: Any) -> None:
    target = (await bot.get(f"{SHOP}/tarball/main")).headers["Location"]
    async with session.get(target.split("?")[0] + "?token=guess") as answer:
        assert answer.status == 404


async def test_an_empty_repository_has_no_git_data(bot: Any, sandbox: Sandbox) -> None:
    await sandbox.add_repository("acme/empty")
    assert (await bot.get("/repos/acme/empty/git/trees/main")).status == 409
    assert (await bot.get("/repos/acme/empty/git/ref/heads/main")).status == 409


async def test_a_commit_shows_who_made_it_and_which_files_it_changed(bot: Any, sandbox: Sandbox) -> None:
    oid = await sandbox.commit("acme/shop", "main", {"deploy/api.yaml": b"image: acme/api:1.1.0\n"}, "Bump\n\nwhy")
    shown = (await bot.get(f"{SHOP}/commits/{oid}")).json
    assert shown["author"]["login"] == "octocat"
    assert shown["commit"]["message"] == "Bump\n\nwhy"
    assert [(file["filename"], file["status"]) for file in shown["files"]] == [("deploy/api.yaml", "modified")]
    listed = (await bot.get(f"{SHOP}/commits")).json
    assert listed[0]["sha"] == oid
    assert (await bot.get(f"{SHOP}/git/commits/{oid}")).json["verification"]["verified"] is False


async def test_two_revisions_are_compared(bot: Any, sandbox: Sandbox) -> None:
    await sandbox.commit("acme/shop", "feature", {"a": b"1"})
    compared = (await bot.get(f"{SHOP}/compare/main...feature")).json
    assert (compared["status"], compared["ahead_by"], compared["behind_by"]) == ("ahead", 1, 0)
    assert [file["filename"] for file in compared["files"]] == ["a"]


async def test_a_renamed_repository_answers_with_a_redirect_by_id(
    undescribed: None, bot: Any, sandbox: Sandbox, shop: Any
) -> None:
    await sandbox.world.rename(shop, "store")
    answer = await bot.get(f"{SHOP}/git/ref/heads/main")
    assert answer.status == 301
    assert answer.headers["Location"] == f"{sandbox.url}/repositories/{shop.id}/git/ref/heads/main"
    assert (await bot.get(answer.headers["Location"])).status == 200
    assert (await bot.get("/repos/acme/store")).json["id"] == shop.id


async def test_a_write_to_a_renamed_repository_is_sent_on_as_it_is(
    undescribed: None, bot: Any, sandbox: Sandbox, shop: Any
) -> None:
    await sandbox.world.rename(shop, "store")
    answer = await bot.post(f"{SHOP}/issues", {"title": "Images"})
    assert (answer.status, answer.headers["Location"]) == (307, f"{sandbox.url}/repositories/{shop.id}/issues")
    assert (await bot.post(answer.headers["Location"], {"title": "Images"})).status == 201


async def test_a_path_that_is_no_operation_is_not_found(bot: Any) -> None:
    assert (await bot.get("/repos/acme/shop/nonsense")).status == 404


async def test_branches_are_listed_by_pages(bot: Any, sandbox: Sandbox) -> None:
    for name in ("a", "b", "c"):
        await sandbox.commit("acme/shop", name, {name: b"1"})
    first = await bot.get(f"{SHOP}/branches?per_page=3")
    assert [branch["name"] for branch in first.json] == ["a", "b", "c"]
    assert f'<{sandbox.url}{SHOP}/branches?per_page=3&page=2>; rel="next"' in first.headers["Link"]
    second = await bot.get(f"{SHOP}/branches?per_page=3&page=2")
    assert [branch["name"] for branch in second.json] == ["main"]
    assert 'rel="next"' not in second.headers["Link"]


async def test_a_branch_shows_its_head(bot: Any, shop: Any) -> None:
    shown = (await bot.get(f"{SHOP}/branches/main")).json
    assert (shown["commit"]["sha"], shown["protected"]) == (await shop.git.branch("main"), False)


async def test_refs_are_listed_by_their_beginning(bot: Any, sandbox: Sandbox) -> None:
    for name in ("niro/api", "niro/web", "other"):
        await sandbox.commit("acme/shop", name, {"a": name.encode()})
    found = (await bot.get(f"{SHOP}/git/matching-refs/heads/niro/")).json
    assert [ref["ref"] for ref in found] == ["refs/heads/niro/api", "refs/heads/niro/web"]


async def test_a_former_name_that_is_taken_anew_redirects_no_longer(bot: Any, sandbox: Sandbox, shop: Any) -> None:
    await sandbox.world.rename(shop, "store")
    taken = await sandbox.add_repository("acme/shop", {"a": b"1"})
    assert (await bot.get(SHOP)).json["id"] == taken.id


async def test_an_enterprise_server_puts_a_prefix_before_each_path(bot: Any, sandbox: Sandbox) -> None:
    await sandbox.commit("acme/shop", "other", {"a": b"1"})
    listed = await bot.get(f"/api/v3{SHOP}/branches?per_page=1")
    assert f"<{sandbox.url}/api/v3{SHOP}/branches?per_page=1&page=2>" in listed.headers["Link"]
    query = {"query": 'query { repository(owner: "acme", name: "shop") { name } }'}
    assert (await bot.post("/api/graphql", query)).json["data"]["repository"]["name"] == "shop"
