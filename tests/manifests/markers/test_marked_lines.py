"""In a text that is no YAML a marker is about its line, or about the next one when it stands alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests.markers.marked_lines import mark_lines, marked_lines
from bot.manifests.occurrences import Part
from bot.manifests.places import Owner
from bot.manifests.reasons import SkipReason
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
    assert line.line == 3
    assert (line.start, line.end) == (text.index("#"), text.index("#"))


@pytest.mark.parametrize(
    ("text", "part", "value", "standing"),
    [
        (f"docker run acme/app:1.9.0 -x # {ALL}", Part.WHOLE, "acme/app:1.9.0", None),
        (f"docker run acme/app:1.9.0 -x # {TAG}", Part.TAG, "1.9.0", "1.9.0"),
        (f"APP_VERSION=1.9.0 # {TAG}", Part.TAG, "1.9.0", "1.9.0"),
        (f"größe=1.9.0 # {ALL}", Part.TAG, "1.9.0", "1.9.0"),
        (f"# {TAG}\n  TAG='1.9.0-debug'", Part.TAG, "1.9.0-debug", "1.9.0-debug"),
    ],
)
def test_an_image_or_its_tag_is_found_in_a_marked_line(text, part, value, standing):
    marking = mark_lines(Source(text.encode()).whole(), Owner("ConfigMap", "shop", "scripts"))
    (marked,) = marking.places
    (piece,) = marked.place.pieces
    assert (piece.part, piece.node.value[piece.start : piece.end], marked.standing) == (part, value, standing)
    assert text[piece.node.start_mark.index : piece.node.end_mark.index] == piece.node.value
    assert (marked.place.owner.name, marked.place.field, marking.notes) == ("scripts", "", ())


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (f"A=1\n# {TAG}\n", 2, SkipReason.MARKS_NOTHING),
        ('IMAGE=acme/app # {"$imagepolicy": "app:name"}', 1, SkipReason.MARKER_NOT_UNDERSTOOD),
    ],
)
def test_a_marker_that_cannot_be_followed_is_noted(text, line, reason):
    marking = mark_lines(Source(text.encode()).whole(), Owner())
    assert marking.places == ()
    assert [(note.line, note.reason) for note in marking.notes] == [(line, reason)]


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
