"""Links lead to one GitHub only, whatever is asked for."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bumps.links import link, site_of
from bot.safe_text import encoded

SITE = "https://github.com"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://github.com/o/r/blob/c0ffee", SITE),
        ("https://github.example:8443/o", "https://github.example:8443"),
        ("https://github.com", SITE),
        ("http://github.com/o", ""),
        ("https://user@github.com/o", ""),
        ("https://github.com?x", ""),
        ("github.com/o", ""),
        ("", ""),
    ],
)
def test_a_site_is_https_and_a_host(url, site):
    assert site_of(url) == site


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/app",
        "https://github.com/acme/app/compare/v1.0.0...v1.1.0",
        "https://github.com/acme/app/releases/tag/app%2Fv1.1.0",
        "https://github.com/acme/app/blob/c0ffee/a.yaml?plain=1#L5",
        "https://github.com",
    ],
)
def test_a_page_of_the_site_is_linked(url):
    assert link("a", url, SITE) == f"[a]({url})"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/acme/app",
        "https://github.com.evil.example/",
        "https://github.com@evil.example/",
        "https://github.community/",
        "http://github.com/acme/app",
        "javascript:alert(1)",
        "https://github.com/a)[b](https://evil.example",
        "https://github.com/a b",
        "https://github.com/a\nb",
        "https://github.com/<b>",
        "https://github.com/a|b",
        "https://github.com/`a`",
        "https://github.com/\u202ea",
        "https://github.com\\@evil.example/",
        f"https://github.com/{'a' * 2_000}",
        "",
    ],
)
def test_anything_else_is_only_shown(url):
    assert link("a", url, SITE) == "a"


def test_without_a_site_nothing_is_linked():
    assert link("a", "https://github.com/a", "") == "a"


@given(st.text())
def test_a_path_is_encoded_as_addresses_are(text):
    assert encoded(text) == quote(text, safe="/", errors="replace")


@given(st.text(min_size=1, max_size=100))
def test_any_path_can_be_linked(path):
    assert link("a", f"{SITE}/{encoded(path)}", SITE) != "a"
