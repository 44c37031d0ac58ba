"""A branch name is as the policy wishes where git takes it, and safe in any case."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bumps import safe_branch


@pytest.mark.parametrize("wish", ["niro/app", "niro/app-1.2_x+y", "UPPER/Case", "a"])
def test_a_good_name_stays(wish):
    assert safe_branch(wish) == wish


@pytest.mark.parametrize(
    ("wish", "start"),
    [
        ("niro/flux-system:app", "niro/flux-system-app-"),
        ("niro/a b", "niro/a-b-"),
        ("niro/..", "niro-"),
        ("niro/a..b", "niro/a.b-"),
        ("niro//app", "niro/app-"),
        ("/niro/app/", "niro/app-"),
        ("-niro", "niro-"),
        ("niro/app.lock", "niro/app-"),
        ("niro/app.LOCK.lock", "niro/app-"),
        ("niro/a@{b", "niro/a-b-"),
        ("refs/heads/main", "niro/bump-"),
        ("HEAD", "niro/bump-"),
        ("", "niro/bump-"),
        ("größe", "gr-e-"),
        ("a\nb\0c", "a-b-c-"),
        ("x" * 500, "x" * 150 + "-"),
    ],
)
def test_a_bad_name_is_made_safe_and_told_apart_by_a_hash(wish, start):
    branch = safe_branch(wish)
    assert branch.startswith(start)
    assert len(branch) == len(start) + 8


def test_different_bad_names_stay_different():
    assert safe_branch("niro/a:b") != safe_branch("niro/a;b")


@pytest.mark.parametrize("taken", ["niro/app", "NIRO/App"])
def test_a_taken_name_is_not_given_again_whatever_its_case(taken):
    branch = safe_branch("niro/app", taken=frozenset({taken}))
    assert branch.startswith("niro/app-")
    assert safe_branch("niro/app", taken=frozenset({taken, branch})) not in {taken, branch}


@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
def test_git_takes_every_name(wishes):
    for branch in {safe_branch(wish) for wish in wishes}:
        assert branch
        assert not set(branch) & set(" ~^:?*[\\\x7f\n\0@")
        assert ".." not in branch
        assert all(step and step[0] not in ".-" and not step.endswith((".", ".lock")) for step in branch.split("/"))


def test_git_agrees():
    wishes = ["niro/flux:app", "a..b", "x.lock", "-x", "@{u}", "a/.b", "a./b", "größe", "a\\b", "a/b.lock/c", ".lock"]
    for branch in map(safe_branch, wishes):
        subprocess.run(["git", "check-ref-format", "--branch", branch], check=True, capture_output=True)
