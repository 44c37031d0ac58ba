"""Which lines of a comment are commands: written to the bot, not quoted, not code, not hidden."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import TooMany, commands_in, may_hold_commands

FOUND = {
    "alone": "/niro hold",
    "after a text": "Not today.\n/niro hold",
    "before a text": "/niro hold\nuntil the release is out",
    "after a quote and a blank line": "> /niro merge\n\n/niro hold",
    "right before a quote": "/niro hold\n> what was said",
    "with Windows' line ends": "Not today.\r\n/niro hold\r\n",
    "with a lonely carriage return": "Not today.\r/niro hold\r",
    "space at its end": "/niro hold \t ",
    "after a hard line break": "Not today.\\\n/niro hold",
    "after two spaces at a line's end": "Not today.  \n/niro hold",
    "after a fence that is closed": "```\n/niro merge\n```\n/niro hold",
    "after a list and a blank line": "- one\n\n/niro hold",
    "after a heading": "# Today\n/niro hold",
    "after a comment that is closed": "<!-- /niro merge -->\n\n/niro hold",
    "after an element that is closed": "<details>\n\nmore\n\n</details>\n\n/niro hold",
    "after an empty element": "a line<br>\n/niro hold",
    "after a link definition": "[docs]: https://example.com\n/niro hold",
    "in the middle of emphasis": "**Please\n/niro hold\nthanks**",
    "after a footnote and a blank line": "[^1]: said elsewhere\n\n/niro hold",
    "after a lonely backtick": "a ` sign\n/niro hold",
}

HIDDEN = {
    "a quote": "> /niro merge",
    "a quote without space": ">/niro merge",
    "the lazy second line of a quote": "> somebody wrote\n/niro merge",
    "the lazy line of a quote in a quote": "> > somebody wrote\n/niro merge",
    "the lazy line of a list": "- first\n/niro merge",
    "the lazy line of a numbered list": "1. first\n/niro merge",
    "a list": "- /niro merge",
    "a task": "- [ ] /niro merge",
    "a fence": "```\n/niro merge\n```",
    "a fence that is never closed": "```sh\n/niro merge\n\nmore",
    "a fence of tildes": "~~~\n/niro merge\n~~~",
    "a longer fence": "````\n```\n/niro merge\n```\n````",
    "code by indentation": "    /niro merge",
    "code by a tab": "\t/niro merge",
    "code within a line that goes on": "see `what\n/niro merge\nsays`",
    "code in two backticks": "see ``what\n/niro merge\nsays``",
    "one space before it": " /niro merge",
    "one space before it, after a text": "text\n /niro merge",
    "three spaces before it": "   /niro merge",
    "an HTML comment": "<!--\n/niro merge\n-->",
    "an HTML comment over paragraphs": "<!--\n\n/niro merge\n\n-->",
    "an HTML comment that is never closed": "<!--\n\n/niro merge",
    "an HTML comment within a paragraph": "text <!--\n/niro merge\n-->",
    "an HTML block": "<div>\n/niro merge\n</div>",
    "paragraphs in an HTML quote": "<blockquote>\n\n/niro merge\n\n</blockquote>",
    "paragraphs in an HTML quote in capitals": "<BLOCKQUOTE>\n\n/niro merge\n\n</BLOCKQUOTE>",
    "paragraphs in details": "<details><summary>log</summary>\n\n/niro merge\n\n</details>",
    "an HTML element within a paragraph": "text <code>\n/niro merge\n</code>",
    "an element that is never closed": "<blockquote>\n\nsaid\n\n/niro merge",
    "an element closed in a comment only": "<blockquote>\n\n<!-- </blockquote> -->\n\n/niro merge",
    "preformatted text": "<pre>\n\n/niro merge\n\n</pre>",
    "the attribute of an element": 'text <a title="\n/niro merge\n">x</a>',
    "a heading with dashes below": "/niro merge\n---",
    "a heading with equals signs below": "/niro merge\n===",
    "a heading": "# /niro merge",
    "a table": "| a |\n|---|\n/niro merge",
    "a table's head": "/niro merge | a\n--- | ---",
    "a link's text": "[text\n/niro merge\n](https://example.com)",
    "a picture's text": "![text\n/niro merge\n](https://example.com/a.png)",
    "a link's title": '[text](https://example.com "\n/niro merge\n")',
    "a link's definition": '[docs]: https://example.com "\n/niro merge\n"',
    "a footnote": "[^1]: said elsewhere\n/niro merge",
    "a footnote of one word": "[^1]: elsewhere\n/niro merge",
    "a footnote's third line": "[^1]: elsewhere\nand more\n/niro merge",
    "the middle of a line": "please /niro merge",
    "bold": "**/niro merge**",
    "an alert": "> [!NOTE]\n> /niro merge",
}

NOT_ITS_NAME = {
    "a capital": "/Niro merge",
    "capitals": "/NIRO MERGE",
    "a longer name": "/nirobot merge",
    "a name with a hyphen": "/niro-bot merge",
    "a path": "/niro/merge",
    "no slash": "niro merge",
    "two slashes": "//niro merge",
    "a backslash before it": "\\/niro merge",
    "a Cyrillic letter": "/nir\N{CYRILLIC SMALL LETTER O} merge",
    "a fullwidth slash": "\N{FULLWIDTH SOLIDUS}niro merge",
    "a division slash": "\N{DIVISION SLASH}niro merge",
    "a dotless i": "/n\N{LATIN SMALL LETTER DOTLESS I}ro merge",
    "a zero-width space in it": "/ni\N{ZERO WIDTH SPACE}ro merge",
    "a zero-width space before it": "\N{ZERO WIDTH SPACE}/niro merge",
    "a byte order mark before it": "\N{ZERO WIDTH NO-BREAK SPACE}/niro merge",
    "a no-break space after it": "/niro\N{NO-BREAK SPACE}merge",
    "a line separator before it": "text\N{LINE SEPARATOR}/niro merge",
    "a form feed before it": "text\f/niro merge",
    "an entity": "&#47;niro merge",
    "a NUL in it": "/niro\0merge",
}


@pytest.mark.parametrize("body", FOUND.values(), ids=FOUND)
def test_a_line_of_a_paragraph_is_a_command(body: str) -> None:
    assert commands_in(body) == ("/niro hold",)


@pytest.mark.parametrize("body", HIDDEN.values(), ids=HIDDEN)
def test_what_is_quoted_code_or_hidden_is_none(body: str) -> None:
    assert commands_in(body) == ()


@pytest.mark.parametrize("body", NOT_ITS_NAME.values(), ids=NOT_ITS_NAME)
def test_only_the_bots_name_as_it_is_written_counts(body: str) -> None:
    assert commands_in(body) == ()


def test_commands_come_in_order_with_repetitions() -> None:
    assert commands_in("/niro hold\n/niro\nand\n\n/niro hold\n/niro plan") == (
        "/niro hold",
        "/niro",
        "/niro hold",
        "/niro plan",
    )


@pytest.mark.parametrize(("count", "found"), [(10, ("/niro scan",) * 10), (11, TooMany(11)), (1_000, TooMany(1_000))])
def test_a_comment_holds_at_most_ten(count: int, found: object) -> None:
    assert commands_in("/niro scan\n" * count) == found
    assert commands_in("/niro scan\n\n" * count) == found


def test_lines_in_code_do_not_count_toward_the_most() -> None:
    assert commands_in("```\n" + "/niro scan\n" * 1_000 + "```\n/niro hold") == ("/niro hold",)


@pytest.mark.parametrize(("length", "found"), [(65_536, ("/niro hold",)), (65_537, ())])
def test_a_body_longer_than_github_takes_has_none(length: int, found: object) -> None:
    assert commands_in("/niro hold\n".ljust(length, "a")) == found


WORST = {
    "brackets": "[",
    "pictures": "![",
    "links": "[a](",
    "stars": "*a_",
    "backticks": "`",
    "backticks apart": "` `` ",
    "tags": "<q>",
    "ends of tags": "</q>",
    "comments": "<!--",
    "half tags": "<a ",
    "quotes": "> ",
    "lists": "- ",
    "definitions": "[\n",
    "definitions without end": "[a]: <",
    "tables": "|a\n|-\n",
    "footnotes": "[^1]:\n",
    "lines": "a\n",
    "escapes": "\\",
    "entities": "&#",
}


@pytest.mark.parametrize("piece", WORST.values(), ids=WORST)
def test_no_text_is_too_hard(piece: str) -> None:
    """The limit of a test's time tells one that takes for ever."""
    body = "/niro hold\n\n" + piece * ((65_000 - 24) // len(piece)) + "\n\n/niro hold"
    found = commands_in(body)
    assert isinstance(found, tuple)
    assert set(found) == {"/niro hold"}


LINES = st.sampled_from(
    ["/niro hold", "> /niro hold", "```", "text", "", "- a", "<!--", "-->", "<div>", "</div>", "`", "[^1]: a", "---"]
)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_every_command_is_a_line_that_begins_with_the_name(body: str) -> None:
    lines = [line for line in body.split("\n") if line.startswith("/niro")]
    found = commands_in(body)
    count = found.count if isinstance(found, TooMany) else len(found)
    assert count <= len(lines)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_a_quoted_comment_holds_none(body: str) -> None:
    quoted = "\n".join(f"> {line}" for line in body.split("\n"))
    assert commands_in(quoted) == ()


@given(st.text(max_size=300))
def test_any_text_can_be_read(body: str) -> None:
    commands_in("/niro hold\n" + body)


@pytest.mark.parametrize(
    ("body", "may"),
    [
        ("text\n/niro hold", True),
        ("text\r/niro", True),
        ("> x\n/niro hold", True),
        ("please /niro hold", False),
        ("/nirobot", False),
        ("", False),
        ("/niro " + "a" * 65_536, False),
    ],
)
def test_the_cheap_look_lets_through_what_may_be_one(body: str, may: bool) -> None:
    assert may_hold_commands(body) is may


@pytest.mark.parametrize(("before", "after"), list(product(["", "text\n", "\n"], ["", "\nmore", "\n\nmore"])))
def test_what_stands_around_a_command_is_not_part_of_it(before: str, after: str) -> None:
    assert commands_in(f"{before}/niro pin api 1.5.0{after}") == ("/niro pin api 1.5.0",)
