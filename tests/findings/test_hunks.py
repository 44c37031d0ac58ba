"""A comment stands on its lines only where GitHub shows them in the diff."""

import pytest

from bot.findings.hunks import FILE, Anchor, anchor, hunks

PATCH = "@@ -1,3 +1,4 @@ kind: Pod\n a\n+b\n c\n d\n@@ -20,2 +21,3 @@\n x\n+y\n z"


def test_the_hunks_tell_the_lines_of_the_new_file() -> None:
    assert hunks(PATCH) == [range(1, 5), range(21, 24)]


@pytest.mark.parametrize(
    ("patch", "lines"),
    [
        (None, []),
        ("", []),
        ("@@ -0,0 +1 @@\n+only", [range(1, 2)]),
        ("@@ -1,2 +0,0 @@\n-a\n-b", []),
        ("@@ -1 +1 @@\n-a\n+@@ -9,9 +9,9 @@ in the text", [range(1, 2)]),
    ],
)
def test_odd_patches_have_the_hunks_that_git_means(patch: str | None, lines: list[range]) -> None:
    assert hunks(patch) == lines


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((2, 2), Anchor(2)),
        ((1, 4), Anchor(4, 1)),
        ((22, 23), Anchor(23, 22)),
        ((5, 5), FILE),
        ((4, 21), FILE),
        ((3, 5), FILE),
        ((0, 1), FILE),
    ],
)
def test_lines_are_commented_where_one_hunk_has_them(lines: tuple[int, int], expected: Anchor) -> None:
    assert anchor(lines, PATCH) == expected
