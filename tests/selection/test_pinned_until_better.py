"""A pin that was laid against a version counts until something better than that would be chosen."""

import pytest

from bot.images import Tag
from bot.selection import Fact, Reason

TAGS = ["1.3.0", "1.4.0", "1.4.5", "1.5.0"]
ROLLBACK = {"kind": "pin", "tag": "1.4.0", "beyond": "1.5.0"}
PINNED = ("1.4.0", Reason.PINNED)

CASES = [
    # what it shows, tags, rule, current, what is chosen
    ("back from what it was laid against", TAGS, {}, "1.5.0", PINNED),
    ("and there it stays", TAGS, {}, "1.4.0", PINNED),
    ("whatever stands", TAGS, {}, "1.3.0", PINNED),
    ("also once that is gone", TAGS[:3], {}, "1.4.0", PINNED),
    ("until something better is there", [*TAGS, "1.5.1"], {}, "1.4.0", ("1.5.1", Reason.NEWER)),
    ("from wherever", [*TAGS, "1.5.1"], {}, "1.5.0", ("1.5.1", Reason.NEWER)),
    ("which stays", [*TAGS, "1.5.1"], {}, "1.5.1", ("1.5.1", Reason.CURRENT_IS_BEST)),
    ("although it is not listed", TAGS, {}, "1.6.0", ("1.6.0", Reason.CURRENT_IS_BEST)),
    ("better by the rule only", [*TAGS, "2.0.0"], {"version_range": "1.x"}, "1.4.0", PINNED),
    ("also where the rule leaves out what it was laid against", TAGS, {"version_range": "<1.5"}, "1.4.0", PINNED),
    ("before what the policy pins", TAGS, {"pin": "1.5.0"}, "1.4.0", PINNED),
    ("unless that is better", [*TAGS, "1.7.0"], {"pin": "1.7.0"}, "1.4.0", ("1.7.0", Reason.PINNED)),
    ("with no order for ever", ["1.4.0", "latest"], {"strategy": "digest", "track": "latest"}, "1.4.0", PINNED),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_it_is_pinned_until_something_better_would_be_chosen(select, answer, build_rule, case):
    _, names, settings, current, chosen = case
    tags = {name: {"digest": "sha256:a"} for name in names}
    stands = (current, {"digest": "sha256:a"}) if settings.get("strategy") else current

    assert answer(select(tags, build_rule(**settings), stands, ROLLBACK)) == chosen


def test_it_ends_when_it_says(select, answer, build_tag):
    ending = select(TAGS, "*", "1.4.0", {**ROLLBACK, "ends_in": 2})

    assert (answer(ending), ending.reconsider_at) == (PINNED, build_tag("", pushed=-2).pushed_at)
    assert answer(select(TAGS, "*", "1.4.0", {**ROLLBACK, "ends_in": 0})) == ("1.5.0", Reason.NEWER)


def test_it_is_asked_again_when_a_better_one_is_old_enough(select, answer, build_tag):
    tags = {"1.4.0": {"pushed": 9}, "1.5.0": {"pushed": 9}, "1.5.1": {"pushed": 1}}
    decision = select(tags, {"min_age": 3}, ("1.4.0", {"pushed": 9}), ROLLBACK)

    assert (answer(decision), decision.reconsider_at) == (PINNED, build_tag("", pushed=-2).pushed_at)


def test_it_goes_back_before_facts_of_a_better_one_are_asked_for(select, answer):
    unknown = [*TAGS, Tag("1.5.1")]

    assert answer(select(unknown, "*", "1.5.0", ROLLBACK)) == PINNED
    decision = select(unknown, "*", "1.4.0", ROLLBACK)
    assert [(tag.name, fact) for tag, fact in decision.wanted] == [("1.5.1", Fact.PLATFORMS)]


def test_no_fact_is_asked_for_about_what_it_was_laid_against(select, answer):
    decision = select([*TAGS[:3], Tag("1.5.0")], "*", "1.4.0", ROLLBACK)

    assert (answer(decision), decision.wanted) == (PINNED, ())


def test_what_else_was_turned_down_does_not_end_it(select, answer):
    turned = {"kind": "ignore", "beyond": "1.5.1"}

    assert answer(select([*TAGS, "1.5.1"], "*", "1.4.0", ROLLBACK, turned)) == PINNED
    assert answer(select([*TAGS, "1.5.1", "1.5.2"], "*", "1.4.0", ROLLBACK, turned)) == ("1.5.2", Reason.NEWER)


def test_the_newest_build_ends_it_by_its_time(select, answer):
    rollback = {"kind": "pin", "tag": "main-1", "beyond": "main-2"}
    tags = {"main-1": {"pushed": 3}, "main-2": {"pushed": 2}}
    newer = {**tags, "main-0": {"pushed": 1}}

    assert answer(select(tags, {"strategy": "newest-build"}, ("main-1", {}), rollback)) == ("main-1", Reason.PINNED)
    assert answer(select(newer, {"strategy": "newest-build"}, ("main-1", {}), rollback)) == ("main-0", Reason.NEWER)
