"""Patches are read as hunks, and lines are followed through them."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.git.hunks import hunk_with, hunks, moved

PATCH = "\n".join(
    [
        "@@ -2,4 +2,5 @@ top",
        " two",
        "-three",
        "+THREE",
        "+three and a half",
        " four",
        " five",
        "@@ -10,2 +11,1 @@",
        "-ten",
        " eleven",
        "\\ No newline at end of file",
    ]
)


def test_a_hunk_knows_the_lines_of_both_sides() -> None:
    assert [(hunk.numbers("LEFT"), hunk.numbers("RIGHT")) for hunk in hunks(PATCH)] == [
        ({2, 3, 4, 5}, {2, 3, 4, 5, 6}),
        ({10, 11}, {11}),
    ]


@pytest.mark.parametrize(
    ("side", "number", "last"),
    [("RIGHT", 3, "+THREE"), ("LEFT", 3, "-three"), ("RIGHT", 6, " five"), ("RIGHT", 11, " eleven")],
)
def test_a_hunk_is_shown_until_a_line(side: str, number: int, last: str) -> None:
    hunk = hunk_with(PATCH, side, number)
    assert hunk is not None
    assert hunk.until(side, number).split("\n")[-1] == last


@pytest.mark.parametrize(("side", "number"), [("RIGHT", 1), ("RIGHT", 7), ("LEFT", 9), ("LEFT", 12), ("RIGHT", 0)])
def test_what_no_hunk_shows_is_not_found(side: str, number: int) -> None:
    assert hunk_with(PATCH, side, number) is None


@pytest.mark.parametrize("patch", [None, ""])
def test_without_a_patch_there_is_no_hunk_and_nothing_moves(patch: str | None) -> None:
    assert (hunks(patch), moved(patch, 7)) == ([], 7)


@given(
    st.lists(st.sampled_from("abcd"), max_size=30),
    st.lists(st.sampled_from("abcd"), max_size=30),
    st.integers(min_value=0, max_value=4),
)
def test_a_line_that_moved_says_the_same_as_before(before: list[str], after: list[str], context: int) -> None:
    printed = list(difflib.unified_diff(before, after, n=context, lineterm=""))[2:]
    where = [moved("\n".join(printed), number) for number in range(1, len(before) + 1)]
    kept = [place for place in where if place is not None]
    assert [after[place - 1] for place in kept] == [
        line for line, place in zip(before, where, strict=True) if place is not None
    ]
    assert kept == sorted(set(kept))
    assert len(before) - len(kept) == sum(line.startswith("-") for line in printed)
