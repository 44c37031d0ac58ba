"""The choice: which tag should stand in the file."""

import pickle

import pytest

from bot.images import Tag
from bot.selection import InvalidPattern, Reason, SelectionRule, Strategy

SELECTED = [
    # what it shows, tags, range, current, selected, reason
    ("the newest wins", ["1.0.0", "1.2.0", "1.1.0"], "*", "1.0.0", "1.2.0", Reason.NEWER),
    ("numbers count as numbers", ["1.9.0", "1.10.0"], "*", "1.9.0", "1.10.0", Reason.NEWER),
    ("the range bounds", ["1.0.0", "1.2.0", "2.0.0"], "1.x", "1.0.0", "1.2.0", Reason.NEWER),
    ("nothing is in use yet", ["1.0.0", "1.2.0"], "*", None, "1.2.0", Reason.BEST),
    ("the current is the newest", ["1.0.0", "1.2.0"], "*", "1.2.0", "1.2.0", Reason.CURRENT_IS_BEST),
    ("the current is gone upstream", ["1.0.0", "1.1.0"], "*", "1.2.0", "1.2.0", Reason.CURRENT_IS_BEST),
    ("the range was narrowed", ["1.4.0", "2.0.0"], "1.x", "2.0.0", "1.4.0", Reason.CURRENT_UNFIT),
    ("the range was moved up", ["1.4.0", "2.0.0"], "2.x", "1.4.0", "2.0.0", Reason.NEWER),
    ("the current is no version", ["1.4.0", "latest"], "*", "latest", "1.4.0", Reason.CURRENT_UNFIT),
    ("the current is hostile", ["1.4.0"], "*", "\ud800\x1b", "1.4.0", Reason.CURRENT_UNFIT),
    ("a short current keeps its precision", ["1.25.0", "1.25.1", "1.26"], "*", "1.25", "1.26", Reason.NEWER),
    ("a dotted number that is no version is left alone", ["1.3.0"], "*", "1.2.3.4", None, Reason.NOT_A_VERSION),
    ("so is one with a build", ["1.3.0"], "*", "1.2.3_build.4", None, Reason.NOT_A_VERSION),
    ("a variant is no candidate", ["1.0.0", "1.1.0-alpine"], "*-0", "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST),
    ("a date after a dash is no variant", ["1.0.0", "1.1.0-20260102"], "*-0", "1.0.0", "1.1.0-20260102", Reason.NEWER),
    ("short tags are no candidates", ["1.0.0", "1.2", "2"], "*", "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST),
    ("a short pre-release is none either", ["1.0.0", "1.2-a.b"], "*-0", "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST),
    ("pre-releases stay out", ["1.0.0", "1.1.0-rc.1"], "1.x", "1.0.0", "1.0.0", Reason.CURRENT_IS_BEST),
    ("pre-releases are let in", ["1.0.0", "1.1.0-rc.1"], "1.x-0", "1.0.0", "1.1.0-rc.1", Reason.NEWER),
    ("a pre-release becomes its release", ["1.1.0", "1.1.0-rc.1"], "*-0", "1.1.0-rc.1", "1.1.0", Reason.NEWER),
    ("a suffix never beats the plain tag", ["1.2.3", "1.2.3-alpine"], "*-0", None, "1.2.3", Reason.BEST),
    ("a suffix stays out", ["1.2.3", "1.2.4-alpine"], "1.x", None, "1.2.3", Reason.BEST),
    ("signatures stay out", ["1.2.3", "1.2.4-a.sig"], "*-0", None, "1.2.3", Reason.BEST),
    ("no tag fits", ["1.0.0", "latest"], "2.x", None, None, Reason.NO_MATCH),
    ("no tag fits, nor does the current", ["1.0.0"], "2.x", "1.0.0", None, Reason.NO_MATCH),
    ("no tag fits but the current", ["latest"], "2.x", "2.0.0", "2.0.0", Reason.CURRENT_IS_BEST),
    ("there are no tags", [], "*", "1.0.0", None, Reason.NO_TAGS),
    ("a number too great is no version", ["1.0.0", "18446744073709551616.0.0"], "*", None, "1.0.0", Reason.BEST),
    ("hostile tags are passed over", ["1.0.0", "9.9.9\n", "\ud800", "", "9" * 500], "*", None, "1.0.0", Reason.BEST),
]


@pytest.mark.parametrize("case", SELECTED, ids=[case[0] for case in SELECTED])
def test_the_tag_that_should_stand_in_the_file(select, answer, case):
    _, tags, version_range, current, selected, reason = case

    decision = select(tags, version_range, current)

    assert answer(decision) == (selected, reason)
    assert decision.sentence.endswith(".")
    assert decision.wanted == ()


TIES = [
    # what it shows, tags, current, selected
    ("plain follows plain", ["v1.1.0", "1.1.0"], "1.0.0", "1.1.0"),
    ("v follows v", ["v1.1.0", "1.1.0"], "v1.0.0", "v1.1.0"),
    ("the other style is another family", ["v1.1.0"], "1.0.0", "1.0.0"),
    ("the same version written otherwise is no reason to change", ["v1.0.0", "1.0.0"], "1.0.0", "1.0.0"),
    ("nor where the current is gone", ["v1.0.0"], "1.0.0", "1.0.0"),
    ("zeros follow zeros", ["2024.2.1", "2024.02.01"], "2024.01.01", "2024.02.01"),
    ("no zeros follow no zeros", ["2024.2.1", "2024.02.01"], "2024.1.11", "2024.2.1"),
    ("without a current the greatest by bytes", ["1.1.0", "v1.1.0"], None, "v1.1.0"),
    ("nor does a word have a style", ["1.1.0", "v1.1.0"], "latest", "v1.1.0"),
]


@pytest.mark.parametrize(("tags", "current", "selected"), [case[1:] for case in TIES], ids=[case[0] for case in TIES])
def test_of_one_version_written_twice_the_style_in_use_wins(select, tags, current, selected):
    assert select(tags, "*", current).selected.name == selected
    assert select(tags[::-1], "*", current).selected.name == selected


def test_an_excluded_tag_is_not_chosen(select, build_rule):
    decision = select(["1.0.0", "1.1.0"], build_rule(exclude=(r"^1\.1",)), "1.0.0")

    assert decision.selected.name == "1.0.0"
    assert decision.explain("1.1.0").reason is Reason.EXCLUDED


def test_a_current_that_is_excluded_may_be_left_for_an_older_one(select, build_rule):
    decision = select(["1.0.0", "1.1.0"], build_rule(exclude=(r"^1\.1",)), "1.1.0")

    assert (decision.selected.name, decision.reason) == ("1.0.0", Reason.CURRENT_UNFIT)


def test_a_rule_with_a_pattern_that_re2_refuses_cannot_be_made():
    with pytest.raises(InvalidPattern):
        SelectionRule(exclude=("(",))


def test_the_selected_tag_brings_what_is_known_of_it(select):
    newest = Tag("1.1.0", digest="sha256:abc", platforms=frozenset())

    assert select(["1.0.0", newest]).selected is newest


NOTHING = [
    # what it shows, tags, rule, current, all were listed, reason
    ("there are no tags", [], "*", None, True, Reason.NO_TAGS),
    ("nor where something stands", [], "*", "1.0.0", True, Reason.NO_TAGS),
    ("an incomplete list is not chosen from", ["1.0.0", "1.1.0"], "*", "1.0.0", False, Reason.INCOMPLETE),
    ("nor where nothing stands", ["1.0.0"], "*", None, False, Reason.INCOMPLETE),
    ("an empty one is incomplete before it is empty", [], "*", "1.0.0", False, Reason.INCOMPLETE),
    ("a pin is not looked for in it", ["1.0.0"], {"pin": "1.0.0"}, None, False, Reason.INCOMPLETE),
]
STRATEGIES = [strategy.value for strategy in Strategy]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("case", NOTHING, ids=[case[0] for case in NOTHING])
def test_without_all_tags_nothing_is_chosen(select, answer, case, strategy):
    _, tags, rule, current, complete, reason = case
    settings = {"version_range": rule} if isinstance(rule, str) else rule

    decision = select(tags, {"strategy": strategy, **settings}, current, complete=complete)

    assert answer(decision) == (None, reason)
    assert decision.sentence.endswith(".")
    assert decision.wanted == ()


def test_a_tag_that_is_told_twice_is_one_tag_in_whatever_order(select, build_tag):
    once, twice = build_tag("1.1.0", digest="sha256:one"), build_tag("1.1.0", digest="sha256:two")

    assert select([once, twice]) == select([twice, once])


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("current", ["1.0.0", "latest", "9.9.9", None])
def test_a_decision_survives_the_way_to_another_process(select, strategy, current):
    tags = {"1.0.0": {"pushed": 3, "digest": "sha256:one"}, "7": {"pushed": 2}, "latest": {"first_seen": 1}}

    decision = select(tags, {"strategy": strategy}, current)

    returned = pickle.loads(pickle.dumps(decision))

    assert returned == decision
    assert returned.explain("7") == decision.explain("7")
    assert list(returned.rejected) == list(decision.rejected)
