"""Two commits are compared: at most 300 files, patches as far as GitHub gives them, and the merge base of the day."""

from typing import Any

from bot.sandbox.git import NewEntry
from tests.sandbox.conftest import Client

NAME = "acme/shop"
SHOP = f"/repos/{NAME}"
PATH = "deploy/api.yaml"
LONG = b"".join(b"line %d\n" % number for number in range(4000))


async def compared(bot: Client, base: str, head: str, query: str = "per_page=1") -> Any:
    answer = await bot.get(f"{SHOP}/compare/{base}...{head}?{query}")
    assert answer.status == 200, answer.body
    return answer.json


async def files(bot: Client, base: str, head: str) -> dict[str, Any]:
    return {found["filename"]: found for found in (await compared(bot, base, head))["files"]}


async def oid(bot: Client, branch: str = "main") -> str:
    found = await bot.sandbox.repository(NAME).git.branch(branch)
    assert found is not None
    return found


async def test_a_change_shows_its_patch_and_the_blob_it_leads_to(bot: Client) -> None:
    base = await oid(bot)
    head = await bot.sandbox.commit(NAME, "change", {PATH: b"image: acme/api:2\n"})
    shown = await compared(bot, base, head)
    (file,) = shown["files"]
    assert (shown["merge_base_commit"]["sha"], shown["total_commits"]) == (base, 1)
    assert file["patch"] == "@@ -1 +1 @@\n-image: acme/api:1.0.0\n+image: acme/api:2"
    assert file["sha"] == await bot.sandbox.repository(NAME).git.resolve(f"change:{PATH}")


async def test_what_has_no_text_to_show_has_no_patch(bot: Client) -> None:
    await bot.sandbox.commit(NAME, "main", {"a.sh": b"echo\n", "old.txt": b"1\n2\n3\n", "gone.txt": b"x\n"})
    base, git = await oid(bot), bot.sandbox.repository(NAME).git
    head = await bot.sandbox.commit(
        NAME,
        "change",
        {"logo.png": b"\0\1", "long.txt": LONG, "new.txt": b"1\n2\n3\n", "empty": b""},
        removed=["old.txt", "gone.txt"],
    )
    blob, gone = await git.resolve(f"{base}:a.sh"), await git.resolve(f"{base}:gone.txt")
    tree = await git.write_tree(head, [NewEntry("a.sh", "100755", blob)])
    commit = await git.commit(head)
    assert commit is not None
    made = await git.write_commit(tree, [head], "Mode", author=commit.author, committer=commit.author)
    await bot.sandbox.force_push(NAME, "change", made)
    found = await files(bot, base, made)
    assert {path: (file["status"], "patch" in file) for path, file in found.items()} == {
        "a.sh": ("modified", False),
        "empty": ("added", False),
        "gone.txt": ("removed", True),
        "logo.png": ("added", False),
        "long.txt": ("added", False),
        "new.txt": ("renamed", False),
    }
    assert (found["new.txt"]["previous_filename"], found["gone.txt"]["sha"]) == ("old.txt", gone)
    assert (found["long.txt"]["additions"], found["a.sh"]["changes"]) == (4000, 0)


async def test_patches_end_where_all_together_are_too_long(bot: Client) -> None:
    base, part = await oid(bot), b"\n".join(LONG.split(b"\n")[:2500])
    head = await bot.sandbox.commit(NAME, "change", {f"{number}.txt": part for number in range(1, 10)})
    found = await files(bot, base, head)
    assert [path for path, file in found.items() if "patch" not in file] == ["8.txt", "9.txt"]


async def test_three_thousand_files_are_compared_and_three_hundred_shown(bot: Client) -> None:
    base = await oid(bot)
    head = await bot.sandbox.commit(NAME, "change", {f"{number:04}.yaml": b"a: 1\n" for number in range(3000)})
    shown = await compared(bot, base, head)
    assert [file["filename"] for file in shown["files"]] == [f"{number:04}.yaml" for number in range(300)]
    number = (await bot.sandbox.open_pull(NAME, "change")).number
    assert (await bot.get(f"{SHOP}/pulls/{number}")).json["changed_files"] == 3000
    last = (await bot.get(f"{SHOP}/pulls/{number}/files?per_page=100&page=30")).json
    assert last[-1]["filename"] == "2999.yaml"


async def test_commits_come_by_pages_and_files_on_the_first(bot: Client) -> None:
    base = await oid(bot)
    made = [await bot.sandbox.commit(NAME, "change", {"a": f"{number}\n".encode()}) for number in range(3)]
    first = await bot.get(f"{SHOP}/compare/{base}...{made[-1]}?per_page=2")
    second = await bot.get(first.headers["Link"].split(">")[0].removeprefix("<"))
    pages = [([commit["sha"] for commit in page.json["commits"]], len(page.json["files"])) for page in (first, second)]
    assert pages == [(made[:2], 1), (made[2:], 0)]
    assert (second.json["total_commits"], second.json["ahead_by"]) == (3, 3)
    whole = await compared(bot, base, made[-1], "")
    assert len(whole["commits"]) == 3


async def test_only_what_the_head_changed_is_shown_when_the_base_has_moved(bot: Client) -> None:
    begin = await oid(bot)
    head = await bot.sandbox.commit(NAME, "change", {"mine": b"1\n"})
    base = await bot.sandbox.commit(NAME, "main", {"theirs": b"1\n"})
    shown = await compared(bot, base, head)
    assert (shown["status"], shown["merge_base_commit"]["sha"]) == ("diverged", begin)
    assert [file["filename"] for file in shown["files"]] == ["mine"]
    again = await bot.sandbox.commit(NAME, "change", {"mine": b"2\n"}, force=True)
    shown = await compared(bot, base, again)
    assert (shown["status"], shown["merge_base_commit"]["sha"]) == ("ahead", base)


async def test_the_head_of_a_fork_is_compared_in_the_base_repository(bot: Client) -> None:
    await bot.sandbox.fork(NAME, "ann")
    head = await bot.sandbox.push_as_person("ann/shop", "change", {PATH: b"image: x\n"}, "ann")
    base = await oid(bot)
    assert (await bot.get(f"{SHOP}/compare/{base}...{head}")).status == 404
    await bot.sandbox.open_pull(NAME, "ann:change", "ann")
    assert list(await files(bot, base, head)) == [PATH]


async def test_commits_without_common_history_are_not_compared(bot: Client) -> None:
    git, base = bot.sandbox.repository(NAME).git, await oid(bot)
    commit = await git.commit(base)
    assert commit is not None
    alone = await git.write_commit(commit.tree, [], "Alone", author=commit.author, committer=commit.author)
    assert (await bot.get(f"{SHOP}/compare/{base}...{alone}")).status == 404
    assert (await bot.get(f"{SHOP}/compare/{base}...{'1' * 40}")).status == 404
