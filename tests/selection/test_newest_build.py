"""The newest build: by when a tag was pushed, else first seen, and never by a guess."""

from datetime import UTC, datetime

import pytest

from bot.selection import Fact, Reason, UpdateKind

NEWEST = {"strategy": "newest-build"}
FIRST_SEEN = {"strategy": "newest-build", "clock": "first-seen"}
CREATED = {"strategy": "newest-build", "clock": "created"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)

CHOSEN = [
    # what it shows, tags, rule, current, selected, reason
    ("the last pushed", {"a": {"pushed": 3}, "b": {"pushed": 1}, "c": {"pushed": 2}}, NEWEST, "a", "b", Reason.NEWER),
    ("names say nothing", {"2.0.0": {"pushed": 3}, "1.0.0": {"pushed": 1}}, NEWEST, "2.0.0", "1.0.0", Reason.NEWER),
    ("nothing stands there", {"a": {"pushed": 3}, "b": {"pushed": 1}}, NEWEST, None, "b", Reason.BEST),
    ("the current is the newest", {"a": {"pushed": 3}, "b": {"pushed": 1}}, NEWEST, "b", "b", Reason.CURRENT_IS_BEST),
    (
        "the current was pushed again",
        {"a": {"pushed": 3}, "b": {"pushed": 2}, "c": {"pushed": 1}},
        NEWEST,
        "c",
        "c",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "a tag moved back is older",
        {"a": {"pushed": 2}, "b": {"pushed": 3}},
        NEWEST,
        ("a", {"pushed": 2}),
        "a",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "first seen where no push is told",
        {"a": {"first_seen": 3}, "b": {"first_seen": 1}},
        NEWEST,
        "a",
        "b",
        Reason.NEWER,
    ),
    (
        "the push comes before",
        {"a": {"pushed": 2}, "b": {"pushed": 3, "first_seen": 1}},
        NEWEST,
        "a",
        "a",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "also for the current",
        {"a": {"pushed": 3, "first_seen": 1}, "b": {"pushed": 2}},
        NEWEST,
        "a",
        "b",
        Reason.NEWER,
    ),
    ("both kinds together", {"a": {"pushed": 3}, "b": {"first_seen": 1}}, NEWEST, "a", "b", Reason.NEWER),
    (
        "when it was created counts for nothing",
        {"a": {"pushed": 2}, "b": {"pushed": 3, "created": 1}},
        NEWEST,
        None,
        "a",
        Reason.BEST,
    ),
    (
        "only first seen",
        {"a": {"first_seen": 3, "pushed": 1}, "b": {"first_seen": 2, "pushed": 5}},
        FIRST_SEEN,
        "a",
        "b",
        Reason.NEWER,
    ),
    (
        "only created",
        {"a": {"created": 3, "pushed": 1}, "b": {"created": 2, "pushed": 5}},
        CREATED,
        "a",
        "b",
        Reason.NEWER,
    ),
    (
        "of one push the greatest by bytes",
        {"a": {"pushed": 1}, "b": {"pushed": 1}, "B": {"pushed": 1}},
        NEWEST,
        None,
        "b",
        Reason.BEST,
    ),
    ("but the current first", {"a": {"pushed": 1}, "b": {"pushed": 1}}, NEWEST, "a", "a", Reason.CURRENT_IS_BEST),
    ("first seen at once", {"a": {"first_seen": 1}, "b": {"first_seen": 1}}, NEWEST, None, None, Reason.NO_CLOCK),
    (
        "first seen at once, and newer",
        {"a": {"first_seen": 1}, "b": {"first_seen": 1}, "c": {"first_seen": 3}},
        NEWEST,
        "c",
        None,
        Reason.NO_CLOCK,
    ),
    (
        "one pushed and one first seen at once",
        {"a": {"first_seen": 1}, "b": {"pushed": 1}},
        NEWEST,
        None,
        None,
        Reason.NO_CLOCK,
    ),
    (
        "first seen at once, an older pair",
        {"a": {"first_seen": 3}, "b": {"first_seen": 3}, "c": {"first_seen": 1}},
        NEWEST,
        "a",
        "c",
        Reason.NEWER,
    ),
    (
        "two names of one image are no tie",
        {"a": {"first_seen": 1, "digest": "sha256:one"}, "b": {"first_seen": 1, "digest": "sha256:one"}},
        NEWEST,
        None,
        "b",
        Reason.BEST,
    ),
    (
        "with the current at once, it stays",
        {"a": {"first_seen": 1}, "b": {"first_seen": 1}},
        NEWEST,
        "a",
        "a",
        Reason.CURRENT_IS_BEST,
    ),
    ("no time at all", ["a", "b"], NEWEST, None, None, Reason.NO_CLOCK),
    ("nor of the current", ["a", "b"], NEWEST, "a", None, Reason.NO_CLOCK),
    ("of the others only", {"a": {}, "b": {"pushed": 1}}, NEWEST, "a", None, Reason.NO_CLOCK),
    ("of the current only", {"a": {"pushed": 1}, "b": {}}, NEWEST, "a", "a", Reason.CURRENT_IS_BEST),
    ("another clock than is known", {"a": {"pushed": 1}}, FIRST_SEEN, None, None, Reason.NO_CLOCK),
    ("a tag without a time is passed over", {"a": {"pushed": 1}, "b": {}}, NEWEST, None, "a", Reason.BEST),
    (
        "the current is gone, its time is known",
        {"a": {"pushed": 3}},
        NEWEST,
        ("b", {"pushed": 2}),
        "b",
        Reason.CURRENT_IS_BEST,
    ),
    ("the current is gone with its time", {"a": {"pushed": 3}}, NEWEST, "b", None, Reason.NO_CLOCK),
    (
        "the current is excluded",
        {"a": {"pushed": 3}, "b.sig": {"pushed": 2}},
        NEWEST,
        "b.sig",
        "a",
        Reason.CURRENT_UNFIT,
    ),
    ("excluded and older", {"a": {"pushed": 1}, "b.sig": {"pushed": 2}}, NEWEST, "b.sig", "a", Reason.NEWER),
    ("all are excluded", {"b.sig": {"pushed": 2}}, NEWEST, None, None, Reason.NO_MATCH),
    ("a clock that goes ahead", {"a": {"pushed": 1}, "b": {"pushed": -1}}, NEWEST, "a", "b", Reason.NEWER),
    ("a clock at the end of time", {"a": {"pushed": 1}, "b": {"pushed": LAST_DAY}}, NEWEST, "a", "b", Reason.NEWER),
    ("a clock at its beginning", {"a": {"pushed": EPOCH}, "b": {"pushed": 1}}, NEWEST, "a", "b", Reason.NEWER),
    ("created in 1970 tells nothing", {"a": {"created": EPOCH}, "b": {"created": 1}}, CREATED, None, "b", Reason.BEST),
    ("nor of the current", {"a": {"created": EPOCH}, "b": {"created": 1}}, CREATED, "a", None, Reason.NO_CLOCK),
    ("nor of any", {"a": {"created": EPOCH}, "b": {"created": EPOCH}}, CREATED, None, None, Reason.NO_CLOCK),
    ("created at once", {"a": {"created": 1}, "b": {"created": 1}}, CREATED, None, None, Reason.NO_CLOCK),
    (
        "what cannot be a tag stays out",
        {"a": {"pushed": 2}, "b\n": {"pushed": 1}},
        NEWEST,
        "a",
        "a",
        Reason.CURRENT_IS_BEST,
    ),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[case[0] for case in CHOSEN])
