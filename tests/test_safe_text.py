"""What strangers wrote never mentions, refers, links, hides or breaks out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safe_text import code, cut, in_html, plain, prose, quiet, size, undirected, visible, with_code, within
from tests.bumps.page import Page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nginx:1.25", "nginx:1.25"),
        ("a\nb\r\nc\td", "a b c d"),
        ("  a   b ", "a b"),
        ("a\u202eb\u2066c\u200bd\ufeffe", "abcde"),
        ("a\0b\x1b[31mc\x7f", "ab[31mc"),
        ("\u3164\u115fa\ufe0f\U000e0041", "a"),
        ("a\ud800b", "ab"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("größe 日本 🚀", "größe 日本 🚀"),
        ("x" * 400, "x" * 148 + "..." + "x" * 148),
        ("", ""),
    ],
)
def test_a_piece_of_text_is_one_line_of_visible_letters(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nginx:1.25", "`nginx:1.25`"),
        ("a`b", "`` a`b ``"),
        ("``a```b`", "```` ``a```b` ````"),
        ("a|b", "`a\N{DIVIDES}b`"),
        ("a\\|b", "`a\\\N{DIVIDES}b`"),
        ("@acme/team #12 <img>", "`@acme/team #12 <img>`"),
        ("", "(empty)"),
        ("\u200b", "(empty)"),
    ],
)
def test_inline_code_holds_what_it_is_given(text, expected):
    assert code(text) == expected


@given(st.text(alphabet=st.sampled_from("`|\\@#<>[]()\n\t ab\u202e"), max_size=40))
def test_nothing_breaks_out_of_inline_code(text):
    shown = code(text)
    assert "\n" not in shown
    assert "|" not in shown
    if shown != "(empty)":
        fence = re.match("`+", shown).group()
        inner = shown[len(fence) : -len(fence)]
        assert shown.endswith(fence)
        assert not any(len(run) == len(fence) for run in re.findall("`+", inner))


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("thanks to @acme/team", "@acme"),
        ("@admin", "@admin"),
        ("(@admin)", "@admin"),
        ("closes #12", "#12"),
        ("closes acme/app#12", "#12"),
        ("see GH-12", "GH-12"),
        ("see gh-12", "gh-12"),
        ("https://evil.example", "://"),
        ("www.evil.example", "www."),
        ("anna@acme.example", "@acme"),
        ("mailto:anna@acme.example", "@acme"),
        ("a.b+c_d-@acme.example", "@acme"),
    ],
)
def test_nobody_is_mentioned_and_nothing_is_referred_to(text, bad):
    for shown in (quiet(text), prose(text), undirected(text)):
        assert not re.search(re.escape(bad), shown)
        assert shown.replace("\N{WORD JOINER}", "").replace("\\", "") == text


@pytest.mark.parametrize("text", ["nginx@sha256:0", "a.b@c", "#tag", "GH-app", "1.2.3 -> 1.3.0"])
def test_what_is_harmless_stays_as_it_is(text):
    assert quiet(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](b)", r"\[a\](b)"),
        ("![a](b)", r"!\[a\](b)"),
        ("<img src=x>", r"\<img src=x\>"),
        ("*a* _b_ `c` ~d~", r"\*a\* \_b\_ \`c\` \~d\~"),
        ("a|b", r"a\|b"),
        ("&lt;", r"\&lt;"),
        ("a\\", "a\\\\"),
        ("1.2.0 lacks linux/arm64.", "1.2.0 lacks linux/arm64."),
    ],
)
def test_markdown_in_a_sentence_is_shown_and_not_obeyed(text, expected):
    assert prose(text) == expected


@pytest.mark.parametrize("text", ["[skip ci]", "a[ci skip].yaml", "[no ci]"])
def test_a_line_of_a_commit_message_orders_nothing(text):
    assert "[" not in undirected(text)
    assert "]" not in undirected(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set `a|*b*` to @acme.", "Set `a\N{DIVIDES}*b*` to @\N{WORD JOINER}acme."),
        ("`a``b`", "`a``b`"),
        ("a `b", r"a \`b"),
        ("a ``", r"a \`\`"),
        ("a `\u200b` b", r"a \`\` b"),
        ("`#12` #12", "`#12` #\N{WORD JOINER}12"),
        ("", ""),
    ],
)
def test_between_two_backticks_of_a_sentence_stands_code(text, expected):
    assert with_code(text) == expected


@given(st.text(alphabet=st.sampled_from("`|\\@#<>[]()\n\t ab12\u202e"), max_size=40))
def test_a_sentence_with_code_stays_in_its_cell_and_nothing_in_it_is_obeyed(text):
    page = Page(f"| a |\n| --- |\n| {with_code(text)} |")
    assert page.cells == 2
    assert page.html == []
    assert page.links == []


def test_inside_html_a_text_is_escaped_as_html_wants_it():
    shown = in_html('</summary><b>&"@acme #12')
    assert shown == "&lt;/summary&gt;&lt;b&gt;&amp;&quot;@\N{WORD JOINER}acme #\N{WORD JOINER}12"


def test_what_cannot_be_seen_goes_and_spaces_stay():
    assert visible("  a\u202e  b\0\ufe0f ") == "  a  b "


@pytest.mark.parametrize(("room", "expected"), [(0, []), (3, []), (4, ["aa"]), (7, ["aa"]), (8, ["aa", "bb"])])
def test_the_first_parts_that_fit_are_kept(room, expected):
    assert within(["aa", "bb"], room) == expected


@pytest.mark.parametrize(("room", "expected"), [(3, []), (4, ["éé"]), (7, ["éé"]), (8, ["éé", "😀"])])
def test_room_is_counted_in_bytes(room, expected):
    assert within(["éé", "😀", "b"], room, between=0) == expected


@pytest.mark.parametrize(("most", "expected"), [(8, "éé😀"), (7, "éé…"), (6, "é…"), (3, "…")])
def test_a_text_is_cut_between_its_letters(most, expected):
    assert cut("éé😀", most) == expected
    assert size(expected) <= most
