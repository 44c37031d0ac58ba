"""Who did something, by one kind of name."""

from __future__ import annotations

import pytest

from bot.github.actors import actor_login, git_author_login, is_bot


@pytest.mark.parametrize(
    ("actor", "login"),
    [
        ({"__typename": "User", "login": "ann"}, "ann"),
        ({"__typename": "Bot", "login": "niro"}, "niro[bot]"),
        ({"__typename": "Bot", "login": "niro[bot]"}, "niro[bot]"),
        ({"__typename": "User", "login": "niro"}, "niro"),
        ({"login": "ann"}, "ann"),
        (None, ""),
    ],
)
def test_a_bot_has_one_name_wherever_it_is_told(actor, login):
    assert actor_login(actor) == login


@pytest.mark.parametrize(
    ("author", "login"),
    [
        ({"user": {"login": "ann"}, "email": "ann@example.org"}, "ann"),
        ({"user": None, "email": "12+niro[bot]@users.noreply.github.com"}, "niro[bot]"),
        ({"user": {"login": "niro"}, "email": "12+niro[bot]@users.noreply.github.com"}, "niro[bot]"),
        ({"user": {"login": "niro[bot]"}, "email": "12+niro[bot]@users.noreply.github.com"}, "niro[bot]"),
        ({"user": {"login": "ann"}, "email": "12+niro[bot]@users.noreply.github.com"}, "ann"),
        ({"user": None, "email": "ann@users.noreply.ghe.example"}, "ann"),
        ({"user": None, "email": "niro[bot]@evil.example"}, ""),
        ({"user": None, "email": None}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_who_a_commit_says_its_author_is(author, login):
    assert git_author_login(author) == login


def test_an_apps_login_is_a_bots():
    assert is_bot("niro[bot]")
    assert not is_bot("niro")
