"""Paths that can be asked for mean what they say."""

from __future__ import annotations

import pytest

from bot.github.paths import LONGEST_PATH, askable


@pytest.mark.parametrize("path", ["a", "apps/web.yaml", "a b/é.yml", "..a/b..", ".niro/policies.yml", "a\\b", "-rf"])
def test_a_path_of_git_can_be_asked_for(path):
    assert askable(path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\0b", "a\udc80b", "a" * (LONGEST_PATH + 1)],
)
def test_an_odd_path_cannot(path):
    assert not askable(path)
