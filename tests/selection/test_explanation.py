"""Explanations: each tag can be asked for its reason, and the work is done only then."""

import pytest

from bot.images import Platform, Tag
from bot.selection import Decision, Reason

ARM64 = Platform("linux", "arm64")

REASONS = [
    ("latest", Reason.NOT_A_VERSION, "latest is not a version of three numbers"),
    ("1.2", Reason.OTHER_VARIANT, "1.2 is another variant: it is not of the family of 1.3.0"),
    ("1.5.0-alpine", Reason.OTHER_VARIANT, "1.5.0-alpine is another variant: it is not of the family of 1.3.0"),
    ("2.0.0", Reason.OUT_OF_RANGE, "2.0.0 is not in the range 1.x"),
    ("1.9.0-rc.1", Reason.PRE_RELEASE, "1.9.0-rc.1 is a pre-release; the range 1.x names none and so lets none in"),
    ("2.0.0-rc.1", Reason.OUT_OF_RANGE, "2.0.0-rc.1 is not in the range 1.x"),
    ("1.0.0", Reason.OLDER_THAN_SELECTED, "1.0.0 is older than 1.4.0"),
    ("v1.4.0", Reason.OTHER_VARIANT, "v1.4.0 is another variant: it is not of the family of 1.3.0"),
    ("1.04.0", Reason.SAME_VERSION, "1.04.0 is the same version as 1.4.0"),
    ("sha256-abc.sig", Reason.EXCLUDED, r"sha256-abc.sig is excluded by one of the patterns `\.(sig|att|sbom)$`"),
    ("bad\ntag", Reason.NOT_A_VERSION, r"'bad\ntag' is not a version of three numbers"),
]


@pytest.mark.parametrize(("name", "reason", "sentence"), REASONS)
def test_every_tag_can_be_asked_for_its_reason(select, name, reason, sentence):
    decision = select([name, "1.4.0", "1.3.0"], "1.x", "1.3.0")

    assert (decision.explain(name).reason, decision.explain(name).sentence) == (reason, sentence)
    assert (Tag(name), reason) in [(Tag(tag.name), explained.reason) for tag, explained in decision.rejected]


def test_the_selected_tag_explains_the_decision(select):
    decision = select(["1.3.0", "1.4.0"], "1.x", "1.3.0")

    assert decision.explain("1.4.0").reason is Reason.NEWER
    assert decision.explain("1.4.0").sentence == decision.sentence
    assert decision.sentence == "1.4.0 is the newest acceptable tag in the range 1.x; 1.3.0 stands in the file."


def test_tags_below_the_current_are_older_than_it(select):
    decision = select(["1.2.0", "1.3.0"], "1.x", "1.3.0")

    assert decision.explain("1.2.0").reason is Reason.OLDER_THAN_CURRENT


def test_a_current_that_the_registry_lacks_can_be_asked_too(select):
    assert select(["1.2.0"], "1.x", "1.3.0").explain("1.3.0").reason is Reason.CURRENT_IS_BEST
    assert select(["1.2.0"], "1.x", "2.3.0").explain("2.3.0").reason is Reason.OUT_OF_RANGE


def test_a_tag_that_nobody_has_has_no_reason(select):
    assert select(["1.2.0"], "1.x", "1.3.0").explain("1.2.1") is None


def test_while_a_fact_is_missing_the_others_wait(select):
    tags = [Tag("1.0.0"), Tag("1.1.0"), Tag("1.2.0")]

    decision = select(tags, "*", tags[0])

    assert decision.explain("1.2.0").reason is Reason.FACT_MISSING
    assert decision.explain("1.1.0").reason is Reason.NOT_REACHED
    assert decision.explain("1.0.0").reason is Reason.FACT_MISSING
    assert [tag.name for tag, _ in decision.rejected] == ["1.2.0", "1.1.0", "1.0.0"]


def test_rejected_tags_come_newest_first_and_each_time_anew(select):
    names = ["b", "1.0.0", "3.0.0", "a", "1.2.0", "1.1.0"]

    decision = select(names, "1.x", "1.0.0")

    assert [tag.name for tag, _ in decision.rejected] == ["3.0.0", "1.1.0", "1.0.0", "a", "b"]
    assert list(decision.rejected) == list(decision.rejected)