def test_the_newest_build_is_told_by_a_clock(select, answer, case):
    _, tags, rule, current, selected, reason = case
    listed = list(tags.items()) if isinstance(tags, dict) else tags

    assert answer(select(listed, rule, current)) == (selected, reason)
    assert answer(select(listed[::-1], rule, current)) == (selected, reason)


def test_when_it_was_created_is_asked_for_the_last_pushed_first(select):
    tags = {"a": {"pushed": 3}, "b": {"pushed": 1}, "c": {"pushed": 2, "created": 2}, "d.sig": {"pushed": 1}}

    decision = select(tags, CREATED, "a")

    assert (decision.selected, decision.reason) == (None, Reason.FACT_MISSING)
    assert [(tag.name, fact) for tag, fact in decision.wanted] == [("b", Fact.CREATED_AT), ("a", Fact.CREATED_AT)]


def test_answering_when_each_was_created_ends_in_a_decision(select):
    created = {"a": {"created": 3}, "b": {"created": 1}, "c": {"created": 2}}
    tags = {name: {} for name in created}

    while (decision := select(tags, CREATED, "a")).wanted:
        for tag, _ in decision.wanted:
            tags[tag.name] = created[tag.name]

    assert decision.selected.name == "b"


SAID = [
    # what it shows, tags, rule, current, sentence
    (
        "no clock",
        ["a"],
        NEWEST,
        None,
        (
            "Nothing is chosen: the registry does not tell when it was pushed, nor was it seen to come: "
            "no time is known of any acceptable tag."
        ),
    ),
    (
        "no clock of the current",
        {"a": {}, "b": {"first_seen": 1}},
        FIRST_SEEN,
        "a",
        "a stays: when it was first seen is not known of it.",
    ),
    (
        "a tie",
        {name: {"first_seen": 1} for name in "abcde"},
        NEWEST,
        None,
        "Nothing is chosen: e, d, c and 2 more are of one moment, and nothing tells which is newer.",
    ),
    (
        "a tie with the current",
        {"a": {"first_seen": 1}, "b": {"first_seen": 1}},
        NEWEST,
        "a",
        (
            "a stays: nothing newer is acceptable; 1 other is of the same moment, "
            "and nothing tells which of them is newer."
        ),
    ),
    (
        "the newest",
        {"a": {"pushed": 2}, "b": {"pushed": 1}},
        NEWEST,
        "a",
        "b is the newest acceptable build; a stands in the file.",
    ),
    (
        "a current that is gone",
        {"a": {"pushed": 2}},
        NEWEST,
        "b",
        "b stays: the registry does not list it, so nothing tells which builds are newer.",
    ),
]


@pytest.mark.parametrize("case", SAID, ids=[case[0] for case in SAID])
def test_how_a_choice_by_the_clock_is_said(select, case):
    _, tags, rule, current, sentence = case

    assert select(tags, rule, current).sentence == sentence


def test_an_older_build_says_of_when_it_is(select):
    decision = select({"a": {"pushed": 2}, "b": {"pushed": 1}, "c": {}}, NEWEST)

    assert decision.explain("a").reason is Reason.OLDER_THAN_SELECTED
    assert decision.explain("a").sentence == "a, of 2026-01-02 00:00 UTC, is older than b"
    assert decision.explain("c").reason is Reason.NO_CLOCK


def test_builds_are_told_apart_by_no_version(select):
    assert select({"1.0.0": {"pushed": 2}, "2.0.0": {"pushed": 1}}, NEWEST, "1.0.0").update is UpdateKind.BUILD


def test_the_reasons_come_newest_first(select):
    tags = {"c": {"pushed": 3}, "a": {"pushed": 1}, "b": {"pushed": 2}, "z": {}, "y": {}}

    assert [tag.name for tag, _ in select(tags, NEWEST).rejected] == ["b", "c", "y", "z"]
