"""Lines are aligned and wrapped between words, and nothing a stranger wrote moves the cursor."""

import pytest

from bot.explaining.layout import UNWRAPPED, Page
from bot.explaining.shown import shown


def page(width: int = 40) -> Page:
    return Page(width)


def test_rows_align_and_wrap_under_their_own_column() -> None:
    written = page()
    written.rows([("tags", "6"), ("why", "1.5.0 is the newest acceptable tag in the range")])
    assert str(written).splitlines() == [
        "  tags  6",
        "  why   1.5.0 is the newest acceptable",
        "        tag in the range",
    ]


def test_a_very_long_first_column_stands_alone() -> None:
    written = page()
    written.rows([("a" * 60, "first"), ("b", "second")])
    assert str(written) == f"  {'a' * 60}\n     first\n  b  second\n"


def test_a_word_is_never_broken() -> None:
    written = page(10)
    written.line("sha256:" + "0" * 64)
    assert str(written) == "sha256:" + "0" * 64 + "\n"


def test_what_is_no_terminal_gets_whole_lines() -> None:
    written = page(UNWRAPPED)
    written.line("word " * 100)
    assert len(str(written).splitlines()) == 1


def test_a_grid_has_columns_of_one_width() -> None:
    written = page(22)
    written.grid(["1.10.0", "1.9.0", "1.8.0", "1.7.0"], 1)
    assert str(written) == "  1.10.0  1.9.0\n  1.8.0   1.7.0\n"


def test_no_two_empty_lines_follow_each_other() -> None:
    written = page()
    written.blank()
    written.line("a")
    written.blank()
    written.blank()
    written.line("b")
    assert str(written) == "a\n\nb\n"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\u202eexe.nginx", r"\u202eexe.nginx"),
        ("\u2066\u2069\u200b", r"\u2066\u2069\u200b"),
        ("\x9b2J", r"\x9b2J"),
        ("\udcff", r"\udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("größe 画像", "größe 画像"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, safe: str) -> None:
    assert shown(text) == safe
