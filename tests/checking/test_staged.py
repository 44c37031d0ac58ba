"""`niro check DIR --staged`: what the next commit brings, and nothing else that lies in the folder."""

import json
from typing import Any

import pytest

from tests.checking.conftest import Niro, Repository, pod


def told(niro: Niro, *words: str, **settings: str) -> dict[str, Any]:
    shown = niro(".", "--staged", "--format", "json", "--fail-on", "never", *words, **settings)
    assert shown.exit_code == 0, shown.stderr
    answer: dict[str, Any] = json.loads(shown.stdout)
    return answer


def tags(findings: list[dict[str, Any]]) -> list[str]:
    return [each["path"] for each in findings if each["rule"] == "latest-image-tag"]


@pytest.fixture
def started(repository: Repository) -> Repository:
    """A checkout with a commit in which one pod has no tag."""
    repository.commit({"old.yaml": pod("nginx"), "good.yaml": pod("nginx:1.27", "good")})
    return repository


def test_what_is_staged_is_told(niro: Niro, started: Repository) -> None:
    started.write({"new.yaml": pod("nginx", "new")})
    started.git("add", "new.yaml")
    assert tags(told(niro)["findings"]) == ["new.yaml"]


def test_what_is_not_staged_is_not_told(niro: Niro, started: Repository) -> None:
    started.write({"untracked.yaml": pod("nginx", "untracked"), "good.yaml": pod("nginx:latest", "good")})
    answer = told(niro)
    assert (answer["findings"], answer["checked"]) == ([], 0)


def test_the_content_is_that_of_the_index(niro: Niro, started: Repository) -> None:
    started.write({"good.yaml": pod("nginx:latest", "good")})
    started.git("add", "good.yaml")
    started.write({"good.yaml": pod("nginx:1.28", "good")})
    assert tags(told(niro)["findings"]) == ["good.yaml"]


def test_what_is_taken_out_of_the_index_is_fixed(niro: Niro, started: Repository) -> None:
    started.git("rm", "--quiet", "--cached", "old.yaml")
    assert tags(told(niro)["fixed"]) == ["old.yaml"]


def test_a_staged_move_with_one_more_line_brings_nothing(niro: Niro, started: Repository) -> None:
    started.git("mv", "old.yaml", "moved.yaml")
    started.write({"moved.yaml": pod("nginx") + "      # one more\n"})
    started.git("add", "moved.yaml")
    answer = told(niro)
    assert (answer["findings"], answer["fixed"]) == ([], [])


def test_a_move_within_a_folder_of_the_checkout_is_known_there(niro: Niro, started: Repository) -> None:
    started.commit({"apps/old.yaml": pod("nginx")})
    started.git("mv", "apps/old.yaml", "apps/moved.yaml")
    started.write({"apps/moved.yaml": pod("nginx") + "      # one more\n"})
    started.git("add", "--all")
    answer = json.loads(niro("apps", "--staged", "--format", "json").stdout)
    assert (answer["findings"], answer["fixed"], answer["checked"]) == ([], [], 1)


def test_a_base_may_be_another_commit(niro: Niro, started: Repository) -> None:
    started.commit({"new.yaml": pod("nginx", "new")})
    assert tags(told(niro, "--base", "HEAD~1")["findings"]) == ["new.yaml"]


def test_before_the_first_commit_all_that_is_staged_is_new(niro: Niro, repository: Repository) -> None:
    repository.write({"app.yaml": pod("nginx"), "untracked.yaml": pod("nginx", "untracked")})
    repository.git("add", "app.yaml")
    assert tags(told(niro)["findings"]) == ["app.yaml"]


def test_what_other_staged_files_say_counts(niro: Niro, started: Repository) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nimagePullSecrets: [{name: pull}]\n"
    started.write({"account.yaml": account, "new.yaml": pod("ghcr.io/acme/app:1.0", "new")})
    started.git("add", "--all")
    assert "public-image-no-credential" not in {each["rule"] for each in told(niro)["findings"]}


def test_a_merge_that_is_not_resolved_is_told(niro: Niro, started: Repository) -> None:
    started.git("checkout", "--quiet", "-b", "other")
    started.commit({"old.yaml": pod("nginx:1.0")})
    started.git("checkout", "--quiet", "main")
    started.commit({"old.yaml": pod("nginx:2.0")})
    with pytest.raises(Exception, match="merge"):
        started.git("merge", "--quiet", "other")
    answer = told(niro)
    assert [(each["path"], each["sentence"]) for each in answer["not_read"]] == [
        ("old.yaml", "a merge of it is not resolved")
    ]
    assert answer["fixed"] == []


def test_the_index_of_a_commit_in_the_making_counts(niro: Niro, started: Repository) -> None:
    """`git commit --all` names an index of its own to the hooks that it runs."""
    hook = started.folder / ".git/hooks/pre-commit"
    hook.write_text('#!/bin/sh\ncp "$GIT_INDEX_FILE" .git/index.hook\n')
    hook.chmod(0o755)
    started.write({"good.yaml": pod("nginx:latest", "good")})
    started.git("commit", "--quiet", "--all", "--message", "Change an image")
    started.git("reset", "--quiet", "--soft", "HEAD~1")
    started.git("reset", "--quiet")
    assert tags(told(niro)["findings"]) == []
    assert tags(told(niro, GIT_INDEX_FILE=".git/index.hook")["findings"]) == ["good.yaml"]


def test_an_index_of_another_repository_does_not_count(niro: Niro, started: Repository, tmp_path_factory: Any) -> None:
    other = Repository(tmp_path_factory.mktemp("other"))
    other.git("init", "--quiet")
    other.commit({"other.yaml": pod("nginx", "other")})
    assert told(niro, GIT_INDEX_FILE=str(other.folder / ".git/index"))["findings"] == []


@pytest.mark.parametrize("words", [("--staged",), ("--base", "HEAD")])
def test_a_manifest_whose_path_has_a_backslash_is_told_as_not_read(
    niro: Niro, started: Repository, words: tuple[str, ...]
) -> None:
    started.write({"a\\b.yaml": pod("nginx", "odd")})
    started.git("add", ".")
    shown = niro(".", *words, "--format", "json", "--fail-on", "never")

    assert [each["path"] for each in json.loads(shown.stdout)["not_read"]] == ["a\\b.yaml"]
