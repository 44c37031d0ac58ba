"""Release notes of strangers are quoted: their form is kept, and nothing in them is obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bumps.quoting import quoted
from tests.bumps.page import JOINER, REFERENCE, Page

SHOWN = {
    "a line": ("Small.", "> Small."),
    "two paragraphs": ("One.\n\n\n\nTwo.", "> One.\n>\n> Two."),
    "a heading": ("## What's Changed\ntext", "> **What's Changed**\n>\n> text"),
    "a heading that is closed": ("# A #", "> **A**"),
    "a list": ("* a\n+ b\n1. c", "> - a\n> - b\n> - c"),
    "a list in a list": ("- a\n  - b\n    - c\n- d", "> - a\n>   - b\n>     - c\n> - d"),
    "a list that begins deep": ("        - a", "> - a"),
    "words strong and slanted": ("**a** and __b__", "> a and b"),
    "code": ("Set `a: *b*` now", "> Set `a: *b*` now"),
    "code that is not closed": ("Set `a", "> Set \\`a"),
    "a link": ("see [the page](https://evil.example/x)", "> see the page"),
    "a picture": ("![shot](https://evil.example/x.png)", ""),
    "an address in angles": ("<https://evil.example>", f"> https:{JOINER}//evil.example"),
    "an address": ("https://evil.example", f"> https:{JOINER}//evil.example"),
    "a pull request": ("in https://github.com/acme/app/pull/12", f"> in #{JOINER}12"),
    "a mention": ("by @octocat", f"> by @{JOINER}octocat"),
    "an address of mail": ("a@acme.example", f"> a@{JOINER}acme.example"),
    "tags": ("<details><summary>a</summary>b</details>", "> a b"),
    "a comment": ("a<!-- b\nc -->d", "> ad"),
    "a comment that is not closed": ("a\n<!-- b\nc", "> a"),
    "entities": ("&lt;b&gt; &amp;", "> \\<b\\> \\&"),
    "a rule": ("a\n---\nb\n===\nc", "> a\n>\n> b\n>\n> c"),
    "a table": ("| a | b |\n|---|---|\n| c | d |", "> \\| a \\| b \\|\n>\n> \\| c \\| d \\|"),
    "a quote": ("> a", "> a"),
    "an alert": ("> [!CAUTION]\n> a", "> \\[!CAUTION\\]\n> a"),
    "a box to tick": ("- [ ] a", "> - \\[ \\] a"),
    "a block of code": ("a\n```yaml\nb:\n  - c\n```\nd", "> a\n>\n> ```\n> b:\n>   - c\n> ```\n>\n> d"),
    "a block of code with a fence in it": ("~~~\n```\n~~~", "> ````\n> ```\n> ````"),
    "a block of code that is not closed": ("```\na", "> ```\n> a\n> ```"),
    "nothing": (" \n\n", ""),
    "nothing to see": ("\u200b\u202e", ""),
    "lines that end otherwise": ("a\r\nb\rc\u2028d", "> a\n> b\n> c\n> d"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_the_form_is_kept_and_the_rest_is_text(case):
    text, expected = SHOWN[case]
    assert quoted(text, 1_000) == expected


HOSTILE_PIECES = [
    "</details>",
    "<!-- niro: state -->",
    "<!-- niro: end of state -->",
    "<!--",
    "-->",
    "@acme/team",
    "#12",
    "GH-12",
    "www.evil.example",
    "https://evil.example",
    "[a](https://evil.example)",
    "![a](https://evil.example)",
    "[a]: https://evil.example",
    "<img src=x>",
    "a@evil.example",
    "`",
    "```",
    "~~~",
    "|",
    "> ",
    "    ",
    "- ",
    "# ",
    "\\",
    "&lt;",
    "&#64;acme",
    "&#10;",
    "\n",
    "\r\n",
    "\u2028",
    "\u202e",
    "\t",
    "a",
    " ",
]
HOSTILE = st.lists(st.sampled_from(HOSTILE_PIECES), max_size=30).map("".join)


@given(HOSTILE)
def test_nothing_in_it_is_obeyed(text):
    page = Page(quoted(text, 2_000))
    assert page.html == []
    assert page.links == []
    assert REFERENCE.search(page.words) is None


@given(HOSTILE, st.integers(0, 200))
def test_every_line_is_of_the_quote_and_all_of_it_fits(text, room):
    shown = quoted(text, room)
    assert len(shown) <= max(room, 0)
    assert all(line.startswith(">") for line in shown.split("\n") if shown)


def test_what_is_left_out_is_told():
    assert quoted("a\n" * 100, 30).endswith("\n> ...")
    assert quoted("a\n" * 20_000, 1_000_000).endswith("\n> ...")
    assert not quoted("a\n" * 3, 30).endswith("...")


@pytest.mark.parametrize(
    "piece", ["<!--", "# ", "[", "[a](", "**a", "`a", "<a", "- ", "```\n", "> ", "   ", "https://a/"]
)
def test_a_long_text_is_read_to_its_cap(piece):
    assert len(quoted(piece * 100_000, 4_000)) <= 4_000
