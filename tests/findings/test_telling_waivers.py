"""Entries that are to put up with findings name just the files, also where their names deceive the eye."""

from __future__ import annotations

from datetime import date

import pytest

from bot.findings.telling_waivers import NO_PLACE, by_hand, nameless, new_waivers, waiver_text
from bot.manifests import selects
from bot.policies import load
from tests.findings.told import a_finding

UNTIL = date(2027, 1, 31)
SEEN = ["a.yaml", "ünïcode.yaml", "a b.yaml", "\u3164x.yaml", "\N{HEAVY BLACK HEART}\ufe0f.yaml", "q\"'\\.yaml"]
NOT_SEEN = ["a\u202eb.yaml", "a\u2028b.yaml", "a\x85b.yaml", "a\tb.yaml", "a\x7f.yaml", "\u200b.yaml", "x" * 600]


@pytest.mark.parametrize("path", SEEN)
def test_what_is_to_be_added_by_hand_means_just_the_file(path: str) -> None:
    words = by_hand(new_waivers([a_finding(path=path)], "octocat", 7, UNTIL), NO_PLACE)
    entry = "\n".join(line for line in words.splitlines() if line.startswith("    "))
    (waiver,) = load(f"version: 1\nfindings:\n  ignore:\n{entry}\n").findings.ignore
    assert selects(waiver.paths, path)


@pytest.mark.parametrize("path", SEEN)
def test_letters_without_a_shape_are_written_by_their_numbers(path: str) -> None:
    words = by_hand(new_waivers([a_finding(path=path)], "octocat", 7, UNTIL), NO_PLACE)
    assert not {"\u3164", "\ufe0f"} & set(words)


@pytest.mark.parametrize("path", NOT_SEEN)
def test_a_file_that_no_entry_can_name_is_said_to_be_so(path: str) -> None:
    found = [a_finding(path=path)]
    assert new_waivers(found, "octocat", 7, UNTIL) == ()
    words = by_hand((), NO_PLACE, nameless(found))
    assert words.startswith("No entry can name `")
    assert NO_PLACE not in words
    assert "\u202e" not in words


def test_beside_such_a_file_the_others_get_their_entry() -> None:
    found = [a_finding(path="a.yaml"), a_finding(path="a\u202eb.yaml")]
    waivers = new_waivers(found, "octocat", 7, UNTIL)
    assert [each.paths for each in waivers] == [("a.yaml",)]
    assert "No entry can name `ab.yaml`" in waiver_text(waivers, "octocat", 7, nameless(found)).body
