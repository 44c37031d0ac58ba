"""Some files are never edited, and most are not worth reading."""

from __future__ import annotations

import pytest

from bot.manifests import SkipReason, editable, may_hold_images


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("clusters/prod/app.yaml", None),
        (".github/dependabot.yml", None),
        ("docs/.niro/app.yaml", None),
        ("..app.yaml", None),
        (".github/workflows/ci.yml", SkipReason.WORKFLOW),
        (".GitHub/Workflows/ci.yml", SkipReason.WORKFLOW),
        (".niro/policies.yml", SkipReason.POLICY_FILE),
        (".Niro/other.yaml", SkipReason.POLICY_FILE),
        ("/etc/app.yaml", SkipReason.UNSAFE_PATH),
        ("a/../b.yaml", SkipReason.UNSAFE_PATH),
        ("../b.yaml", SkipReason.UNSAFE_PATH),
        ("a/./b.yaml", SkipReason.UNSAFE_PATH),
        ("a//b.yaml", SkipReason.UNSAFE_PATH),
        ("a/b.yaml/", SkipReason.UNSAFE_PATH),
        ("a\\b.yaml", SkipReason.UNSAFE_PATH),
        ("a\0.yaml", SkipReason.UNSAFE_PATH),
        (".git/config.yaml", SkipReason.UNSAFE_PATH),
        ("a/.GIT/config.yaml", SkipReason.UNSAFE_PATH),
        ("\ud800.yaml", SkipReason.UNSAFE_PATH),
        ("", SkipReason.UNSAFE_PATH),
    ],
)
def test_a_path_is_editable_or_says_why_not(path, reason):
    assert editable(path) is reason


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (None, None),
        ("100644", None),
        ("100755", None),
        ("120000", SkipReason.SYMLINK),
        ("160000", SkipReason.SUBMODULE),
        ("040000", SkipReason.NOT_A_FILE),
    ],
)
def test_only_ordinary_files_are_editable(mode, reason):
    assert editable("app.yaml", mode) is reason


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app.yaml", True),
        ("deep/app.YML", True),
        ("app.json", False),
        ("README.md", False),
        (".github/workflows/ci.yml", False),
        (".niro/policies.yml", False),
        ("yaml", False),
    ],
)
def test_the_name_tells_which_files_are_worth_reading(path, expected):
    assert may_hold_images(path) is expected
