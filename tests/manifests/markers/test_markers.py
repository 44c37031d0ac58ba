"""What a comment must be to be a marker, and what a marker asks for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests import Part
from bot.manifests.markers.syntax import parse_marker, part_asked, without_part


@pytest.mark.parametrize(
    ("comment", "marker"),
    [
        ('# {"$imagepolicy": "app"}', "app"),
        ('# {"$imagepolicy": "team:app"}', "team:app"),
        ('# {"$imagepolicy": "team:app:tag"}', "team:app:tag"),
        ('#{"$imagepolicy":"app"}', "app"),
        ('## { "$imagepolicy" : "app" } \t', "app"),
        ('# {"why": "frozen", "$imagepolicy": "app"}', "app"),
        ('# {"$imagepolicy": "größe"}', "größe"),
        ("#", None),
        ("# a comment", None),
        ("# {}", None),
        ('# {"imagepolicy": "app"}', None),
        ('# see {"$imagepolicy": "app"}', None),
        ('# {"$imagepolicy": "app"} # more', None),
        ('# # {"$imagepolicy": "app"}', None),
        ('# {"$imagepolicy": "app", "why": 5}', None),
        ('# {"$imagepolicy": "app", "why": null}', None),
        ('# {"$imagepolicy": 5}', None),
        ('# {"$imagepolicy": ""}', None),
        ('# {"$imagepolicy": "\\ud800"}', None),
        ('# {"$imagepolicy": "a\\nb"}', None),
        ('# ["$imagepolicy", "app"]', None),
        ('# {"$imagepolicy": "app"', None),
        ("# {'$imagepolicy': 'app'}", None),
        ('# {"$imagepolicy": ' + "[" * 4_000, None),
        ("# " + "[" * 1_000_000, None),
        ("# {" + '"a":{' * 1_000_000, None),
        ('# {"$imagepolicy": "' + "a" * 5_000 + '"}', None),
    ],
)
def test_a_marker_is_a_comment_of_one_object_of_texts(comment, marker):
    assert parse_marker(comment) == marker


@pytest.mark.parametrize(
    ("marker", "part", "policy"),
    [
        ("app", None, "app"),
        ("team:app", None, "team:app"),
        ("team:app:tag", Part.TAG, "team:app"),
        ("team:app:name", Part.NAME, "team:app"),
        ("team:app:digest", Part.DIGEST, "team:app"),
        ("app:tag", Part.TAG, "app"),
        ("tag", None, "tag"),
        (":tag", None, ":tag"),
        ("team:app:tags", None, "team:app:tags"),
    ],
)
def test_a_marker_may_ask_for_one_part_of_the_image(marker, part, policy):
    assert part_asked(marker) == part
    assert without_part(marker) == policy


@given(st.text(max_size=60), st.booleans())
def test_no_comment_is_too_odd_to_be_read(text, is_almost_one):
    marker = parse_marker(f'# {{"$imagepolicy": {text}}}' if is_almost_one else text)
    assert marker is None or marker.encode()


@given(st.from_regex(r"[a-z0-9][a-z0-9:._-]{0,60}", fullmatch=True), st.sampled_from(["#", "# ", "## ", "#\t"]))
def test_what_was_written_as_a_marker_is_read_again(policy, signs):
    assert parse_marker(signs + json.dumps({"$imagepolicy": policy})) == policy
