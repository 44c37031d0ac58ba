"""What a review links to can neither end a link early nor grow without end."""

from __future__ import annotations

import pytest

from bot.findings.links import Links, linked

LINKS = Links("https://github.com/acme/shop/blob/abc", "https://docs.example/rules.md")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app.yaml", "[here](https://github.com/acme/shop/blob/abc/app.yaml#L7)"),
        ("a b/c).yaml", "[here](https://github.com/acme/shop/blob/abc/a%20b/c%29.yaml#L7)"),
        ("größe.yaml", "[here](https://github.com/acme/shop/blob/abc/gr%C3%B6%C3%9Fe.yaml#L7)"),
        ("a#b?c%d.yaml", "[here](https://github.com/acme/shop/blob/abc/a%23b%3Fc%25d.yaml#L7)"),
        ("\ud800", "[here](https://github.com/acme/shop/blob/abc/%3F#L7)"),
        ("x" * 4_000, "here"),
    ],
)
def test_a_line_of_a_file_is_linked(path, expected):
    assert LINKS.at_line("here", path, 7) == expected


def test_a_rule_is_linked_to_its_section():
    assert LINKS.rule("run-as-root") == "[`run-as-root`](https://docs.example/rules.md#run-as-root)"


def test_nothing_is_linked_where_no_addresses_are_known():
    assert (Links().rule("run-as-root"), Links().at_line("here", "app.yaml", 7)) == ("`run-as-root`", "here")
    assert linked("here", "") == "here"
