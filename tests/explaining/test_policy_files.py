"""A policy is found by its image or by its name, and a glob stands for each image that it matches."""

import os
import re
from pathlib import Path

import pytest

from bot.explaining import Mistake
from bot.explaining.policy_files import (
    MOST_BYTES,
    about_image,
    named,
    problem_lines,
    read_policy_file,
    read_policy_file_of,
)
from bot.images import ImageReference
from bot.policies import PolicyFile, load


def policy_file(*images: str) -> PolicyFile:
    """A file with policies about these images, some of which may be globs, each for a folder of its own."""
    lines = [
        f"  - {{image: 'ghcr.io/{image}', name: p{number}, update: {{paths: [p{number}/**]}}}}\n"
        for number, image in enumerate(images)
    ]
    return load("".join(["version: 1\n", "images:\n" if images else "", *lines]))


def image(name: str) -> ImageReference:
    return ImageReference.parse(f"ghcr.io/{name}")


def test_an_exact_policy_wins_over_a_glob_before_it() -> None:
    _, found = about_image(policy_file("o/*", "o/app"), "f.yml", image("o/app"))
    assert (found.policy.name, found.pattern, found.others) == ("p1", None, ())


def test_the_first_glob_that_matches_counts() -> None:
    _, found = about_image(policy_file("o/web*", "o/*", "o/app*"), "f.yml", image("o/app"))
    assert (found.policy.name, found.policy.image.name, found.pattern) == ("p1-app", "ghcr.io/o/app", "ghcr.io/o/*")
    assert found.policy.line == 4


def test_a_name_that_no_policy_about_the_image_has_is_told() -> None:
    with pytest.raises(Mistake, match=r"^f.yml has no policy p1; its policies about ghcr.io/o/app are: p0$"):
        about_image(policy_file("o/app", "o/web"), "f.yml", image("o/app"), "p1")


def test_a_glob_by_its_name_stands_for_each_image_that_it_matches() -> None:
    _, found = named(policy_file("o/*"), "f.yml", "p0", [image("o/app"), image("o/web"), image("x/y")])
    assert [each.policy.name for each in found] == ["p0-app", "p0-web"]


def test_one_image_of_a_glob_can_be_named() -> None:
    expanded, found = named(policy_file("o/*"), "f.yml", "p0-web", [image("o/app"), image("o/web")])
    assert [each.policy.image.name for each in found] == ["ghcr.io/o/web"]
    assert [policy.name for policy in expanded.images] == ["p0-app", "p0-web"]


def test_a_glob_that_matches_nothing_stands_for_nothing() -> None:
    assert named(policy_file("o/*"), "f.yml", "p0", [image("x/y")])[1] == []


def test_many_names_are_cut_short_in_a_message() -> None:
    with pytest.raises(Mistake) as caught:
        named(policy_file(*["o/app"] * 80), "f.yml", "none", [])
    assert str(caught.value).endswith("p49 and 30 more")


def test_a_file_without_policies_says_so() -> None:
    with pytest.raises(Mistake, match=r"there are no policies in it$"):
        named(policy_file(), "f.yml", "none", [])


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "huge.yml").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(Mistake, match=f"has more than {MOST_BYTES:,} bytes"):
        read_policy_file(tmp_path / "huge.yml")


LEFT_OUT = r"f\.yml:3:1: 'ghcr\.io/o/web\.lock' is left out: its branch .* cannot be in git"
"""Git has no branches whose names end like this."""


def test_an_image_that_a_glob_leaves_out_is_told_with_the_reason() -> None:
    with pytest.raises(Mistake) as caught:
        about_image(policy_file("o/*"), "f.yml", image("o/web.lock"))
    said, why = caught.value.lines
    assert said == "f.yml has no policy about ghcr.io/o/web.lock; its images are: ghcr.io/o/*"
    assert re.match(LEFT_OUT, why)


def test_where_a_name_is_missing_what_globs_leave_out_is_told() -> None:
    with pytest.raises(Mistake) as caught:
        named(policy_file("o/*"), "f.yml", "p0-web.lock", [image("o/web.lock")])
    assert re.match(LEFT_OUT, caught.value.lines[1])


def test_a_glob_that_leaves_an_image_out_has_a_problem() -> None:
    expanded, found = named(policy_file("o/*"), "f.yml", "p0", [image("o/app"), image("o/web.lock")])
    assert [each.policy.name for each in found] == ["p0-app"]
    assert re.match(LEFT_OUT, problem_lines("f.yml", expanded)[0])


def checkout(root: Path) -> Path:
    """A checkout with a secret beside it, and a policy file that could be read."""
    (root / "secret.yml").write_text("password: hunter2\n")
    (root / "real").mkdir()
    (root / "real/policies.yml").write_text("version: 1\n")
    (root / "work").mkdir()
    return root / "work"


def test_a_policy_file_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    work = checkout(tmp_path)
    (work / ".niro").mkdir()
    (work / ".niro/policies.yml").symlink_to("../../secret.yml")
    with pytest.raises(
        Mistake, match=r"policies.yml cannot be read: it is a symbolic link, and those are not followed$"
    ):
        read_policy_file_of(work)


def test_a_policy_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    work = checkout(tmp_path)
    (work / ".niro").symlink_to("../real")
    with pytest.raises(
        Mistake, match=r"policies.yml cannot be read: it is a symbolic link, and those are not followed$"
    ):
        read_policy_file_of(work)


def test_a_policy_file_that_was_named_may_be_a_link(tmp_path: Path) -> None:
    work = checkout(tmp_path)
    (work / "link.yml").symlink_to("../real/policies.yml")
    assert read_policy_file(work / "link.yml").images == ()


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".niro").mkdir()
    os.mkfifo(tmp_path / ".niro/policies.yml")
    with pytest.raises(Mistake, match="cannot be read: it is no regular file"):
        read_policy_file_of(tmp_path)
    with pytest.raises(Mistake, match="cannot be read: it is no regular file"):
        read_policy_file(tmp_path / ".niro/policies.yml")
    with pytest.raises(Mistake, match="cannot be read: it is no regular file"):
        read_policy_file(Path("/dev/zero"))
