"""Entries that are to put up with findings name just the files, also where their names deceive the eye."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
import yaml

from bot.findings.telling_waivers import NO_PLACE, by_hand, nameless, new_waivers, too_much, waiver_text
from bot.manifests import selects
from bot.policies import load
from tests.findings.told import a_finding

if TYPE_CHECKING:
    from bot.findings import Finding

UNTIL = date(2027, 1, 31)
LONGEST_BODY = 65_536
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


def findings(files: int, rules: int = 1, path: str = "deploy/services/{}/workload.yaml") -> list[Finding]:
    return [a_finding(f"rule-{rule}", path.format(number)) for rule in range(rules) for number in range(files)]


def test_so_many_entries_as_one_pull_request_takes_are_no_more_than_a_body_takes() -> None:
    waivers = new_waivers(findings(300, 11), "octocat", 7, UNTIL)
    assert too_much(waivers) == ""
    body = waiver_text(waivers, "octocat", 7).body
    assert body.count("2027-01-31") == len(waivers)
    assert len(body) < LONGEST_BODY


@pytest.mark.parametrize("path", ["d/" * 20 + "{}.yaml", "d/" * 100 + "{}.yaml", "\N{GRINNING FACE}" * 400 + "{}"])
def test_of_more_entries_the_first_are_told_and_how_many_there_are_more(path: str) -> None:
    waivers = new_waivers(findings(500, 40, path), "octocat", 7, UNTIL)
    for body in (waiver_text(waivers, "octocat", 7).body, by_hand(waivers, NO_PLACE)):
        assert len(body) < LONGEST_BODY
        assert re.search("^And [0-9]+ more, for which there is no room here\\.$", body, re.MULTILINE)


def test_what_is_told_to_be_added_by_hand_is_whole_entries() -> None:
    words = by_hand(new_waivers(findings(500, 40), "octocat", 7, UNTIL), NO_PLACE)
    entries = "\n".join(line for line in words.splitlines() if line.startswith("    "))
    ignored = yaml.safe_load(entries)
    assert len(ignored) > 10
    assert {(len(each), len(each["paths"])) for each in ignored} == {(4, 50)}


def test_entries_that_would_fill_a_policy_file_are_too_much_for_one_pull_request() -> None:
    words = too_much(new_waivers(findings(2_000, 11), "octocat", 7, UNTIL))
    assert words.startswith("`findings.ignore` would get entries of 2,000 files for 11 rules, which is too much")
