"""A folder is read as git would see it, and what is not read is told."""

import os
from pathlib import Path

from bot.explaining.folder import LARGEST_FILE, Folder, read_folder


def read(root: Path) -> Folder:
    return read_folder(root, lambda _: None)


def test_manifests_are_read_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for path in ("b.yaml", "a/z.yml", "a/y.YAML", "notes.txt", ".git/config.yaml", ".github/workflows/ci.yml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("image: nginx\n")
    found = read(tmp_path)
    assert (list(found.files), found.not_read) == (["b.yaml", ".github/workflows/ci.yml", "a/y.YAML", "a/z.yml"], ())


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert [(each.path, each.reason.value) for each in read(tmp_path).not_read] == [("huge.yaml", "too-large")]


def test_a_path_that_is_no_unicode_is_not_read(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.yaml")).write_text("image: nginx\n")
    found = read(tmp_path)
    assert [each.reason.value for each in found.not_read] == ["unsafe-path"]
    assert found.files == {}


def test_what_is_no_regular_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder.yaml").mkdir()
    found = read(tmp_path)
    assert [(each.path, each.reason.value) for each in found.not_read] == [("pipe.yaml", "special-file")]
    assert found.files == {}


def test_a_link_that_might_lead_to_manifests_is_told(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/api.yaml").write_text("image: nginx\n")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/production").symlink_to("../real")
    (tmp_path / "elsewhere").symlink_to("/")
    (tmp_path / "gone.yaml").symlink_to("none")
    (tmp_path / "README").symlink_to("real/api.yaml")
    found = read(tmp_path)
    assert [(each.path, each.reason.value) for each in found.not_read] == [
        ("elsewhere", "symlink"),
        ("gone.yaml", "symlink"),
        ("deploy/production", "symlink"),
    ]
    assert list(found.files) == ["real/api.yaml"]


def test_a_folder_that_vanished_is_told(tmp_path: Path) -> None:
    (told,) = read(tmp_path / "gone").not_read
    assert (told.path, told.reason.value, told.sentence) == (
        ".",
        "unreadable",
        "it cannot be read: No such file or directory",
    )
