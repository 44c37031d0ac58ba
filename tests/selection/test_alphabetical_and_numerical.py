"""Alphabetical and numerical: tags by their bytes or as exact numbers, from either end."""

import pytest

from bot.selection import Reason, UpdateKind

ALPHABETICAL = [
    # what it shows, tags, order, current, selected, reason
    ("the last wins", ["a", "c", "b"], "asc", "a", "c", Reason.NEWER),
    ("the first wins", ["a", "c", "b"], "desc", "c", "a", Reason.NEWER),
    ("by bytes, not by letters", ["a", "B"], "asc", None, "a", Reason.BEST),
    ("nor by numbers", ["r9", "r10"], "asc", None, "r9", Reason.BEST),
    ("a longer one is later", ["a", "aa"], "asc", "a", "aa", Reason.NEWER),
    ("dates", ["2026-01-03T00-00-00Z", "2026-01-04T00-00-00Z"], "asc", None, "2026-01-04T00-00-00Z", Reason.BEST),
    ("the current is the last", ["a", "b"], "asc", "b", "b", Reason.CURRENT_IS_BEST),
    ("the current is the first", ["a", "b"], "desc", "a", "a", Reason.CURRENT_IS_BEST),
    ("the current is gone", ["a", "b"], "asc", "c", "c", Reason.CURRENT_IS_BEST),
    ("the current is excluded", ["a", "b", "c.sig"], "asc", "c.sig", "b", Reason.CURRENT_UNFIT),
    ("signatures stay out", ["a", "b.sig"], "asc", None, "a", Reason.BEST),
    ("nothing is left", ["b.sig"], "asc", None, None, Reason.NO_MATCH),
    ("what cannot be a tag stays out", ["a", "b\n", "", "é", "\ud800", "-x"], "asc", None, "a", Reason.BEST),
    ("from either end", ["a", "b\n", "", "é", "\ud800", "-x"], "desc", None, "a", Reason.BEST),
]
NUMERICAL = [
    # what it shows, tags, order, current, selected, reason
    ("the highest wins", ["9", "10"], "asc", "9", "10", Reason.NEWER),
    ("the lowest wins", ["9", "10"], "desc", "10", "9", Reason.NEWER),
    ("one bad tag is left out alone", ["9", "10", "latest"], "asc", "9", "10", Reason.NEWER),
    ("so are numbers of programmers", ["9", "1e3", "0x10", "Inf", "nan", "1_000"], "asc", None, "9", Reason.BEST),
    (
        "seventeen digits are told apart",
        ["20260104120000001", "20260104120000002"],
        "asc",
        "20260104120000001",
        "20260104120000002",
        Reason.NEWER,
    ),
    ("so are fifty", ["1" * 49 + "2", "1" * 50], "asc", "1" * 50, "1" * 49 + "2", Reason.NEWER),
    ("fractions are exact", ["0.1", "0.10000000000000000001"], "asc", "0.1", "0.10000000000000000001", Reason.NEWER),
    ("the current is the highest", ["9", "10"], "asc", "10", "10", Reason.CURRENT_IS_BEST),
    ("the current is gone", ["9"], "asc", "10", "10", Reason.CURRENT_IS_BEST),
    ("the current is no number", ["9"], "asc", "latest", "9", Reason.CURRENT_UNFIT),
    ("one number written otherwise is no reason to change", ["7.0", "7"], "asc", "7", "7", Reason.CURRENT_IS_BEST),
    ("nor where the current is gone", ["007"], "asc", "7", "7", Reason.CURRENT_IS_BEST),
    ("zeros follow zeros", ["007", "7"], "asc", "006", "007", Reason.NEWER),
    ("of one number the greatest by bytes", ["7", "7.0", "7.00"], "asc", None, "7.00", Reason.BEST),
    ("also from the other end", ["7", "7.0", "7.00"], "desc", None, "7.00", Reason.BEST),
    ("nothing is left", ["latest"], "asc", None, None, Reason.NO_MATCH),
]
CASES = [("alphabetical", *case) for case in ALPHABETICAL] + [("numerical", *case) for case in NUMERICAL]


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES])
def test_the_best_by_bytes_or_by_number(select, answer, case):
    strategy, _, tags, order, current, selected, reason = case
    rule = {"strategy": strategy, "order": order}

    assert answer(select(tags, rule, current)) == (selected, reason)
    assert answer(select(tags[::-1], rule, current)) == (selected, reason)


WHY = [
    # strategy, tag, reason, sentence
    ("numerical", "latest", Reason.NOT_A_NUMBER, "latest is not a number"),
    ("numerical", "3", Reason.OLDER_THAN_SELECTED, "3 is not higher than 10"),
    ("numerical", "010", Reason.SAME_VERSION, "010 is the same value as 10"),
    ("alphabetical", "09", Reason.OLDER_THAN_SELECTED, "09 is not later than 10"),
    ("alphabetical", "1\n", Reason.NOT_A_TAG, r"'1\n' cannot be a tag"),
]


@pytest.mark.parametrize(("strategy", "name", "reason", "sentence"), WHY)
def test_a_tag_that_is_behind_says_how(select, strategy, name, reason, sentence):
    explained = select(["10", name], {"strategy": strategy}).explain(name)

    assert (explained.reason, explained.sentence) == (reason, sentence)


@pytest.mark.parametrize("strategy", ["alphabetical", "numerical"])
def test_tags_without_versions_change_by_a_build(select, strategy):
    assert select(["8", "9"], {"strategy": strategy}, "8").update is UpdateKind.BUILD
    assert select(["9"], {"strategy": strategy}, "9").update is None
    assert select(["9"], {"strategy": strategy}).update is None
