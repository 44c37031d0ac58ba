"""The index: everything once, then only what changed; nothing of what is not worth reading."""

from datetime import timedelta

import pytest

from bot.flows import reading_tree
from bot.sandbox.git import NewEntry
from tests.flows.house import House

BACK_OFF = timedelta(seconds=10)
ARCHIVE = "repos/download-tarball-archive"


@pytest.fixture
def small_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three batches of two files be many: the same paths, without hundreds of files."""
    monkeypatch.setattr(reading_tree, "BATCH", 2)


def manifests(house: House, count: int) -> dict[str, bytes]:
    return {f"apps/{number:03}.yaml": house.deployment("1.4.2", f"app-{number}") for number in range(count)}


async def begin(house: House, files: dict[str, bytes]) -> int:
    """Make the repository with a policy file and these files, and return its id."""
    await house.push("1.4.2")
    found = await house.github.add_repository(house.repository, {".niro/policies.yml": house.policy(), **files})
    await house.work()
    return found.id


async def known(house: House) -> set[str]:
    return set(await house.parts.store.index.known(house.github.repository(house.repository).id))


async def test_up_to_300_files_are_read_in_batches(empty_house: House) -> None:
    counted = empty_house.counted()
    await begin(empty_house, manifests(empty_house, 120))
    assert (counted.names.count("Blobs"), counted.names.count(ARCHIVE)) == (3, 0)
    assert len(await known(empty_house)) == 120


async def test_more_than_300_files_are_read_from_the_archive_in_one_request(empty_house: House) -> None:
    counted = empty_house.counted()
    await begin(empty_house, manifests(empty_house, 301))
    assert (counted.names.count("Blobs"), counted.names.count(ARCHIVE)) == (0, 1)
    assert len(await known(empty_house)) == 301


async def test_what_the_archive_leaves_out_or_changes_is_read_by_itself(empty_house: House) -> None:
    house = empty_house
    attributes = {".gitattributes": b"apps/000.yaml export-ignore\napps/001.yaml text eol=crlf\n"}
    counted = house.counted()
    await begin(house, manifests(house, 301) | attributes)
    assert (counted.names.count("Blobs"), counted.names.count(ARCHIVE)) == (1, 1)
    assert len(await known(house)) == 301


async def test_only_the_file_that_changed_is_read_again(empty_house: House) -> None:
    house = empty_house
    await begin(house, manifests(house, 60))
    counted = house.counted()
    await house.commit({"apps/007.yaml": house.deployment("1.4.2", "changed")})
    assert counted.names.count("Blobs") == 1
    read = await house.parts.store.index.files(house.github.repository(house.repository).id)
    assert [file.path for file in read if f"{house.owner}/changed" in str(file.images)] == ["apps/007.yaml"]


async def test_a_file_that_is_removed_or_renamed_is_forgotten_under_its_old_path(empty_house: House) -> None:
    house = empty_house
    await begin(house, manifests(house, 2))
    await house.commit({"apps/new.yaml": house.deployment("1.4.2", "app-0")}, removed=["apps/000.yaml"])
    assert await known(house) == {"apps/001.yaml", "apps/new.yaml"}


async def test_a_tree_that_github_cuts_short_is_read_by_folders(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    found = await house.github.world.add_repository(house.repository)
    found.tree_limit = 4
    await house.github.world.install(house.github.app, found.owner)
    files = {f"a/b{number}/c.yaml": house.deployment() for number in range(4)} | {"top.yaml": house.deployment()}
    await house.github.commit(house.repository, "main", {".niro/policies.yml": house.policy(), **files})
    await house.work()
    assert await known(house) == set(files)
    await house.publish("1.5.0")
    assert len(house.pulls()) == 1


async def test_a_run_that_fails_in_the_middle_goes_on_where_it_ended(empty_house: House, small_archive: None) -> None:
    house = empty_house
    house.github.faults.answer("graphql:Blobs", status=403, headers={"Retry-After": "60"}, skip=2)
    counted = house.counted()
    await begin(house, manifests(house, 8))
    assert len(await known(house)) == 4
    assert counted.names.count("Blobs") == 3
    await house.later(timedelta(seconds=61))
    assert len(await known(house)) == 8
    assert counted.names.count("Blobs") == 3 + 2


async def test_what_a_failed_run_would_have_asked_for_is_asked_for_by_the_next(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    house.github.faults.bad_gateway("git/get-tree")
    await house.commit({".niro/policies.yml": house.policy(more="    enabled: false\n")})
    assert pull.state == "open"
    await house.later(BACK_OFF)
    assert pull.state == "closed"


@pytest.mark.parametrize("path", [".niro/extra.yml", "notes.txt", "app.py"])
async def test_files_that_are_never_edited_are_not_read(empty_house: House, path: str) -> None:
    await begin(empty_house, {path: empty_house.deployment(), "deploy.yaml": empty_house.deployment()})
    assert await known(empty_house) == {"deploy.yaml"}


async def test_symbolic_links_submodules_and_huge_files_are_left_out(empty_house: House) -> None:
    house = empty_house
    await begin(house, {"deploy.yaml": house.deployment(), "huge.yaml": b"#" * (reading_tree.LARGEST_FILE + 1)})
    git = house.github.repository(house.repository).git
    link, module = await git.write_blob(b"deploy.yaml"), "1" * 40
    await house.commit_entries(NewEntry("link.yaml", "120000", link), NewEntry("module.yaml", "160000", module))
    await house.work()
    assert await known(house) == {"deploy.yaml"}
    await house.publish("1.5.0")
    assert len(house.pulls()) == 1


async def test_a_file_that_became_a_link_since_it_was_indexed_is_not_edited(house: House) -> None:
    house.github.webhooks.paused = True
    await house.github.commit(house.repository, "main", {}, removed=["deploy/api.yaml"])
    link = await house.github.repository(house.repository).git.write_blob(house.deployment())
    await house.commit_entries(NewEntry("deploy/api.yaml", "120000", link))
    house.github.webhooks.paused = False
    await house.publish("1.5.0")
    assert house.pulls() == []


async def test_without_a_policy_file_one_look_is_all_and_nothing_is_kept(empty_house: House) -> None:
    house = empty_house
    found = await house.github.add_repository(house.repository, manifests(house, 3))
    await house.work()
    counted = house.counted()
    await house.commit({"more.yaml": house.deployment()})
    assert counted.names == ["Head"]
    assert await house.parts.store.index.known(found.id) == {}
    assert await house.parts.store.index.state(found.id) is None


async def test_a_policy_file_that_comes_later_has_everything_read(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    await house.push("1.5.0")
    await house.github.add_repository(house.repository, {"deploy.yaml": house.deployment()})
    await house.work()
    await house.commit({".niro/policies.yml": house.policy()})
    assert [pull.title[-5:] for pull in house.pulls()] == ["1.5.0"]


async def test_files_that_are_no_manifests_or_broken_do_not_stop_the_others(empty_house: House) -> None:
    house = empty_house
    broken = {"a.yaml": b"{{ .Values.image }}: [", "b.yaml": b"\xff\xfe\x00", "c.json": b"[" * 5000, "empty.yaml": b""}
    await begin(house, broken | {"deploy.yaml": house.deployment()})
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert await house.github.read(house.repository, "deploy.yaml", pull.head_oid) == house.deployment("1.5.0")


async def test_a_folder_too_large_for_one_answer_is_told_to_the_operator(empty_house: House, logs) -> None:
    house = empty_house
    await begin(house, manifests(house, 5))
    house.github.repository(house.repository).tree_limit = 2
    await house.commit({"apps/more.yaml": house.deployment()})
    assert [event["folder"] for event in logs if event["event"] == "tree.cut_short"] == ["apps/"]


async def test_an_empty_repository_is_no_error(empty_house: House) -> None:
    await empty_house.github.add_repository(empty_house.repository)
    await empty_house.work()
    assert await empty_house.dead() == []
