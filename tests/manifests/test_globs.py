"""Globs select paths as .gitignore reads them, and git itself is the judge."""

from __future__ import annotations

import os
import subprocess

import pytest

from bot.manifests import exactly, selects

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
ENVIRONMENT |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
"""What git runs in: nothing of what somebody has set for themselves."""

PATHS = (
    "app.yaml",
    "a/app.yaml",
    "a/b/app.yaml",
    "a/b/c/app.yaml",
    "clusters/prod/app.yaml",
    "clusters/legacy/app.yaml",
    "clusters.yaml",
    "x/clusters/app.yaml",
    "a b/c d.yaml",
    "#hash.yaml",
    "!bang.yaml",
    "star*.yaml",
    "brack[et].yaml",
    "back\\slash.yaml",
    "UPPER.yaml",
    "größe/日本.yaml",
    ".hidden/app.yaml",
    "a/.yaml",
    "a-b.yaml",
    "5.yaml",
)
PATTERNS = (
    "**", "*", "*.yaml", "app.yaml", "/app.yaml", "a", "a/", "/a", "/a/", "a/*", "a/**", "a/**/", "**/a", "**/b/**",
    "a/**/app.yaml", "**/app.yaml", "/**/app.yaml", "a/*/app.yaml", "a/b", "b/", "b", "clusters", "clusters/",
    "clusters/**", "clusters/*/app.yaml", "cl*s/prod", "a**b", "a/**b/app.yaml", "?.yaml", "[0-9].yaml", "[!0-9].yaml",
    "[^a]*.yaml", "[]5].yaml", "[a-]*.yaml", "[[:digit:]].yaml", "[[:upper:]]*.yaml", "[[:nonsense:]].yaml", "[open",
    "\\#hash.yaml", "#hash.yaml", "\\!bang.yaml", "star\\*.yaml", "star*", "brack\\[et].yaml", "brack[[]et].yaml",
    "back\\\\slash.yaml", "trailing\\", "a b/", "c d.yaml   ", "größe/**",
    "größe/*.yaml", "[.-0]*.yaml", "[!/]pp.yaml", "a[[:punct:]]b.yaml", "a[[:graph:]]app.yaml",
    "*/", "/*", "/", "", "   ",
    "***", "a/***/app.yaml", "[5-1].yaml", "[\\5].yaml", "[a/b]pp.yaml", "a[/]app.yaml", "a?app.yaml", "upper.yaml",
)  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("globs")
    subprocess.run(["git", "init", "-q", folder], check=True, env=ENVIRONMENT)
    return folder


@pytest.mark.parametrize("pattern", PATTERNS)
def test_one_pattern_selects_what_git_ignores_by_it(repository, pattern):
    (repository / ".gitignore").write_text(pattern + "\n")
    question = "\0".join(PATHS).encode()
    command = ["git", "-C", str(repository), "check-ignore", "--no-index", "-z", "--stdin"]
    answer = subprocess.run(command, input=question, capture_output=True, check=False, env=ENVIRONMENT).stdout
    ignored = set(answer.decode().split("\0")) - {""}
    assert {path for path in PATHS if selects((pattern,), path)} == ignored


@pytest.mark.parametrize(
    ("patterns", "path", "selected"),
    [
        (("clusters/**", "!clusters/legacy/**"), "clusters/prod/app.yaml", True),
        (("clusters/**", "!clusters/legacy/**"), "clusters/legacy/app.yaml", False),
        (("clusters/**", "!clusters/legacy/**", "clusters/legacy/app.yaml"), "clusters/legacy/app.yaml", True),
        (("clusters", "!clusters/legacy"), "clusters/legacy/app.yaml", False),
        (("!legacy",), "clusters/prod/app.yaml", True),
        (("!legacy",), "clusters/legacy/app.yaml", False),
        ((), "app.yaml", False),
        (("# a comment",), "app.yaml", False),
        (("x" * 1_001,), "x" * 1_001, False),
    ],
)
def test_the_last_pattern_that_matches_decides(patterns, path, selected):
    assert selects(patterns, path) is selected


@pytest.mark.parametrize("path", PATHS)
def test_a_path_written_exactly_selects_itself_alone(path):
    assert [other for other in PATHS if selects((exactly(path),), other)] == [path]


def test_a_question_mark_stands_for_a_letter_however_many_bytes_it_takes():
    assert selects(("größe/??.yaml",), "größe/日本.yaml")
    assert not selects(("größe/?.yaml",), "größe/日本.yaml")


def test_a_pattern_made_of_stars_takes_no_time():
    assert not selects(("*a" * 300 + "b",), "a" * 5_000)
