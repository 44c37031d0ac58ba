"""Problems of a policy file are told without letters that turn a line around or cannot be seen."""

from __future__ import annotations

from bot.flows.told_problems import listed, problem_annotations
from bot.github import Level
from bot.policies import Problem
from bot.safe_text import LONGEST_PIECE

HOSTILE = Problem(2, 1, "imag\u202e@octocat\u200b", "is no\x85key\x9b of \u2066the\u2028 file")
UNSEEN = {"\u202e", "\u200b", "\x85", "\x9b", "\u2066", "\u2028"}


def test_in_the_summary_they_are_one_line_each() -> None:
    said = listed([HOSTILE, HOSTILE])
    assert said == "\n".join(["    line 2, column 1: imag@octocat is no key of the file"] * 2)


def test_in_annotations_nothing_is_hidden() -> None:
    (note,) = problem_annotations([HOSTILE], Level.FAILURE)
    assert not UNSEEN & set(note.title + note.message)


def test_a_long_key_is_shortened() -> None:
    (note,) = problem_annotations([Problem(1, 1, "k" * 5_000, "is long")], Level.FAILURE)
    assert 0 < len(note.title) <= LONGEST_PIECE
