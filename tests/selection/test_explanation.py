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
    ("sha256-abc.sig", Reason.EXCLUDED, r"sha256-abc.sig is excluded by one of the patterns '\\.(sig|att|sbom)$'"),
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
    assert [tag.name for tag, _ in decision.rejected] == ["1.2.0", "1.1.0"]


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