def test_the_current_is_not_rejected_while_it_stays(select):
    assert "1.2.0" not in [tag.name for tag, _ in select(["1.0.0", "1.2.0"], "*", "1.2.0").rejected]


def test_a_decision_made_by_hand_has_nothing_to_explain():
    decision = Decision(None, Reason.NO_TAGS, "The registry lists no tags.")

    assert list(decision.rejected) == []
    assert decision.explain("1.0.0") is None


def test_a_shortened_decision_keeps_the_newest_reasons_and_forgets_the_others(select):
    decision = select(["1.0.0", "1.1.0", "2.0.0", "3.0.0"], "1.x", "1.0.0").shortened(2)

    assert [(tag.name, why.reason) for tag, why in decision.rejected] == [
        ("3.0.0", Reason.OUT_OF_RANGE),
        ("2.0.0", Reason.OUT_OF_RANGE),
    ]
    assert decision.explain("3.0.0").reason is Reason.OUT_OF_RANGE
    assert decision.explain("1.0.0") is None


NEWEST, NUMERICAL = {"strategy": "newest-build"}, {"strategy": "numerical"}
OF_A_DECISION = {
    Reason.NEWER: (["1.0.0", "1.1.0"], "*", "1.0.0"),
    Reason.BEST: (["1.0.0"], "*", None),
    Reason.CURRENT_IS_BEST: (["1.0.0"], "*", "1.0.0"),
    Reason.CURRENT_UNFIT: (["1.0.0"], "*", "latest"),
    Reason.DIGEST_ADDED: ({"1.0.0": {"digest": "sha256:a"}}, {"pin_digest": "always"}, "1.0.0"),
    Reason.DIGEST_MOVED: (
        {"1.0.0": {"digest": "sha256:a"}},
        {"pin_digest": "always"},
        ("1.0.0", {"digest": "sha256:b"}),
    ),
    Reason.PINNED: (["1.0.0"], {"pin": "1.0.0"}, None),
    Reason.HELD: (["1.0.0"], "*", None, {"kind": "hold"}),
    Reason.TURNED_DOWN: (["1.1.0"], "*", "1.0.0", {"kind": "hold", "beyond": "1.1.0"}),
    Reason.SNOOZED: (["1.0.0"], "*", None, {"kind": "snooze"}),
    Reason.IGNORED: (["1.0.0"], "*", None, {"kind": "ignore"}),
    Reason.QUARANTINED: (["1.0.0"], "*", None, {"kind": "quarantine"}),
    Reason.NO_TAGS: ([], "*", None),
    Reason.NO_MATCH: (["1.0.0"], "2.x", None),
    Reason.NO_CLOCK: (["a"], NEWEST, None),
    Reason.FACT_MISSING: (["1.0.0"], {"pin_digest": "always"}, None),
    Reason.NOT_A_VERSION: (["1.0.0"], "*", "1.2.3.4"),
    Reason.PLATFORM_MISSING: ([Tag("1.0.0", platforms=frozenset())], {"pin": "1.0.0"}, "1.1.0"),
}
OF_A_TAG = {
    Reason.HELD: ("1.0.0", ["1.0.0"], "*", None, {"kind": "hold", "tag": "1.0.0"}),
    Reason.SNOOZED: ("1.0.0", ["1.0.0"], "*", None, {"kind": "snooze", "tag": "1.0.0"}),
    Reason.IGNORED: ("1.0.0", ["1.0.0"], "*", None, {"kind": "ignore", "tag": "1.0.0"}),
    Reason.QUARANTINED: ("1.0.0", ["1.0.0"], "*", None, {"kind": "quarantine", "tag": "1.0.0"}),
    Reason.NO_CLOCK: ("a", {"a": {}, "b": {"pushed": 1}}, NEWEST, None),
    Reason.FACT_MISSING: ("1.0.0", ["1.0.0"], {"pin_digest": "always"}, None),
    Reason.NOT_A_TAG: ("é", ["é"], NEWEST, None),
    Reason.FILTERED_OUT: ("b", ["a", "b"], {"strategy": "alphabetical", "filter": ("a", "")}, None),
    Reason.EXCLUDED: ("1.0.0.sig", ["1.0.0.sig"], "*", None),
    Reason.NOT_A_VERSION: ("latest", ["latest"], "*", None),
    Reason.NOT_A_NUMBER: ("1e3", ["1e3"], NUMERICAL, None),
    Reason.OUT_OF_RANGE: ("1.0.0", ["1.0.0"], "2.x", None),
    Reason.PRE_RELEASE: ("1.0.0-rc.1", ["1.0.0-rc.1"], "<2", None),
    Reason.OTHER_VARIANT: ("1.0.0-alpine", ["1.0.0-alpine"], "*", None),
    Reason.UPDATE_NOT_WANTED: ("1.1.0", ["1.1.0"], {"updates": ["patch"]}, "1.0.0"),
    Reason.TOO_YOUNG: ("1.0.0", {"1.0.0": {"pushed": 1}}, {"min_age": 3}, None),
    Reason.AGE_UNKNOWN: ("1.0.0", ["1.0.0"], {"min_age": 3}, None),
    Reason.NOT_PINNED: ("1.1.0", ["1.0.0", "1.1.0"], {"pin": "1.0.0"}, None),
    Reason.NOT_TRACKED: ("1.0.0", ["1.0.0", "latest"], {"strategy": "digest"}, None),
    Reason.PLATFORM_MISSING: ("1.1.0", [Tag("1.1.0", platforms=frozenset())], "*", "1.0.0"),
    Reason.OLDER_THAN_SELECTED: ("1.0.0", ["1.0.0", "1.1.0"], "*", None),
    Reason.OLDER_THAN_CURRENT: ("1.0.0", ["1.0.0"], "*", "1.1.0"),
    Reason.SAME_VERSION: ("1.0.0", ["1.0.0", "v1.0.0"], "*", None),
    Reason.NOT_REACHED: ("1.0.0", ["1.0.0"], "*", None, {"kind": "hold"}),
}


