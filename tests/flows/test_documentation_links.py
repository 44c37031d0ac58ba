"""The rules' page is linked where the App's home is a repository, and nowhere else."""

from __future__ import annotations

import pytest

from bot.flows.documentation import rules_page_of


@pytest.mark.parametrize(
    ("homepage", "page"),
    [
        ("https://github.com/acme/niro-bot", "https://github.com/acme/niro-bot/blob/HEAD/docs/rules.md"),
        ("https://git.example:8443/acme/niro/", "https://git.example:8443/acme/niro/blob/HEAD/docs/rules.md"),
        ("https://github.com/OWNER/niro-bot", ""),
        ("https://niro.example", ""),
        ("http://github.com/acme/niro-bot", ""),
        ("https://github.com/acme/niro-bot/wiki", ""),
        ("https://github.com/acme/niro)bot", ""),
        ("", ""),
    ],
)
def test_the_page_stands_in_the_repository_that_is_the_apps_home(homepage: str, page: str) -> None:
    assert rules_page_of(homepage) == page
