"""`niro check DIR --base REV` in a sparse checkout: what is not on the disk is not gone."""

import json
from typing import Any

import pytest

from tests.checking.conftest import Niro, Repository, pod

ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nimagePullSecrets: [{name: pull}]\n"


def told(niro: Niro, folder: str = ".") -> dict[str, Any]:
    shown = niro(folder, "--base", "HEAD~1", "--format", "json", "--fail-on", "never")
    assert shown.exit_code == 0, shown.stderr
    answer: dict[str, Any] = json.loads(shown.stdout)
    return answer


def tags(findings: list[dict[str, Any]]) -> list[str]:
    return [each["path"] for each in findings if each["rule"] == "latest-image-tag"]


@pytest.fixture
def sparse(repository: Repository) -> Repository:
    """A checkout with two commits, of which `apps` alone is on the disk; the second one is still empty."""
    repository.commit({"apps/app.yaml": pod(), "away/old.yaml": pod("nginx", "old"), "away/account.yaml": ACCOUNT})
    return repository


def leave_out(repository: Repository) -> None:
    repository.git("sparse-checkout", "set", "apps")
    assert not (repository.folder / "away").exists()


def test_what_is_left_out_is_not_fixed(niro: Niro, sparse: Repository) -> None:
    sparse.commit({"apps/app.yaml": pod("nginx:latest")})
    leave_out(sparse)
    answer = told(niro)
    assert (tags(answer["findings"]), answer["fixed"], answer["not_read"]) == (["apps/app.yaml"], [], [])


def test_what_a_commit_brings_where_it_is_left_out_is_told(niro: Niro, sparse: Repository) -> None:
    sparse.commit({"away/new.yaml": pod("nginx", "new")})
    leave_out(sparse)
    assert tags(told(niro)["findings"]) == ["away/new.yaml"]


def test_what_a_commit_takes_away_where_it_is_left_out_is_fixed(niro: Niro, sparse: Repository) -> None:
    sparse.commit({"away/old.yaml": None})
    leave_out(sparse)
    assert tags(told(niro)["fixed"]) == ["away/old.yaml"]


def test_what_is_left_out_says_what_it_says_of_others(niro: Niro, sparse: Repository) -> None:
    sparse.commit({"apps/app.yaml": pod("ghcr.io/acme/app:1.0").replace("shop", "default")})
    leave_out(sparse)
    assert "public-image-no-credential" not in {each["rule"] for each in told(niro)["findings"]}