@pytest.mark.parametrize(("reason", "asked"), OF_A_DECISION.items())
def test_every_reason_of_a_decision_is_given(select, reason, asked):
    decision = select(*asked)

    assert decision.reason is reason
    assert decision.sentence.endswith(".")


@pytest.mark.parametrize(("reason", "asked"), OF_A_TAG.items())
def test_every_reason_against_a_tag_is_given(select, reason, asked):
    name, *asked = asked
    decision = select(*asked)

    explained = decision.explain(name)
    assert explained.reason is reason
    assert explained in [why for tag, why in decision.rejected if tag.name == name]


def test_no_reason_is_never_given(select):
    assert select(["1.0.0"], complete=False).reason is Reason.INCOMPLETE
    assert set(Reason) == {*OF_A_DECISION, *OF_A_TAG, Reason.INCOMPLETE}


def test_each_of_very_many_refused_tags_keeps_its_reason(select):
    newer = [Tag(f"1.{minor}.0", platforms=frozenset()) for minor in range(1, 200)]

    decision = select(newer, "*", "1.0.0")

    assert decision.selected.name == "1.0.0"
    assert {why.reason for _, why in decision.rejected} == {Reason.PLATFORM_MISSING}
    assert decision.explain("1.1.0").sentence == "1.1.0 lacks linux/amd64"


def test_hostile_names_are_quoted_wherever_they_are_shown(select):
    rule = {"filter": (r"([0-9]\.[0-9]\.[0-9](-[a-z]+)?)", "$1")}

    decision = select(["1.0.0\x1b", "1.1.0", "1.1.0-b", "x\x1b1.1.0"], rule, "1.0.0-a\x1b")

    shown = [why.sentence for _, why in decision.rejected] + [decision.sentence]
    assert all(sentence.isprintable() for sentence in shown)


def test_while_a_digest_is_asked_for_the_tag_that_waits_says_so(select):
    decision = select(["1.0.0", "1.1.0"], {"pin_digest": "always"}, "1.0.0")

    assert [(tag.name, why.reason) for tag, why in decision.rejected] == [
        ("1.1.0", Reason.FACT_MISSING),
        ("1.0.0", Reason.OLDER_THAN_SELECTED),
    ]
