"""The least age: a tag waits until it has been out for so long, and the decision tells when to ask again."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.selection import Reason

THREE_DAYS = {"min_age": 3}
LAST_DAY = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
OLD = {"1.0.0": {"pushed": 90}}

CHOSEN = [
    # what it shows, tags, rule, current, selected, reason, days until it may change
    ("old enough by its push", OLD | {"1.1.0": {"pushed": 4}}, THREE_DAYS, "1.0.0", "1.1.0", Reason.NEWER, None),
    ("to the moment", OLD | {"1.1.0": {"pushed": 3}}, THREE_DAYS, "1.0.0", "1.1.0", Reason.NEWER, None),
    ("too young", OLD | {"1.1.0": {"pushed": 1}}, THREE_DAYS, "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST, 2),
    ("by when it was seen", OLD | {"1.1.0": {"first_seen": 4}}, THREE_DAYS, "1.0.0", "1.1.0", Reason.NEWER, None),
    ("seen too late", OLD | {"1.1.0": {"first_seen": 2}}, THREE_DAYS, "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST, 1),
    (
        "the push comes before",
        OLD | {"1.1.0": {"pushed": 4, "first_seen": 1}},
        THREE_DAYS,
        "1.0.0",
        "1.1.0",
        Reason.NEWER,
        None,
    ),
    (
        "also where it is later",
        OLD | {"1.1.0": {"pushed": 1, "first_seen": 4}},
        THREE_DAYS,
        "1.0.0",
        "1.0.0",
        Reason.CURRENT_IS_BEST,
        2,
    ),
    ("neither is known", OLD | {"1.1.0": {}}, THREE_DAYS, "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST, None),
    (
        "nor when it was created",
        OLD | {"1.1.0": {"created": 9}},
        THREE_DAYS,
        "1.0.0",
        "1.0.0",
        Reason.CURRENT_IS_BEST,
        None,
    ),
    (
        "one before it is old enough",
        OLD | {"1.1.0": {"pushed": 4}, "1.2.0": {"pushed": 1}},
        THREE_DAYS,
        "1.0.0",
        "1.1.0",
        Reason.NEWER,
        2,
    ),
    (
        "the first of several to be old enough",
        OLD | {"1.1.0": {"pushed": 2}, "1.2.0": {"pushed": 1}, "1.3.0": {}},
        THREE_DAYS,
        "1.0.0",
        "1.0.0",
        Reason.CURRENT_IS_BEST,
        1,
    ),
    ("the current may be young", {"1.0.0": {"pushed": 1}}, THREE_DAYS, "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST, None),
    ("nothing stands there", {"1.1.0": {"pushed": 1}}, THREE_DAYS, None, None, Reason.NO_MATCH, 2),
    ("the current is unfit", {"1.1.0": {"pushed": 1}}, THREE_DAYS, "latest", None, Reason.NO_MATCH, 2),
    ("a push to come", OLD | {"1.1.0": {"pushed": -1}}, THREE_DAYS, "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST, 4),
    (
        "a push at the end of time",
        OLD | {"1.1.0": {"pushed": LAST_DAY}},
        THREE_DAYS,
        "1.0.0",
        "1.0.0",
        Reason.CURRENT_IS_BEST,
        None,
    ),
    ("an age beyond all times", OLD, {"min_age": timedelta.max}, None, None, Reason.NO_MATCH, None),
    ("none is asked for", OLD | {"1.1.0": {}}, {}, "1.0.0", "1.1.0", Reason.NEWER, None),
    (
        "the newest build waits too",
        {"a": {"pushed": 9}, "b": {"pushed": 4}, "c": {"pushed": 1}},
        {"strategy": "newest-build", **THREE_DAYS},
        "a",
        "b",
        Reason.NEWER,
        2,
    ),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[case[0] for case in CHOSEN])
def test_a_tag_waits_until_it_is_old_enough(select, answer, case):
    _, tags, rule, current, selected, reason, days = case

    decision = select(tags, rule, current)

    assert answer(decision) == (selected, reason)
    assert decision.reconsider_at == (None if days is None else datetime(2026, 1, 4, tzinfo=UTC) + timedelta(days=days))


SAID = [
    # what is known of the tag, reason, sentence
    (
        {"pushed": 1},
        Reason.TOO_YOUNG,
        "1.1.0 was pushed on 2026-01-03 00:00 UTC and is to be 3 days old, which it is on 2026-01-06 00:00 UTC",
    ),
    (
        {"first_seen": 1},
        Reason.TOO_YOUNG,
        "1.1.0 was first seen on 2026-01-03 00:00 UTC and is to be 3 days old, which it is on 2026-01-06 00:00 UTC",
    ),
    ({}, Reason.AGE_UNKNOWN, "1.1.0 may be younger than 3 days: when it was pushed is not known"),
    ({"pushed": LAST_DAY}, Reason.TOO_YOUNG, "1.1.0 was pushed on 9999-12-31 23:59 UTC and is to be 3 days old"),
    (
        {"pushed": LAST_DAY.replace(tzinfo=timezone(timedelta(hours=-1)))},
        Reason.TOO_YOUNG,
        "1.1.0 was pushed on 9999-12-31 23:59-01:00 and is to be 3 days old",
    ),
]


@pytest.mark.parametrize(("facts", "reason", "sentence"), SAID)
def test_a_tag_that_is_too_young_says_when_it_is_not(select, facts, reason, sentence):
    decision = select(OLD | {"1.1.0": facts}, THREE_DAYS, "1.0.0")

    assert (decision.explain("1.1.0").reason, decision.explain("1.1.0").sentence) == (reason, sentence)
    assert sentence in decision.sentence
