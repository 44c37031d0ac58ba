"""In a text that is no YAML a marker is about its line, or about the next one when it stands alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests.marked_lines import marked_lines
from bot.manifests.source import Source

TAG = '{"$imagepolicy": "app:tag"}'
ALL = '{"$imagepolicy": "team:app"}'


def marked(text: str):
    return [(text[line.start : line.end], line.marker) for line in marked_lines(Source(text.encode()).whole())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"APP_VERSION=1.9.0 # {TAG}\n", [("APP_VERSION=1.9.0", "app:tag")]),
        (f"APP_VERSION=1.9.0 # {TAG}", [("APP_VERSION=1.9.0", "app:tag")]),
        (f"  A=1\t #{TAG}  \r\nB=2\r\n", [("A=1", "app:tag")]),
        (f"A=1 ## {TAG}\nB=2 # {ALL}\n", [("A=1", "app:tag"), ("B=2", "team:app")]),
        (f"größe=1 # {TAG}\nä=2 # {TAG}\n", [("größe=1", "app:tag"), ("ä=2", "app:tag")]),
        (f'A="# not this" # {TAG}\n', [('A="# not this"', "app:tag")]),
        (f"docker run acme/app:1.9.0 \\\n  --x # {ALL}\n", [("--x", "team:app")]),
        # alone on its line
        (f"# {TAG}\nA=1\nB=2\n", [("A=1", "app:tag")]),
        (f"  # {TAG}\n  A=1", [("A=1", "app:tag")]),
        (f"# {TAG}\n# {ALL}\nA=1\n", [("", "app:tag"), ("A=1", "team:app")]),
        (f"# {TAG}\nA=1 # {ALL}\n", [("", "app:tag"), ("A=1", "team:app")]),
        (f"# {TAG}\n\nA=1\n", [("", "app:tag")]),
        (f"# {TAG}\n# why\nA=1\n", [("", "app:tag")]),
        (f"A=1\n# {TAG}", [("", "app:tag")]),
        # no markers
        ("A=1\n", []),
        (f"A=1#{TAG}\n", []),
        (f"A=1 {TAG}\n", []),
        (f"A=1 # see {TAG}\n", []),
        (f"A=1 # {TAG} why\n", []),
        ('A=1 # {"$imagepolicy": 1}\n', []),
        ('A=1 # {"$imagepolicy"}\n', []),
        (f'A=1 # {{"other": ""}} # {TAG}\n', []),
        ("", []),
    ],
)
def test_a_marker_is_about_its_line(text, expected):
    assert marked(text) == expected


def test_what_no_line_answers_to_is_told_where_the_comment_stands():
    text = f"A=1\n\n  # {TAG}\n"
    (line,) = marked_lines(Source(text.encode()).whole())
    assert (line.start, line.end) == (text.index("#"), text.index("#"))


@given(st.lists(st.sampled_from(["A=1", " ", "\n", "\r\n", "#", f"# {TAG}", f" # {ALL}", "ä", "\t", "{", "\u2028"])))
def test_every_marker_is_told_once_at_most_and_in_order(parts):
    text = "".join(parts)
    lines = marked_lines(Source(text.encode()).whole())
    assert len(lines) <= text.count("$imagepolicy")
    assert all(before.end <= after.start for before, after in pairwise(lines))
    assert all("\n" not in text[line.start : line.end] for line in lines)


@pytest.mark.parametrize(
    "piece", ["#", "# ", "# {", "#{", " ", '{"$imagepolicy"', ' # {"$imagepolicy": "', "\n", "\t#"]
)
def test_a_hostile_text_is_read_in_a_bounded_time(piece):
    assert marked(piece * (200_000 // len(piece)) + " $imagepolicy") == []
